"""Who belongs to which segment of an audience, and what a nudge says to one person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from conductor.domain.interventions import Segment

DISENGAGED_IDLE_S = 600.0
DISENGAGED_PRESENT_S = 300.0
LURKER_PRESENT_S = 900.0
"""The blueprint's segments: no interaction for 10 min while present over 5; never any, present over 15."""

NAME_MAX = 60
"""Characters; our choice. Platforms allow longer display names, but a message of 280 has to stay readable."""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of one person in the room.

    Attributes:
        user_id: Opaque.
        present_s: Seconds since they came, in this visit.
        idle_s: Seconds since they last interacted, or since they first came if they never did.
        interactions: How often they interacted in this session.
        first_session: Whether this is their first session ever.
    """

    user_id: str
    present_s: float
    idle_s: float
    interactions: int
    first_session: bool = False


def belongs(person: PersonFacts, segment: Segment) -> bool:
    """Whether this person is in the segment. Somebody may be in several."""
    match segment:
        case Segment.DISENGAGED:
            return person.idle_s >= DISENGAGED_IDLE_S and person.present_s > DISENGAGED_PRESENT_S
        case Segment.LURKERS:
            return person.interactions == 0 and person.present_s > LURKER_PRESENT_S
        case Segment.FIRST_TIME:
            return person.first_session


def members(people: Sequence[PersonFacts], segment: Segment) -> tuple[str, ...]:
    """The ids of those in the segment, in the order in which they were given."""
    return tuple(person.user_id for person in people if belongs(person, segment))


_SLOT = re.compile(r"\{\{(name|action)\}\}")

_NAMELESS = (
    (re.compile(r"^\{\{name\}\}[,:]?\s+"), ""),
    (re.compile(r"\s*,?\s*\{\{name\}\}(?=[,.?!:;]|$)"), ""),
    (re.compile(r"\{\{name\}\}\s?"), ""),
)
"""How the name, and the comma that belongs to it, leave a sentence when it is not known."""


def fill(message: str, display_name: str, action: str) -> str:
    """The message of a nudge as one person reads it: plain text, so whoever shows it has to escape it.

    Both slots are filled in one pass; a name that itself holds `{{action}}` stays as it is written. Without
    a name the sentence closes over the gap and starts with a capital.

    Args:
        message: With `{{name}}` and `{{action}}`, each any number of times.
        display_name: As the person gave it; control characters go, and it is cut at `NAME_MAX` characters.
        action: The call to action.
    """
    name = _one_line(display_name)
    if not name:
        for pattern, instead in _NAMELESS:
            message = pattern.sub(instead, message)
        message = message[:1].upper() + message[1:]
    values = {"name": name, "action": _one_line(action, longest=len(action))}
    return _SLOT.sub(lambda slot: values[slot[1]], message)


def _one_line(text: str, *, longest: int = NAME_MAX) -> str:
    """Without control and invisible characters, on one line, cut with an ellipsis where it is too long."""
    visible = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    line = " ".join(visible.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
