"""What an earlier life of the worker left open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conductor.domain.events import (
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    Event,
    FollowedUp,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
    TrialEnded,
)
from conductor.domain.holds import Hold
from conductor.domain.interventions import Decision, Intervention

WHY = "the agent was restarted meanwhile"


@dataclass(frozen=True, slots=True)
class Left:
    """What a session's history leaves open, and what was answered.

    Attributes:
        answers: All decisions, and rooms left alone because nothing was chosen, ended or not.
        undone: Those of which nothing became.
        awaited: Interventions without an outcome, each with its decision.
        tried: Decisions with a horizon and no end, each with whether it reached anybody.
        alone: Those rooms left alone that have no end.
    """

    answers: tuple[Decision | Hold, ...]
    undone: tuple[Decision, ...]
    awaited: tuple[tuple[Decision, Intervention], ...]
    tried: tuple[tuple[Decision, bool], ...]
    alone: tuple[Hold, ...]


def left_open(history: Iterable[Event]) -> Left:
    """Read a history, oldest first."""
    made: dict[str, Decision] = {}
    undone: dict[str, Decision] = {}
    watched: dict[str, Intervention] = {}
    reached: set[str] = set()
    alone: dict[str, Hold] = {}
    closed: set[str] = set()
    for event in history:
        match event:
            case DecisionMade(decision):
                made[decision.decision_id] = decision
                if not decision.held_out:
                    undone[decision.decision_id] = decision
            case DecisionLapsed(decision_id):
                undone.pop(decision_id, None)
            case InterventionExecuted(done):
                undone.pop(done.decision_id, None)
                watched[done.intervention_id] = done
                reached |= {done.decision_id} if done.delivered_to > 0 else set()
            case OutcomeMeasured(outcome):
                watched.pop(outcome.intervention_id, None)
            case OutcomeUnknown(intervention_id):
                watched.pop(intervention_id, None)
            case TrialEnded(trial):
                closed.add(trial.decision_id)
            case FollowedUp(follow_up):
                closed.add(follow_up.decision_id)
            case DecisionHeld(hold) if hold.left is not None:
                alone[hold.left.decision_id] = hold
            case _:
                pass
    awaited = ((made[done.decision_id], done) for done in watched.values() if done.decision_id in made)
    tried = (each for each in made.values() if each.trial_ends_at is not None and each.decision_id not in closed)
    open_trials = tuple((each, each.decision_id in reached) for each in tried)
    left = tuple(hold for decision_id, hold in alone.items() if decision_id not in closed)
    return Left((*made.values(), *alone.values()), tuple(undone.values()), tuple(awaited), open_trials, left)


def made_in(history: Iterable[Event]) -> set[str]:
    """The decisions that a history knows, worded or not."""
    return {event.decision.decision_id for event in history if isinstance(event, DecisionMade)}


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


def taught(history: Iterable[Event]) -> list[str]:
    """Decisions, and rooms left alone, that have ended: what was learned from."""
    ends = (_ending(event) for event in history if isinstance(event, TrialEnded | FollowedUp))
    return [ending[1] for ending in ends if ending is not None]


def before(history: Iterable[Event], until: float) -> list[Event]:
    """What happened before this moment to decisions."""
    return [event for event in history if (at := _at(event)) is not None and at < until]


class Past:
    """What was decided and done in sessions that are lived through again, until its time comes.

    Attributes:
        made: Decisions by their ids.
    """

    def __init__(self) -> None:
        self.made: dict[str, Decision] = {}
        self._coming: list[tuple[float, Event]] = []
        self._known: set[tuple[str, str]] = set()
        self._sessions: set[str] = set()

    def has(self, session_id: str) -> bool:
        """Whether the history of this session is there."""
        return session_id in self._sessions

    def add(self, session_id: str, history: Iterable[Event]) -> None:
        """The history of a session, oldest first."""
        self._sessions.add(session_id)
        for event in history:
            if isinstance(event, DecisionMade):
                self.made[event.decision.decision_id] = event.decision
            if (ending := _ending(event)) is not None:
                self._known.add(ending)
            at = _at(event)
            if at is not None and not isinstance(event, OutcomeMeasured | OutcomeUnknown | TrialEnded | FollowedUp):
                self._coming.append((at, event))
        self._coming.sort(key=lambda pair: pair[0])

    def take(self, end: float, lag_s: float) -> list[Event]:
        """What happened before this tick was ended, `lag_s` after its time.

        What the agent does by itself it does at the very end of a tick, when the next has begun to fill.
        """
        if not self._coming or self._coming[0][0] >= end + lag_s:
            return []
        is_due = [at != end and at < end + lag_s for at, _ in self._coming]
        due = [event for (_, event), now in zip(self._coming, is_due, strict=True) if now]
        self._coming = [pair for pair, now in zip(self._coming, is_due, strict=True) if not now]
        return due

    def lacks(self, event: Event) -> bool:
        """Whether this is the end of something, and nobody was there to see it."""
        ending = _ending(event)
        return ending is not None and ending not in self._known


def _at(event: Event) -> float | None:
    """When this happened to a decision; None if it is about something else."""
    match event:
        case DecisionMade(about):
            return about.at
        case InterventionExecuted(about) | OutcomeMeasured(about) | TrialEnded(about) | FollowedUp(about):
            return about.at
        case DecisionHeld(hold) if hold.left is not None:
            return hold.at
        case DecisionLapsed() | OutcomeUnknown():
            return event.at
        case _:
            return None


def _ending(event: Event) -> tuple[str, str] | None:
    """What tells apart how things end: a decision that lapses, an outcome, a trial or follow-up."""
    match event:
        case DecisionLapsed(decision_id):
            return "decision", decision_id
        case OutcomeMeasured(outcome):
            return "outcome", outcome.intervention_id
        case OutcomeUnknown(intervention_id):
            return "outcome", intervention_id
        case TrialEnded(about) | FollowedUp(about):
            return "trial", about.decision_id
        case _:
            return None
