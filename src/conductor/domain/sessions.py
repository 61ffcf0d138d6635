"""A live session: what kind it is, how large, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

RESERVED_EVENT_ID = "*"
"""No event may have this id: it stands for all of them, in tokens for instance."""

MOST_OPEN = 2_000
"""Sessions that are watched at once (stated guess: far more than an event has, and with all that is known of each still
in the memory of one machine)."""


class SessionType(StrEnum):
    """The format of a session."""

    KEYNOTE = "keynote"
    WORKSHOP = "workshop"
    PANEL = "panel"
    TALK = "talk"
    MEETING = "meeting"


class Phase(StrEnum):
    """Where a session stands between its start and its end."""

    OPENING = "opening"
    MIDDLE = "middle"
    CLOSING = "closing"
    QA = "qa"


class SizeBucket(StrEnum):
    """Audience size, in the steps in which contexts are told apart."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


SMALL_BELOW = 25
LARGE_FROM = 200
"""A class or meeting is below 25 people, a webinar from 200 on; in between lies the usual talk."""


def size_bucket(audience: float) -> SizeBucket:
    """The bucket of an audience of this many people (0 or more)."""
    if audience < SMALL_BELOW:
        return SizeBucket.SMALL
    return SizeBucket.MEDIUM if audience < LARGE_FROM else SizeBucket.LARGE


@dataclass(frozen=True, slots=True)
class SessionProfile:
    """What the platform says of a session; everything but the type may be unknown.

    Attributes:
        starts_at: Planned start in epoch seconds.
        ends_at: Planned end in epoch seconds.
    """

    title: str = ""
    description: str = ""
    type: SessionType = SessionType.TALK
    topics: tuple[str, ...] = ()
    speaker: str = ""
    starts_at: float | None = None
    ends_at: float | None = None
