"""Why a decision was made, in words, from facts only."""

from __future__ import annotations

from conductor.decide.choice import Choice, Record
from conductor.decide.context import lineage
from conductor.decide.room import DecisionParams
from conductor.decide.stakes import Stakes
from conductor.decide.words import (
    ARM_NOUNS,
    ONE_ARM,
    describe,
    length,
    moment_past,
    number,
    percent,
    percent_reached,
)
from conductor.domain.engagement import Anomaly, AnomalyType
from conductor.domain.interventions import Arm, Autonomy, Context, Mode
from conductor.domain.strategies import PolicyName

_WHAT_FELL = {
    AnomalyType.SUDDEN_DROP: "Engagement fell suddenly and has been low",
    AnomalyType.GRADUAL_DECLINE: "Engagement has been declining",
    AnomalyType.MASS_EXIT: "People have been leaving",
    AnomalyType.LOW_ENGAGEMENT: "Engagement has been low",
}

_UNCLEAR = 0.2
# Of a room that recovered with a probability so far from 0 and from 1 nobody can say what became of it.


def what_happened(anomaly: Anomaly, starts_at: float | None) -> str:
    """What fell, since when, how far and how surely: one sentence."""
    since = moment_past(anomaly.onset, anomaly.at, starts_at)
    # A room that never fell gives no evidence of a fall.
    surely = "" if anomaly.type is AnomalyType.LOW_ENGAGEMENT else f" (evidence {percent(anomaly.evidence)})"
    return (
        f"{_WHAT_FELL[anomaly.type]} {since}: the score is {percent(anomaly.current)} where "
        f"{percent(anomaly.expected)} was expected{surely}."
    )


def why_this_arm(
    choice: Choice, context: Context, policy: PolicyName = PolicyName.THOMPSON, *, is_by_rules: bool
) -> str:
    """Why this arm was chosen and what it has to show: one sentence.

    It tells what was seen (the room picked up or did not), not what the arm brought about: only a holdout
    can tell that.
    """
    one = ONE_ARM[choice.arm].capitalize()
    if is_by_rules:
        return f"{one} comes first by the fixed rules, since what was learned so far cannot be read right now."
    past = _past(choice, context)
    if policy is PolicyName.RULES:
        return f"{one} comes first by the fixed rules, which are tried here: {past}."
    if choice.is_only_arm:
        return f"{one} is the only thing possible now: {past}."
    if policy is PolicyName.RANDOM:
        return f"{one} was drawn by lot among what is possible now: {past}."
    if choice.is_exploring:
        return f"{one} is tried to learn more about it: {past}."
    judged = "is as good a first try as any" if choice.record is None else "looks best so far"
    return f"{one} {judged}: {past}."


def what_it_adds(arm: Arm, at_stake: Stakes | None) -> str:
    """What the arm is expected to add to what the room does by itself: one sentence, or nothing while unknown."""
    if at_stake is None:
        return ""
    points = round(at_stake.adds[arm] * 100)
    alone = f"rooms left alone at such a moment pick up in about {percent(at_stake.without)} of cases"
    if points == 0:
        return f"What it adds does not show yet: {alone}."
    more = "more" if points > 0 else "fewer"
    return f"It is expected to help in {abs(points)} of 100 cases {more}: {alone}."


def why_nothing(at_stake: Stakes | None) -> str:
    """Why the room is left alone though something could be done: one sentence."""
    if at_stake is None:
        return "Left alone: nothing is known of what helps."
    best, one = at_stake.best, ONE_ARM[at_stake.best]
    alone = f"rooms pick up by themselves in about {percent(at_stake.without)} of cases"
    if at_stake.adds[best] > at_stake.cost:
        worth = f"the {percent(at_stake.cost)} that an interruption has to be worth"
        return f"Left alone this time: {alone}, and whether {one} adds {worth} is not sure yet."
    more = max(round(at_stake.adds[best] * 100), 0)
    return (
        f"Left alone: by what was seen so far, little is expected to be gained in such moments ({alone}, and {one} is "
        f"expected to help in {more} of 100 more, where an interruption has to be worth {percent(at_stake.cost)})."
    )


def what_next(choice: Choice, autonomy: Autonomy, params: DecisionParams) -> str:
    """What the agent does with the decision and why: one sentence."""
    chance = f"a chance of success of {percent_reached(choice.confidence)} ({percent(params.threshold)} needed)"
    asked = f"the organiser is asked first and has {length(params.ask_deadline_s)} to answer."
    if autonomy is Autonomy.SKIP:
        return f"With {chance} and no organiser online, it is left out."
    if params.mode is Mode.MANUAL:
        return f"In manual mode {asked}"
    if params.mode is Mode.AUTO:
        return "In automatic mode it goes out without asking."
    if autonomy is Autonomy.ASK:
        return f"With {chance} {asked}"
    return f"With {chance} it goes out without asking."


def _past(choice: Choice, context: Context) -> str:
    record = choice.record
    if record is None:
        return "it has not been tried in any session yet"
    where = describe(record.scope)
    if record.is_here:
        return f"{where} {_seen(choice.arm, record)}"
    return f"it is new {describe(lineage(context)[-1])}; {where} {_seen(choice.arm, record)}"


def _seen(arm: Arm, record: Record) -> str:
    one, many = ARM_NOUNS[arm]
    if round(record.attempts, 1) == 1.0:
        return _seen_once(record.successes, one)
    return f"the room picked up after {number(record.successes)} of {number(record.attempts)} {many}"


def _seen_once(recovered: float, one: str) -> str:
    if _UNCLEAR < recovered < 1.0 - _UNCLEAR:
        return f"it is not clear whether the room picked up after the only {one}"
    return f"the room {'picked up' if recovered >= 0.5 else 'did not pick up'} after the only {one}"
