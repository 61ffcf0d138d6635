"""What follows from something that happened in a room: signals for the bus, frames for sockets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from conductor.domain.signals import Signal

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
    """Signals to put on the bus and frames to send, each in order."""

    signals: tuple[Signal, ...] = ()
    frames: tuple[Frame, ...] = ()

    def __add__(self, other: Effects) -> Effects:
        """These, then the others."""
        return Effects(self.signals + other.signals, self.frames + other.frames)


NOTHING = Effects()


def gathered(several: Iterable[Effects]) -> Effects:
    """All of these in one."""
    them = tuple(several)
    return Effects(
        tuple(signal for each in them for signal in each.signals),
        tuple(frame for each in them for frame in each.frames),
    )
