"""What travels on the bus: messages on channels, and entries that streams keep."""

from __future__ import annotations

from dataclasses import dataclass

SIGNALS = "signals:"
ENGAGEMENT = "engagement:"
HAPPENINGS = "events:"
"""Streams of a session: its signals, its scores, and what else happened; the session's id follows."""

SIGNALS_KEPT = 10_000
ENGAGEMENT_KEPT = 1_000
HAPPENINGS_KEPT = 1_000
"""How many entries they keep."""


@dataclass(frozen=True, slots=True)
class Message:
    """Said once, to whoever listens now; `body` is JSON."""

    channel: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """Kept, for whoever reads later.

    Attributes:
        stream: Name of the stream.
        fields: Names and values; a name may come several times.
        keep: How many entries the stream keeps (about): the oldest go first.
    """

    stream: str
    fields: tuple[tuple[str, bytes], ...]
    keep: int


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as a reader gets it.

    Attributes:
        at: When it was appended, in epoch seconds of the bus.
        entry_id: Tells the entries of a stream apart, in their order.
    """

    stream: str
    fields: tuple[tuple[str, bytes], ...]
    at: float
    entry_id: str
