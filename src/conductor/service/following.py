"""Keeps the overview up to date with what the bus tells."""

from __future__ import annotations

import asyncio

from conductor.domain.bus import ENGAGEMENT, HAPPENINGS
from conductor.errors import InvalidInput
from conductor.overview import Overview
from conductor.ports import Bus
from conductor.wire.events import read_entry


async def follow(bus: Bus, overview: Overview, since: float, ready: asyncio.Event) -> None:
    """Fold everything said since this moment, and whatever comes; `ready` is set once it knows what was.

    Ends when the bus is closed.
    """
    known = asyncio.Barrier(2)

    async def fold(prefix: str) -> None:
        async for batch in bus.follow(prefix, since):
            for kept in batch:
                try:
                    overview.take(read_entry(kept))
                except InvalidInput:
                    continue
            if not batch:
                await known.wait()
                ready.set()

    async with asyncio.TaskGroup() as tasks:
        for prefix in (HAPPENINGS, ENGAGEMENT):
            tasks.create_task(fold(prefix))
