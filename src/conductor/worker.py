"""Drives the agent: signals go in, the clock goes on, and everything that happened is kept."""

from __future__ import annotations

from collections.abc import Iterable

from conductor.domain.engagement import Anomaly, Severity
from conductor.domain.events import AnomalyDetected, DecisionMade, EngagementUpdated, Event, SessionClosed
from conductor.domain.interventions import Decision
from conductor.domain.signals import Signal
from conductor.loop import Loop
from conductor.ports import Store
from conductor.workflow import Lapse, RoomView, Step, Workflow

METRICS_AT_ONCE = 120
"""Scores are written in batches: ten minutes of one session, or a tick of many."""


class Worker:
    """The loop, the workflow and the store of one process."""

    def __init__(self, loop: Loop, workflow: Workflow, store: Store) -> None:
        self._loop = loop
        self._workflow = workflow
        self._store = store
        self._severity: dict[str, Severity] = {}
        self._unwritten: list[Event] = []

    def receive(self, signals: Iterable[Signal]) -> None:
        """Take in signals, in the order of their times but for a few seconds."""
        for signal in signals:
            self._loop.receive(signal)
            self._workflow.receive(signal)

    async def advance(self, now: float) -> list[Event]:
        """End every tick that is over by `now`; carry out what was decided, and keep what happened."""
        happened: list[Event] = []
        while self._loop.next_tick_at <= now:
            tick_at = self._loop.next_tick_at
            events = self._loop.advance(tick_at)
            for event in events:
                await self._follow(event)
            self._report(await self._workflow.advance(tick_at), tick_at)
            happened += events + self._loop.advance(tick_at)
        await self._keep(happened)
        return happened

    async def close(self) -> None:
        """Write what is not written yet, and what was learned."""
        await self._store.record(self._unwritten)
        self._unwritten = []
        await self._store.save_learned(self._loop.learned())

    async def _follow(self, event: Event) -> None:
        match event:
            case AnomalyDetected(anomaly=Anomaly() as anomaly):
                self._severity[anomaly.session_id] = anomaly.severity
            case DecisionMade(decision=Decision() as decision):
                self._report(await self._workflow.carry_out(decision, self._view(decision)), decision.at)
            case SessionClosed():
                self._workflow.forget(event.session_id)
                self._severity.pop(event.session_id, None)
            case _:
                pass

    def _report(self, steps: Iterable[Step], at: float) -> None:
        for step in steps:
            if isinstance(step, Lapse):
                self._loop.lapse(step.decision, at, step.why)
            else:
                self._loop.deliver(step)

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
            await self._store.record(self._unwritten)
            # Only now: what the store did not take is offered again.
            self._unwritten = []
