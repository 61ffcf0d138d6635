"""What a message tells of each event: its `data`."""

from __future__ import annotations

from conductor.domain.engagement import Anomaly
from conductor.domain.events import EngagementUpdated
from conductor.domain.holds import Hold
from conductor.domain.interventions import Autonomy, Decision, Intervention, Outcome
from conductor.domain.sessions import SessionProfile
from conductor.domain.wording import Analysis
from conductor.wire.content import content_fields
from conductor.wire.reading import moment_text, plain_fields
from conductor.wire.signals import LATEST_AT, Fields

DIGITS = 4
"""Scores differ by chance in the second digit; four are enough for any curve and save half of a message."""


def profile_fields(profile: SessionProfile) -> Fields:
    """What is known of a session; times as ISO 8601, None where unknown or beyond all calendars."""
    times = {"starts_at": _moment(profile.starts_at), "ends_at": _moment(profile.ends_at)}
    return plain_fields(profile) | times


def hold_fields(hold: Hold) -> Fields:
    """`agent.hold`."""
    return {
        "anomaly_id": hold.anomaly_id,
        "reason": hold.reason.value,
        "explanation": hold.explanation,
        "foreseen": None if hold.foreseen is None else hold.foreseen.value,
        "propensity": hold.propensity,
    }


def update_fields(update: EngagementUpdated) -> Fields:
    """`engagement.update`: the score, its parts and what was counted."""
    return {
        "score": _short(update.score),
        "parts": [_rounded(plain_fields(part)) for part in update.parts],
        "signals": _rounded(plain_fields(update.signals)),
        "state": update.state.value,
        "unprompted": None if update.unprompted is None else _short(update.unprompted),
    }


def anomaly_fields(anomaly: Anomaly) -> Fields:
    """`anomaly.detected`."""
    return {
        "anomaly_id": anomaly.anomaly_id,
        "type": anomaly.type.value,
        "severity": anomaly.severity.value,
        "evidence": _short(anomaly.evidence),
        "current": _short(anomaly.current),
        "expected": _short(anomaly.expected),
        "deviation": _short(anomaly.deviation),
    }


def decision_fields(decision: Decision) -> Fields:
    """The `decision` of `agent.decision`; its names are camelCase, as the platform's clients have them."""
    past, variant = decision.past, decision.variant
    return {
        "id": decision.decision_id,
        "sessionId": decision.session_id,
        "anomalyId": decision.anomaly_id,
        "interventionType": decision.arm.value,
        "confidence": _short(decision.confidence),
        "reasoning": decision.reasoning,
        "context": plain_fields(decision.context),
        "historicalPerformance": {
            "successRate": _short(past.success_rate),
            "totalAttempts": past.attempts,
            "isExploring": past.is_exploring,
        },
        "autoApproved": decision.autonomy is Autonomy.ACT and not decision.held_out,
        "autonomy": decision.autonomy.value,
        "origin": decision.origin.value,
        # Whole: whoever weighs outcomes divides by it, and a small one must not become 0.
        "propensity": decision.propensity,
        "propensityAlone": decision.propensity_alone,
        "adds": None if decision.adds is None else _short(decision.adds),
        "scoreBefore": _short(decision.score_before),
        "content": None if decision.content is None else content_fields(decision.content),
        "generation": None if decision.generation is None else plain_fields(decision.generation),
        "heldOut": decision.held_out,
        "holdoutShare": decision.holdout_share,
        "style": decision.style.value,
        "variant": None if variant is None else {"testId": variant.test_id, "name": variant.name},
        "expiresAt": _moment(decision.expires_at),
        "timestamp": moment_text(decision.at),
    }


def analysis_fields(analysis: Analysis) -> Fields:
    """`agent.analysis`: what a model makes of a room."""
    generation = analysis.generation
    return {
        "topic": analysis.topic,
        "hypotheses": [*analysis.hypotheses],
        "suggestedIntervention": None if analysis.suggested is None else analysis.suggested.value,
        "generation": None if generation is None else plain_fields(generation),
    }


def intervention_fields(intervention: Intervention) -> Fields:
    """`agent.intervention.executed`."""
    return {
        "intervention_id": intervention.intervention_id,
        "decision_id": intervention.decision_id,
        "type": intervention.arm.value,
        "content": content_fields(intervention.content),
        "generation": plain_fields(intervention.generation),
        "delivered_to": intervention.delivered_to,
    }


def outcome_fields(outcome: Outcome) -> Fields:
    """`agent.outcome`."""
    return {
        "intervention_id": outcome.intervention_id,
        "decision_id": outcome.decision_id,
        "success": outcome.success,
        "engagement_before": _short(outcome.before),
        "engagement_after": _short(outcome.after),
        "delta": _short(outcome.delta),
        "held_out": outcome.held_out,
    }


def _moment(at: float | None) -> str | None:
    # A platform may say anything of its sessions; what no calendar holds is as good as unknown.
    return moment_text(at) if at is not None and 0.0 <= at <= LATEST_AT else None


def _rounded(fields: Fields) -> Fields:
    return {name: _short(value) if isinstance(value, float) else value for name, value in fields.items()}


def _short(number: float) -> float:
    return round(number, DIGITS)
