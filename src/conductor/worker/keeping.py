"""Has the store keep what happened, in order, and what was learned from it.

What the store does not take goes into a journal on this machine and is replayed when the store is back. Until then
everything new goes there as well, so that the order stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence

from conductor.domain.events import EngagementUpdated, Event, OutcomeMeasured, SessionClosed, TrialEnded
from conductor.domain.learned import Learned
from conductor.errors import InvalidInput, StoreUnavailable
from conductor.ports import Journal, Store

log = logging.getLogger(__name__)

METRICS_AT_ONCE = 120
"""Scores are written in batches: ten minutes of one session, or a tick of many."""

AT_ONCE = 1_000
"""Events, or lines of the journal, in one transaction: a tenth of a second's work for a database."""


class Keeping:
    """Offers events to the store until it has taken them.

    Args:
        store: Keeps what happened.
        learned: Says what was learned so far.
        journal: Keeps what the store does not take; None where that is offered again with what comes next.

    Attributes:
        at_once: Whether what was learned is kept as soon as it was, and not only in the end. A worker on duty may be
            killed, and does not learn the same outcome a second time.
    """

    def __init__(self, store: Store, learned: Callable[[], Learned], journal: Journal | None = None) -> None:
        self._store = store
        self._learned = learned
        self._journal = journal
        self._unwritten: list[Event] = []
        self._at_work = asyncio.Lock()
        self.at_once = False

    @property
    def is_behind(self) -> bool:
        """Whether something waits in the journal."""
        return self._journal is not None and self._journal.waiting > 0

    async def keep(self, events: Iterable[Event]) -> None:
        """Scores may wait for company; whatever was decided or done is written at once, with all before it.

        Raises:
            StoreUnavailable: Neither the store nor the journal took it. It is offered again with what comes next.
        """
        self._unwritten += events
        async with self._at_work:
            only_scores = all(isinstance(event, EngagementUpdated) for event in self._unwritten)
            if not only_scores or len(self._unwritten) >= METRICS_AT_ONCE:
                await self._write()

    async def write(self) -> None:
        """Write whatever was decided or done and is not written yet; raises as `keep` does."""
        await self.keep(())

    async def settle(self) -> None:
        """Come back where the store has everything that may be asked of it: histories are whole then.

        Raises:
            StoreUnavailable: It has not.
        """
        await self.write()
        if self.is_behind:
            raise StoreUnavailable("what waits in the journal has not been replayed yet")

    async def replay(self) -> None:
        """Give the store what waits in the journal, oldest first. What it has already stays as it is.

        Raises:
            StoreUnavailable: The store did not take it; call again later.
        """
        if self._journal is not None:
            await replay(self._journal, self._store)

    async def close(self) -> None:
        """Write what is not written yet, and what was learned.

        Raises:
            StoreUnavailable: Neither the store nor the journal took it.
        """
        try:
            async with self._at_work:
                await self._write()
        finally:
            await self._save_learned()

    async def _write(self) -> None:
        while self._unwritten:
            offered = self._unwritten[:AT_ONCE]
            has_learned = any(isinstance(event, _LESSONS) for event in offered)
            learned = self._learned() if self.at_once and has_learned else None
            if self._journal is not None and self.is_behind:
                self._journal.append(offered, learned)
            else:
                await self._offer(offered, learned)
            # Only now: what nobody took is offered again.
            del self._unwritten[: len(offered)]

    async def _offer(self, events: Sequence[Event], learned: Learned | None) -> None:
        try:
            await record(self._store, events, learned)
        except StoreUnavailable as error:
            if self._journal is None:
                raise
            log.warning("%s; what happens is kept in the journal from now on", error.message)
            self._journal.append(events, learned)

    async def _save_learned(self) -> None:
        learned = self._learned()
        if self._journal is None:
            await self._store.save_learned(learned)
        elif self.is_behind:
            # What is replayed later was learned earlier, and must not take the place of this.
            self._journal.append((), learned)
        else:
            await self._offer((), learned)


async def replay(journal: Journal, store: Store) -> None:
    """Give the store what waits in a journal, oldest first. What it has already stays as it is.

    Raises:
        StoreUnavailable: The store did not take it. What it took is not given again.
    """
    before = journal.waiting
    while journal.waiting:
        waiting = journal.first(AT_ONCE)
        await record(store, waiting.events, waiting.learned)
        journal.drop(waiting.lines)
    if before:
        log.warning("the journal is replayed: %d lines are in the store", before)


async def record(store: Store, events: Sequence[Event], learned: Learned | None) -> None:
    """Have the store keep these; one that can never be kept must not hold up the others for ever.

    Raises:
        StoreUnavailable: It did not take them.
    """
    try:
        await store.record(events, learned)
    except InvalidInput:
        for event in events:
            try:
                await store.record([event])
            except InvalidInput as error:
                log.warning("%s is not kept: %s", type(event).__name__, error.message)
        if learned is not None:
            await store.save_learned(learned)


_LESSONS = (OutcomeMeasured, TrialEnded, SessionClosed)
