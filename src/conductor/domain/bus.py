"""What travels on the bus: messages on channels, and entries that streams keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SIGNALS = "signals:"
ENGAGEMENT = "engagement:"
HAPPENINGS = "events:"
"""Streams of a session: its signals, its scores, and what else happened; the session's id follows."""

SIGNALS_KEPT = 10_000
ENGAGEMENT_KEPT = 1_000
HAPPENINGS_KEPT = 1_000
"""How many entries they keep."""


Changed = Callable[[tuple[tuple[str, bytes], ...]], "tuple[tuple[str, bytes], ...] | None"]
"""What becomes of an entry, by its fields: others, none if it goes, or None if it stays as it is."""


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


class Kept(NamedTuple):
    """An entry as a reader gets it; a named tuple, with its fields as two columns, since it is made in half the time.

    Attributes:
        names: Names of its fields.
        values: What they hold, as many.
        at: When it was appended, in epoch seconds of the bus.
        entry_id: Tells the entries of a stream apart, in their order.
    """

    stream: str
    names: Sequence[str]
    values: Sequence[bytes]
    at: float
    entry_id: str

    @property
    def fields(self) -> tuple[tuple[str, bytes], ...]:
        """Names and values in pairs, as they were appended."""
        return tuple(zip(self.names, self.values, strict=True))
