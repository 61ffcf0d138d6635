"""The services of a compose file as processes of this machine, with real servers in place of the images."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import socketio
from tests.needed import program
from tests.sockets import Client
from tests.valkey import free_port

from conductor.access.rights import Principal, Role
from conductor.access.secret import kept_secret
from conductor.access.tokens import Access
from conductor.live.fanout import NAMESPACE

EVENT, SESSION = "summit", "keynote"
PATIENCE_S = 60.0
SPEED = 20.0
"""Seconds that pass for the services in one of the machine."""

ASK_AGAIN_S = 0.5
"""Seldom enough not to be turned away: by default a client may ask once a second, with a minute's worth in advance."""

EVERYWHERE = ".".join("0000")
"""Where services in containers listen."""


def surroundings(folder: Path, servers: Mapping[str, str]) -> dict[str, str]:
    """What a process of a fresh machine has, with the addresses of servers and nothing else that we know."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), **servers}


def faster() -> dict[str, str]:
    """Settings by which minutes pass in seconds."""
    return {"CONDUCTOR_CLOCK_SPEED": str(SPEED), "CONDUCTOR_CLOCK_SINCE": str(time.time())}


class Process:
    """A service of ours: its command, settings and health check as they are in the file, on a free port.

    Args:
        service: What the file says.
        environment: Of the machine; the servers of the file are not here, so what it says of them counts more.
    """

    def __init__(self, service: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._service = service
        self._own = free_port()
        said: dict[str, str] = {name: str(value) for name, value in service["environment"].items()}
        self.environment = {**said, **environment}
        words = service["command"]
        self._asked = words[words.index("--port") + 1] if "--port" in words else ""
        self.port = self._own if self._asked else 0
        self.url = f"http://127.0.0.1:{self.port}"

    def begin(self) -> None:
        """Start it as the file says, listening on the loopback alone."""
        words = [
            {self._asked: str(self.port), EVERYWHERE: "127.0.0.1"}.get(each, each) for each in self._service["command"]
        ]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "conductor", *words], env=self.environment, stdout=subprocess.PIPE, text=True
        )

    async def is_healthy(self) -> bool:
        """What the health check of the file says."""
        kind, *words = self._service["healthcheck"]["test"]
        assert kind == "CMD"
        words = [
            sys.executable if each == "python" else each.replace(f":{self._asked}/", f":{self.port}/") for each in words
        ]
        asking = await asyncio.create_subprocess_exec(*words, env=self.environment, stderr=subprocess.DEVNULL)
        return await asking.wait() == 0

    async def becomes_healthy(self) -> None:
        """Wait until it answers, and have the health check of the file say so."""
        await answered(f"{self.url}/health/live", 200)
        assert await self.is_healthy()

    async def ended(self) -> int:
        """What it ends with by itself."""
        return await asyncio.to_thread(self.process.wait, PATIENCE_S)

    async def stops(self) -> int:
        """What it ends with when it is asked to, as Compose asks."""
        self.process.terminate()
        grace = str(self._service.get("stop_grace_period", "30s")).removesuffix("s")
        return await asyncio.to_thread(self.process.wait, float(grace))

    def kill(self) -> None:
        """End it, however it is."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


class Proxy:
    """Caddy with the file of deploy/, in front of these; what it keeps goes into the folder `home`."""

    def __init__(self, folder: Path, home: Path, agent: str, *rooms: str) -> None:
        port, health = free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._health = f"http://127.0.0.1:{health}/"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "CONDUCTOR_SITE": f"http://127.0.0.1:{port}",
            "CONDUCTOR_PROXY_HEALTH_PORT": str(health),
            "CONDUCTOR_AGENT": agent.removeprefix("http://"),
            "CONDUCTOR_LIVE": " ".join(each.removeprefix("http://") for each in rooms),
        }
        words = [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
        self._process = subprocess.Popen(words, env=environment, cwd=folder, stderr=subprocess.DEVNULL)

    async def answers(self) -> None:
        """Wait until it does."""
        await answered(self._health, 200)

    def kill(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


async def answered(url: str, status: int) -> None:
    """Wait until this address answers so."""
    async with asyncio.timeout(PATIENCE_S), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(url)).status_code == status:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(ASK_AGAIN_S)


def token(environment: Mapping[str, str], role: Role, *session_ids: str, user_id: str = "olga") -> str:
    """A token, signed with what the services of this environment keep."""
    home = environment.get("CONDUCTOR_HOME") or f"{environment['HOME']}/.local/share/conductor"
    who = Principal(user_id, role, EVENT, frozenset(session_ids), user_id)
    return Access([kept_secret(Path(home) / "jwt_secret")], time.time).issue(who, 360_000.0)


async def joined(url: str, session_id: str, user_id: str, bearer: str) -> Client:
    """Somebody in a room."""
    client = Client()
    async with asyncio.timeout(PATIENCE_S):
        while not client.io.connected:
            try:
                await client.io.connect(url, auth={"token": bearer}, namespaces=[NAMESPACE], transports=["websocket"])
            except socketio.exceptions.ConnectionError:
                await asyncio.sleep(0.1)
    answer = await client.emit("session:join", {"sessionId": session_id, "displayName": user_id})
    assert answer["ok"], answer
    return client


async def scores(client: httpx.AsyncClient, session_id: str) -> Sequence[Any]:
    """The scores of a session, once there are some."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            told = await client.get(f"/api/v1/analytics/sessions/{session_id}/engagement")
            # Until something was heard of the session it is nobody's.
            assert told.status_code in {200, 403, 404}, told.text
            points = told.json().get("points", [])
            if points:
                return list(points)
            await asyncio.sleep(ASK_AGAIN_S)
