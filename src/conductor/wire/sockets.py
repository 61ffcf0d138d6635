"""What people emit on sockets, one shape for each event, and how an event is written to them.

Bounds of texts are the rooms' to say in their own words; these only keep out what no client of ours sends.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from conductor.domain.sessions import Phase
from conductor.errors import InvalidInput
from conductor.wire.reading import Word, read_as

Text = Annotated[str, Meta(max_length=4_000)]
ShortText = Annotated[str, Meta(max_length=200)]

EVENT = "2"
"""The type of a Socket.IO packet that carries an event."""


class Emit(Struct, rename="camel"):
    """An event without fields; what others share."""


class SessionEmit(Emit):
    """`agent:subscribe` and `agent:unsubscribe`. `eventId` helps where the session is not known yet."""

    session_id: Word
    event_id: Word | None = None


class JoinEmit(SessionEmit):
    """`session:join`."""

    display_name: ShortText = ""
    is_first_session: bool | None = None


class FocusEmit(Emit):
    """`presence:focus`: whether somebody looks here, or elsewhere."""

    focused: bool = True


class TextEmit(Emit):
    """`chat:send` and `qna:ask`."""

    content: Text


class ReactionEmit(Emit):
    """`reaction:send`."""

    emoji: ShortText


class VoteEmit(Emit):
    """`poll:vote`."""

    poll_id: Word
    option_id: Word


class QuestionEmit(Emit):
    """`qna:upvote` and `qna:answered`."""

    question_id: Word


class SlideEmit(Emit):
    """`content:slide`."""

    slide: int


class PhaseEmit(Emit):
    """`content:phase`."""

    phase: Phase | None = None
    interruptible: bool = True


class PollEmit(Emit):
    """`poll:open`."""

    question: ShortText
    options: Annotated[tuple[ShortText, ...], Meta(max_length=20)]
    duration_s: float | None = msgspec.field(default=None, name="duration_s")
    show_results: bool = True


class PollCloseEmit(Emit):
    """`poll:close`."""

    poll_id: Word


E = TypeVar("E", bound=Emit)


def read_emit(shape: type[E], name: str, payload: object) -> E:
    """The payload of an emit as its shape; unknown fields are ignored.

    Raises:
        InvalidInput: It does not fit; the message names the event and the field.
    """
    if not isinstance(payload, dict):
        raise InvalidInput(f"{name}: the payload has to be an object")
    return read_as(shape, payload, name)


def event_packet(namespace: str, name: str, payload: object) -> str:
    """The Socket.IO packet of an event with one payload."""
    return f"{EVENT}{namespace},{msgspec.json.encode((name, payload)).decode()}"
