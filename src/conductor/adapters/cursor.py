"""Where a page of interventions ends: a text that says nothing to callers and is safe in an address.

It names the last intervention that was given, not a number of rows, so pages neither repeat nor skip anything while
newer interventions arrive.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from json import dumps, loads

from conductor.domain.interventions import Intervention
from conductor.errors import InvalidInput
from conductor.ports import Page
from conductor.wire.codec import decode, encode


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an intervention stands among all; newer ones are greater.

    The ids tell apart what was done in the same moment, and the session what carries the same id.
    """

    time: float
    intervention_id: str
    session_id: str


def place_of(intervention: Intervention) -> Place:
    """Where this intervention stands."""
    return Place(intervention.at, intervention.intervention_id, intervention.session_id)


def cursor_of(place: Place) -> str:
    """The text for a place."""
    plain = dumps(encode(place), separators=(",", ":"))
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def place_at(cursor: str) -> Place:
    """The place that `cursor_of` made this text of.

    Raises:
        InvalidInput: It is none of ours (`invalid_cursor`).
    """
    try:
        place = decode(Place, loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))))
        is_ours = cursor_of(place) == cursor
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        is_ours = False
    if not is_ours:
        raise InvalidInput(
            "cursor: is none that a page of interventions ended with; leave it out to begin with the newest",
            code="invalid_cursor",
        )
    return place


def page_of(newest_first: Sequence[Intervention], limit: int) -> Page:
    """The first `limit` of these, which hold one more if there is more to come."""
    shown = tuple(newest_first[:limit])
    return Page(shown, cursor_of(place_of(shown[-1])) if len(newest_first) > limit else None)


def refuse_empty(limit: int) -> None:
    """Refuse pages of nothing.

    Raises:
        InvalidInput: `limit` is less than 1 (`invalid_limit`).
    """
    if limit < 1:
        raise InvalidInput(f"limit: {limit} is too few; ask for at least 1 intervention", code="invalid_limit")
