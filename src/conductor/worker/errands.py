"""What decisions set going: waited for where time stands still meanwhile, and otherwise a task each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from conductor.domain.events import Event
from conductor.domain.interventions import Intervention
from conductor.errors import StoreUnavailable
from conductor.workflow import Step, Worded

log = logging.getLogger(__name__)

Turn = Callable[[], AbstractAsyncContextManager[float]]
"""Waits until nobody else is at work and every tick that is over has ended; gives the time in epoch seconds."""


class Errands:
    """Takes each step of a decision's course as it comes.

    Args:
        turn: Where time goes on while something is done: what rooms or models take their time for is then not waited
            for, and takes its turn when it comes back. None where time stands still meanwhile, as in a recording.
        became: Says what came of a step at a time.
        keep: Keeps it.
    """

    def __init__(
        self,
        turn: Turn | None,
        became: Callable[[Step, float], Awaitable[list[Event]]],
        keep: Callable[[Iterable[Event]], Awaitable[None]],
    ) -> None:
        self._turn = turn
        self._became = became
        self._keep = keep
        self._tasks: set[asyncio.Task[None]] = set()

    async def see_through(self, steps: AsyncIterator[Step], at: float) -> list[Event]:
        """Take these steps; gives what happened if it was waited for, which is then to be kept."""
        if self._turn is None:
            return [event async for step in steps for event in await self._became(step, at)]
        task = asyncio.create_task(self._run(steps, self._turn, at))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return []

    async def close(self) -> None:
        """Break off; what is under way goes on in a later life."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, steps: AsyncIterator[Step], turn: Turn, at: float) -> None:
        async for step in steps:
            if isinstance(step, Worded):
                # The loop need not know, and whose turn it is may be waiting for the store: words are told at once.
                happened = await self._became(step, at)
            else:
                happened = await self._in_turn(step, turn)
            # Others take their turns while this is written, and what they bring is then written together.
            try:
                await self._keep(happened)
            except StoreUnavailable as error:
                log.warning("%s", error.message)

    async def _in_turn(self, step: Step, turn: Turn) -> list[Event]:
        async with turn() as now:
            # When it is heard of is when it was done: a later life, that only reads the time, then knows the tick.
            return await self._became(replace(step, at=now) if isinstance(step, Intervention) else step, now)
