"""The services in processes of their own, at a clock as fast as wished: ended, killed, paused and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping

import httpx
from tests.sockets import SIGNED_WITH
from tests.valkey import free_port

from conductor.access.rights import Principal, Role
from conductor.access.tokens import Access
from conductor.duty.clock import SystemClock

PATIENCE_S = 120.0
"""After so long a test that waits has failed; in seconds of the machine."""

LIFETIME_S = 360_000.0
"""Of tokens; in seconds of the clock, which is fast."""


class Served:
    """One of the services, in a process that is started again on the same port.

    Args:
        environment: Its settings, beside those that all tests of this machine need.
    """

    def __init__(self, role: str, clock: SystemClock, environment: Mapping[str, str]) -> None:
        self._role = role
        self._clock = clock
        self._environment = os.environ | {
            "CONDUCTOR_CLOCK_SPEED": str(clock.timeline.speed),
            "CONDUCTOR_CLOCK_SINCE": str(clock.timeline.since),
            "JWT_SECRET": SIGNED_WITH,
            "MAX_REQUESTS_PER_MINUTE": "10000",
            **environment,
        }
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def token(self, event_id: str, role: Role = Role.ORGANISER, user_id: str = "olga", *session_ids: str) -> str:
        """Lets somebody in; into sessions that have not begun only where they are named."""
        who = Principal(user_id, role, event_id, frozenset(session_ids))
        return Access([SIGNED_WITH], self._clock.now).issue(who, LIFETIME_S)

    def rest(self, event_id: str) -> httpx.AsyncClient:
        """An organiser's requests."""
        headers = {"Authorization": f"Bearer {self.token(event_id)}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=PATIENCE_S)

    async def start(self) -> None:
        """Come back once it answers."""
        self.begin()
        await self.answers()

    def begin(self) -> None:
        """Start it, and do not wait until it answers."""
        words = [sys.executable, "-m", "conductor", "serve", "--role", self._role, "--port", str(self.port)]
        self.process = subprocess.Popen(words, env=self._environment)

    async def answers(self) -> None:
        """Wait until it does."""
        async with asyncio.timeout(PATIENCE_S), httpx.AsyncClient(base_url=self.url) as client:
            while True:
                assert self.process.poll() is None, f"the {self._role} process ended with {self.process.returncode}"
                try:
                    # Whatever the answer is: that there is nothing at this address is one as well.
                    await client.get("/health/live")
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
                else:
                    return

    def kill(self) -> None:
        """End it as a power cut would. Killing it again changes nothing."""
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def pause(self) -> None:
        """Have it stand still, with all that it was told waiting."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After a pause."""
        self.process.send_signal(signal.SIGCONT)

    async def end(self, within_s: float = PATIENCE_S) -> int:
        """Ask it to end, as a supervisor does; gives what it ended with."""
        self.process.terminate()
        return await asyncio.to_thread(self.process.wait, within_s)
