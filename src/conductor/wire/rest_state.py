"""Everything that the agent learned, as one installation gives it and another takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import Field

from conductor.domain.engagement import AnomalyType, Norm
from conductor.domain.events import Event, FollowedUp, TrialEnded
from conductor.domain.interventions import Arm, Context, EngagementBucket
from conductor.domain.learned import Learned, Tally
from conductor.domain.sessions import Phase, SessionType, SizeBucket
from conductor.domain.trials import FollowUp, Trial
from conductor.wire.rest import SettingsBody, Taken
from conductor.wire.rest_ended import MAX_ENDED, FollowUpBody, TrialBody

Weight = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
MAX_LEARNED = 10_000
"""More than there are contexts and arms (4 x 4 x 5 x 3 x 3 x 4 = 2880)."""


class TallyBody(Taken):
    """Successes and failures of an arm in a context, as weights."""

    anomaly_type: Annotated[AnomalyType, Field(description="How the room was losing its people.")]
    phase: Annotated[Phase, Field(description="Where the session stood.")]
    session_type: Annotated[SessionType, Field(description="The format of the session.")]
    session_size_bucket: Annotated[SizeBucket, Field(description="How large the audience was.")]
    engagement_bucket: Annotated[EngagementBucket, Field(description="The score in three steps.")]
    arm: Annotated[Arm | None, Field(description="What was done; null for nothing.")]
    successes: Annotated[Weight, Field(description="How much success was seen; old attempts weigh less.")]
    failures: Annotated[Weight, Field(description="How much failure was seen; old attempts weigh less.")]

    def tally(self) -> Tally:
        """The same, as the agent knows it."""
        context = Context(
            self.anomaly_type, self.phase, self.session_type, self.session_size_bucket, self.engagement_bucket
        )
        return Tally(context, self.arm, self.successes, self.failures)

    @classmethod
    def of(cls, tally: Tally) -> TallyBody:
        """The body of a tally."""
        return cls(**asdict(tally.context), arm=tally.arm, successes=tally.successes, failures=tally.failures)


class NormBody(Taken):
    """What sessions of one kind were like, measured over `person_min` person-minutes."""

    session_type: Annotated[SessionType, Field(description="The format of the sessions.")]
    session_size_bucket: Annotated[SizeBucket, Field(description="How large their audiences were.")]
    phase: Annotated[Phase, Field(description="Where they stood.")]
    person_min: Annotated[Weight, Field(description="Over how many person-minutes it was measured.")]
    sums: Annotated[
        list[Weight],
        Field(
            min_length=5,
            max_length=5,
            description="Messages, reactions, active share, leaves and voting share, times `person_min`.",
        ),
    ]

    def norm(self) -> Norm:
        """The same, as the agent knows it."""
        return Norm(self.session_type, self.session_size_bucket, self.phase, self.person_min, tuple(self.sums))

    @classmethod
    def of(cls, norm: Norm) -> NormBody:
        """The body of a norm."""
        return cls(**asdict(norm) | {"sums": [*norm.sums]})


class StateBody(Taken):
    """Everything that the agent learned, in a form that another installation takes."""

    schema_version: Annotated[Literal[1], Field(description="Of this form; others are refused.")]
    tallies: Annotated[list[TallyBody], Field(max_length=MAX_LEARNED, description="What was seen of each arm.")]
    norms: Annotated[list[NormBody], Field(max_length=MAX_LEARNED, description="What sessions were like.")]
    settings: list[SettingsBody] = Field(
        default_factory=list, max_length=MAX_LEARNED, description="What events allow; only where asked for."
    )

    trials: list[TrialBody] = Field(
        default_factory=list, max_length=MAX_ENDED, description="How decisions ended whose coin was tossed."
    )
    follow_ups: list[FollowUpBody] = Field(
        default_factory=list, max_length=MAX_ENDED, description="How decisions without a coin ended."
    )

    def learned(self) -> Learned:
        """The same, as the agent knows it."""
        return Learned(tuple(each.tally() for each in self.tallies), tuple(each.norm() for each in self.norms))

    def ended(self) -> list[Event]:
        """How what was decided ended, as events that a store keeps."""
        trials: list[Event] = [TrialEnded(each.trial()) for each in self.trials]
        return trials + [FollowedUp(each.follow_up()) for each in self.follow_ups]

    @classmethod
    def of(cls, learned: Learned, trials: Iterable[Trial] = (), follow_ups: Iterable[FollowUp] = ()) -> StateBody:
        """The body of what was learned, and of what it was learned from."""
        return cls(
            schema_version=1,
            tallies=[*map(TallyBody.of, learned.tallies)],
            norms=[*map(NormBody.of, learned.norms)],
            trials=[*map(TrialBody.of, trials)],
            follow_ups=[*map(FollowUpBody.of, follow_ups)],
        )
