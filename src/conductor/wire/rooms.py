"""What a room keeps in its stream beside signals, so that it is the same room after a restart.

Signals say what people did. What a room shows besides, and what it did for the agent, are notes: they stand in the same
stream `signals:{id}`, on channels that begin with `room:`. Only rooms read them; no platform can send any.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from conductor.errors import InvalidInput
from conductor.wire.actions import Action, action_fields, read_action
from conductor.wire.bodies import Id, Moment
from conductor.wire.content import Users
from conductor.wire.reading import read_as, read_moment
from conductor.wire.signals import Fields

PREFIX = "room:"
ACTION = "room:action"
NAME = "room:name"
POLL = "room:poll"
SLIDE = "room:slide"


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """The room did what the agent asked for.

    Attributes:
        action: What it was asked for; of questions to bring forward, those that were there.
        at: When it did, in epoch seconds.
        delivered_to: How many people could see it.
        user_ids: Who got a nudge; empty for what has no segment.
        is_over: Whether it is only to be recognised, as nobody is to see it any more: the poll is closed.
    """

    action: Action
    at: float
    delivered_to: int
    user_ids: tuple[str, ...] = ()
    is_over: bool = False

    @property
    def session_id(self) -> str:
        """The session of the room."""
        return self.action.session_id

    @property
    def event_id(self) -> str:
        """The event of the session."""
        return self.action.event_id


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody is seen under this name from now on."""

    session_id: str
    event_id: str
    at: float
    user_id: str
    display_name: str


@dataclass(frozen=True, slots=True)
class PollShown:
    """Somebody's own poll, with what its signal does not say: when it closes (None: by hand), and what is shown."""

    session_id: str
    event_id: str
    at: float
    poll_id: str
    question: str
    options: tuple[str, ...]
    closes_at: float | None
    show_results: bool


@dataclass(frozen=True, slots=True)
class SlideShown:
    """Which slide is shown from now on."""

    session_id: str
    event_id: str
    at: float
    slide: int


Note = CarriedOut | Named | PollShown | SlideShown


def is_note(channel: str) -> bool:
    """Whether a field of a stream of signals is a room's own note, and no signal."""
    return channel.startswith(PREFIX)


def dump_note(note: Note) -> tuple[str, Fields]:
    """The channel and body of a note: the inverse of `read_note`."""
    common: Fields = {"sessionId": note.session_id, "eventId": note.event_id, "timestamp": note.at}
    match note:
        case CarriedOut(action, _, delivered_to, user_ids, is_over):
            done: Fields = {"action": action_fields(action), "deliveredTo": delivered_to, "userIds": [*user_ids]}
            return ACTION, common | done | {"isOver": is_over}
        case Named():
            return NAME, common | {"userId": note.user_id, "displayName": note.display_name}
        case PollShown():
            poll: Fields = {"pollId": note.poll_id, "question": note.question, "options": [*note.options]}
            return POLL, common | poll | {"closesAt": note.closes_at, "showResults": note.show_results}
        case SlideShown():
            return SLIDE, common | {"slide": note.slide}


def read_note(channel: str, data: bytes | str) -> Note:
    """The note that a field of a stream stands for.

    Raises:
        InvalidInput: The channel is unknown, as of a newer version, or the body does not fit.
    """
    shape = _SHAPES.get(channel)
    if shape is None:
        known = ", ".join(_SHAPES)
        raise InvalidInput(f"no note {channel[:60]!r}; known are {known}", code="unknown_channel")
    return read_as(shape, data, channel).note()


class _About(Struct, rename="camel", kw_only=True):
    session_id: Id
    event_id: Id
    timestamp: Moment

    def about(self) -> tuple[str, str, float]:
        return self.session_id, self.event_id, read_moment(self.timestamp, "note: field timestamp")


class _ActionNote(_About):
    action: dict[str, object]
    delivered_to: Annotated[int, Meta(ge=0)]
    user_ids: Users = ()
    is_over: bool = False

    def note(self) -> CarriedOut:
        at = self.about()[2]
        return CarriedOut(read_action(self.action), at, self.delivered_to, self.user_ids, self.is_over)


class _NameNote(_About):
    user_id: Id
    display_name: str

    def note(self) -> Named:
        return Named(*self.about(), self.user_id, self.display_name)


class _PollNote(_About):
    poll_id: Id
    question: str
    options: tuple[str, ...]
    closes_at: float | None = None
    show_results: bool = True

    def note(self) -> PollShown:
        about = (*self.about(), self.poll_id, self.question, self.options)
        return PollShown(*about, self.closes_at, self.show_results)


class _SlideNote(_About):
    slide: int

    def note(self) -> SlideShown:
        return SlideShown(*self.about(), self.slide)


_SHAPES: dict[str, type[_ActionNote | _NameNote | _PollNote | _SlideNote]] = {
    ACTION: _ActionNote,
    NAME: _NameNote,
    POLL: _PollNote,
    SLIDE: _SlideNote,
}
