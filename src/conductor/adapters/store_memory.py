"""Store, desk and archive that forget everything when the program ends. They refuse what a database would refuse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from conductor.adapters.archive_memory import MemoryArchive
from conductor.adapters.audit_notes import answer_note, request_note, settings_note
from conductor.adapters.deadlines_memory import MemoryDeadlines
from conductor.adapters.kept_memory import Kept
from conductor.adapters.rows import (
    ANSWERS,
    LEARNED_KEYS,
    REQUESTS,
    SETTINGS,
    Row,
    learned_of,
    learned_rows,
    oldest_first,
    row_of,
)
from conductor.domain.events import (
    Event,
)
from conductor.domain.learned import Learned
from conductor.domain.organisers import AgentSettings, Answer, Request

E = TypeVar("E", bound=Event)


class MemoryStore:
    """A `Store` that forgets.

    Attributes:
        desk: Keeps what organisers decide; closed with the store.
        archive: Answers questions about what was recorded; closed with the store.
        deadlines: Which threads of the workflow have not ended; closed with the store.
        audit: Reads the log of every decision; closed with the store.
    """

    def __init__(self) -> None:
        self._kept = Kept()
        self._learned: dict[str, dict[tuple[object, ...], Row]] = {table: {} for table in LEARNED_KEYS}
        self.desk = MemoryDesk(self._kept)
        self.archive = MemoryArchive(self._kept)
        self.deadlines = MemoryDeadlines(self._kept.refuse_if_closed)
        self.audit = self._kept.audit

    @property
    def events(self) -> Sequence[Event]:
        """All events of all kinds, as they were first recorded."""
        return tuple(self._kept.events.values())

    async def record(self, events: Sequence[Event], learned: Learned | None = None) -> None:
        """Keep these events and what was learned from them, all or none. Recording an event twice keeps it once.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The store is closed.
        """
        self._kept.refuse_if_closed()
        rows = [(event, *row_of(event)) for event in events]
        if learned is not None:
            await self.save_learned(learned)
        for event, shape, row in rows:
            key = (shape.table, *shape.identity(row))
            if key in self._kept.events:
                continue
            self._kept.add(key, row["session_id"], event)
            if shape.in_history:
                self._kept.histories.setdefault(row["session_id"], []).append(event)
        for event in events:
            self._kept.note(event)

    async def history(self, session_id: str) -> Sequence[Event]:
        """Anomalies, decisions, holds, interventions and outcomes of a session, oldest first.

        Raises:
            StoreUnavailable: The store is closed.
        """
        self._kept.refuse_if_closed()
        return oldest_first(self._kept.histories.get(session_id, ()))

    async def load_learned(self) -> Learned:
        """What was learned so far, sorted; empty at first.

        Raises:
            StoreUnavailable: The store is closed.
        """
        self._kept.refuse_if_closed()
        return learned_of({table: kept.values() for table, kept in self._learned.items()})

    async def save_learned(self, learned: Learned) -> None:
        """Put this in the place of what was known of the same contexts and arms, and kinds of sessions.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The store is closed.
        """
        self._kept.refuse_if_closed()
        for table, rows in learned_rows(learned).items():
            self._learned[table] |= {tuple(row[name] for name in LEARNED_KEYS[table]): row for row in rows}

    async def close(self) -> None:
        """Take nothing more. Closing again changes nothing."""
        self._kept.is_closed = True


class MemoryDesk:
    """A `Desk` that forgets; `MemoryStore.desk` is one. Every call raises `StoreUnavailable` once it is closed."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._settings: dict[str, AgentSettings] = {}
        self._answers: dict[tuple[str, str], Answer] = {}
        self._requests: dict[str, Request] = {}
        self._done: set[str] = set()

    async def settings(self, event_id: str) -> AgentSettings | None:
        """What this event allows; None if nobody said anything yet."""
        self._kept.refuse_if_closed()
        return self._settings.get(event_id)

    async def save_settings(self, settings: AgentSettings, *, by: str = "", at: float = 0.0) -> None:
        """Put these in the place of the event's settings. Raises `NotStorable` where a field does not fit."""
        self._kept.refuse_if_closed()
        kept = SETTINGS.record_of(SETTINGS.row_of(settings))
        if self._settings.get(kept.event_id) != kept:
            number = self._kept.audit.length(kept.event_id) + 1
            self._kept.audit.append(settings_note(kept, by, at, number))
        self._settings[kept.event_id] = kept

    async def answer(self, answer: Answer) -> Answer:
        """Keep the answer if it is the decision's first, and say which one stands (maybe an earlier one).

        Raises `NotStorable` where a field does not fit.
        """
        self._kept.refuse_if_closed()
        kept = ANSWERS.record_of(ANSWERS.row_of(answer))
        first = self._answers.setdefault((kept.session_id, kept.decision_id), kept)
        self._kept.audit.append(answer_note(first, self._kept.event_of(first.session_id, first.decision_id)))
        return first

    async def answered(self, session_id: str, decision_id: str) -> Answer | None:
        """The answer that stands; None if nobody answered yet."""
        self._kept.refuse_if_closed()
        return self._answers.get((session_id, decision_id))

    async def request(self, request: Request) -> None:
        """Keep a request until it is due. The same `request_id` again changes nothing.

        Raises `NotStorable` where a field does not fit.
        """
        self._kept.refuse_if_closed()
        kept = REQUESTS.record_of(REQUESTS.row_of(request))
        self._requests.setdefault(kept.request_id, kept)
        self._kept.audit.append(request_note(kept))

    async def due(self, now: float, done: Sequence[Request] = ()) -> Sequence[Request]:
        """Requests due by `now` that are not done, earliest first; `done` are from now on."""
        self._kept.refuse_if_closed()
        self._done |= {each.request_id for each in done}
        due = [each for each in self._requests.values() if each.at <= now and each.request_id not in self._done]
        return sorted(due, key=lambda request: (request.at, request.request_id))
