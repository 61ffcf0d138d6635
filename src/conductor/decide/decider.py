"""One anomaly in, one decision or reasoned hold out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from conductor.decide.autonomy import asking_ends_at, autonomy_of
from conductor.decide.bandit import Bandit
from conductor.decide.chance import Chances
from conductor.decide.choice import Choice
from conductor.decide.context import build_context
from conductor.decide.guardrails import Refusal, Situation, allowed_arms
from conductor.decide.holdout import Coins
from conductor.decide.policies import POLICIES
from conductor.decide.reasoning import what_happened, what_it_adds, what_next, why_nothing, why_this_arm
from conductor.decide.room import DecisionParams, RoomHistory
from conductor.decide.rules import choose_by_rules
from conductor.decide.stakes import Stakes, stakes
from conductor.domain.engagement import Anomaly, Severity
from conductor.domain.holds import Hold, HoldReason, LeftAlone
from conductor.domain.interventions import Arm, Autonomy, Context, Decision, Mode
from conductor.domain.sessions import Phase, SessionProfile
from conductor.domain.strategies import PolicyName


class Decider:
    """Answers anomalies, within what the event allows.

    Args:
        bandit: What was learned; None while it can't be had, then fixed rules choose.
        rng: Whose seed all draws come from; nothing is drawn from it.
        window_s: Seconds from when something is done to when its outcome is measured.
    """

    def __init__(self, bandit: Bandit | None, rng: np.random.Generator, window_s: float = 120.0) -> None:
        self._bandit = bandit
        self._policies = {} if bandit is None else {name: make(bandit) for name, make in POLICIES.items()}
        self._coins = Coins(rng, window_s)
        self._chances = Chances(rng)

    def decide(
        self,
        anomaly: Anomaly,
        params: DecisionParams,
        profile: SessionProfile,
        phase: Phase,
        audience: float,
        history: RoomHistory,
        *,
        is_organiser_online: bool,
        now: float,
        decision_id: str,
        chance: float | None = None,
    ) -> Decision | Hold:
        """Answer this anomaly.

        Args:
            anomaly: What was found; its score is taken for the score at the decision.
            params: What the event allows in this session.
            profile: What is known of the session. Its planned start and end stand in where `history` has none.
            phase: Where the session stands.
            audience: People in the room, 0 or more.
            history: What has happened in the room so far.
            is_organiser_online: Whether somebody is there to be asked.
            now: The moment of the decision.
            decision_id: The id that a decision gets, or would have had if nothing is chosen.
            chance: What was drawn for this decision before it is due (see `draw`); None to draw by the decision's id.
        """
        context = build_context(profile, phase, audience, anomaly)
        history = _with_plan(history, profile)
        allowed = allowed_arms(Situation(anomaly, context, history, params, now))
        if isinstance(allowed, Refusal):
            foreseen = self._foreseen(Situation(anomaly, context, history, params, now), allowed, chance)
            return _hold(anomaly, now, allowed, foreseen)
        at_stake = self._at_stake(context, allowed, params)
        chance = self.draw(decision_id) if chance is None else chance
        choice = self._choose(context, allowed, params, at_stake, chance)
        if choice is None:
            return self._left_alone(anomaly, context, params, at_stake, now, decision_id)
        autonomy = autonomy_of(
            params.mode, choice.confidence, params.threshold, is_organiser_online=is_organiser_online
        )
        reasons = (
            what_happened(anomaly, history.starts_at),
            why_this_arm(choice, context, params.policy, is_by_rules=self._bandit is None),
            what_it_adds(choice.arm, at_stake),
        )
        decision = _made(anomaly, choice, context, at_stake, now, decision_id)
        decision = replace(
            decision,
            reasoning=" ".join(filter(None, reasons)),
            autonomy=autonomy,
            expires_at=asking_ends_at(autonomy, now, params.ask_deadline_s),
            style=params.style,
            variant=params.variant,
        )
        done = what_next(choice, autonomy, params)
        return self._coins.toss(decision, params.holdout_share, otherwise=done, teaches=params.teaches)

    def _left_alone(
        self,
        anomaly: Anomaly,
        context: Context,
        params: DecisionParams,
        at_stake: Stakes | None,
        now: float,
        decision_id: str,
    ) -> Hold:
        ends_at = self._coins.horizon(now)
        return Hold(
            anomaly_id=anomaly.anomaly_id,
            session_id=anomaly.session_id,
            event_id=anomaly.event_id,
            at=now,
            reason=HoldReason.ADDS_NOTHING,
            explanation=why_nothing(at_stake),
            propensity=None if at_stake is None else at_stake.alone,
            left=LeftAlone(decision_id, context, anomaly.current, params.holdout_share, ends_at),
        )

    def draw(self, name: str) -> float:
        """Chance for one decision, in [0, 1): by a name that no other decision has.

        Drawn before the decision is due, it lets a hold say what would be done.
        """
        return self._chances.of(name)

    def _at_stake(self, context: Context, allowed: tuple[Arm, ...], params: DecisionParams) -> Stakes | None:
        """What there is to gain; None if nobody knows. Nothing is an arm only where the agent acts all by itself."""
        if self._bandit is None:
            return None
        known = stakes(self._bandit, context, allowed, params.interruption_cost)
        is_by_itself = params.mode is Mode.AUTO and params.policy is PolicyName.THOMPSON and params.holdout_share > 0.0
        return known if known is None or is_by_itself else replace(known, alone=0.0)

    def _choose(
        self,
        context: Context,
        allowed: tuple[Arm, ...],
        params: DecisionParams,
        at_stake: Stakes | None,
        chance: float,
    ) -> Choice | None:
        """The arm that is chosen; None if the room is left alone."""
        if (policy := self._policies.get(params.policy)) is None:
            return choose_by_rules(context, allowed)
        alone = 0.0 if at_stake is None else at_stake.alone
        # What lies above is as even a draw as the whole.
        return None if chance < alone else policy.choose_by(context, allowed, (chance - alone) / (1.0 - alone))

    def _foreseen(self, situation: Situation, refusal: Refusal, chance: float | None) -> Arm | None:
        """What will be done if the fall becomes critical, where that is all that is waited for."""
        if chance is None or refusal.reason is not HoldReason.SCORE_STILL_FINE:
            return None
        allowed = allowed_arms(replace(situation, anomaly=replace(situation.anomaly, severity=Severity.CRITICAL)))
        if isinstance(allowed, Refusal):
            return None
        at_stake = self._at_stake(situation.context, allowed, situation.params)
        choice = self._choose(situation.context, allowed, situation.params, at_stake, chance)
        return None if choice is None else choice.arm


def _with_plan(history: RoomHistory, profile: SessionProfile) -> RoomHistory:
    return replace(
        history,
        starts_at=profile.starts_at if history.starts_at is None else history.starts_at,
        ends_at=profile.ends_at if history.ends_at is None else history.ends_at,
    )


def _hold(anomaly: Anomaly, now: float, refusal: Refusal, foreseen: Arm | None) -> Hold:
    return Hold(
        anomaly_id=anomaly.anomaly_id,
        session_id=anomaly.session_id,
        event_id=anomaly.event_id,
        at=now,
        reason=refusal.reason,
        explanation=refusal.explanation,
        foreseen=foreseen,
    )


def _made(
    anomaly: Anomaly, choice: Choice, context: Context, at_stake: Stakes | None, now: float, decision_id: str
) -> Decision:
    """The decision for this choice, before it is known what may be done with it."""
    return Decision(
        decision_id=decision_id,
        anomaly_id=anomaly.anomaly_id,
        session_id=anomaly.session_id,
        event_id=anomaly.event_id,
        at=now,
        arm=choice.arm,
        confidence=choice.confidence,
        propensity=choice.propensity,
        reasoning="",
        context=context,
        past=choice.past,
        autonomy=Autonomy.SKIP,
        score_before=anomaly.current,
        adds=None if at_stake is None else at_stake.adds[choice.arm],
        propensity_alone=0.0 if at_stake is None else at_stake.alone,
    )
