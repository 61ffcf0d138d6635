"""What organisers decide, as JSON: settings of an event, answers to the agent's questions, requests of their own."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from conductor.domain.interventions import DEFAULT_LABEL, Arm, Content, Mode
from conductor.domain.organisers import AgentSettings, Answer, Request, SessionMode, Verdict
from conductor.domain.shown import label_fault
from conductor.domain.strategies import ContentStyle
from conductor.domain.trials import HOLDOUT_SHARE, MAX_HOLDOUT_SHARE
from conductor.errors import InvalidInput
from conductor.wire.bodies import Moment
from conductor.wire.content import arm_of, content_fields, read_content
from conductor.wire.ids import NO_NUL
from conductor.wire.reading import Id, Json, read_as, read_moment
from conductor.wire.signals import Fields
from conductor.wire.strategies import StrategyTestShape, strategy_test_fields

MAX_PER_HOUR = 60
"""One a minute. Nobody wants more, and the cooldowns allow fewer."""

MAX_QUIET_END_S = 3600.0
"""An hour: longer than most sessions, so more would mean to disable the agent, which has a setting of its own."""

MAX_REASON_CHARS = 500
"""A few sentences, as long as a message to the room may be."""

MAX_SESSION_MODES = 10_000
"""Sessions of one event with a mode of their own."""


def settings_channel(event_id: str) -> str:
    """Where new settings of an event are told; `*` listens to all events."""
    return f"event:{event_id}:settings"


def answers_channel(session_id: str) -> str:
    """Where answers to the agent's questions are told."""
    return f"session:{session_id}:answers"


def requests_channel(session_id: str) -> str:
    """Where organisers' requests are told."""
    return f"session:{session_id}:requests"


def organisers_channel(session_id: str) -> str:
    """Where the rooms say how many organisers look at a session."""
    return f"session:{session_id}:organisers"


class OrganisersShape(Struct):
    """So many organisers look at a session now."""

    session_id: Id = field(name="sessionId")
    count: Annotated[int, Meta(ge=0)]


def read_organisers(data: Json) -> tuple[str, int]:
    """A session and how many organisers look at it.

    Raises:
        InvalidInput: It does not fit; the message names the field.
    """
    body = read_as(OrganisersShape, data, "organisers")
    return body.session_id, body.count


class SettingsShape(Struct):
    """The JSON of `AgentSettings`; what is left out has the product's default."""

    event_id: Id
    agent_enabled: bool = True
    agent_mode: Mode = Mode.SEMI_AUTO
    auto_approve_threshold: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.75
    max_interventions_per_hour: Annotated[int, Meta(ge=0, le=MAX_PER_HOUR)] = 3
    allowed_interventions: Annotated[tuple[Arm, ...], Meta(max_length=len(Arm))] = tuple(Arm)
    label: str = DEFAULT_LABEL
    share_chat: bool = False
    quiet_end_s: Annotated[float, Meta(ge=0.0, le=MAX_QUIET_END_S)] = 120.0
    session_modes: Annotated[dict[Id, Mode], Meta(max_length=MAX_SESSION_MODES)] = {}
    holdout_share: Annotated[float, Meta(ge=0.0, le=MAX_HOLDOUT_SHARE)] = HOLDOUT_SHARE
    strategy_test: StrategyTestShape | None = None
    style: ContentStyle = ContentStyle.FRIENDLY

    def settings(self) -> AgentSettings:
        """The settings; an arm that is named twice is allowed once.

        Raises:
            InvalidInput: The label does not say who speaks, in one line.
        """
        fault = label_fault(self.label)
        if fault is not None:
            raise InvalidInput(f"settings: field label: {fault.sentence}", code=fault.code)
        return AgentSettings(
            event_id=self.event_id,
            enabled=self.agent_enabled,
            mode=self.agent_mode,
            threshold=self.auto_approve_threshold,
            max_per_hour=self.max_interventions_per_hour,
            arms=tuple(dict.fromkeys(self.allowed_interventions)),
            label=self.label.strip(),
            share_chat=self.share_chat,
            quiet_end_s=self.quiet_end_s,
            session_modes=tuple(SessionMode(*own) for own in self.session_modes.items()),
            holdout_share=self.holdout_share,
            strategy_test=None if self.strategy_test is None else self.strategy_test.test(),
            style=self.style,
        )


