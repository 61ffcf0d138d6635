"""What the rooms are asked to do, and what they answer.

An action goes out on `session:{id}:actions`, an acknowledgement with the same `action_id` comes back on
`session:{id}:actions:ack`. The slots `{{name}}` and `{{action}}` of a nudge are left for the rooms to fill,
person by person: nobody's name crosses this edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, field

from conductor.domain.interventions import (
    Arm,
    Content,
    Intervention,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
)
from conductor.domain.shown import LABEL_MAX
from conductor.errors import InvalidInput
from conductor.wire.bodies import Moment
from conductor.wire.content import Users, content_fields, read_content
from conductor.wire.reading import Id, Json, moment_text, read_as, read_moment
from conductor.wire.signals import Fields


class ActionName(StrEnum):
    """What a room can be asked to do."""

    POLL_LAUNCH = "poll.launch"
    CHAT_POST = "chat.post"
    NUDGE_SEND = "nudge.send"
    QNA_PROMOTE = "qna.promote"
    QNA_SEED = "qna.seed"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a room is asked to do, once for each `action_id`.

    Attributes:
        label: Under which it is shown; never empty.
        at: When it was asked for, in epoch seconds.
        content: A poll for `poll.launch`, a prompt for `chat.post`, a nudge for `nudge.send`, else Q&A.
        user_ids: For these people only; None is everybody, and for a nudge everybody in its segment.
    """

    action_id: str
    action: ActionName
    session_id: str
    event_id: str
    label: str
    at: float
    content: Content
    user_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """A room did what it was asked to do, now or when it was asked before. `delivered_to` people could see it."""

    action_id: str
    delivered_to: int


CONTENT_OF: dict[ActionName, Arm] = {
    ActionName.POLL_LAUNCH: Arm.POLL,
    ActionName.CHAT_POST: Arm.CHAT_PROMPT,
    ActionName.NUDGE_SEND: Arm.NUDGE,
    ActionName.QNA_PROMOTE: Arm.QNA_PROMOTE,
    ActionName.QNA_SEED: Arm.QNA_PROMOTE,
}
"""Whose shape the content of an action has."""


def actions_channel(session_id: str) -> str:
    """Where the room of this session hears what it is asked to do; `*` listens to all rooms."""
    return f"session:{session_id}:actions"


def acks_channel(session_id: str) -> str:
    """Where the room of this session says what it has done."""
    return f"session:{session_id}:actions:ack"


def actions_of(intervention: Intervention, user_ids: Sequence[str] | None = None) -> tuple[Action, ...]:
    """What a room has to do to show this; the id of the intervention is that of its action.

    Args:
        intervention: What is to be shown.
        user_ids: Whom a nudge or prompt is for, where the caller knows; a prompt has its own otherwise.
    """
    name, content = _asked(intervention.content)
    return (
        Action(
            action_id=intervention.intervention_id,
            action=name,
            session_id=intervention.session_id,
            event_id=intervention.event_id,
            label=intervention.label,
            at=intervention.at,
            content=content,
            user_ids=_people(content, user_ids),
        ),
    )


def action_fields(action: Action) -> Fields:
    """The JSON of an action; `user_ids` is there only where it is for some."""
    fields: Fields = {
        "action_id": action.action_id,
        "action": action.action.value,
        "sessionId": action.session_id,
        "eventId": action.event_id,
        "timestamp": moment_text(action.at),
        "label": action.label,
        "content": content_fields(action.content),
    }
    return fields if action.user_ids is None else fields | {"user_ids": [*action.user_ids]}


def read_action(data: Json) -> Action:
    """The action that this JSON stands for.

    Raises:
        InvalidInput: It does not fit; the message names the field.
    """
    body = read_as(_ActionShape, data, "action")
    content = read_content(CONTENT_OF[body.action], body.content)
    seeds = isinstance(content, QnaContent) and content.strategy is QnaStrategy.SEED_QUESTION
    if isinstance(content, QnaContent) and seeds is not (body.action is ActionName.QNA_SEED):
        raise InvalidInput(f"action: field strategy: {content.strategy} does not belong to {body.action}")
    at = read_moment(body.timestamp, "action: field timestamp")
    about = (body.action_id, body.action, body.session_id, body.event_id)
    return Action(*about, body.label, at, content, body.user_ids)


def ack_fields(ack: Ack) -> Fields:
    """The JSON of an acknowledgement."""
    return {"action_id": ack.action_id, "delivered_to": ack.delivered_to}


def read_ack(data: Json) -> Ack:
    """The acknowledgement that this JSON stands for.

    Raises:
        InvalidInput: It does not fit; the message names the field.
    """
    body = read_as(_AckShape, data, "acknowledgement")
    return Ack(body.action_id, body.delivered_to)


class _ActionShape(Struct):
    action_id: Id
    action: ActionName
    session_id: Id = field(name="sessionId")
    event_id: Id = field(name="eventId")
    timestamp: Moment
    label: Annotated[str, Meta(min_length=1, max_length=LABEL_MAX)]
    content: dict[str, object]
    user_ids: Users | None = None


class _AckShape(Struct):
    action_id: Id
    delivered_to: Annotated[int, Meta(ge=0)]


def _asked(content: Content) -> tuple[ActionName, Content]:
    match content:
        case PollContent():
            return ActionName.POLL_LAUNCH, content
        case PromptContent():
            return ActionName.CHAT_POST, content
        case NudgeContent():
            return ActionName.NUDGE_SEND, content
        case QnaContent(QnaStrategy.SURFACE_BEST):
            return ActionName.QNA_PROMOTE, content
        case QnaContent(QnaStrategy.SEED_QUESTION):
            return ActionName.QNA_SEED, content
        case QnaContent(message=message):
            # To ask for questions is to say so where everybody reads it, and where it stays.
            return ActionName.CHAT_POST, PromptContent(message, pinned=True)


def _people(content: Content, user_ids: Sequence[str] | None) -> tuple[str, ...] | None:
    if isinstance(content, PromptContent) and user_ids is None:
        return content.target_users or None
    if user_ids is None or not isinstance(content, NudgeContent | PromptContent):
        return None
    return tuple(user_ids)
