"""Erasing: what a person may ask for (GDPR, Art. 17), and what an organiser may want of an event."""

from __future__ import annotations

from typing import Protocol

from conductor.domain.erased import Erased


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
