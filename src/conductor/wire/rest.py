"""Bodies that the HTTP service takes, checked once, here; names are snake_case as everywhere in REST."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from conductor.domain.engagement import AnomalyType, Norm
from conductor.domain.interventions import Arm, Context, EngagementBucket, Mode
from conductor.domain.learned import Learned, Tally
from conductor.domain.sessions import RESERVED_EVENT_ID, Phase, SessionProfile, SessionType, SizeBucket
from conductor.domain.shown import LABEL_MAX, label_fault
from conductor.domain.trials import MAX_HOLDOUT_SHARE
from conductor.wire.desk import MAX_PER_HOUR, MAX_QUIET_END_S, MAX_REASON_CHARS
from conductor.wire.ids import MAX_ID_CHARS, NO_CONTROL, NO_NUL, RESERVED
from conductor.wire.rest_content import ContentBody
from conductor.wire.signals import LATEST_AT

_NO_NUL = rf"^{NO_NUL}*$"
Id = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS, pattern=rf"^{NO_CONTROL}+$", examples=["session-7"])]


def _not_reserved(event_id: str) -> str:
    if event_id == RESERVED_EVENT_ID:
        raise ValueError(RESERVED)
    return event_id


EventName = Annotated[Id, AfterValidator(_not_reserved)]
"""The id of one event, and never the one that stands for all."""

Name = Annotated[str, Field(max_length=200, pattern=_NO_NUL)]
Prose = Annotated[str, Field(max_length=10_000, pattern=_NO_NUL)]
Epoch = Annotated[float, Field(ge=0, le=LATEST_AT, description="Seconds since 1970 (UTC).", allow_inf_nan=False)]


def _written_out(said: object) -> object:
    # Left to itself, pydantic takes a number for a date as well, and guesses whether it means milliseconds.
    try:
        float(str(said))
    except ValueError:
        return said
    raise ValueError("a number is not written out")


def _in_range(moment: datetime) -> datetime:
    if not 0 <= moment.timestamp() <= LATEST_AT:
        raise ValueError("out of range")
    return moment


def _in_one_sentence(said: object, read: ValidatorFunctionWrapHandler) -> object:
    # Pydantic would say of each of the two why it is not that one, in words of its own.
    try:
        return read(said)
    except ValidationError:
        raise ValueError(
            "has to be seconds since 1970, or ISO 8601 with an offset, such as 2026-05-01T09:00:00Z; no later than 5138"
        ) from None


Moment = Annotated[
    Epoch | Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_range)],
    WrapValidator(_in_one_sentence),
]
"""Epoch seconds, or ISO 8601 with an offset."""

Weight = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
MAX_LEARNED = 10_000
"""More than there are contexts and arms (4 x 4 x 5 x 3 x 3 x 4 = 2880)."""

Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


def epoch_s(moment: Moment) -> float:
    """Epoch seconds of a moment."""
    return float(moment) if isinstance(moment, int | float) else moment.timestamp()


class Taken(BaseModel):
    """A body: fields that it does not know are refused, so that a slip of the pen is not passed over."""

    model_config = ConfigDict(extra="forbid")


class RegisterBody(Taken):
    """A session that the agent is to watch."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "session_id": "session-7",
                    "event_id": "event-1",
                    "title": "Scaling live events",
                    "type": "talk",
                    "topics": ["video", "scale"],
                    "starts_at": "2026-05-01T09:00:00Z",
                }
            ]
        },
    )

    session_id: Annotated[Id, Field(description="A name that no other session has.")]
    event_id: Annotated[EventName, Field(description="The event that it belongs to.", examples=["event-1"])]
    title: Annotated[Prose, Field(description="What it is called.")] = ""
    description: Annotated[Prose, Field(description="What it is about, in a few sentences.")] = ""
    type: Annotated[SessionType, Field(description="Its format.")] = SessionType.TALK
    topics: Annotated[list[Name], Field(max_length=50, description="What it is about, in words.")] = []
    speaker: Annotated[Name, Field(description="Who speaks.")] = ""
    starts_at: Annotated[Moment | None, Field(description="When it is planned to start.")] = None
    ends_at: Annotated[Moment | None, Field(description="When it is planned to end.")] = None

    def profile(self) -> SessionProfile:
        """What this says of the session."""
        starts_at = None if self.starts_at is None else epoch_s(self.starts_at)
        ends_at = None if self.ends_at is None else epoch_s(self.ends_at)
        topics = tuple(self.topics)
        return SessionProfile(self.title, self.description, self.type, topics, self.speaker, starts_at, ends_at)


