"""What follows from something that happened in a room: signals and notes for its stream, frames for sockets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conductor.domain.signals import Signal
from conductor.wire.rooms import Note

Payload = dict[str, object]
"""What a frame carries: JSON values only."""


class Lane(StrEnum):
    """How urgent frames are: those of `CHAT` and `REACTIONS` may wait a moment and be sent together."""

    NOW = "now"
    CHAT = "chat"
    REACTIONS = "reactions"


class Role(StrEnum):
    """People of a room by what they do there; as an address, all of them who are connected."""

    EVERYBODY = "everybody"
    SPEAKER = "speaker"
    ORGANISER = "organiser"


@dataclass(frozen=True, slots=True)
class People:
    """As an address: these people, on each of their connections."""

    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Something that sockets get.

    Attributes:
        name: One of the names of the contract, such as `chat.message`.
        to: Who gets it.
        lane: How urgent it is.
    """

    name: str
    payload: Payload
    to: Role | People = Role.EVERYBODY
    lane: Lane = Lane.NOW


@dataclass(frozen=True, slots=True)
class Effects:
    """Signals to put on the bus and frames to send, each in order.

    Attributes:
        notes: What the room keeps in its stream for itself; they stand there before the signals.
    """

    signals: tuple[Signal, ...] = ()
    frames: tuple[Frame, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def kept(self) -> tuple[Note | Signal, ...]:
        """All that goes to the stream of the session."""
        return (*self.notes, *self.signals)

    def __add__(self, other: Effects) -> Effects:
        """These, then the others."""
        return Effects(self.signals + other.signals, self.frames + other.frames, self.notes + other.notes)


NOTHING = Effects()
