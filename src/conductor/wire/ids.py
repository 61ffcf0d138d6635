"""What an id may hold: anything but control characters, which PostgreSQL cannot all keep and terminals obey."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from conductor.domain.sessions import RESERVED_EVENT_ID

MAX_ID_CHARS = 200
"""An id longer than this is a mistake or an attack: a UUID has 36 characters, BigBlueButton's poll ids 70."""

NO_CONTROL = r"[^\x00-\x1f\x7f-\x9f]"
"""Everything but Unicode's category Cc, as a class of a regular expression."""

NO_NUL = r"[^\x00]"
"""What PostgreSQL can keep."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BACKSLASH, _DEL = 0x5C, 0x7F

RESERVED = f"no event may be called {RESERVED_EVENT_ID!r}, which stands for all of them; choose another id"

UNFIT = "control characters cannot stand in an id; send it without them"


def is_fit(text: str) -> bool:
    """Whether an id is free of control characters and of halves of characters (lone surrogates)."""
    return text.isprintable() or _CONTROL.search(text) is None


def may_hold_control(body: bytes) -> bool:
    """Whether a JSON body could hold a control character at all: a quick look, which most bodies pass with no.

    JSON spells those below U+0020 with a backslash; the others are DEL and some that are not ASCII.
    """
    return _BACKSLASH in body or _DEL in body or not body.isascii()


def unfit_field(body: Struct) -> str | None:
    """The field of a signal's body that holds an id which is not fit, as JSON calls it; None if all are."""
    for attribute, name in _id_fields(type(body)):
        value = getattr(body, attribute)
        if value is None or (type(value) is str and value.isprintable()):
            # By far the most are like this.
            continue
        if not all(map(is_fit, value if isinstance(value, tuple) else (value,))):
            return name
    return None


@cache
def _id_fields(shape: type[Struct]) -> tuple[tuple[str, str], ...]:
    """Attributes of this shape that hold ids, each with its name in JSON."""
    return tuple((attribute, _IDS[attribute]) for attribute in shape.__struct_fields__ if attribute in _IDS)


_IDS = {
    "session_id": "sessionId",
    "event_id": "eventId",
    "user_id": "userId",
    "message_id": "messageId",
    "poll_id": "pollId",
    "option_id": "optionId",
    "question_id": "questionId",
    "source": "source",
    "session_ids": "sessionIds",
}
"""Attributes of bodies that hold ids, and how JSON calls them."""
