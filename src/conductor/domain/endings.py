"""How trials end: with a score, or with the reason why there will never be one."""

from __future__ import annotations

from conductor.domain.events import OutcomeUnknown, TrialEnded
from conductor.domain.interventions import Decision
from conductor.domain.trials import Trial


def would_be(decision_id: str) -> str:
    """The id of the intervention that a decision leads to, or would have led to."""
    return f"{decision_id}-i"


def ended(
    decision: Decision, at: float, *, delivered: bool, after: float | None = None, why_unknown: str = ""
) -> TrialEnded:
    """The end of a trial.

    Args:
        decision: What was decided, with its coin.
        at: When it ended.
        delivered: Whether anything has reached people by then.
        after: Score in [0, 1] of the time before the end, without what the agent did; None if nobody knows it.
        why_unknown: Why not.

    Raises:
        ValueError: No coin was tossed for this decision.
    """
    if decision.coin is None:
        raise ValueError(f"no coin was tossed for decision {decision.decision_id}: it is no trial")
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


def unknown(decision: Decision, at: float, why: str, *, delivered: bool) -> tuple[OutcomeUnknown | TrialEnded, ...]:
    """The end of a trial of which nobody will know how the room was; of a held-out one that is its outcome, too."""
    end = ended(decision, at, delivered=delivered, why_unknown=why)
    if not decision.held_out:
        return (end,)
    decision_id = decision.decision_id
    return (OutcomeUnknown(would_be(decision_id), decision_id, decision.session_id, decision.event_id, at, why), end)
