"""What became of a room, whether or not something was done: chance decided which."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.interventions import Arm, Autonomy, Context

HOLDOUT_SHARE = 0.1
"""One in ten, where an event says nothing else: nine of ten falls are answered, and something is learned of all."""

MAX_HOLDOUT_SHARE = 0.5
"""Half of all decisions: leaving more rooms alone teaches more slowly again."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A decision whose coin was tossed, and how its room was when the trial ended.

    The arm was chosen before the coin fell, and when the trial ends was fixed by what was known then: rooms that
    something was done for and rooms left alone are compared at the same distance from the decision.

    Attributes:
        at: When it ended: at its horizon, or when it became unknown.
        decided_at: When the decision was made and the coin tossed.
        autonomy: What would be done with it: ACT or ASK.
        propensity: Probability in (0, 1] with which the arm was chosen; the coin is no part of it.
        holdout_share: Probability in (0, 0.5] of being held out.
        coin: What was tossed, in [0, 1): held out if it lies under the share.
        held_out: Whether nothing was done, on purpose.
        delivered: Whether anything reached people by the end. Never if held out; often not if somebody was asked. What
            is compared is `held_out`, since no coin decides who approves.
        before: Score at the decision, in [0, 1].
        after: Score of the time before the end, without what the agent did; None if it will never be known.
        why_unknown: A part of a sentence for a person; empty where `after` is known.
    """

    decision_id: str
    session_id: str
    event_id: str
    at: float
    decided_at: float
    arm: Arm
    context: Context
    autonomy: Autonomy
    propensity: float
    holdout_share: float
    coin: float
    held_out: bool
    delivered: bool
    before: float
    after: float | None
    why_unknown: str = ""

    @property
    def delta(self) -> float | None:
        """`after - before`; None if that is not known."""
        return None if self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A decision for which no coin was tossed, and how its room was at the same distance as at the end of a trial.

    Either an arm was chosen where nothing is held out, or nothing was chosen, and no coin was needed for that.

    Attributes:
        decision_id: Of the decision, or of that which it would have been.
        at: When it ended: at its horizon, or when it became unknown.
        decided_at: When it was decided.
        arm: What was chosen; None for nothing.
        autonomy: What would be done with it: ACT or ASK; ACT for nothing.
        propensity: Probability in (0, 1] with which nothing was chosen, or else of the arm, given that one is used.
        holdout_share: Probability in [0, 0.5] with which an arm was to be held out.
        delivered: Whether anything that was decided reached people by the end.
        before: Score at the decision, in [0, 1].
        after: Score of the time before the end, without what the agent did; None if it will never be known.
        why_unknown: A part of a sentence for a person; empty where `after` is known.
    """

    decision_id: str
    session_id: str
    event_id: str
    at: float
    decided_at: float
    arm: Arm | None
    context: Context
    autonomy: Autonomy
    propensity: float
    holdout_share: float
    delivered: bool
    before: float
    after: float | None
    why_unknown: str = ""
