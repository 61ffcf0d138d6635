"""Has the store keep what happened, in order, and what was learned from it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from conductor.domain.events import EngagementUpdated, Event, OutcomeMeasured, SessionClosed
from conductor.domain.learned import Learned
from conductor.errors import InvalidInput
from conductor.ports import Store

log = logging.getLogger(__name__)

METRICS_AT_ONCE = 120
"""Scores are written in batches: ten minutes of one session, or a tick of many."""


class Keeping:
    """Offers events to the store until it has taken them.

    Args:
        store: Keeps what happened.
        learned: Says what was learned so far.

    Attributes:
        at_once: Whether what was learned is kept as soon as it was, and not only in the end. A worker on duty may be
            killed, and does not learn the same outcome a second time.
    """

    def __init__(self, store: Store, learned: Callable[[], Learned]) -> None:
        self._store = store
        self._learned = learned
        self._unwritten: list[Event] = []
        self._at_work = asyncio.Lock()
        self.at_once = False

    async def keep(self, events: Iterable[Event]) -> None:
        """Scores may wait for company; whatever was decided or done is written at once, with all before it.

        Raises:
            StoreUnavailable: It is offered again with what comes next.
        """
        self._unwritten += events
        async with self._at_work:
            only_scores = all(isinstance(event, EngagementUpdated) for event in self._unwritten)
            if not only_scores or len(self._unwritten) >= METRICS_AT_ONCE:
                await self._write()

    async def close(self) -> None:
        """Write what is not written yet, and what was learned.

        Raises:
            StoreUnavailable: The store did not take it.
        """
        try:
            async with self._at_work:
                await self._write()
        finally:
            await self._store.save_learned(self._learned())

    async def _write(self) -> None:
        offered = self._unwritten[:]
        has_learned = any(isinstance(event, _LESSONS) for event in offered)
        await self._record(offered, self._learned() if self.at_once and has_learned else None)
        # Only now: what the store did not take is offered again.
        del self._unwritten[: len(offered)]

    async def _record(self, events: list[Event], learned: Learned | None) -> None:
        """Have the store keep these; one that can never be kept must not hold up the others for ever."""
        try:
            await self._store.record(events, learned)
        except InvalidInput:
            for event in events:
                try:
                    await self._store.record([event])
                except InvalidInput as error:
                    log.warning("%s is not kept: %s", type(event).__name__, error.message)
            if learned is not None:
                await self._store.save_learned(learned)


_LESSONS = (OutcomeMeasured, SessionClosed)
