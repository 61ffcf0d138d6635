"""A room in trouble, for the tests of deciding and learning: every field has a value, and any can be changed."""

from dataclasses import replace

from conductor.domain.engagement import Anomaly, AnomalyType, Severity
from conductor.domain.interventions import (
    Arm,
    Autonomy,
    Context,
    Decision,
    EngagementBucket,
    PastPerformance,
)
from conductor.domain.sessions import Phase, SessionType, SizeBucket

START = 1_700_000_000.0
NOW = START + 1800.0


def anomaly(**changes):
    usual = Anomaly(
        anomaly_id="s1-a1",
        session_id="s1",
        event_id="e1",
        at=NOW,
        onset=NOW - 45.0,
        type=AnomalyType.SUDDEN_DROP,
        severity=Severity.CRITICAL,
        evidence=0.92,
        current=0.31,
        expected=0.58,
        deviation=-3.1,
    )
    return replace(usual, **changes)


def context(
    anomaly_type=AnomalyType.SUDDEN_DROP,
    phase=Phase.MIDDLE,
    session_type=SessionType.PANEL,
    size=SizeBucket.MEDIUM,
    score=EngagementBucket.LOW,
):
    return Context(anomaly_type, phase, session_type, size, score)


def decision(**changes):
    usual = Decision(
        decision_id="s1-d1",
        anomaly_id="s1-a1",
        session_id="s1",
        event_id="e1",
        at=NOW,
        arm=Arm.POLL,
        confidence=0.6,
        propensity=0.4,
        reasoning="Because.",
        context=context(),
        past=PastPerformance(0.0, 0, is_exploring=False),
        autonomy=Autonomy.ACT,
        score_before=0.4,
    )
    return replace(usual, **changes)
