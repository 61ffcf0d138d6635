"""Bodies that the HTTP service takes, checked once, here; names are snake_case as everywhere in REST."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

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

from conductor.domain.interventions import Arm, Mode
from conductor.domain.sessions import RESERVED_EVENT_ID, SessionProfile, SessionType
from conductor.domain.shown import LABEL_MAX, label_fault
from conductor.domain.strategies import ContentStyle
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
    style: ContentStyle | None = Field(None, description="In which tone things are worded.", examples=["friendly"])


class SettingsBody(SettingsPatch):
    """Settings of an event; what is left out has its default."""

    event_id: Annotated[EventName, Field(description="The event.", examples=["event-1"])]
