"""Fakes that keep the promises of the ports, for tests of your own."""

from __future__ import annotations

from collections.abc import Sequence

from conductor.adapters.rows import LEARNED_KEYS, Row, learned_of, learned_rows, oldest_first, row_of
from conductor.domain.events import Event
from conductor.domain.learned import Learned
from conductor.errors import StoreUnavailable


class MemoryStore:
    """A `Store` that forgets everything when the program ends. It refuses what a database would refuse."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Event] = {}
        self._histories: dict[object, list[Event]] = {}
        self._learned: dict[str, dict[tuple[object, ...], Row]] = {table: {} for table in LEARNED_KEYS}
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

    async def load_learned(self) -> Learned:
        """What was learned so far, sorted; empty at first.

        Raises:
            StoreUnavailable: The store is closed.
        """
        self._refuse_if_closed()
        return learned_of({table: kept.values() for table, kept in self._learned.items()})

    async def save_learned(self, learned: Learned) -> None:
        """Put this in the place of what was known of the same contexts and arms, and kinds of sessions.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The store is closed.
        """
        self._refuse_if_closed()
        for table, rows in learned_rows(learned).items():
            self._learned[table] |= {tuple(row[name] for name in LEARNED_KEYS[table]): row for row in rows}

    async def close(self) -> None:
        """Take nothing more. Closing again changes nothing."""
        self._is_closed = True

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise StoreUnavailable("the store is closed")
