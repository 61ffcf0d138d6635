"""Simulated rooms, played through the whole agent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from statistics import fmean

import numpy as np

from conductor.decide.guardrails import applicable_arms
from conductor.domain.events import (
    AnomalyDetected,
    DecisionMade,
    EngagementUpdated,
    Event,
    InterventionExecuted,
    OutcomeMeasured,
)
from conductor.domain.interventions import Intervention, Outcome
from conductor.domain.organisers import Answer, Verdict
from conductor.domain.sessions import SessionType
from conductor.domain.signals import Signal
from conductor.perceive.ledger import TICK_S
from conductor.replay import OnTick
from conductor.sim.crowd import Crowd
from conductor.sim.effects import EffectTable
from conductor.sim.presets import RESCUE_LULL_S, ordinary_params, ordinary_room
from conductor.telling.rescue import RescueTick
from conductor.telling.simulated import Asked, Chosen, Study
from conductor.worker import Worker

STORY_FROM_S = RESCUE_LULL_S - 10.0
STORY_S = 60.0
"""The story shows ten seconds of health and fifty of what comes then."""


async def run_rooms(crowds: Sequence[Crowd], worker: Worker, duration_s: float, on_tick: OnTick) -> list[Event]:
    """Let audiences and agent live together for so long; all rooms begin at 0."""
    events: list[Event] = []
    for tick in range(1, int(duration_s // TICK_S) + 1):
        now = tick * TICK_S
        worker.receive(_signals(crowds, now))
        events += await worker.advance(now)
        await on_tick(now)
    return events


async def run_rooms_asking(crowds: Sequence[Crowd], worker: Worker, duration_s: float, on_tick: OnTick) -> None:
    """The same with an organiser who is asked of everything, and always says yes at once."""
    for tick in range(1, int(duration_s // TICK_S) + 1):
        now = tick * TICK_S
        # First: what happens in this tick is asked about at its end.
        await on_tick(now)
        worker.receive(_signals(crowds, now))
        for event in await worker.advance(now):
            if isinstance(event, DecisionMade):
                made = event.decision
                await worker.answer(Answer(made.decision_id, made.session_id, now, Verdict.APPROVED))


def _signals(crowds: Sequence[Crowd], now: float) -> list[Signal]:
    signals = [signal for crowd in crowds for signal in crowd.step(now)]
    return sorted(signals, key=lambda signal: signal.at)


async def run_rescue(crowd: Crowd, worker: Worker) -> AsyncIterator[RescueTick]:
    """The room's minute: it lives, dies, and is rescued or not. What came before is played without telling."""
    outcome: Outcome | None = None
    for tick in range(1, int((STORY_FROM_S + STORY_S) // TICK_S) + 1):
        now = tick * TICK_S
        worker.receive(crowd.step(now))
        events = await worker.advance(now)
        if now <= STORY_FROM_S:
            continue
        updates = [event for event in events if isinstance(event, EngagementUpdated)]
        for event in events:
            if isinstance(event, OutcomeMeasured):
                outcome = event.outcome
        others = tuple(event for event in events if not isinstance(event, EngagementUpdated))
        yield RescueTick(now - STORY_FROM_S, updates[-1], others, outcome)


class Nobody:
    """A platform on which everything is decided and nothing is delivered: the same rooms, left alone."""

    def __init__(self, crowds: Sequence[Crowd]) -> None:
        self._crowds = {crowd.session_id: crowd for crowd in crowds}

    async def deliver(self, intervention: Intervention) -> int:
        """Say how many would have seen it."""
        return self._crowds[intervention.session_id].would_reach(intervention)


class Oracle:
    """A simulated platform that notes what could have been achieved with each intervention."""

    def __init__(self, crowds: Sequence[Crowd]) -> None:
        self._crowds = {crowd.session_id: crowd for crowd in crowds}
        self.chances: dict[str, tuple[float, float]] = {}

    async def deliver(self, intervention: Intervention) -> int:
        """Show it to its room."""
        crowd = self._crowds[intervention.session_id]
        self.chances[intervention.decision_id] = self._chance(crowd, intervention)
        return crowd.deliver(intervention)

    def _chance(self, crowd: Crowd, intervention: Intervention) -> tuple[float, float]:
        context = crowd.true_context(intervention.at)
        if context is None:
            return 0.0, 0.0
        arms = applicable_arms(context.anomaly_type, context.phase, context.session_type)
        chance = crowd.true_chance(intervention.arm, intervention.at)
        best = max(crowd.true_chance(arm, intervention.at) for arm in arms)
        return chance, max(best, chance)


def chosen_of(events: Sequence[Event], chances: dict[str, tuple[float, float]]) -> tuple[Chosen, ...]:
    """The decisions that were carried out, beside the oracle's."""
    done = {event.intervention.decision_id for event in events if isinstance(event, InterventionExecuted)}
    return tuple(
        Chosen(event.decision, *chances[event.decision.decision_id])
        for event in events
        if isinstance(event, DecisionMade) and event.decision.decision_id in done
    )


def study(
    with_agent: Sequence[Event],
    without: Sequence[Event],
    *,
    chances: dict[str, tuple[float, float]],
    size: tuple[int, int, int, float],
    true_falls: int,
    asked: Asked,
) -> Study:
    """Compare two runs of the same rooms.

    Args:
        with_agent: Events of the rooms in which interventions were delivered.
        without: Events of the same rooms left alone.
        chances: From `Oracle`.
        size: Sessions, minutes, seed and effect.
        true_falls: Lulls that the world gave the rooms.
        asked: What a language model would have been asked in them.
    """
    return Study(
        *size,
        treated=_outcomes(with_agent),
        alone=_outcomes(without),
        score_treated=_mean_score(with_agent),
        score_alone=_mean_score(without),
        anomalies=len({e.anomaly.anomaly_id for e in with_agent if isinstance(e, AnomalyDetected)}),
        true_falls=true_falls,
        chosen=chosen_of(with_agent, chances),
        asked=asked,
    )


def _outcomes(events: Sequence[Event]) -> tuple[Outcome, ...]:
    """What became of what was done: rooms that were left alone on purpose are no part of the comparison of twins."""
    outcomes = (event.outcome for event in events if isinstance(event, OutcomeMeasured))
    return tuple(outcome for outcome in outcomes if not outcome.held_out)


def _mean_score(events: Sequence[Event]) -> float:
    return fmean(event.score for event in events if isinstance(event, EngagementUpdated))


KINDS = ((SessionType.PANEL, 90), (SessionType.WORKSHOP, 40), (SessionType.TALK, 120), (SessionType.MEETING, 20))
"""Rooms are of these kinds and sizes in turn, each a quarter larger or smaller."""


def draw_rooms(
    rng: np.random.Generator, sessions: int, duration_s: float, effects: EffectTable, busier: float = 1.0
) -> list[Crowd]:
    """So many ordinary rooms, in which interventions work like this; people write and react `busier` times as much."""
    rooms = []
    for n in range(sessions):
        session_type, size = KINDS[n % len(KINDS)]
        usual = ordinary_params(session_type, int(size * rng.uniform(0.75, 1.25)), duration_s)
        params = replace(
            usual, chat_per_min=usual.chat_per_min * busier, reactions_per_min=usual.reactions_per_min * busier
        )
        rooms.append(ordinary_room(rng, f"room-{n + 1}", params, effects=effects))
    return rooms
