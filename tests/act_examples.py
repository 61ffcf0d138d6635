"""Decisions and profiles that the tests of `act` share."""

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import (
    Arm,
    Autonomy,
    Context,
    Decision,
    EngagementBucket,
    PastPerformance,
)
from conductor.domain.sessions import Phase, SessionProfile, SessionType, SizeBucket

NOW = 1_700_000_000.0

TOPICS = ("event sourcing", "PostgreSQL", "the French Revolution")

LONGEST_TOPIC = "organisational psychology of remote work"
LONGEST_TITLE = "Everything we learned from moving a large school to new sites"[:60]

PROFILES = {
    "nothing known": SessionProfile(),
    "topics": SessionProfile(topics=TOPICS),
    "title": SessionProfile(title="Storing what happened"),
    "two topics and a title": SessionProfile(title="Storing what happened", topics=("microservices", "APIs")),
    "longest": SessionProfile(title=LONGEST_TITLE, topics=(LONGEST_TOPIC, LONGEST_TOPIC[::-1], "X" * 40)),
}


def decision(arm, *, anomaly_type=AnomalyType.SUDDEN_DROP, phase=Phase.MIDDLE, session_type=SessionType.TALK):
    context = Context(anomaly_type, phase, session_type, SizeBucket.MEDIUM, EngagementBucket.LOW)
    return Decision(
        decision_id="decision",
        anomaly_id="anomaly",
        session_id="session",
        event_id="event",
        at=NOW,
        arm=Arm(arm),
        confidence=0.5,
        propensity=0.25,
        reasoning="",
        context=context,
        past=PastPerformance(0.0, 0, is_exploring=True),
        autonomy=Autonomy.ACT,
        score_before=0.3,
    )
