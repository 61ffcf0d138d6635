"""Fakes that keep the promises of the ports, for tests of your own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conductor.adapters.rows import TALLY_KEY, oldest_first, row_of, tally_of, tally_rows
from conductor.domain.events import Event
from conductor.domain.interventions import Tally
from conductor.errors import StoreUnavailable


class MemoryStore:
    """A `Store` that forgets everything when the program ends. It refuses what a database would refuse."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Event] = {}
        self._histories: dict[object, list[Event]] = {}
        self._tallies: dict[tuple[object, ...], Tally] = {}
        self._is_closed = False

    @property
    def events(self) -> Sequence[Event]:
        """All events of all kinds, as they were first recorded."""
        return tuple(self._kept.values())

    async def record(self, events: Sequence[Event]) -> None:
        """Keep these events, all or none. Recording an event twice keeps it once.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The store is closed.
        """
        self._refuse_if_closed()
        rows = [(event, *row_of(event)) for event in events]
        for event, shape, row in rows:
            key = (shape.table, *shape.identity(row))
            if key in self._kept:
                continue
            self._kept[key] = event
            if shape.in_history:
                self._histories.setdefault(row["session_id"], []).append(event)

    async def history(self, session_id: str) -> Sequence[Event]:
        """Anomalies, decisions, holds, interventions and outcomes of a session, oldest first.

        Raises:
            StoreUnavailable: The store is closed.
        """
        self._refuse_if_closed()
        return oldest_first(self._histories.get(session_id, ()))

    async def load_tallies(self) -> Sequence[Tally]:
        """What was learned so far, sorted by context and arm; empty at first.

        Raises:
            StoreUnavailable: The store is closed.
        """
        self._refuse_if_closed()
        return [tally for _, tally in sorted(self._tallies.items(), key=lambda item: item[0])]

    async def save_tallies(self, tallies: Iterable[Tally]) -> None:
        """Put these in the place of earlier tallies of the same context and arm.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The store is closed.
        """
        self._refuse_if_closed()
        self._tallies |= {
            tuple(row[name] for name in TALLY_KEY): tally_of(row) for row in tally_rows(tallies)
        }

    async def close(self) -> None:
        """Take nothing more. Closing again changes nothing."""
        self._is_closed = True

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise StoreUnavailable("the store is closed")
