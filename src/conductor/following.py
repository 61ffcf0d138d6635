"""Keeps an overview up to date with what the bus tells of the agent: one way for all who look on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from conductor.domain.bus import ENGAGEMENT, HAPPENINGS
from conductor.errors import InvalidInput
from conductor.overview import Overview
from conductor.ports import Bus
from conductor.wire.events import read_entry
from conductor.wire.signals import Fields


def _to_nobody(_said: object) -> None:
    """For who wants to hear nothing of it."""


async def follow(
    bus: Bus,
    overview: Overview,
    since: float,
    ready: asyncio.Event,
    *,
    show: Callable[[Fields], None] = _to_nobody,
    refuse: Callable[[InvalidInput], None] = _to_nobody,
) -> None:
    """Fold everything said since this moment, and whatever comes. Ends when the bus is closed.

    Args:
        bus: Where it is said.
        overview: What it is folded into.
        since: Epoch seconds.
        ready: Set once it knows what was.
        show: Is given each message that comes after that, once it is folded.
        refuse: Is given the reason why an entry could not be read; such ones are left out.
    """
    known = asyncio.Barrier(2)

    async def fold(prefix: str) -> None:
        is_news = False
        async for batch in bus.follow(prefix, since):
            for kept in batch:
                try:
                    message = read_entry(kept)
                except InvalidInput as error:
                    refuse(error)
                    continue
                overview.take(message)
                if is_news:
                    show(message)
            if not batch:
                await known.wait()
                is_news = True
                ready.set()

    async with asyncio.TaskGroup() as tasks:
        for prefix in (HAPPENINGS, ENGAGEMENT):
            tasks.create_task(fold(prefix))
