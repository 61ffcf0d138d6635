"""When the agent keeps still, and which arms it may use when it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from conductor.decide.choice import ARM_ORDER
from conductor.decide.limits import affordable_at, cool_at, possible_at, uncapped_at, used_in_last_hour
from conductor.decide.room import DecisionParams, RoomHistory
from conductor.decide.words import (
    ANOMALIES,
    ONE_ARM,
    PHASES,
    length,
    moment_to_come,
    percent,
    percent_reached,
)
from conductor.domain.engagement import Anomaly, AnomalyType, Severity
from conductor.domain.holds import HoldReason
from conductor.domain.interventions import Arm, Context
from conductor.domain.sessions import Phase, SessionType
from conductor.domain.strategies import PolicyName


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the guardrails look at."""

    anomaly: Anomaly
    context: Context
    history: RoomHistory
    params: DecisionParams
    now: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing may be done, with a sentence that says when it will be possible again."""

    reason: HoldReason
    explanation: str


def applicable_arms(anomaly_type: AnomalyType, phase: Phase, session_type: SessionType) -> tuple[Arm, ...]:
    """The arms that make sense in these circumstances. A chat prompt always does."""
    fits = {
        Arm.POLL: phase in (Phase.OPENING, Phase.MIDDLE),
        Arm.CHAT_PROMPT: True,
        Arm.NUDGE: anomaly_type in (AnomalyType.GRADUAL_DECLINE, AnomalyType.LOW_ENGAGEMENT),
        Arm.QNA_PROMOTE: phase is Phase.QA or session_type in (SessionType.WORKSHOP, SessionType.PANEL),
    }
    return tuple(arm for arm in ARM_ORDER if fits[arm])


def allowed_arms(situation: Situation) -> tuple[Arm, ...] | Refusal:
    """The arms that may be used now (at least one), or why none may."""
    for check in _CHECKS:
        refusal = check(situation)
        if refusal is not None:
            return refusal
    history, params, now = situation.history, situation.params, situation.now
    cool = tuple(arm for arm in _fitting_arms(situation) if cool_at(arm, history, params) <= now)
    if not cool:
        return Refusal(HoldReason.COOLDOWN, f"What fits here was used a short while ago; {_next(situation)}.")
    affordable = tuple(arm for arm in cool if affordable_at(arm, history, params, now) <= now)
    if not affordable:
        return Refusal(HoldReason.FATIGUE, f"The audience was asked for a lot lately; {_next(situation)}.")
    return affordable


def _disabled(situation: Situation) -> Refusal | None:
    if situation.params.enabled and situation.params.policy is not PolicyName.NOTHING:
        return None
    if situation.params.enabled:
        return Refusal(
            HoldReason.DISABLED,
            "Here it is tried to do nothing at all, on purpose; interventions are possible once that is over.",
        )
    return Refusal(
        HoldReason.DISABLED,
        "The agent is switched off for this event; interventions are possible once it is switched on.",
    )


def _still_fine(situation: Situation) -> Refusal | None:
    anomaly, act_below = situation.anomaly, situation.params.act_below
    if anomaly.severity is Severity.CRITICAL or anomaly.current < act_below:
        return None
    return Refusal(
        HoldReason.SCORE_STILL_FINE,
        f"Engagement is still at {percent_reached(anomaly.current)}; a warning is acted on only below "
        f"{percent(act_below)}, and at any score once it becomes critical.",
    )


def _in_the_last_minutes(situation: Situation) -> Refusal | None:
    ends_at, quiet_s = situation.history.ends_at, situation.params.quiet_end_s
    if ends_at is None or situation.now < ends_at - quiet_s:
        return None
    left_s = ends_at - situation.now
    if left_s <= 0.0:
        explanation = "The session is past its planned end; nothing more is possible in it."
    else:
        explanation = (
            f"The session ends in {length(left_s)} and its last {length(quiet_s)} are kept quiet; "
            "nothing more is possible in it."
        )
    return Refusal(HoldReason.LAST_MINUTES, explanation)


def _nothing_fits(situation: Situation) -> Refusal | None:
    if _fitting_arms(situation):
        return None
    context = situation.context
    allowed = " or ".join(ONE_ARM[arm] for arm in ARM_ORDER if arm in situation.params.arms) or "nothing"
    return Refusal(
        HoldReason.NO_ARM_APPLIES,
        f"The event allows only {allowed}, which does not suit {ANOMALIES[context.anomaly_type]} "
        f"{PHASES[context.phase]}; more is possible once the session moves on or the event allows more.",
    )


def _no_quota(situation: Situation) -> Refusal | None:
    if situation.params.max_per_hour > 0:
        return None
    return Refusal(
        HoldReason.HOURLY_CAP,
        "The event allows 0 interventions an hour; the first is possible once this limit is raised.",
    )


def _interrupting(situation: Situation) -> Refusal | None:
    if situation.history.is_interruptible:
        return None
    return Refusal(
        HoldReason.DO_NOT_INTERRUPT,
        "The speaker asked not to be interrupted; the next intervention is possible once that is lifted.",
    )


def _during_a_poll(situation: Situation) -> Refusal | None:
    if not situation.history.is_poll_open:
        return None
    return Refusal(HoldReason.POLL_OPEN, "A poll is open right now; the next intervention is possible once it closes.")


def _still_watching(situation: Situation) -> Refusal | None:
    watching_until = situation.history.watching_until
    if watching_until is None or watching_until <= situation.now:
        return None
    return Refusal(
        HoldReason.ALREADY_INTERVENING,
        f"What was done last is still being measured; {_next(situation, watching_until)}.",
    )


def _hourly_cap(situation: Situation) -> Refusal | None:
    history, cap, now = situation.history, situation.params.max_per_hour, situation.now
    if uncapped_at(history, situation.params) <= now:
        return None
    used = used_in_last_hour(history, now)
    return Refusal(HoldReason.HOURLY_CAP, f"{used} of {cap} interventions used in the last hour; {_next(situation)}.")


def _fitting_arms(situation: Situation) -> tuple[Arm, ...]:
    context = situation.context
    applicable = applicable_arms(context.anomaly_type, context.phase, context.session_type)
    return tuple(arm for arm in applicable if arm in situation.params.arms)


def _next(situation: Situation, not_before: float | None = None) -> str:
    """When the next intervention is possible, all limits considered; for when at least one arm fits."""
    history, params, now = situation.history, situation.params, situation.now
    at = possible_at(_fitting_arms(situation), history, params, now if not_before is None else not_before)
    if history.ends_at is not None and at >= history.ends_at - params.quiet_end_s:
        return "no other is possible before the session ends"
    return f"the next is possible {moment_to_come(at, now, history.starts_at)}"


_CHECKS: tuple[Callable[[Situation], Refusal | None], ...] = (
    _disabled,
    _still_fine,
    _in_the_last_minutes,
    _nothing_fits,
    _no_quota,
    _interrupting,
    _during_a_poll,
    _still_watching,
    _hourly_cap,
)
"""In the order in which a person would name the reasons: the lasting ones before the passing ones."""
