"""Policies tried on what was logged: at each decision, what would each have done, by what was known then?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from conductor.decide.bandit import Bandit, BanditParams
from conductor.decide.guardrails import applicable_arms
from conductor.decide.limits import affordable_at, cool_at
from conductor.decide.policies import POLICIES
from conductor.decide.room import DecisionParams, Delivery, RoomHistory
from conductor.domain.events import (
    DecisionMade,
    Event,
    FollowedUp,
    InterventionExecuted,
    OutcomeMeasured,
    TrialEnded,
)
from conductor.domain.interventions import Arm, Context, Decision, Origin, Outcome
from conductor.domain.strategies import PolicyName
from conductor.domain.trials import FollowUp, Trial
from conductor.learn.offpolicy import Deed, Logged, Tried, Trying, estimate
from conductor.learn.outcome import OutcomeParams, recovery
from conductor.learn.trial import teaches


@dataclass(frozen=True, slots=True)
class Moment:
    """A fall that the agent answered by itself, with an arm or with nothing, what was possible, and what came of it.

    Attributes:
        at: When it was answered, in epoch seconds.
        done: What was done, by what was decided, whether or not it was carried out; None for nothing, by the coin or by
            choice.
        propensity: Probability in (0, 1] with which just that was done.
        allowed: The arms that it could choose from, its own among them.
        is_trial: Whether chance could have left the room alone.
        known_at: When it was known what came of it, in epoch seconds.
        recovered: How probably the room had recovered, in [0, 1].
        teaches: Whether a policy learns from it.
    """

    decision_id: str
    session_id: str
    event_id: str
    at: float
    context: Context
    done: Deed
    propensity: float
    allowed: tuple[Arm, ...]
    is_trial: bool
    known_at: float
    recovered: float
    teaches: bool = True


def moments(events: Sequence[Event], params: DecisionParams, outcome: OutcomeParams | None = None) -> list[Moment]:
    """The falls of one session that the agent answered by itself and whose end is known.

    What was possible then follows from what was delivered before, by what the event allows now: limits that somebody
    has changed since are taken as they are.

    Args:
        events: The history of the session.
        params: What the event allows.
        outcome: What counts as recovery; None for the usual.
    """
    made = [each.decision for each in events if isinstance(each, DecisionMade)]
    own = {each.decision_id: each for each in made if each.origin is Origin.AGENT}
    shown = [each.intervention for each in events if isinstance(each, InterventionExecuted)]
    deliveries = tuple(sorted((Delivery(each.at, each.arm) for each in shown), key=lambda each: each.at))
    past = _Past(own, deliveries, params, outcome or OutcomeParams())
    found = (past.moment_of(event) for event in events)
    return [each for each in found if each is not None]


@dataclass(frozen=True, slots=True)
class _Past:
    """What is known of a session."""

    own: Mapping[str, Decision]
    deliveries: tuple[Delivery, ...]
    params: DecisionParams
    outcome: OutcomeParams

    def moment_of(self, event: Event) -> Moment | None:
        """The moment whose end this event is; None if it is no end, or nobody knows how it ended."""
        match event:
            case TrialEnded(end):
                done = None if end.held_out else end.arm
                delivered = end.delivered
            case FollowedUp(end):
                done, delivered = end.arm, end.delivered
            case OutcomeMeasured(outcome) if (made := self.own.get(outcome.decision_id)) is not None:
                # Decisions of before there were horizons for all of them.
                return self._delivered(made, outcome) if made.trial_ends_at is None else None
            case _:
                return None
        if end.after is None:
            return None
        made = self.own.get(end.decision_id)
        held_out = isinstance(event, TrialEnded) and event.trial.held_out
        return Moment(
            end.decision_id,
            end.session_id,
            end.event_id,
            end.decided_at,
            end.context,
            done,
            _propensity(done, end.propensity, end.holdout_share, _alone(end, made)),
            _allowed(end.context, end.decided_at, done if made is None else made.arm, self.deliveries, self.params),
            end.holdout_share > 0.0,
            end.at,
            recovery(end.before, end.after, self.outcome),
            teaches(end.autonomy, held_out=held_out, delivered=delivered),
        )

    def _delivered(self, made: Decision, outcome: Outcome) -> Moment:
        return Moment(
            made.decision_id,
            made.session_id,
            made.event_id,
            made.at,
            made.context,
            made.arm,
            made.propensity,
            _allowed(made.context, made.at, made.arm, self.deliveries, self.params),
            is_trial=False,
            known_at=outcome.at,
            recovered=recovery(outcome.before, outcome.after, self.outcome),
        )


def _alone(end: Trial | FollowUp, made: Decision | None) -> float:
    """The probability with which nothing was chosen."""
    if end.arm is None:
        return end.propensity
    return 0.0 if made is None else made.propensity_alone


def _propensity(done: Deed, of_arm: float, share: float, alone: float) -> float:
    """The probability with which just that was done: nothing comes about by choice, or else by the coin."""
    return alone + (1.0 - alone) * share if done is None else (1.0 - alone) * (1.0 - share) * of_arm


def _allowed(
    context: Context, now: float, chosen: Deed, deliveries: tuple[Delivery, ...], params: DecisionParams
) -> tuple[Arm, ...]:
    history = RoomHistory(deliveries=tuple(each for each in deliveries if each.at < now))
    fitting = applicable_arms(context.anomaly_type, context.phase, context.session_type)
    possible = {
        arm
        for arm in fitting
        if arm in params.arms
        and cool_at(arm, history, params) <= now
        and affordable_at(arm, history, params, now) <= now
    }
    # Where a room was left alone some arm was possible, so limits that leave none have been changed since.
    return tuple(arm for arm in Arm if arm in possible or arm is chosen) or fitting


def try_policies(log: Sequence[Moment], params: BanditParams | None = None) -> Trying:
    """Try every policy on a log.

    Each moment is judged by what could be known then: lessons of earlier moments alone, in the order in which they
    came. Whoever learns from an outcome first and is judged by it then always looks good.

    Args:
        log: In any order. Where chance left rooms alone, only such moments count, each by what was decided: what is
            delivered in spite of organisers who say no is no fair sample of that.
        params: How policies learn; None for the usual.
    """
    has_trials = any(each.is_trial for each in log)
    counted = [each for each in log if each.is_trial == has_trials]
    counted.sort(key=lambda each: (each.at, each.session_id, each.decision_id))
    would = _would(counted, params)
    tried = tuple(Tried(name, estimate(_logged(counted, would[name]))) for name in PolicyName)
    recovered = fmean(each.recovered for each in counted) if counted else None
    sessions = len({each.session_id for each in counted})
    return Trying(len(counted), sessions, recovered, has_trials, tried)


def _logged(log: Sequence[Moment], would: Sequence[dict[Deed, float]]) -> list[Logged]:
    return [
        Logged(
            each.session_id,
            each.context,
            each.done,
            each.propensity,
            each.recovered,
            deeds,
        )
        for each, deeds in zip(log, would, strict=True)
    ]


def _would(log: Sequence[Moment], params: BanditParams | None) -> dict[PolicyName, list[dict[Deed, float]]]:
    """What each policy would have done at each moment, with what was learned before it."""
    bandit = Bandit(params)
    policies = {name: make(bandit) for name, make in POLICIES.items()}
    found: dict[PolicyName, list[dict[Deed, float]]] = {name: [] for name in PolicyName}
    waiting = sorted(log, key=lambda each: (each.known_at, each.session_id), reverse=True)
    events: set[str] = set()
    for moment in log:
        while waiting and waiting[-1].known_at <= moment.at:
            _learn(bandit, waiting.pop())
        if moment.event_id not in events:
            events.add(moment.event_id)
            bandit.begin_event()
        for name, policy in policies.items():
            found[name].append(dict(policy.propensities(moment.context, moment.allowed).items()))
        found[PolicyName.NOTHING].append({None: 1.0})
    return found


def _learn(bandit: Bandit, moment: Moment) -> None:
    """Teach the bandit what it would have learned live, and no more.

    Estimates are of what was decided, rejected or not: who says no to what is no matter of chance. What a policy
    learns on the way is part of the policy, though, and live it learns nothing from what organisers did not let happen.
    """
    if moment.teaches:
        bandit.learn(moment.context, moment.done, moment.recovered)
