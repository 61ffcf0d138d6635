"""Drives the agent: signals go in, the clock goes on, and everything that happened is kept and told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from conductor.domain.engagement import Anomaly, Severity
from conductor.domain.events import AnomalyDetected, DecisionMade, EngagementUpdated, Event, SessionClosed
from conductor.domain.interventions import Content, Decision
from conductor.domain.organisers import AgentSettings, Answer, Request
from conductor.domain.signals import Signal
from conductor.loop import Loop
from conductor.ports import Store
from conductor.workflow import Lapse, RoomView, Step, Workflow

METRICS_AT_ONCE = 120
"""Scores are written in batches: ten minutes of one session, or a tick of many."""

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
        self._store = store
        self._tell = tell
        self._severity: dict[str, Severity] = {}
        self._unwritten: list[Event] = []

    @property
    def next_tick_at(self) -> float:
        """When the tick ends that is being filled, in epoch seconds."""
        return self._loop.next_tick_at

    def receive(self, signals: Iterable[Signal]) -> None:
        """Take in signals, in the order of their times but for a few seconds."""
        for signal in signals:
            self._loop.receive(signal)
            self._workflow.receive(signal)

    def welcome(self, session_id: str, organisers: int) -> None:
        """So many organisers are looking at this session now."""
        self._loop.welcome(session_id, organisers)

    def allow(self, settings: AgentSettings) -> None:
        """From now on the sessions of this event are treated as its settings say.

        Raises:
            InvalidInput: The label is empty, too long, or not plain text.
        """
        self._workflow.relabel(settings.event_id, settings.label)
        self._loop.allow(settings)

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
        await self._keep(happened)
        return happened

    async def answer(self, answer: Answer) -> list[Event]:
        """Do what somebody answered; an answer to nothing that waits changes nothing.

        Raises:
            StoreUnavailable: As `advance`.
        """
        happened = await self._settle(await self._workflow.answer(answer), answer.at)
        await self._keep(happened)
        return happened

    async def request(self, request: Request, now: float) -> list[Event]:
        """Do what an organiser wants, whatever the agent thinks of it.

        Raises:
            KeyError: The session is not open.
            StoreUnavailable: As `advance`.
        """
        self._loop.request(request.session_id, request.arm, now, f"{request.session_id}-{request.request_id}")
        happened = await self._follow(self._loop.advance(0.0), now, request.content)
        await self._keep(happened)
        return happened

    async def close(self) -> None:
        """Write what is not written yet, and what was learned."""
        await self._store.record(self._unwritten)
        self._unwritten = []
        await self._store.save_learned(self._loop.learned())

    async def _follow(self, events: Iterable[Event], at: float, content: Content | None = None) -> list[Event]:
        """Word and tell what was decided, then carry it out, all sessions at once."""
        worded = [self._worded(event, content) for event in events]
        await self._tell(worded)
        decisions = [event.decision for event in worded if isinstance(event, DecisionMade)]
        done = await asyncio.gather(*map(self._workflow.carry_out, decisions))
        return worded + await self._settle([step for steps in done for step in steps], at)

    def _worded(self, event: Event, content: Content | None) -> Event:
        match event:
            case AnomalyDetected(anomaly=Anomaly() as anomaly):
                self._severity[anomaly.session_id] = anomaly.severity
            case DecisionMade(decision=Decision() as decision):
                return replace(event, decision=self._workflow.word(decision, self._view(decision), content))
            case SessionClosed():
                self._workflow.forget(event.session_id)
                self._severity.pop(event.session_id, None)
            case _:
                pass
        return event

    async def _settle(self, steps: Iterable[Step], at: float) -> list[Event]:
        """Tell the loop what became of decisions, and everybody else what came of that."""
        for step in steps:
            if isinstance(step, Lapse):
                self._loop.lapse(step.decision, at, step.why)
            else:
                self._loop.deliver(step)
        # No tick ends here: this only hands over the news.
        news = self._loop.advance(0.0)
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

    async def _keep(self, events: list[Event]) -> None:
        """Scores may wait for company; whatever was decided or done is written at once, with all before it."""
        self._unwritten += events
        only_scores = all(isinstance(event, EngagementUpdated) for event in self._unwritten)
        if not only_scores or len(self._unwritten) >= METRICS_AT_ONCE:
            offered = len(self._unwritten)
            await self._store.record(self._unwritten[:offered])
            # Only now: what the store did not take is offered again.
            del self._unwritten[:offered]
