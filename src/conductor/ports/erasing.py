"""Erasing: what a person may ask for (GDPR, Art. 17), and what an organiser may want of an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


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


class Erasing(Protocol):
    """Takes people and events out of everything that is kept. Implementation: `bootstrap.erasing.Eraser`."""

    async def attendee(self, user_id: str, event_id: str | None) -> Erased:
        """Take an attendee out of one event, or (None) of all.

        Raises:
            StoreUnavailable: The store cannot be had.
            BusUnavailable: The bus cannot be had; what was done until then stays done, and may be asked for again.
        """

    async def event(self, event_id: str, by: str) -> Erased:
        """Delete all of an event but what was learned from it. `by` is who wants it so.

        Raises:
            NotFound: There is nothing of such an event.
            Conflict: A session of it still goes on (`event_open`).
            StoreUnavailable: The store cannot be had.
            BusUnavailable: The bus cannot be had; asking again goes on.
        """
