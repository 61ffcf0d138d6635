"""Why a decision was made, in words, from facts only."""

from __future__ import annotations

from conductor.decide.choice import Choice
from conductor.decide.context import lineage
from conductor.decide.room import DecisionParams
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
from conductor.domain.interventions import Autonomy, Context, Mode

_WHAT_FELL = {
    AnomalyType.SUDDEN_DROP: "Engagement has dropped suddenly",
    AnomalyType.GRADUAL_DECLINE: "Engagement has been declining",
    AnomalyType.MASS_EXIT: "People have been leaving",
    AnomalyType.LOW_ENGAGEMENT: "Engagement has been low",
}


def what_happened(anomaly: Anomaly, starts_at: float | None) -> str:
    """What fell, since when, how far and how surely: one sentence."""
    since = moment_past(anomaly.onset, anomaly.at, starts_at)
    return (
        f"{_WHAT_FELL[anomaly.type]} {since}: the score is {percent(anomaly.current)} where "
        f"{percent(anomaly.expected)} was expected (evidence {percent(anomaly.evidence)})."
    )


def why_this_arm(choice: Choice, context: Context, *, is_by_rules: bool) -> str:
    """Why this arm was chosen and what it has to show, without a full stop.

    It tells what was seen (the room picked up or did not), not what the arm brought about: only a holdout
    can tell that.
    """
    one, many = ONE_ARM[choice.arm].capitalize(), ARM_NOUNS[choice.arm][1]
    if is_by_rules:
        return f"{one} comes first by the fixed rules, since what was learned so far cannot be read right now"
    past = _record(choice, context)
    if choice.is_only_arm:
        return f"{one} is the only thing possible now: {past}"
    if choice.is_exploring:
        return f"{one} is tried to learn more about {many}: {past}"
    if choice.record is None:
        return f"{one} is as good a first try as any: {past}"
    return f"{one} is the best known choice: {past}"


def what_next(choice: Choice, autonomy: Autonomy, params: DecisionParams) -> str:
    """What the agent does with the decision and why, without a full stop."""
    reached, needed = percent_reached(choice.confidence), percent(params.threshold)
    answer = f"and has {length(params.ask_deadline_s)} to answer"
    if autonomy is Autonomy.SKIP:
        return f"with a chance of success of {reached} ({needed} needed) and no organiser online, it is left out"
    if params.mode is Mode.MANUAL:
        return f"in manual mode the organiser is asked first {answer}"
    if params.mode is Mode.AUTO:
        return "in automatic mode it goes out without asking"
    if autonomy is Autonomy.ASK:
        return f"at a chance of success of {reached} ({needed} needed) the organiser is asked first {answer}"
    return f"at a chance of success of {reached} ({needed} needed) it goes out without asking"


def _record(choice: Choice, context: Context) -> str:
    record, many = choice.record, ARM_NOUNS[choice.arm][1]
    if record is None:
        return f"{many} have not been tried in any session yet"
    noun = ARM_NOUNS[choice.arm][0 if record.attempts == 1.0 else 1]
    seen = (
        f"{describe(record.scope)} the room picked up after "
        f"{number(record.successes)} of {number(record.attempts)} {noun}"
    )
    return seen if record.is_here else f"not tried {describe(lineage(context)[-1])} yet, but {seen}"
