"""Store, desk and archive that forget everything when the program ends. They refuse what a database would refuse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import TypeVar

from conductor.adapters.audit_memory import MemoryAudit
from conductor.adapters.audit_notes import answer_note, note_of, request_note, seen_at, settings_note
from conductor.adapters.cursor import page_of, place_at, place_of, refuse_empty
from conductor.adapters.deadlines_memory import MemoryDeadlines
from conductor.adapters.minutes_memory import minutes_of
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
    DecisionMade,
    EngagementUpdated,
    Event,
    InterventionExecuted,
    OutcomeMeasured,
    SessionOpened,
    TrialEnded,
)
from conductor.domain.interventions import Intervention, Outcome
from conductor.domain.learned import Learned
from conductor.domain.organisers import AgentSettings, Answer, Request
from conductor.domain.trials import Trial
from conductor.errors import StoreUnavailable
from conductor.ports import Page, Wanted
from conductor.ports.curves import Minute

E = TypeVar("E", bound=Event)


class _Kept:
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


class MemoryStore:
    """A `Store` that forgets.

    Attributes:
        desk: Keeps what organisers decide; closed with the store.
        archive: Answers questions about what was recorded; closed with the store.
        deadlines: Which threads of the workflow have not ended; closed with the store.
        audit: Reads the log of every decision; closed with the store.
    """

    def __init__(self) -> None:
        self._kept = _Kept()
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

    def __init__(self, kept: _Kept) -> None:
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


class MemoryArchive:
    """An `Archive` that forgets; `MemoryStore.archive` is one. Every call raises `StoreUnavailable` once closed."""

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept

    async def sessions(self, event_id: str | None) -> Sequence[SessionOpened]:
        """The latest opening of each session, of one event or of all, newest first."""
        await self.ping()
        by_session = {opened.session_id: opened for opened in oldest_first(self._kept.of_kind(SessionOpened))}
        wanted = [opened for opened in by_session.values() if event_id in {None, opened.event_id}]
        return sorted(wanted, key=lambda opened: (-opened.at, opened.session_id))

    async def curve(self, session_id: str, since: float, until: float) -> Sequence[EngagementUpdated]:
        """Scores of a session in [since, until), oldest first."""
        await self.ping()
        updates = self._kept.of_kind(EngagementUpdated, session_id)
        return sorted((each for each in updates if since <= each.at < until), key=lambda each: each.at)

    async def minutes(self, session_id: str, since: float, until: float) -> Sequence[Minute]:
        """Each minute of a session that has scores and begins in [since, until), oldest first; whole minutes only."""
        return minutes_of(await self.curve(session_id, -inf, inf), since, until)

    async def interventions(self, wanted: Wanted, limit: int, cursor: str | None) -> Page:
        """A page of at most `limit` (1 or more) interventions.

        Raises:
            InvalidInput: The cursor is none of ours, or the limit less than 1.
        """
        await self.ping()
        refuse_empty(limit)
        executed = self._kept.of_kind(InterventionExecuted, wanted.session_id)
        found = [event.intervention for event in executed if _is_wanted(event.intervention, wanted)]
        if cursor is not None:
            last = place_at(cursor)
            found = [intervention for intervention in found if place_of(intervention) < last]
        return page_of(sorted(found, key=place_of, reverse=True)[: limit + 1], limit)

    async def outcomes(self, event_id: str | None, since: float | None) -> Sequence[Outcome]:
        """Measured outcomes, of one event or of all, oldest first."""
        await self.ping()
        outcomes = [event.outcome for event in oldest_first(self._kept.of_kind(OutcomeMeasured))]
        return [
            outcome
            for outcome in outcomes
            if event_id in {None, outcome.event_id} and (since is None or since <= outcome.at)
        ]

    async def trials(self, event_id: str | None, since: float | None) -> Sequence[Trial]:
        """Trials that ended, of one event or of all, oldest first."""
        await self.ping()
        trials = [event.trial for event in oldest_first(self._kept.of_kind(TrialEnded))]
        return [each for each in trials if event_id in {None, each.event_id} and (since is None or since <= each.at)]

    async def scored_until(self) -> float | None:
        """When the latest score was made that is kept, in epoch seconds; None if none is."""
        await self.ping()
        return max((update.at for update in self._kept.of_kind(EngagementUpdated)), default=None)

    async def ping(self) -> None:
        """Return if the store is open."""
        self._kept.refuse_if_closed()


def _is_wanted(intervention: Intervention, wanted: Wanted) -> bool:
    return (
        wanted.event_id in {None, intervention.event_id}
        and wanted.arm in {None, intervention.arm}
        and (wanted.since is None or wanted.since <= intervention.at)
        and (wanted.until is None or intervention.at < wanted.until)
    )
