"""Strategy tests and drift: what the service takes and answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from conductor.domain.interventions import Arm
from conductor.domain.sessions import SessionType
from conductor.domain.strategies import ContentStyle, Design, PolicyName
from conductor.wire.ids import NO_NUL
from conductor.wire.rest import Id, Score, Taken
from conductor.wire.rest_fields import said
from conductor.wire.strategies import LEAST_BLOCK_S, MAX_BLOCK_S, MAX_NAME_CHARS

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS, pattern=rf"^{NO_NUL}*$")]


POLICY = "How an arm is chosen."
THRESHOLD = "Confidence from which SEMI_AUTO acts by itself."
ACT_BELOW = "Score under which a warning leads to a decision."
STYLE = "In which tone things are worded."


class VariantBody(Taken):
    """One of two ways; what is null stays as the event has it."""

    name: Annotated[Name, Field(description="What people call it.", examples=["usual"])]
    policy: PolicyName | None = Field(None, description=POLICY, examples=["best"])
    threshold: Score | None = Field(None, description=THRESHOLD, examples=[0.6])
    act_below: Score | None = Field(None, description=ACT_BELOW, examples=[0.6])
    style: ContentStyle | None = Field(None, description=STYLE, examples=["playful"])


class StrategyTestBody(Taken):
    """Two ways that are tried beside each other, from now on."""

    test_id: Annotated[Id, Field(description="Another id deals anew.", examples=["thresholds-1"])]
    design: Annotated[Design, Field(description="What is dealt to: sessions, or blocks of time.")]
    variants: Annotated[list[VariantBody], Field(min_length=2, max_length=2, description="The usual way first.")]
    share: Annotated[float, Field(ge=0.01, le=0.99, allow_inf_nan=False, description="Probability of the second.")] = (
        0.5
    )
    block_s: Annotated[
        float,
        Field(
            ge=LEAST_BLOCK_S,
            le=MAX_BLOCK_S,
            multiple_of=60,
            allow_inf_nan=False,
            description="Length of a block in seconds, in whole minutes: rooms are compared by the minute.",
        ),
    ] = 1800.0
    burn_in_s: Annotated[
        float,
        Field(
            ge=0,
            le=MAX_BLOCK_S,
            multiple_of=60,
            allow_inf_nan=False,
            description="Its beginning, in whole minutes, which is not counted.",
        ),
    ] = 300.0


class VariantRow(BaseModel):
    """One of the two ways, and how its rooms did; of its settings, what is null stays as the event has it."""

    name: Annotated[str, said("What people call it.", "usual")]
    policy: Annotated[PolicyName | None, said(POLICY, "best")]
    threshold: Annotated[float | None, said(THRESHOLD, 0.6)]
    act_below: Annotated[float | None, said(ACT_BELOW, 0.6)]
    style: Annotated[ContentStyle | None, said(STYLE, "playful")]
    units: Annotated[int, said("Sessions, or blocks of time, that it was dealt to.", 12)]
    minutes: Annotated[int, said("Minutes that count and are known.", 640)]
    score: Annotated[
        float | None, said("Mean score of these minutes, without what the agent prompted; null without any.", 0.71)
    ]
    unknown_minutes: Annotated[int, said("Minutes that count, and of which nobody knows how they went.", 3)]


class StrategyAnswer(BaseModel):
    """What a strategy test has shown so far, for who looks once, at a time that was fixed beforehand."""

    event_id: Annotated[str, said("The event that it is of.", "event-1")]
    test_id: Annotated[str, said("Its id.", "thresholds-1")]
    design: Annotated[Design, said("What is dealt to.")]
    since: Annotated[float, said("When it began, in epoch seconds.", 1_790_000_000.0)]
    share: Annotated[float, said("Probability of the second way.", 0.5)]
    block_s: Annotated[float | None, said("Length of a block in seconds; null where sessions are dealt.", 1800.0)]
    burn_in_s: Annotated[
        float | None,
        said("Seconds at the beginning of a block that are not counted; null where sessions are dealt.", 300.0),
    ]
    variants: Annotated[list[VariantRow], said("The usual way first.")]
    difference: Annotated[float | None, said("Score of the second minus that of the first; null if unknown.", 0.03)]
    low: Annotated[float | None, said("Lower end of the 95 % interval.", -0.01)]
    high: Annotated[float | None, said("Upper end of the 95 % interval.", 0.07)]
    is_misdealt: Annotated[bool, said("Whether sessions or blocks were not dealt as they should have been.")]
    split_p_value: Annotated[float, said("Probability of so uneven a split by chance.", 0.6)]
    why_not: Annotated[str | None, said("Why nothing can be said; null if it can.", "Not enough yet.")]


class StrategiesAnswer(BaseModel):
    """The strategy tests of events."""

    tests: Annotated[list[StrategyAnswer], said("One for each event that has one.")]


class WeekRow(BaseModel):
    """The mean of a week."""

    at: Annotated[float, said("When it began, in epoch seconds.", 1_790_000_000.0)]
    value: Annotated[float, said("The mean.", 0.7)]
    count: Annotated[int, said("Sessions, or interventions, in it.", 14)]


class ShiftRow(BaseModel):
    """One thing, of late and before."""

    measure: Annotated[str, said("score, chat, active, reactions, leaves, audience, success or left_alone.", "score")]
    session_type: Annotated[SessionType | None, said("Of sessions of this kind; null for all.", "workshop")]
    type: Annotated[Arm | None, said("Of interventions of this type; null for all.", "POLL")]
    words: Annotated[str, said("The same for people.", "Scores of workshops fell from 71 % to 58 %.")]
    before: Annotated[float, said("Mean of before.", 0.71)]
    after: Annotated[float, said("Mean of late.", 0.58)]
    count_before: Annotated[int, said("Sessions, or interventions, before.", 42)]
    count_after: Annotated[int, said("Of late.", 15)]
    p_value: Annotated[float, said("Of so large a difference by chance, all comparisons counted.", 0.001)]
    stability_index: Annotated[float | None, said("Population stability index; null for shares.", 0.4)]
    is_drift: Annotated[bool, said("Whether it is called out: a p-value under 0.05.")]
    weeks: Annotated[list[WeekRow], said("Week by week, oldest first.")]


class DriftAnswer(BaseModel):
    """Whether sessions of late are unlike those of before."""

    since: Annotated[float, said("From when on is compared, in epoch seconds.", 1_785_000_000.0)]
    parted_at: Annotated[float, said("From when on is of late.", 1_789_000_000.0)]
    until: Annotated[float, said("The end.", 1_790_000_000.0)]
    sessions: Annotated[int, said("Sessions of all these weeks.", 60)]
    words: Annotated[list[str], said("What has changed, a sentence each; empty for nothing.")]
    too_few: Annotated[list[SessionType], said("Kinds of sessions that there are too few of.")]
    shifts: Annotated[list[ShiftRow], said("All that was compared, what is surest first.")]
