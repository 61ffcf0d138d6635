"""Living through again what an earlier life of the worker saw, and closing what it left open."""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Iterable, Iterator, Sequence

from conductor.domain.endings import left_alone, would_be
from conductor.domain.endings import unknown as trial_unknown
from conductor.domain.events import (
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    EngagementUpdated,
    Event,
    InterventionExecuted,
    OutcomeUnknown,
    SessionClosed,
    SessionOpened,
)
from conductor.domain.interventions import Intervention
from conductor.errors import StoreUnavailable, UnreadableState
from conductor.loop import Loop
from conductor.ports import Store
from conductor.worker.hearing import Unended
from conductor.worker.unfinished import WHY, Past, before, delivered, lapsed, left_open, made_in, taught, unknown
from conductor.workflow import Unfinished

log = logging.getLogger(__name__)

RECALLED_S = 3600.0
"""What was done in the last hour counts toward what may still be done: no cooldown or cap looks back further."""

AT_ONCE = 100
"""Sessions whose histories are asked for with one tick: nothing is decided in the first four of a session."""


class Reliving:
    """What the store says of sessions, and what follows from it.

    Args:
        loop: Lives through it again.
        store: Has the histories.

    Attributes:
        passed: Sessions that opened and ended in the past, as the events that said so or should have.
        unended: Decisions that an earlier life told, and not how they ended.
    """

    def __init__(self, loop: Loop, store: Store) -> None:
        self._loop = loop
        self._store = store
        self.passed: list[SessionOpened | SessionClosed] = []
        self.unended: Sequence[Unended] = ()
        self._past = Past()
        self._missed: list[Event] = []
        self._unread: dict[str, float] = {}
        self._under_way: Collection[str] = ()
        self._open: list[str] = []

    async def opened_again(self, opened: SessionOpened) -> None:
        """A session opens in the past: what was decided and done in it then comes again at its time."""
        self.passed.append(opened)
        session_id = opened.session_id
        if self._past.has(session_id):
            return
        try:
            history = await self._store.history(session_id)
        except StoreUnavailable as error:
            log.warning("%s: what was done there is not known yet: %s", session_id, error.message)
            self._unread[session_id] = math.inf
        except UnreadableState as error:
            log.warning("what was done in %s cannot be known: %s", session_id, error.message)
        else:
            self._past.add(session_id, history)
            self._loop.remember((), taught(history))

    def tick(self, end: float, lag_s: float, kept_until: float = math.inf) -> Iterator[Event]:
        """End a tick as it ended then, and say what happened in it.

        Args:
            end: When it ends; the loop fills no earlier one.
            lag_s: How long after its end it was ended.
            kept_until: The store has every score up to this moment.
        """
        for event in self._past.take(end, lag_s):
            self._do_again(event)
            yield event
        for event in self._loop.relive(end):
            is_unkept = isinstance(event, EngagementUpdated) and event.at > kept_until
            if is_unkept or self._past.lacks(event):
                self._missed.append(event)
            if isinstance(event, SessionClosed):
                self.passed.append(event)
            yield event

    def end(self, session_ids: Iterable[str], now: float) -> list[Event]:
        """The past is over: what happened while nobody was there. `let_go` and `recall` come next."""
        found = [*self._missed, *self._loop.advance(0.0)]
        # What was done in the tick that is being filled now.
        for event in self._past.take(math.inf, 0.0):
            self._do_again(event)
        found += filter(self._past.lacks, self._loop.advance(0.0))
        self._past, self._missed = Past(), []
        for session_id in session_ids:
            if session_id in self._unread:
                self._unread[session_id] = now
            else:
                self._open.append(session_id)
        return found

    async def disowned(self, left: Sequence[Unfinished], now: float) -> list[Event]:
        """What an earlier life told and could not keep any more: nobody can carry that out.

        Raises:
            StoreUnavailable: What the store knows cannot be had now; ask again.
        """
        under_way = {each.decision.decision_id for each in left}
        found: list[Event] = []
        for each in self.unended:
            known = made_in(await self._store.history(each.session_id))
            if each.decision_id in known | under_way:
                continue
            about = (each.decision_id, each.session_id, each.event_id, now, WHY)
            lost = OutcomeUnknown(would_be(each.decision_id), *about)
            found.append(lost if each.held_out else DecisionLapsed(*about))
        return found

    async def rejoin(self, left: Sequence[Unfinished]) -> list[Event]:
        """These decisions are still under way. Gives those that the store does not know, to be kept.

        Between the beginning of a thread and the store's hearing of it an earlier life may have ended.

        Raises:
            StoreUnavailable: What the store knows cannot be had now; ask again.
        """
        # All are read before anything is done about one: whoever is asked again must not do it twice.
        histories = [await self._store.history(each.decision.session_id) for each in left]
        unknown_yet: list[Event] = []
        for each, history in zip(left, histories, strict=True):
            if each.decision.decision_id not in made_in(history):
                self._loop.take_up(each.decision)
                unknown_yet.append(DecisionMade(each.decision))
            if each.done is not None and not any(_is_of(event, each.done) for event in history):
                self._loop.deliver(each.done)
        self._under_way = {each.decision.decision_id for each in left}
        return unknown_yet

    def let_go(self, now: float) -> list[Event]:
        """What an earlier life decided is not done any more, but for what is still under way."""
        sessions, self._open = self._open, []
        found = [
            lapsed(decision, now)
            for session_id in sessions
            for decision in self._loop.let_go(session_id, self._under_way)
        ]
        return [*self._loop.advance(0.0), *found]

    def expect(self, session_id: str, before_s: float) -> None:
        """There may be a history from before this moment, of which nothing is known yet."""
        self._unread.setdefault(session_id, before_s)

    async def recall(self, now: float) -> list[Event]:
        """Read histories that are not known yet: what was done counts, and what was left open is closed or awaited.

        Raises:
            StoreUnavailable: They cannot be had now; ask again.
        """
        found: list[Event] = []
        for session_id, until in tuple(self._unread.items())[:AT_ONCE]:
            # It comes last if it fails, so that one that always does holds up no other.
            del self._unread[session_id]
            try:
                history = await self._store.history(session_id)
            except UnreadableState as error:
                log.warning("what was done in %s cannot be known: %s", session_id, error.message)
            except StoreUnavailable:
                self._unread[session_id] = until
                if found:
                    break
                raise
            else:
                found += self._recall(before(history, until), now)
        return found

    def _recall(self, history: Sequence[Event], now: float) -> list[Event]:
        left = left_open(history)
        self._loop.recall(delivered(history, now - RECALLED_S))
        self._loop.remember(left.answers, taught(history))
        found: list[Event] = []
        for decision in left.undone:
            if decision.decision_id in self._under_way:
                self._loop.take_up(decision)
            else:
                found.append(lapsed(decision, now))
        for decision, done in left.awaited:
            if not self._loop.resume(decision, done, now):
                found.append(unknown(done, now))
        for decision, reached in left.tried:
            if not self._loop.resume_trial(decision, now, delivered=reached):
                found += trial_unknown(decision, now, WHY, delivered=reached)
        for hold in left.alone:
            if not self._loop.resume_left(hold, now):
                found.append(left_alone(hold, now, why_unknown=WHY))
        return found

    def _do_again(self, event: Event) -> None:
        match event:
            case DecisionMade(decision):
                self._loop.take_up(decision)
            case DecisionHeld(hold):
                self._loop.leave_alone(hold)
            case InterventionExecuted(intervention):
                self._loop.deliver(intervention)
            case DecisionLapsed(decision_id, session_id, _, at, why):
                if why == WHY:
                    self._loop.let_go(session_id)
                elif (made := self._past.made.get(decision_id)) is not None:
                    self._loop.lapse(made, at, why)
            case _:
                pass


def _is_of(event: Event, done: Intervention) -> bool:
    return isinstance(event, InterventionExecuted) and event.intervention.intervention_id == done.intervention_id
