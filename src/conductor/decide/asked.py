"""An intervention that an organiser asked for, as a decision like any other."""

from __future__ import annotations

from conductor.decide.bandit import Bandit
from conductor.decide.context import build_context, lineage
from conductor.domain.engagement import Anomaly
from conductor.domain.interventions import Arm, Autonomy, Decision, Origin, PastPerformance
from conductor.domain.sessions import Phase, SessionProfile

WHY = "An organiser asked for it."


def as_asked(
    arm: Arm, room: Anomaly, profile: SessionProfile, phase: Phase, audience: float, bandit: Bandit, decision_id: str
) -> Decision:
    """The decision to do what an organiser wants, now and without asking; no guardrail forbids it.

    Args:
        arm: What the organiser wants.
        room: How the room is: what stands in it, with the score and the moment of now.
        profile: What is known of the session.
        phase: Where the session stands.
        audience: People in the room, 0 or more.
        bandit: What is known of the arm; nothing is drawn from it.
        decision_id: The id that the decision gets.
    """
    context = build_context(profile, phase, audience, room)
    count = bandit.count(arm, lineage(context)[-1])
    rate = count.successes / count.attempts if count.attempts > 0.0 else 0.0
    return Decision(
        decision_id=decision_id,
        anomaly_id=room.anomaly_id,
        session_id=room.session_id,
        event_id=room.event_id,
        at=room.at,
        arm=arm,
        confidence=bandit.posterior(arm, context).mean,
        propensity=1.0,
        reasoning=WHY,
        context=context,
        past=PastPerformance(success_rate=rate, attempts=round(count.attempts), is_exploring=False),
        autonomy=Autonomy.ACT,
        score_before=room.current,
        origin=Origin.ORGANISER,
    )
