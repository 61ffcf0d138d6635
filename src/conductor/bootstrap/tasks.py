"""Tasks of a process that serves: what to do when one of them ends that should not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from conductor.errors import NotWorking

Start = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
"""Starts a task."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def tasks_until_end(
    broken: asyncio.Event,
) -> AsyncIterator[Start]:
    """Tasks that run as long as the context; one that fails says so, and sets `broken`."""
    running: set[asyncio.Task[None]] = set()

    def start(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        running.add(task)
        task.add_done_callback(partial(_said, broken))
        return task

    try:
        yield start
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _said(broken: asyncio.Event, task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a task of the agent ended", exc_info=error)
        broken.set()


async def unless(broken: asyncio.Event, *awaited: asyncio.Event) -> None:
    """Wait for all of these, but not for ever where something broke."""
    waits = [asyncio.create_task(broken.wait())]
    for event in awaited:
        waiting = asyncio.create_task(event.wait())
        await asyncio.wait([waits[0], waiting], return_when=asyncio.FIRST_COMPLETED)
        waits.append(waiting)
    for wait in waits:
        wait.cancel()
    refuse_if(broken)


def refuse_if(broken: asyncio.Event) -> None:
    """Raise `NotWorking` where something broke."""
    if broken.is_set():
        raise NotWorking("a part of the agent ended; its log says why, and starting it anew lets it go on")
