"""What came of erasing a person or an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, and what stays.

    Attributes:
        rows: Rows that were changed or deleted, by table; `threads` are those of decisions on their way.
        entries: Entries of streams that were changed, or streams that were deleted, by stream.
        noted: Entries of the log of every decision that name the person as one who decided for the organiser: they
            stay, as the log would be broken without them.
        again: Sessions that still go on and in which the person was found: rooms hold who is there in memory, so that
            it has to be asked for again when they are over.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    entries: Mapping[str, int] = field(default_factory=dict)
    noted: int = 0
    again: tuple[str, ...] = ()
