"""How what was decided ended, as one installation gives it and another takes it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm, Autonomy, EngagementBucket
from conductor.domain.sessions import Phase, SessionType, SizeBucket
from conductor.domain.trials import MAX_HOLDOUT_SHARE, FollowUp, Trial
from conductor.wire.codec import decode, encode
from conductor.wire.rest import Id, Taken

MAX_ENDED = 100_000
"""A hundred events of a thousand decisions."""

MAX_WHY_CHARS = 500

Ratio = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Chance = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Moment = Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)]


class ContextBody(Taken):
    """The circumstances of a decision."""

    anomaly_type: Annotated[AnomalyType, Field(description="How the room was losing its people.")]
    phase: Annotated[Phase, Field(description="Where the session stood.")]
    session_type: Annotated[SessionType, Field(description="The format of the session.")]
    session_size_bucket: Annotated[SizeBucket, Field(description="How large the audience was.")]
    engagement_bucket: Annotated[EngagementBucket, Field(description="The score in three steps.")]


class _EndBody(Taken):
    decision_id: Annotated[Id, Field(description="The decision, or that which it would have been.")]
    session_id: Annotated[Id, Field(description="Its session.")]
    event_id: Annotated[Id, Field(description="Its event.")]
    at: Annotated[Moment, Field(description="When it ended, in epoch seconds.")]
    decided_at: Annotated[Moment, Field(description="When it was decided, in epoch seconds.")]
    context: Annotated[ContextBody, Field(description="The circumstances.")]
    autonomy: Annotated[Autonomy, Field(description="What would be done with it.")]
    propensity: Annotated[Chance, Field(description="Probability with which it was chosen; no coin is in it.")]
    delivered: Annotated[bool, Field(description="Whether anything reached people by the end.")]
    before: Annotated[Ratio, Field(description="Score at the decision.")]
    after: Annotated[Ratio | None, Field(description="Score at the end; null if nobody knows.")] = None
    why_unknown: Annotated[str, Field(max_length=MAX_WHY_CHARS, description="Why nobody knows.")] = ""


class TrialBody(_EndBody):
    """A decision whose coin was tossed, and how its room was at the end."""

    arm: Annotated[Arm, Field(description="What was chosen.")]
    holdout_share: Annotated[
        float, Field(gt=0, le=MAX_HOLDOUT_SHARE, allow_inf_nan=False, description="Probability of being held out.")
    ]
    coin: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False, description="What was tossed.")]
    held_out: Annotated[bool, Field(description="Whether nothing was done, on purpose.")]

    @model_validator(mode="after")
    def _coin_decides(self) -> Self:
        if self.held_out != (self.coin < self.holdout_share):
            raise ValueError("held_out must be as the coin fell: whether it lies under holdout_share")
        return self

    def trial(self) -> Trial:
        """The same, as the agent knows it."""
        return decode(Trial, self.model_dump(mode="json"))

    @classmethod
    def of(cls, trial: Trial) -> TrialBody:
        """The body of a trial."""
        return cls.model_validate(encode(trial))


class FollowUpBody(_EndBody):
    """A decision without a coin, or a room left alone because nothing was chosen, and how the room was at the end."""

    arm: Annotated[Arm | None, Field(description="What was chosen; null for nothing.")]
    holdout_share: Annotated[
        float,
        Field(ge=0, le=MAX_HOLDOUT_SHARE, allow_inf_nan=False, description="Probability that an arm was held out."),
    ]

    def follow_up(self) -> FollowUp:
        """The same, as the agent knows it."""
        return decode(FollowUp, self.model_dump(mode="json"))

    @classmethod
    def of(cls, follow_up: FollowUp) -> FollowUpBody:
        """The body of a follow-up."""
        return cls.model_validate(encode(follow_up))
