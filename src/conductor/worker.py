"""Drives the agent: signals go in, the clock goes on, and everything that happened is kept and told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from conductor.domain.engagement import Severity
from conductor.domain.events import (
    AnomalyDetected,
    DecisionMade,
    EngagementUpdated,
    Event,
    SessionClosed,
    SessionOpened,
    StatusChanged,
)
from conductor.domain.interventions import Content, Decision, Mode
from conductor.domain.organisers import AgentSettings, Answer, Request
from conductor.domain.signals import Brief, Kind, Signal, in_full
from conductor.keeping import Keeping
from conductor.loop import Loop
from conductor.ports import Store
from conductor.reliving import Reliving
from conductor.status import StatusBoard, where
from conductor.workflow import Lapse, RoomView, Step, Workflow

WORDED = (Kind.QUESTION, Kind.UPVOTE)
"""What the workflow follows of what is said in short."""

Tell = Callable[[Sequence[Event]], Awaitable[None]]
"""Takes what happened, as soon as it did."""


async def tell_nobody(events: Sequence[Event]) -> None:
    """Where nobody listens."""


class Worker:
    """The loop, the workflow and the store of one process.

    Args:
        loop: The agent without I/O.
        workflow: Carries out what it decides.
        store: Keeps what happened.
        tell: Hears of everything that happened: of a decision before it is carried out, so that nobody waits for the
            rooms to hear of it.
    """

    def __init__(self, loop: Loop, workflow: Workflow, store: Store, tell: Tell = tell_nobody) -> None:
        self._loop = loop
        self._workflow = workflow
        self._keeping = Keeping(store, loop.learned)
        self._tell = tell
        self._board = StatusBoard()
        self._reliving = Reliving(loop, store)
        self._is_awake = False
        self._events_of: dict[str, str] = {}
        self._severity: dict[str, Severity] = {}

    @property
    def next_tick_at(self) -> float:
        """When the tick ends that is being filled, in epoch seconds."""
        return self._loop.next_tick_at

    @property
    def event_ids(self) -> frozenset[str]:
        """The events whose sessions are open."""
        return frozenset(self._events_of.values())

    @property
    def passed(self) -> Sequence[SessionOpened | SessionClosed]:
        """Sessions that opened and ended while the past was relived."""
        return self._reliving.passed

    def receive(self, signals: Iterable[Signal | list[Brief]]) -> None:
        """Take in signals, in the order of their times but for a few seconds, in full or in short."""
        for part in signals:
            self._loop.receive(part)
            for signal in in_full(part, WORDED):
                self._workflow.receive(signal)

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
        sessions = [session for session, event_id in self._events_of.items() if event_id == settings.event_id]
        changes = (self._board.set_mode(session, self._mode(session), now) for session in sessions)
        told: list[Event] = [change for change in changes if change is not None]
        await self._tell(told)
        await self._keeping.keep(told)
        # Last: a label that does not fit takes nothing else back.
        self._workflow.relabel(settings.event_id, settings.label)

    async def relive(self, now: float, lag_s: float = 0.0) -> None:
        """End every tick that is over by `now` without telling anything: it was told when it happened.

        What was decided and done then is done again, to rooms in mind only.

        Args:
            now: Epoch seconds.
            lag_s: How long after its time a tick was ended: so long it still took part in what was done.
        """
        while (end := self._loop.next_tick_at) <= now:
            # No tick ends here: sessions that open are heard of before anything is done in them.
            for event in self._loop.advance(0.0):
                self._note(event)
                if isinstance(event, SessionOpened):
                    await self._reliving.opened_again(event)
            for event in self._reliving.tick(end if self._events_of else now, lag_s):
                self._note(event)

    async def wake(self, now: float, earlier: Iterable[str] = (), missed: Sequence[Event] = ()) -> None:
        """Go on after `relive`: tell what ended while nobody was there, and let go of what was left undone.

        Args:
            now: Epoch seconds.
            earlier: Sessions that were open lately, whether they are open now or not.
            missed: What else happened while nobody was there, of sessions that are in mind or over.

        Raises:
            StoreUnavailable: As `advance`.
        """
        for session_id in earlier:
            if session_id not in self._events_of:
                self._reliving.expect(session_id, now)
        self._is_awake = self._keeping.at_once = True
        ended = self._reliving.end(tuple(self._events_of), now)
        for event in ended:
            self._note(event)
        told: list[Event] = [
            StatusChanged(session_id, event_id, now, self._board.status(session_id), self._mode(session_id))
            for session_id, event_id in self._events_of.items()
        ]
        await self._tell([*missed, *ended, *told])
        await self._keeping.keep([*missed, *ended, *told])

    async def recall(self, now: float) -> None:
        """Heed what the store knows of sessions that opened, once each: to be called before ticks.

        Raises:
            StoreUnavailable: As `advance`, or the histories cannot be had now: call again with the next tick.
        """
        # What is not written yet is no part of a history.
        await self._keeping.keep([])
        told = self._with_status(await self._reliving.recall(now))
        if told:
            await self._tell(told)
            await self._keeping.keep(told)

    async def advance(self, now: float) -> list[Event]:
        """End every tick that is over by `now`; carry out what was decided, and keep what happened.

        Raises:
            StoreUnavailable: Everything was done, but is not kept yet: it is offered again with what comes next.
        """
        happened: list[Event] = []
        while self._loop.next_tick_at <= now:
            tick_at = self._loop.next_tick_at
            happened += await self._follow(self._loop.advance(tick_at), tick_at)
            happened += await self._settle(await self._workflow.advance(tick_at), tick_at)
        await self._keeping.keep(happened)
        return happened

    async def answer(self, answer: Answer) -> list[Event]:
        """Do what somebody answered; an answer to nothing that waits changes nothing.

        Raises:
            StoreUnavailable: As `advance`.
        """
        steps = await self._workflow.answer(answer)
        told = self._board.follow(answer, self._mode(answer.session_id)) if steps else None
        happened: list[Event] = [] if told is None else [told]
        await self._tell(happened)
        happened += await self._settle(steps, answer.at)
        await self._keeping.keep(happened)
        return happened

    async def request(self, request: Request, now: float) -> list[Event]:
        """Do what an organiser wants, whatever the agent thinks of it.

        Raises:
            KeyError: The session is not open.
            StoreUnavailable: As `advance`.
        """
        self._loop.request(request.session_id, request.arm, now, request.decision_id)
        happened = await self._follow(self._loop.advance(0.0), now, request.content)
        await self._keeping.keep(happened)
        return happened

    async def close(self) -> None:
        """Write what is not written yet, and what was learned."""
        await self._keeping.close()

    async def _follow(self, events: Iterable[Event], at: float, content: Content | None = None) -> list[Event]:
        """Word and tell what was decided, then carry it out, all sessions at once."""
        worded = self._with_status(self._worded(event, content) for event in events)
        await self._tell(worded)
        decisions = [event.decision for event in worded if isinstance(event, DecisionMade)]
        done = await asyncio.gather(*map(self._workflow.carry_out, decisions))
        return worded + await self._settle([step for steps in done for step in steps], at)

    def _worded(self, event: Event, content: Content | None) -> Event:
        if isinstance(event, DecisionMade):
            decision = event.decision
            return replace(event, decision=self._workflow.word(decision, self._view(decision), content))
        return event

    def _with_status(self, events: Iterable[Event]) -> list[Event]:
        """The events, each with what it changes of the status after it."""
        told: list[Event] = []
        for event in events:
            told.append(event)
            if (change := self._note(event)) is not None:
                told.append(change)
        return told

    def _note(self, event: Event) -> StatusChanged | None:
        """Keep in mind what an event says of its session, and say what it changes of the status."""
        match event:
            case EngagementUpdated():
                return None
            case AnomalyDetected(anomaly):
                self._severity[anomaly.session_id] = anomaly.severity
            case SessionOpened():
                self._events_of[event.session_id] = event.event_id
                if self._is_awake:
                    self._reliving.expect(event.session_id, event.at)
                return self._board.follow(event, self._mode(event.session_id))
            case SessionClosed():
                change = self._board.follow(event, self._mode(event.session_id))
                self._workflow.forget(event.session_id)
                self._severity.pop(event.session_id, None)
                self._events_of.pop(event.session_id, None)
                return change
            case _:
                pass
        return self._board.follow(event, self._mode(where(event)[0]))

    def _mode(self, session_id: str) -> Mode:
        return self._loop.mode_of(session_id, self._events_of.get(session_id, ""))

    async def _settle(self, steps: Iterable[Step], at: float) -> list[Event]:
        """Tell the loop what became of decisions, and everybody else what came of that."""
        for step in steps:
            if isinstance(step, Lapse):
                self._loop.lapse(step.decision, at, step.why)
            else:
                self._loop.deliver(step)
        # No tick ends here: this only hands over the news.
        news = self._with_status(self._loop.advance(0.0))
        if news:
            await self._tell(news)
        return news

    def _view(self, decision: Decision) -> RoomView:
        facts = self._loop.facts(decision.session_id)
        return RoomView(
            profile=facts.profile,
            phase=decision.context.phase,
            people=self._loop.people(decision.session_id, decision.at),
            is_urgent=self._severity.get(decision.session_id) is Severity.CRITICAL,
        )
