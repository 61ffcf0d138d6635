"""What an earlier life of the worker left open, closed with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from conductor.domain.events import (
    DecisionLapsed,
    DecisionMade,
    Event,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
)
from conductor.domain.interventions import Decision, Intervention

WHY = "the agent was restarted meanwhile"


def unfinished(history: Iterable[Event], at: float) -> list[Event]:
    """The events that close what is still open in a session's history: decisions first, then effects awaited."""
    decisions: dict[str, Decision] = {}
    watched: dict[str, Intervention] = {}
    for event in history:
        match event:
            case DecisionMade(decision):
                decisions[decision.decision_id] = decision
            case DecisionLapsed(decision_id):
                decisions.pop(decision_id, None)
            case InterventionExecuted(done):
                decisions.pop(done.decision_id, None)
                watched[done.intervention_id] = done
            case OutcomeMeasured(outcome):
                watched.pop(outcome.intervention_id, None)
            case OutcomeUnknown(intervention_id):
                watched.pop(intervention_id, None)
            case _:
                pass
    lapsed = [DecisionLapsed(d.decision_id, d.session_id, d.event_id, at, WHY) for d in decisions.values()]
    unknown = [
        OutcomeUnknown(i.intervention_id, i.decision_id, i.session_id, i.event_id, at, WHY) for i in watched.values()
    ]
    return [*lapsed, *unknown]


def delivered(history: Iterable[Event], since: float) -> list[Intervention]:
    """What was delivered from this moment on: it counts toward what the agent may still do."""
    done = (event.intervention for event in history if isinstance(event, InterventionExecuted))
    return [intervention for intervention in done if intervention.at >= since]
