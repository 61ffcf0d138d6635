"""Fakes that keep the promises of the ports, for tests of your own."""

from __future__ import annotations

import asyncio
import heapq
from itertools import count

from conductor.adapters.bus_memory import MemoryBus
from conductor.adapters.store_memory import MemoryArchive, MemoryDesk, MemoryStore

__all__ = ["FakeClock", "MemoryArchive", "MemoryBus", "MemoryDesk", "MemoryStore"]

TURNS = 50
"""How often everybody else gets a turn before the clock goes on: more than any chain of tasks here is long."""


class FakeClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: float) -> None:
        self._now = now
        self._asleep: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = count()

    def now(self) -> float:
        """Epoch seconds."""
        return self._now

    async def sleep_until(self, moment: float) -> None:
        """Come back when the clock has gone on to this moment; at once if it is over, but others get their turn."""
        if moment <= self._now:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        heapq.heappush(self._asleep, (moment, next(self._numbers), woken))
        await woken.wait()

    async def advance_to(self, moment: float) -> None:
        """Go on to this moment, and wake everybody on the way at their time, one after the other."""
        await settle()
        while self._asleep and self._asleep[0][0] <= moment:
            self._now, _, woken = heapq.heappop(self._asleep)
            woken.set()
            await settle()
        self._now = moment
        await settle()


async def settle() -> None:
    """Let everybody else do what they can without waiting for the clock."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