class ModeBody(Taken):
    """How much the agent may do by itself in a session."""

    mode: Annotated[Mode, Field(description="How much the agent may do by itself.")]


class ApproveBody(Taken):
    """Yes, as drafted or as edited."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"seen_score": 0.41},
                {"content": {"question": "What now?", "options": ["Costs", "Scale", "Safety"]}, "seen_score": 0.41},
            ]
        },
    )

    content: ContentBody | None = Field(None, description="What is to be shown; null for the draft.")
    seen_score: Score | None = Field(
        None,
        description="The score that the answering person saw; with it the room is looked at once more before anything "
        "is launched. Null to launch without that.",
        examples=[0.41],
    )


class RejectBody(Taken):
    """No, and why."""

    reason: Annotated[
        str, Field(max_length=MAX_REASON_CHARS, pattern=_NO_NUL, description="Why; may be empty.", examples=["not now"])
    ] = ""


class ManualBody(Taken):
    """An intervention that an organiser wants, now or later."""

    session_id: Annotated[Id, Field(description="Where it is to be done.")]
    type: Annotated[Arm, Field(description="What is to be done.")]
    content: ContentBody | None = Field(None, description="What is to be shown; null to let the agent word it.")
    at: Moment | None = Field(
        None, description="When (epoch seconds or ISO 8601); what lies in the past, and nothing, mean now."
    )


def _says_who(label: str) -> str:
    fault = label_fault(label)
    if fault is not None:
        raise ValueError(fault.sentence)
    return label.strip()


Label = Annotated[
    str,
    AfterValidator(_says_who),
    Field(json_schema_extra={"minLength": 1, "maxLength": LABEL_MAX}, examples=["AI assistant"]),
]
"""Its bounds are checked without the blanks around it."""


class SettingsPatch(Taken):
    """What is to change in an event's settings; what is left out stays as it is."""

    agent_enabled: bool | None = Field(None, description="Whether the agent does anything in this event.")
    agent_mode: Mode | None = Field(None, description="How much the agent may do by itself.")
    auto_approve_threshold: Score | None = Field(
        None, description="Confidence from which SEMI_AUTO acts by itself.", examples=[0.75]
    )
    max_interventions_per_hour: Annotated[int, Field(ge=0, le=MAX_PER_HOUR)] | None = Field(
        None, description="Interventions a session in any hour."
    )
    allowed_interventions: Annotated[list[Arm], Field(max_length=len(Arm))] | None = Field(
        None, description="What the agent may do; an empty list for nothing."
    )
    label: Label | None = Field(
        None, description="Under which everything is shown that it posts; has a letter, and no line breaks."
    )
    share_chat: bool | None = Field(None, description="Whether recent chat, redacted, may reach a model.")
    quiet_end_s: Annotated[float, Field(ge=0, le=MAX_QUIET_END_S, allow_inf_nan=False)] | None = Field(
        None, description="How long before the planned end a session is left alone, in seconds."
    )
    holdout_share: Annotated[float, Field(ge=0, le=MAX_HOLDOUT_SHARE, allow_inf_nan=False)] | None = Field(
        None, description="Share of falls left alone on purpose, to learn what happens anyway.", examples=[0.1]
    )


class SettingsBody(SettingsPatch):
    """Settings of an event; what is left out has its default."""

    event_id: Annotated[EventName, Field(description="The event.", examples=["event-1"])]


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
    settings: Annotated[
        list[SettingsBody], Field(max_length=MAX_LEARNED, description="What events allow; only where asked for.")
    ] = []

    def learned(self) -> Learned:
        """The same, as the agent knows it."""
        return Learned(tuple(each.tally() for each in self.tallies), tuple(each.norm() for each in self.norms))

    @classmethod
    def of(cls, learned: Learned) -> StateBody:
        """The body of what was learned."""
        tallies, norms = [*map(TallyBody.of, learned.tallies)], [*map(NormBody.of, learned.norms)]
        return cls(schema_version=1, tallies=tallies, norms=norms)
