"""Has the store keep what happened, in order, and what was learned from it.

What the store does not take goes into a journal on this machine and is replayed when the store is back. Until then
everything new goes there as well, so that the order stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence

from conductor.domain.events import EngagementUpdated, Event, FollowedUp, SessionClosed, SessionOpened, TrialEnded
from conductor.domain.learned import Learned, fresh
from conductor.errors import InvalidInput, StoreUnavailable
from conductor.ports import Journal, Store

log = logging.getLogger(__name__)

METRICS_AT_ONCE = 120
"""Scores are written in batches: ten minutes of one session, or a tick of many."""

AT_ONCE = 1_000
"""Scores, or lines of the journal, in one transaction: a tenth of a second's work for a database."""


MOST_UNWRITTEN = 50_000
"""How many events may wait in memory while neither the store nor the journal takes any: an hour of 60 sessions."""


class Keeping:
    """Offers events to the store until it has taken them.

    Args:
        store: Keeps what happened.
        learned: Says what was learned so far; the store has what it says at first.
        journal: Keeps what the store does not take; None where that is offered again with what comes next.
        most_unwritten: How many events wait in memory where nobody takes them. Then the oldest scores go, until it is
            half as many, and only where there are none left the oldest of everything else.

    Attributes:
        at_once: Whether what was learned is kept as soon as it was, and not only in the end. A worker on duty may be
            killed, and does not learn the same outcome a second time.
        dropped_scores: How many scores went because neither the store nor the journal took anything for too long.
        dropped_others: How many other events went so, which takes far longer.
    """

    def __init__(
        self,
        store: Store,
        learned: Callable[[], Learned],
        journal: Journal | None = None,
        most_unwritten: int = MOST_UNWRITTEN,
    ) -> None:
        self._store = store
        self._learned = learned
        self._journal = journal
        self._most_unwritten = most_unwritten
        self._stored = self._journaled = learned()
        self.dropped_scores = self.dropped_others = 0
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
            if not self._journal.dropped_others:
                # Else it may be among what went, and is written again.
                self._stored = self._journaled

    async def close(self) -> None:
        """Write what is not written yet, and what was learned.

        Raises:
            StoreUnavailable: Neither the store nor the journal took it.
        """
        try:
            async with self._at_work:
                await self._write()
        finally:
            await self._put((), self._learned())

    async def _write(self) -> None:
        while self._unwritten:
            offered, learned = self._next()
            try:
                await self._put(offered, learned)
            except StoreUnavailable:
                self._make_room()
                raise
            # Only now: what nobody took is offered again.
            taken = {id(event) for event in offered}
            self._unwritten = [event for event in self._unwritten if id(event) not in taken]

    def _next(self) -> tuple[Sequence[Event], Learned | None]:
        """What is written next: all that waits; of more than fits scores first, and then whatever taught at once.

        What was learned does not say which lessons are in it. With one missing, a later life would learn it again.
        """
        offered = tuple(self._unwritten)
        if len(offered) > AT_ONCE:
            scores = [event for event in offered if isinstance(event, EngagementUpdated)]
            if scores:
                return scores[:AT_ONCE], None
        if self.at_once and any(isinstance(event, _LESSONS) for event in offered):
            return offered, self._learned()
        return offered[:AT_ONCE], None

    async def _put(self, events: Sequence[Event], learned: Learned | None) -> None:
        """Where they belong: behind what waits in the journal, or else into the store."""
        # What others put into the store meanwhile stays, but where something was learned here.
        news = None if learned is None else fresh(self._stored, learned)
        if not events and news in (None, Learned()):
            return
        if self._journal is not None and self.is_behind:
            self._set_aside(self._journal, events, news, learned)
            return
        try:
            await record(self._store, events, news)
        except StoreUnavailable as error:
            if self._journal is None:
                raise
            log.warning("%s; what happens is kept in the journal from now on", error.message)
            self._set_aside(self._journal, events, news, learned)
        else:
            self._stored = self._journaled = learned or self._stored

    def _set_aside(
        self, journal: Journal, events: Sequence[Event], news: Learned | None, learned: Learned | None
    ) -> None:
        """The newest line of the journal counts: it says all that the store does not know yet."""
        journal.append(events, news)
        self._journaled = learned or self._journaled

    def _make_room(self) -> None:
        if len(self._unwritten) <= self._most_unwritten:
            return
        excess = len(self._unwritten) - self._most_unwritten // 2
        scores = [place for place, event in enumerate(self._unwritten) if isinstance(event, EngagementUpdated)][:excess]
        going = set(scores)
        left = [event for place, event in enumerate(self._unwritten) if place not in going]
        others = excess - len(scores)
        self._unwritten = left[others:]
        self.dropped_scores += len(scores)
        self.dropped_others += others
        log.warning(
            "neither the store nor the journal takes anything: %d scores and %d other events are lost",
            len(scores),
            others,
        )


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


_LESSONS = (TrialEnded, FollowedUp, SessionClosed, SessionOpened)
# A session that opens may be an event's first: what was learned before it is held less firmly then, and just once.
