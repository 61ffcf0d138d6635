"""What an earlier life of the worker left open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Left:
    """What a session's history leaves open.

    Attributes:
        undone: Decisions of which nothing became.
        awaited: Interventions without an outcome, each with its decision.
    """

    undone: tuple[Decision, ...]
    awaited: tuple[tuple[Decision, Intervention], ...]


def left_open(history: Iterable[Event]) -> Left:
    """Read a history, oldest first."""
    made: dict[str, Decision] = {}
    undone: dict[str, Decision] = {}
    watched: dict[str, Intervention] = {}
    for event in history:
        match event:
            case DecisionMade(decision):
                made[decision.decision_id] = undone[decision.decision_id] = decision
            case DecisionLapsed(decision_id):
                undone.pop(decision_id, None)
            case InterventionExecuted(done):
                undone.pop(done.decision_id, None)
                watched[done.intervention_id] = done
            case OutcomeMeasured(outcome):
                watched.pop(outcome.intervention_id, None)
            case OutcomeUnknown(intervention_id):
                watched.pop(intervention_id, None)
            case _:
                pass
    awaited = ((made[done.decision_id], done) for done in watched.values() if done.decision_id in made)
    return Left(tuple(undone.values()), tuple(awaited))


def lapsed(decision: Decision, at: float) -> DecisionLapsed:
    """It will not be carried out any more."""
    return DecisionLapsed(decision.decision_id, decision.session_id, decision.event_id, at, WHY)


def unknown(intervention: Intervention, at: float) -> OutcomeUnknown:
    """Its outcome was not measured when it should have been."""
    about = (intervention.intervention_id, intervention.decision_id, intervention.session_id, intervention.event_id)
    return OutcomeUnknown(*about, at, WHY)


def delivered(history: Iterable[Event], since: float) -> list[Intervention]:
    """What was delivered from this moment on: it counts toward what the agent may still do."""
    done = (event.intervention for event in history if isinstance(event, InterventionExecuted))
    return [intervention for intervention in done if intervention.at >= since]
