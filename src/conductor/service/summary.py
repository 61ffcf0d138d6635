"""How a session went, in one answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from conductor.domain.engagement import Severity
from conductor.domain.events import (
    AnomalyDetected,
    EngagementUpdated,
    Event,
    InterventionExecuted,
    OutcomeMeasured,
    SessionOpened,
)
from conductor.domain.interventions import Intervention, Outcome
from conductor.service.deps import SessionPlace
from conductor.wire.rest_sums import ScoreSummary, SummaryAnswer, SummedIntervention, SummedOutcome

LONGEST_GAP_S = 10.0
"""A score stands for the time since the one before, but not for longer: then nobody was watching."""

LOW = 0.5
"""Under it a room is low: the dashboard's lower threshold."""


def summary(
    place: SessionPlace, opened: SessionOpened | None, curve: Sequence[EngagementUpdated], history: Sequence[Event]
) -> SummaryAnswer:
    """Sum a session up.

    Args:
        place: Which one.
        opened: Its latest opening, where known; what was before it does not count.
        curve: Its scores since then, oldest first.
        history: What else happened in it, oldest first.
    """
    since = 0.0 if opened is None else opened.at
    news = [event for event in history if _at(event) >= since]
    spans = _spans_s(curve)
    outcomes = {event.outcome.intervention_id: event.outcome for event in news if isinstance(event, OutcomeMeasured)}
    done = [
        _intervention(event.intervention, outcomes.get(event.intervention.intervention_id))
        for event in news
        if isinstance(event, InterventionExecuted)
    ]
    measured = [each.outcome for each in done if each.outcome is not None]
    return SummaryAnswer(
        session_id=place.session_id,
        event_id=place.event_id,
        title="" if opened is None else opened.profile.title,
        opened_at=None if opened is None else opened.at,
        last_score_at=curve[-1].at if curve else None,
        scored_s=sum(spans),
        under_half_s=sum(span for span, each in zip(spans, curve, strict=True) if each.score < LOW),
        score=_score(curve, spans),
        anomalies=_anomalies(news),
        interventions=done,
        measured=len(measured),
        successes=sum(each.success for each in measured),
    )


def _at(event: Event) -> float:
    match event:
        case AnomalyDetected(anomaly):
            return anomaly.at
        case InterventionExecuted(intervention):
            return intervention.at
        case OutcomeMeasured(outcome):
            return outcome.at
    return 0.0


def _spans_s(curve: Sequence[EngagementUpdated]) -> list[float]:
    """How long each score held. The first stands for as long as the second."""
    gaps = [min(later.at - earlier.at, LONGEST_GAP_S) for earlier, later in pairwise(curve)]
    return [*gaps[:1], *gaps] if gaps else [0.0] * len(curve)


def _score(curve: Sequence[EngagementUpdated], spans: Sequence[float]) -> ScoreSummary | None:
    if not curve:
        return None
    peak, low = max(curve, key=lambda each: each.score), min(curve, key=lambda each: each.score)
    whole = sum(spans)
    weighted = sum(span * each.score for span, each in zip(spans, curve, strict=True))
    return ScoreSummary(
        peak=peak.score,
        peak_at=peak.at,
        low=low.score,
        low_at=low.at,
        average=weighted / whole if whole > 0.0 else curve[-1].score,
        last=curve[-1].score,
    )


def _anomalies(news: Sequence[Event]) -> dict[Severity, int]:
    worst: dict[str, Severity] = {}
    for event in news:
        if isinstance(event, AnomalyDetected) and worst.get(event.anomaly.anomaly_id) is not Severity.CRITICAL:
            worst[event.anomaly.anomaly_id] = event.anomaly.severity
    counted = Counter(worst.values())
    return {severity: counted[severity] for severity in Severity}


def _intervention(done: Intervention, outcome: Outcome | None) -> SummedIntervention:
    return SummedIntervention(
        intervention_id=done.intervention_id,
        at=done.at,
        type=done.arm,
        method=done.generation.method,
        delivered_to=done.delivered_to,
        outcome=None if outcome is None else _outcome(outcome),
    )


def _outcome(outcome: Outcome) -> SummedOutcome:
    return SummedOutcome(
        success=outcome.success,
        before=outcome.before,
        after=outcome.after,
        delta=outcome.delta,
        measured_at=outcome.at,
    )
