"""An hour of one session as organisers are told of it: a score every five seconds, and a fall every four minutes."""

from __future__ import annotations

import math
from collections.abc import Iterator

from conductor.domain.engagement import (
    PART_NAMES,
    Anomaly,
    AnomalyType,
    RoomSignals,
    RoomState,
    ScorePart,
    Severity,
)
from conductor.domain.events import (
    AnomalyCleared,
    AnomalyDetected,
    DecisionMade,
    EngagementUpdated,
    InterventionExecuted,
    OutcomeMeasured,
    SessionOpened,
    StatusChanged,
    Tellable,
)
from conductor.domain.interventions import (
    Arm,
    Autonomy,
    Context,
    Decision,
    EngagementBucket,
    Generation,
    GenerationMethod,
    Intervention,
    Mode,
    Outcome,
    PastPerformance,
    PollContent,
)
from conductor.domain.sessions import Phase, SessionProfile, SessionType, SizeBucket
from conductor.domain.status import AgentStatus
from conductor.perceive.ledger import TICK_S

SESSION, EVENT = "keynote", "summit"
UPDATES = 720
"""Of an hour."""

FALL_EVERY = 48
"""Updates from one fall to the next: five times as many as the agent may answer in an hour."""

ASKED_AT, SHOWN_AT, MEASURED_AT, CLEARED_AT = 2, 6, 30, 32
"""Updates after a fall began at which its story goes on."""

WEIGHT = 1.0 / len(PART_NAMES)
CONTEXT = Context(AnomalyType.SUDDEN_DROP, Phase.MIDDLE, SessionType.PANEL, SizeBucket.LARGE, EngagementBucket.LOW)
POLL = PollContent("What shall we look at next?", ("More examples", "How it works inside", "Your questions"))
WRITTEN = Generation(GenerationMethod.TEMPLATE, "poll-1")


def opened(begins: float) -> SessionOpened:
    """The hour begins."""
    profile = SessionProfile("An hour about bees", type=SessionType.PANEL, topics=("hives",), starts_at=begins)
    return SessionOpened(SESSION, EVENT, begins, profile)


def told(begins: float, tick: int, expires_at: float) -> Iterator[Tellable]:
    """What is told at one tick, the score last.

    Args:
        begins: Epoch seconds of the first tick.
        tick: Which one; the first is 0.
        expires_at: Until when a question waits; it is answered four ticks after it was asked.
    """
    at = begins + tick * TICK_S
    yield from _happenings(at, tick, expires_at)
    yield update(at, tick)


def update(at: float, tick: int) -> EngagementUpdated:
    """The score of a tick, with parts of which each goes its own way."""
    since = tick % FALL_EVERY
    level = 0.3 + 0.01 * since if since < MEASURED_AT else 0.72
    levels = [min(1.0, max(0.0, level + 0.08 * math.sin(tick / 3.0 + part))) for part in range(len(PART_NAMES))]
    parts = tuple(ScorePart(name, each, WEIGHT, each * WEIGHT) for name, each in zip(PART_NAMES, levels, strict=True))
    state = RoomState.FALLING if since < CLEARED_AT else RoomState.HEALTHY
    counted = RoomSignals(
        *(80.0 * levels[0], 1.0, 60.0 * levels[3], 4.0, 9.0, levels[1], 200, int(200 * levels[2]), 1.0, 2.0),
        *(0.8, TICK_S * tick, 7.5, 130.0, 0.5, TICK_S * tick, Phase.MIDDLE),
    )
    return EngagementUpdated(SESSION, EVENT, at, sum(each.contribution for each in parts), parts, counted, state, 0.5)


def _happenings(at: float, tick: int, expires_at: float) -> Iterator[Tellable]:
    fall, since = divmod(tick, FALL_EVERY)
    anomaly_id, decision_id = f"a{fall}", f"d{fall}"
    if since == 0:
        yield AnomalyDetected(_anomaly(anomaly_id, at, Severity.WARNING, 0.7))
    elif since == 1:
        yield AnomalyDetected(_anomaly(anomaly_id, at, Severity.CRITICAL, 0.9))
    elif since == ASKED_AT:
        yield _status(at, AgentStatus.WAITING_APPROVAL)
        yield DecisionMade(_decision(decision_id, anomaly_id, at, expires_at))
    elif since == SHOWN_AT:
        ids = (f"i{fall}", decision_id, SESSION, EVENT)
        yield InterventionExecuted(Intervention(*ids, at, Arm.POLL, POLL, WRITTEN, 190))
        yield _status(at, AgentStatus.LEARNING)
    elif since == MEASURED_AT:
        ids = (f"i{fall}", decision_id, SESSION, EVENT)
        yield OutcomeMeasured(Outcome(*ids, at, Arm.POLL, CONTEXT, 0.35, 0.7, 0.35, success=True))
        yield _status(at, AgentStatus.MONITORING)
    elif since == CLEARED_AT:
        yield AnomalyCleared(anomaly_id, SESSION, EVENT, at)


def _anomaly(anomaly_id: str, at: float, severity: Severity, evidence: float) -> Anomaly:
    kind = AnomalyType.SUDDEN_DROP
    return Anomaly(anomaly_id, SESSION, EVENT, at, at - 20.0, kind, severity, evidence, 0.33, 0.74, -3.2)


def _decision(decision_id: str, anomaly_id: str, at: float, expires_at: float) -> Decision:
    return Decision(
        *(decision_id, anomaly_id, SESSION, EVENT, at, Arm.POLL, 0.62, 0.55),
        reasoning="A poll has helped most in such rooms: chat has halved, and nobody has voted for a while.",
        context=CONTEXT,
        past=PastPerformance(0.6, 10, is_exploring=False),
        autonomy=Autonomy.ASK,
        score_before=0.33,
        expires_at=expires_at,
        content=POLL,
        generation=WRITTEN,
    )


def _status(at: float, status: AgentStatus) -> StatusChanged:
    return StatusChanged(SESSION, EVENT, at, status, Mode.MANUAL)
