"""How what was decided ends: with a score at its horizon, or with the reason why there will never be one."""

from __future__ import annotations

from conductor.domain.events import FollowedUp, OutcomeUnknown, TrialEnded
from conductor.domain.holds import Hold
from conductor.domain.interventions import Autonomy, Decision
from conductor.domain.trials import FollowUp, Trial


def would_be(decision_id: str) -> str:
    """The id of the intervention that a decision leads to, or would have led to."""
    return f"{decision_id}-i"


def ended(
    decision: Decision, at: float, *, delivered: bool, after: float | None = None, why_unknown: str = ""
) -> TrialEnded | FollowedUp:
    """The end of what a decision began: of a trial, if a coin was tossed for it.

    Args:
        decision: What was decided, with its coin.
        at: When it ended.
        delivered: Whether anything has reached people by then.
        after: Score in [0, 1] of the time before the end, without what the agent did; None if nobody knows it.
        why_unknown: Why not.
    """
    if decision.coin is None:
        return _followed_up(decision, at, delivered=delivered, after=after, why_unknown=why_unknown)
    return TrialEnded(
        Trial(
            decision_id=decision.decision_id,
            session_id=decision.session_id,
            event_id=decision.event_id,
            at=at,
            decided_at=decision.at,
            arm=decision.arm,
            context=decision.context,
            autonomy=decision.autonomy,
            propensity=decision.propensity,
            holdout_share=decision.holdout_share,
            coin=decision.coin,
            held_out=decision.held_out,
            delivered=delivered,
            before=decision.score_before,
            after=after,
            why_unknown=why_unknown,
        )
    )


def _followed_up(
    decision: Decision, at: float, *, delivered: bool, after: float | None, why_unknown: str
) -> FollowedUp:
    return FollowedUp(
        FollowUp(
            decision_id=decision.decision_id,
            session_id=decision.session_id,
            event_id=decision.event_id,
            at=at,
            decided_at=decision.at,
            arm=decision.arm,
            context=decision.context,
            autonomy=decision.autonomy,
            propensity=decision.propensity,
            holdout_share=decision.holdout_share,
            delivered=delivered,
            before=decision.score_before,
            after=after,
            why_unknown=why_unknown,
        )
    )


def left_alone(hold: Hold, at: float, *, after: float | None = None, why_unknown: str = "") -> FollowedUp:
    """The end of looking at a room that was left alone because nothing was chosen; arguments as of `ended`.

    Raises:
        ValueError: It was held for another reason.
    """
    left = hold.left
    if left is None or hold.propensity is None:
        raise ValueError(f"{hold.session_id} was not left alone by choice, but for {hold.reason}")
    return FollowedUp(
        FollowUp(
            decision_id=left.decision_id,
            session_id=hold.session_id,
            event_id=hold.event_id,
            at=at,
            decided_at=hold.at,
            arm=None,
            context=left.context,
            autonomy=Autonomy.ACT,
            propensity=hold.propensity,
            holdout_share=left.holdout_share,
            delivered=False,
            before=left.before,
            after=after,
            why_unknown=why_unknown,
        )
    )


def unknown(
    decision: Decision, at: float, why: str, *, delivered: bool
) -> tuple[OutcomeUnknown | TrialEnded | FollowedUp, ...]:
    """The end of a trial of which nobody will know how the room was; of a held-out one that is its outcome, too."""
    end = ended(decision, at, delivered=delivered, why_unknown=why)
    if not decision.held_out:
        return (end,)
    decision_id = decision.decision_id
    return (OutcomeUnknown(would_be(decision_id), decision_id, decision.session_id, decision.event_id, at, why), end)
