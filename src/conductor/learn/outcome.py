"""What became of a room after an intervention, and why nobody may ever know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import NormalDist

from conductor.domain.interventions import Decision, Outcome

_ROUNDING = 1e-9
# 0.6 - 0.5 is a little less than 0.1 in floating point; it counts as 0.1.


_NORMAL = NormalDist()


class Lesson(StrEnum):
    """What is learned of an arm."""

    RECOVERY = "RECOVERY"
    RISE = "RISE"


@dataclass(frozen=True, slots=True)
class OutcomeParams:
    """When an outcome is measured, what counts as success, and what as recovery.

    Attributes:
        window_s: Seconds from the delivery to the measurement (the blueprint's 120 s).
        answers_s: Seconds from the delivery in which the room answers the intervention itself, a chat prompt most of
            all: that is no recovery, so the score is of what comes after (stated guess: half the window).
        success_delta: Rise of the score, in (0, 1], that counts as a success (the blueprint's 0.1).
        fine_from: Score in [0, 1] from which on a room is fine again. A success that stays under it is no recovery:
            half of the simulated lulls that go on rise by 0.1 meanwhile.
        strays: Standard deviation, above 0, by which the score of a minute strays from how the room really does
            (measured in simulated rooms).
        lesson: What is learned: how probably the room is fine again or, as the blueprint's plain rule has it, which
            benchmarks compare with, whether the score has risen.
        rehearsed: By event, where rooms are simulated: its own times. Nothing is learned in these events.
    """

    window_s: float = 120.0
    answers_s: float = 60.0
    success_delta: float = 0.1
    fine_from: float = 0.5
    strays: float = 0.2
    lesson: Lesson = Lesson.RECOVERY
    rehearsed: Mapping[str, OutcomeParams] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.window_s > 0.0:
            raise ValueError(f"window_s must be above 0, not {self.window_s}")
        if not 0.0 <= self.answers_s < self.window_s:
            raise ValueError(f"answers_s must lie in [0, {self.window_s}), not {self.answers_s}")
        if not 0.0 < self.success_delta <= 1.0:
            raise ValueError(f"success_delta must lie in (0, 1], not {self.success_delta}")
        if not 0.0 <= self.fine_from <= 1.0:
            raise ValueError(f"fine_from must lie in [0, 1], not {self.fine_from}")
        if not self.strays > 0.0:
            raise ValueError(f"strays must be above 0, not {self.strays}")

    def of(self, event_id: str) -> OutcomeParams:
        """What holds in this event."""
        return self.rehearsed.get(event_id, self)

    def due_at(self, delivered_at: float) -> float:
        """When the outcome of what was delivered then is measured."""
        return delivered_at + self.window_s


class Disturbance(StrEnum):
    """What can happen in an outcome window so that it no longer shows the work of one intervention."""

    SIGNAL_LOST = "SIGNAL_LOST"
    SESSION_ENDED = "SESSION_ENDED"
    SOMETHING_ELSE = "SOMETHING_ELSE"
    NOT_SCORED = "NOT_SCORED"
    AWAY = "AWAY"


WHY_NOT = {
    Disturbance.SIGNAL_LOST: "the signal was lost in the meantime, so nobody knows how the room did",
    Disturbance.SESSION_ENDED: "the session ended before the outcome could be measured",
    Disturbance.SOMETHING_ELSE: "something else was done in the meantime, so nobody knows which of them did what",
    Disturbance.AWAY: "the agent was away when the outcome was to be measured",
    Disturbance.NOT_SCORED: "the session had just begun, so nobody knows how the room did before",
}


def measure(
    decision: Decision,
    intervention_id: str,
    after: float,
    at: float,
    params: OutcomeParams,
    *,
    held_out: bool = False,
) -> Outcome:
    """The outcome of a decision.

    Args:
        decision: What was decided; its `score_before` is where the room stood.
        intervention_id: What was done about it (or would have been).
        after: Score in [0, 1] at the end of the window. It must leave out what the agent itself posted and the
            votes in its own poll: they are the agent's doing, not the room's recovery.
        at: The moment of the measurement.
        params: What counts as success.
        held_out: Whether nothing was done, on purpose.
    """
    delta = after - decision.score_before
    return Outcome(
        intervention_id=intervention_id,
        decision_id=decision.decision_id,
        session_id=decision.session_id,
        event_id=decision.event_id,
        at=at,
        arm=decision.arm,
        context=decision.context,
        before=decision.score_before,
        after=after,
        delta=delta,
        success=_has_risen(decision.score_before, after, params),
        held_out=held_out,
    )


def recovery(before: float, after: float, params: OutcomeParams) -> float:
    """What the bandit learns: how probably the room is fine again, in [0, 1].

    Whether a minute's score lies over the line or under it says less than how far: close to it, the room may as well be
    on the other side. A yes or no would throw that away, and it would take more rooms to see what an arm does.

    Args:
        before: Score at the decision, in [0, 1]; only `Lesson.RISE` asks for a rise.
        after: Score at the horizon, in [0, 1], without what the agent did.
        params: What counts as fine.
    """
    if params.lesson is Lesson.RISE:
        return float(_has_risen(before, after, params))
    return _NORMAL.cdf((after - params.fine_from) / params.strays)


def may_rest(outcome: Outcome, params: OutcomeParams) -> bool:
    """Whether the fall is let rest after this: it was a success, and the room is fine again."""
    return outcome.success and outcome.after >= params.fine_from


def _has_risen(before: float, after: float, params: OutcomeParams) -> bool:
    return after - before >= params.success_delta - _ROUNDING
