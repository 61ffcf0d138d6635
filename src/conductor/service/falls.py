"""Falls of a session, and what the agent made of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from conductor.domain.events import (
    AnomalyDetected,
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    Event,
    InterventionExecuted,
)
from conductor.wire.rest_answers import AnomalyAnswer, HoldAnswer, ProposalAnswer
from conductor.wire.signals import Fields


def anomalies_in(history: Sequence[Event]) -> list[AnomalyAnswer]:
    """Each anomaly of a history with its holds and decisions; all of them oldest first.

    A warning that became critical is one anomaly, and what came of it stands with both.
    """
    holds = _holds(history)
    decisions = _decisions(history)
    found = [asdict(event.anomaly) for event in history if isinstance(event, AnomalyDetected)]
    about = [(each, each["anomaly_id"]) for each in found]
    return [
        AnomalyAnswer.model_validate({**each, "holds": holds.get(key, []), "decisions": decisions.get(key, [])})
        for each, key in about
    ]


def _holds(history: Sequence[Event]) -> dict[str, list[HoldAnswer]]:
    found: dict[str, list[HoldAnswer]] = {}
    for event in history:
        if isinstance(event, DecisionHeld):
            found.setdefault(event.hold.anomaly_id, []).append(HoldAnswer.model_validate(asdict(event.hold)))
    return found


def _decisions(history: Sequence[Event]) -> dict[str, list[ProposalAnswer]]:
    became = _became(history)
    found: dict[str, list[ProposalAnswer]] = {}
    for event in history:
        if isinstance(event, DecisionMade):
            made = event.decision
            fields = {"decision_id": made.decision_id, "at": made.at, "type": made.arm, "held_out": made.held_out}
            fate: Fields = {"intervention_id": None, "lapsed": None} | became.get(made.decision_id, {})
            found.setdefault(made.anomaly_id, []).append(ProposalAnswer.model_validate({**fields, **fate}))
    return found


def _became(history: Sequence[Event]) -> dict[str, Fields]:
    """What became of decisions, by their ids."""
    fates: dict[str, Fields] = {}
    for event in history:
        if isinstance(event, InterventionExecuted):
            done = event.intervention
            fates[done.decision_id] = {"intervention_id": done.intervention_id}
        elif isinstance(event, DecisionLapsed):
            fates[event.decision_id] = {"lapsed": event.why}
    return fates