def read_settings(data: Json) -> AgentSettings:
    """The settings that this JSON stands for.

    Raises:
        InvalidInput: It does not fit; the message names the field.
    """
    return read_as(SettingsShape, data, "settings").settings()


def changed_settings(settings: AgentSettings, changes: Fields) -> AgentSettings:
    """The settings with some fields changed; the event they belong to stays.

    Raises:
        InvalidInput: A field does not fit; the message names it.
    """
    return read_settings(settings_fields(settings) | changes | {"event_id": settings.event_id})


def settings_fields(settings: AgentSettings) -> Fields:
    """The JSON of settings: the inverse of `read_settings`."""
    return {
        "event_id": settings.event_id,
        "agent_enabled": settings.enabled,
        "agent_mode": settings.mode.value,
        "auto_approve_threshold": settings.threshold,
        "max_interventions_per_hour": settings.max_per_hour,
        "allowed_interventions": [arm.value for arm in settings.arms],
        "label": settings.label,
        "share_chat": settings.share_chat,
        "quiet_end_s": settings.quiet_end_s,
        "holdout_share": settings.holdout_share,
        "style": settings.style.value,
        "strategy_test": None if settings.strategy_test is None else strategy_test_fields(settings.strategy_test),
        "session_modes": {own.session_id: own.mode.value for own in settings.session_modes},
    }


class _Worded(Struct, kw_only=True):
    """Something that may bring its content; `type` says whose shape it has."""

    type: Arm | None = None
    content: dict[str, object] | None = None

    def worded(self, what: str) -> Content | None:
        if self.content is None:
            return None
        if self.type is None:
            raise InvalidInput(f"{what}: field type is missing: with content it has to say of which arm that is")
        return read_content(self.type, self.content)


class AnswerShape(_Worded, kw_only=True):
    """The JSON of an `Answer`."""

    decision_id: Id
    session_id: Id
    timestamp: Moment
    verdict: Verdict
    by: Annotated[str, Meta(max_length=200)] = ""
    reason: Annotated[str, Meta(max_length=MAX_REASON_CHARS, pattern=rf"\A{NO_NUL}*\Z")] = ""
    seen_score: Annotated[float, Meta(ge=0.0, le=1.0)] | None = None


class RequestShape(_Worded, kw_only=True):
    """The JSON of a `Request`."""

    request_id: Id
    session_id: Id
    event_id: Id
    type: Arm
    at: Moment
    by: Id


def read_answer(data: Json) -> Answer:
    """The answer that this JSON stands for.

    Raises:
        InvalidInput: It does not fit; the message names the field.
    """
    body = read_as(AnswerShape, data, "answer")
    at = read_moment(body.timestamp, "answer: field timestamp")
    return Answer(
        body.decision_id,
        body.session_id,
        at,
        body.verdict,
        body.by,
        body.reason,
        body.worded("answer"),
        body.seen_score,
    )


def answer_fields(answer: Answer) -> Fields:
    """The JSON of an answer: the inverse of `read_answer`, so its time is in seconds, with every digit."""
    fields: Fields = {
        "decision_id": answer.decision_id,
        "session_id": answer.session_id,
        "timestamp": answer.at,
        "verdict": answer.verdict.value,
        "by": answer.by,
        "reason": answer.reason,
        "seen_score": answer.seen_score,
    }
    if answer.content is not None:
        fields |= {"type": arm_of(answer.content).value, "content": content_fields(answer.content)}
    return fields


def read_request(data: Json) -> Request:
    """The request that this JSON stands for.

    Raises:
        InvalidInput: It does not fit; the message names the field.
    """
    body = read_as(RequestShape, data, "request")
    at = read_moment(body.at, "request: field at")
    about = (body.request_id, body.session_id, body.event_id)
    return Request(*about, body.type, at, body.by, body.worded("request"))


def request_fields(request: Request) -> Fields:
    """The JSON of a request: the inverse of `read_request`, so its time is in seconds, with every digit."""
    return {
        "request_id": request.request_id,
        "session_id": request.session_id,
        "event_id": request.event_id,
        "type": request.arm.value,
        "at": request.at,
        "by": request.by,
        "content": None if request.content is None else content_fields(request.content),
    }
