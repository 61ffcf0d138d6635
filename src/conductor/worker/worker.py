"""Drives the agent: signals go in, the clock goes on, and everything that happened is kept and told."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from conductor.domain.events import (
    BudgetNearLimit,
    ContextAnalysed,
    DecisionHeld,
    DecisionMade,
    DecisionWorded,
    Event,
    SessionClosed,
    SessionOpened,
)
from conductor.domain.interventions import Content, Decision, Intervention
from conductor.domain.organisers import AgentSettings, Answer, Request
from conductor.domain.signals import Part, in_full
from conductor.loop import Loop
from conductor.ports import Journal, Store
from conductor.worker.errands import Errands, Turn
from conductor.worker.hearing import Tell, Unended, Untold, all_of, tell_nobody
from conductor.worker.keeping import Keeping
from conductor.worker.noted import Noted, known_of, without_guesses
from conductor.worker.reliving import Reliving
from conductor.workflow import Analysed, Lapse, Step, Wait, Worded, Workflow

log = logging.getLogger(__name__)


class Worker:
    """The loop, the workflow and the store of one process.

    Args:
        loop: The agent without I/O.
        workflow: Carries out what it decides.
        store: Keeps what happened.
        tell: Hears of everything that happened: of a decision before it is carried out.
        turn: Where time goes on while something is done (see `Errands`); None in a recording.
        journal: Keeps what the store does not take; None in a recording.

    Attributes:
        keeping: Has the store keep what happened.
    """

    def __init__(
        self,
        loop: Loop,
        workflow: Workflow,
        store: Store,
        tell: Tell = tell_nobody,
        turn: Turn | None = None,
        journal: Journal | None = None,
    ) -> None:
        self._loop = loop
        self._workflow = workflow
        self._store = store
        self._tell = tell
        self.keeping = Keeping(store, loop.learned, journal)
        self._errands = Errands(turn, self._became, self.keeping.keep)
        self._noted = Noted(loop)
        workflow.look = self._noted.room
        workflow.keep = self.keeping.write
        self._reliving = Reliving(loop, store)
        self._is_awake = self._has_threads = False
        self._forgotten: set[str] = set()

    @property
    def next_tick_at(self) -> float:
        """When the tick ends that is being filled, in epoch seconds."""
        return self._loop.next_tick_at

    @property
    def sessions(self) -> Mapping[str, str]:
        """The open sessions, each with its event."""
        return self._noted.events_of

    @property
    def passed(self) -> Sequence[SessionOpened | SessionClosed]:
        """Sessions that opened and ended while the past was relived."""
        return self._reliving.passed

    def receive(self, signals: Iterable[Part]) -> None:
        """Take in signals, in the order of their times but for a few seconds, in full or in short."""
        for part in signals:
            self._loop.receive(part)
            for signal in in_full(part, self._workflow.hears):
                self._workflow.receive(signal)

    def name(self, session_id: str, display_name: str) -> None:
        """Somebody is seen under this name in a session, which is open or about to."""
        self._workflow.name(session_id, display_name)

    def welcome(self, session_id: str, organisers: int) -> None:
        """So many organisers are looking at this session now."""
        self._loop.welcome(session_id, organisers)

    async def allow(self, settings: AgentSettings, now: float) -> None:
        """From now on the sessions of this event are treated as its settings say.

        Raises:
            InvalidInput: The label is empty, too long, or not plain text.
            StoreUnavailable: As `advance`.
        """
        self._loop.allow(settings)
        told = self._noted.modes(settings, now)
        await self._tell(told)
        await self.keeping.keep(told)
        self._workflow.share_chat(settings.event_id, shares=settings.share_chat)
        # Last: a label that does not fit takes nothing else back.
        self._workflow.relabel(settings.event_id, settings.label)

    async def relive(self, now: float, lag_s: float = 0.0, kept_until: float = math.inf) -> None:
        """End every tick that is over by `now` without telling anything: it was told when it happened.

        What was decided and done then is done again, to rooms in mind only.

        Args:
            now: Epoch seconds.
            lag_s: How long after its time a tick was ended: so long it still took part in what was done.
            kept_until: The store has every score up to this moment; later ones are told and kept by `wake`.
        """
        while (end := self._loop.next_tick_at) <= now:
            # No tick ends here: sessions that open are heard of before anything is done in them.
            for event in self._loop.advance(0.0):
                self._noted.note(event)
                if isinstance(event, SessionOpened):
                    await self._reliving.opened_again(event)
            for event in self._reliving.tick(end if self._noted.events_of else now, lag_s, kept_until):
                self._noted.note(event)

    async def wake(
        self,
        now: float,
        earlier: Iterable[str] = (),
        missed: Sequence[Event] = (),
        untold: Untold = all_of,
        unended: Sequence[Unended] = (),
    ) -> None:
        """Go on after `relive`: tell what ended while nobody was there, and let go of what was left undone.

        Args:
            now: Epoch seconds.
            earlier: Sessions that were open lately, whether they are open now or not.
            missed: What else the store may lack, of sessions that are in mind or over.
            untold: Which of the events that the store lacks were not told either: between telling and keeping an
                earlier life may have ended. Told or not, they are kept now.
            unended: Decisions that were told, and not how they ended: of those that nobody has kept `recall` tells.

        Raises:
            StoreUnavailable: As `advance`.
        """
        self._reliving.unended = unended
        for session_id in earlier:
            if session_id not in self._noted.events_of:
                self._reliving.expect(session_id, now)
        self._is_awake = self.keeping.at_once = True
        ended = self._reliving.end(tuple(self._noted.events_of), now)
        for event in ended:
            self._noted.note(event)
        told = self._noted.statuses(now)
        await self._tell([*await untold([*missed, *ended]), *told])
        await self.keeping.keep([*missed, *ended, *told])

    async def recall(self, now: float) -> None:
        """Heed what the store knows of sessions that opened, once each: to be called before ticks.

        Raises:
            StoreUnavailable: As `advance`, or the histories cannot be had now: call again with the next tick.
        """
        # What is not written yet is no part of a history.
        await self.keeping.settle()
        if not self._has_threads:
            left = await self._workflow.wake(now)
            disowned = await self._reliving.disowned(left, now)
            made = await self._reliving.rejoin(left)
            self._workflow.take_up()
            self._has_threads = True
            # A bus within the process has forgotten the room and what was asked; the room may come back in time.
            forgotten = [each for each in left if each.decision.session_id not in self._noted.events_of]
            self._forgotten = {each.decision.decision_id for each in forgotten}
            asked = [DecisionMade(each.decision) for each in forgotten if each.waits_for is Wait.ANSWER]
            await self._tell(asked)
            await self.keeping.keep([*made, *await self._follow([*self._reliving.let_go(now), *disowned], now)])
        await self.keeping.keep(await self._follow(await self._reliving.recall(now), now))

    async def advance(self, now: float) -> list[Event]:
        """End every tick that is over by `now`; carry out what was decided, and keep what happened.

        Raises:
            StoreUnavailable: Everything was done, but is not kept yet: it is offered again with what comes next.
        """
        happened: list[Event] = []
        if self._loop.next_tick_at > now:
            # Nothing ends: whoever takes a turn between two ticks waits for no store.
            return happened
        while self._loop.next_tick_at <= now:
            tick_at = self._loop.next_tick_at
            happened += await self._follow(self._loop.advance(tick_at), tick_at)
            for steps in self._workflow.due(tick_at):
                happened += await self._errands.see_through(steps, tick_at)
        self._workflow.forget_all_but(self._noted.events_of)
        await self.keeping.keep(happened)
        return happened

    async def answer(self, answer: Answer) -> list[Event]:
        """Do what somebody answered; an answer to nothing that waits changes nothing.

        Raises:
            StoreUnavailable: As `advance`.
        """
        steps = self._workflow.answer(answer)
        if steps is None:
            return []
        told = self._noted.note(answer)
        happened: list[Event] = [] if told is None else [told]
        await self._tell(happened)
        happened += await self._errands.see_through(steps, answer.at)
        await self.keeping.keep(happened)
        return happened

    async def request(self, request: Request, now: float) -> list[Event]:
        """Do what an organiser wants, whatever the agent thinks of it.

        Raises:
            KeyError: The session is not open.
            StoreUnavailable: As `advance`.
        """
        self._loop.request(request.session_id, request.arm, now, request.decision_id)
        happened = await self._follow(self._loop.advance(0.0), now, request.content)
        await self.keeping.keep(happened)
        return happened

    async def close(self) -> None:
        """Write what is not written yet, and what was learned; what is under way goes on in a later life."""
        await self._errands.close()
        await self.keeping.close()

    async def _follow(self, events: Iterable[Event], at: float, content: Content | None = None) -> list[Event]:
        """Word and tell what was decided, then carry it out."""
        told = without_guesses(events, self._workflow.is_showing)
        # One by one: a decision is worded once the fall that it is about has been taken down.
        worded = self._heed(self._worded(event, content) for event in told)
        await self._tell(worded)
        for event in tuple(worded):
            if isinstance(event, DecisionMade):
                worded += await self._errands.see_through(self._workflow.carry_out(event.decision), at)
                worded += await self._errands.see_through(self._workflow.wording(event.decision), at)
            elif isinstance(event, DecisionHeld) and event.hold.foreseen is not None:
                worded += await self._errands.see_through(self._workflow.prepare(event.hold, event.hold.foreseen), at)
            elif (decision_id := known_of(event)) is not None:
                worded += await self._errands.see_through(self._workflow.learned(decision_id, at), at)
        return worded

    async def _became(self, step: Step, at: float) -> list[Event]:
        """Tell the loop what became of a decision, and everybody else what came of that."""
        news: list[Event] = []
        if isinstance(step, Worded | Analysed | Lapse) and not self._is_awaited(step.decision):
            return []
        match step:
            case Worded(decision):
                # Told out of turn, so the loop is left alone: what it has to say is for whoever has the turn.
                return await self._follow([DecisionWorded(decision)], at)
            case BudgetNearLimit():
                news = [step]
            case Analysed(decision, analysis):
                about = (decision.decision_id, decision.session_id, decision.event_id)
                news = [ContextAnalysed(*about, at, analysis)]
            case Lapse(decision, why):
                self._loop.lapse(decision, at, why)
            case Intervention():
                self._loop.deliver(step)
        # No tick ends here: this only hands over the news.
        return await self._follow([*news, *self._loop.advance(0.0)], at)

    def _worded(self, event: Event, content: Content | None) -> Event:
        if isinstance(event, DecisionMade):
            return replace(event, decision=self._workflow.word(event.decision, content))
        return event

    def _heed(self, events: Iterable[Event]) -> list[Event]:
        """Take down what happened; gives it with what it changes of the status."""
        told = self._noted.with_status(events)
        for event in told:
            if isinstance(event, SessionOpened) and self._is_awake:
                self._reliving.expect(event.session_id, event.at)
            elif isinstance(event, SessionClosed):
                self._workflow.forget(event.session_id)
        return told

    def _is_awaited(self, decision: Decision) -> bool:
        """Whether it is not known yet what became of it; of the rest that is told when the session ends."""
        is_open = decision.session_id in self._noted.events_of or decision.decision_id in self._forgotten
        return is_open or self._workflow.is_showing(decision.decision_id)
