"""What store, desk and archive share that forget everything when the program ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from conductor.adapters.audit_memory import MemoryAudit
from conductor.adapters.audit_notes import note_of, seen_at
from conductor.adapters.rows import oldest_first
from conductor.domain.events import (
    DecisionMade,
    EngagementUpdated,
    Event,
    SessionOpened,
)
from conductor.errors import StoreUnavailable

E = TypeVar("E", bound=Event)


class Kept:
    """What store, desk and archive share: the events that were recorded, and whether the store is closed."""

    def __init__(self) -> None:
        self.events: dict[tuple[object, ...], Event] = {}
        self.histories: dict[object, list[Event]] = {}
        self.is_closed = False
        self.audit = MemoryAudit(self.refuse_if_closed)
        self._by_kind: dict[type, dict[object, list[Event]]] = {}

    def add(self, key: tuple[object, ...], session_id: object, event: Event) -> None:
        """Keep an event that is not there yet."""
        self.events[key] = event
        self._by_kind.setdefault(type(event), {}).setdefault(session_id, []).append(event)

    def note(self, event: Event) -> None:
        """Put an event into the audit log, if it belongs there."""
        where = seen_at(event)
        seen = None if where is None else self._update_at(*where)
        note = note_of(event, seen)
        if note is not None:
            self.audit.append(note)

    def _update_at(self, session_id: str, at: float) -> EngagementUpdated | None:
        updates = self._by_kind.get(EngagementUpdated, {}).get(session_id, [])
        # The latest comes last, so that this ends at once.
        return next((each for each in reversed(updates) if isinstance(each, EngagementUpdated) and each.at <= at), None)

    def event_of(self, session_id: str, decision_id: str) -> str:
        """The event of a decision, or else of its session; empty if nobody heard of either."""
        made = (event.decision for event in self.of_kind(DecisionMade, session_id))
        of_decision = (each.event_id for each in made if each.decision_id == decision_id)
        opened = oldest_first(self.of_kind(SessionOpened, session_id))
        return next(of_decision, opened[-1].event_id if opened else "")

    def of_kind(self, kind: type[E], session_id: str | None = None) -> Iterator[E]:
        """Events of one kind, of one session or of all."""
        by_session = self._by_kind.get(kind, {})
        lists = by_session.values() if session_id is None else [by_session.get(session_id, [])]
        return (event for events in lists for event in events if isinstance(event, kind))

    def refuse_if_closed(self) -> None:
        """Raise `StoreUnavailable` once the store is closed."""
        if self.is_closed:
            raise StoreUnavailable("the store is closed")
