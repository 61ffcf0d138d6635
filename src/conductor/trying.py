"""Policies tried on what was logged: at each decision, what would each have done, by what was known then?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conductor.decide.bandit import Bandit
from conductor.decide.guardrails import applicable_arms
from conductor.decide.limits import affordable_at, cool_at
from conductor.decide.policies import POLICIES
from conductor.decide.room import DecisionParams, Delivery, RoomHistory
from conductor.domain.events import DecisionMade, Event, InterventionExecuted, OutcomeMeasured, TrialEnded
from conductor.domain.interventions import Arm, Decision, Origin
from conductor.domain.strategies import PolicyName
from conductor.learn.offpolicy import Deed, Logged, Tried, Trying, estimate

SUCCESS_DELTA = 0.1
"""A rise of the score of so much is a success, as everywhere (the blueprint's 0.1)."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Moment:
    """A decision of the agent's own, with what was possible then and what came of it.

    Attributes:
        allowed: The arms that it could choose from, among them its own.
        held_out: Whether nothing was done, on purpose.
        is_trial: Whether a coin was tossed for it.
        known_at: When it was known what came of it, in epoch seconds.
        success: Whether the room had recovered.
    """

    decision: Decision
    allowed: tuple[Arm, ...]
    held_out: bool
    is_trial: bool
    known_at: float
    success: bool

    @property
    def done(self) -> Deed:
        """What was done; None for nothing."""
        return None if self.held_out else self.decision.arm

    @property
    def propensity(self) -> float:
        """The probability with which just that was done, the coin included."""
        if not self.is_trial:
            return self.decision.propensity
        share = self.decision.holdout_share
        return share if self.held_out else (1.0 - share) * self.decision.propensity


def moments(events: Sequence[Event], params: DecisionParams) -> list[Moment]:
    """The decisions of one session that the agent made by itself and whose end is known.

    What was possible then follows from what was delivered before, by what the event allows now: limits that somebody
    has changed since are taken as they are.
    """
    made = [each.decision for each in events if isinstance(each, DecisionMade)]
    own = {each.decision_id: each for each in made if each.origin is Origin.AGENT}
    shown = [each.intervention for each in events if isinstance(each, InterventionExecuted)]
    deliveries = tuple(sorted((Delivery(each.at, each.arm) for each in shown), key=lambda each: each.at))
    found = []
    for event in events:
        if isinstance(event, TrialEnded):
            trial = event.trial
            name, at, delta, held_out = trial.decision_id, trial.at, trial.delta, trial.held_out
        elif isinstance(event, OutcomeMeasured):
            outcome = event.outcome
            name, at, delta, held_out = outcome.decision_id, outcome.at, outcome.delta, outcome.held_out
        else:
            continue
        if delta is not None and name in own:
            success = delta >= SUCCESS_DELTA - _ROUNDING
            arms = _allowed(own[name], deliveries, params)
            found.append(Moment(own[name], arms, held_out, isinstance(event, TrialEnded), at, success))
    return found


def _allowed(decision: Decision, deliveries: tuple[Delivery, ...], params: DecisionParams) -> tuple[Arm, ...]:
    context, now = decision.context, decision.at
    history = RoomHistory(deliveries=tuple(each for each in deliveries if each.at < now))
    fitting = applicable_arms(context.anomaly_type, context.phase, context.session_type)
    possible = {
        arm
        for arm in fitting
        if arm in params.arms
        and cool_at(arm, history, params) <= now
        and affordable_at(arm, history, params, now) <= now
    }
    return tuple(arm for arm in Arm if arm in possible or arm is decision.arm)


def try_policies(log: Sequence[Moment]) -> Trying:
    """Try every policy on a log.

    Each moment is judged by what could be known then: lessons of earlier moments alone, in the order in which they
    came. Whoever learns from an outcome first and is judged by it then always looks good.

    Args:
        log: In any order. Where there are trials, only they count: what is delivered in spite of organisers who say no
            is no fair sample of what is decided.
    """
    has_trials = any(each.is_trial for each in log)
    counted = [each for each in log if each.is_trial == has_trials and (has_trials or not each.held_out)]
    counted.sort(key=lambda each: (each.decision.at, each.decision.session_id, each.decision.decision_id))
    would = _would(counted)
    tried = tuple(Tried(name, estimate(_logged(counted, would[name]))) for name in PolicyName)
    successes = [each.success for each in counted]
    recovered = sum(successes) / len(successes) if successes else None
    sessions = len({each.decision.session_id for each in counted})
    return Trying(len(counted), sessions, recovered, has_trials, tried)


def _logged(log: Sequence[Moment], would: Sequence[dict[Deed, float]]) -> list[Logged]:
    return [
        Logged(
            each.decision.session_id,
            each.decision.context,
            each.done,
            each.propensity,
            float(each.success),
            deeds,
            # Others like it were let pass, since nothing had shown lift, and what came of those is not kept.
            stands_for=1.0 / (1.0 - each.decision.propensity_alone),
        )
        for each, deeds in zip(log, would, strict=True)
    ]


def _would(log: Sequence[Moment]) -> dict[PolicyName, list[dict[Deed, float]]]:
    """What each policy would have done at each moment, with what was learned before it."""
    bandit = Bandit()
    policies = {name: make(bandit) for name, make in POLICIES.items()}
    found: dict[PolicyName, list[dict[Deed, float]]] = {name: [] for name in PolicyName}
    waiting = sorted(log, key=lambda each: (each.known_at, each.decision.session_id), reverse=True)
    events: set[str] = set()
    for moment in log:
        decision = moment.decision
        while waiting and waiting[-1].known_at <= decision.at:
            _learn(bandit, waiting.pop())
        if decision.event_id not in events:
            events.add(decision.event_id)
            bandit.begin_event()
        for name, policy in policies.items():
            found[name].append(dict(policy.propensities(decision.context, moment.allowed).items()))
        found[PolicyName.NOTHING].append({None: 1.0})
    return found


def _learn(bandit: Bandit, moment: Moment) -> None:
    bandit.learn(moment.decision.context, moment.done, float(moment.success))
