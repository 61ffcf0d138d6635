"""Pages of the audit log: where one ends, as a text that says nothing to callers and is safe in an address."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from json import dumps, loads

from conductor.domain.audit import AuditEntry
from conductor.errors import InvalidInput
from conductor.ports import AuditPage

Place = tuple[str, int]
"""Event and number of the last entry that was given: pages neither repeat nor skip anything while others are added."""


def page_of(entries: Sequence[AuditEntry], limit: int) -> AuditPage:
    """The first `limit` of these, which hold one more if there is more to come."""
    shown = tuple(entries[:limit])
    return AuditPage(shown, _cursor_of(shown[-1]) if len(entries) > limit else None)


def place_at(cursor: str) -> Place:
    """The place that a page ended with.

    Raises:
        InvalidInput: It is none of ours (`invalid_cursor`).
    """
    try:
        event_id, seq = loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        if isinstance(event_id, str) and type(seq) is int and 0 < seq < 2**63 and _text((event_id, seq)) == cursor:
            return event_id, seq
    except (TypeError, ValueError, RecursionError):
        pass
    raise InvalidInput(
        "cursor: is none that a page of the audit log ended with; leave it out to begin with the first",
        code="invalid_cursor",
    )


def refuse_empty(limit: int) -> None:
    """Refuse pages of nothing.

    Raises:
        InvalidInput: `limit` is less than 1 (`invalid_limit`).
    """
    if limit < 1:
        raise InvalidInput(f"limit: {limit} is too few; ask for at least 1 entry", code="invalid_limit")


def _cursor_of(entry: AuditEntry) -> str:
    return _text((entry.event_id, entry.seq))


def _text(place: Place) -> str:
    return urlsafe_b64encode(dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")
