"""Where what happened, was decided and was answered is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from conductor.domain.audit import AuditEntry
from conductor.domain.events import EngagementUpdated, Event, SessionOpened
from conductor.domain.interventions import Arm, Intervention, Outcome
from conductor.domain.learned import Learned
from conductor.domain.organisers import AgentSettings, Answer, Request
from conductor.ports.curves import Minutes
from conductor.ports.tried import Trials


class Store(Protocol):
    """Keeps what happened and what was learned.

    It listens to events: each becomes a row of its table (metrics, anomalies, decisions, interventions,
    outcomes). Nothing else writes. Implementations: `adapters.store_sql.SqlStore`,
    `adapters.store_memory.MemoryStore`.
    """

    async def record(self, events: Sequence[Event], learned: Learned | None = None) -> None:
        """Keep these events and what was learned from them, all or none. Recording an event twice keeps it once."""

    async def history(self, session_id: str) -> Sequence[Event]:
        """Anomalies, decisions, holds, interventions and outcomes of a session, oldest first."""

    async def load_learned(self) -> Learned:
        """What was learned so far, sorted; empty at first.

        Raises:
            UnreadableState: A row cannot be read.
            StoreUnavailable: The store did not answer, or is closed.
        """

    async def save_learned(self, learned: Learned) -> None:
        """Put this in the place of what was known of the same contexts and arms, and kinds of sessions.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The store did not take it, or is closed.
        """

    async def close(self) -> None:
        """Write what is pending and let go of the store."""


class Desk(Protocol):
    """Keeps what organisers decide. Every call raises `StoreUnavailable` if the store cannot be had."""

    async def settings(self, event_id: str) -> AgentSettings | None:
        """What this event allows; None if nobody said anything yet."""

    async def save_settings(self, settings: AgentSettings, *, by: str = "", at: float = 0.0) -> None:
        """Put these in the place of the event's settings.

        Args:
            settings: What the event allows from now on.
            by: Who wants it so; empty if nobody knows.
            at: When, in epoch seconds.
        """

    async def request(self, request: Request) -> None:
        """Keep a request until it is due. The same `request_id` again changes nothing."""

    async def due(self, now: float, done: Sequence[Request] = ()) -> Sequence[Request]:
        """Requests due by `now` that are not done, earliest first; `done` are from now on.

        What nobody says is done is given again, so that a crash loses nothing: whoever does it must be able to tell.
        """


class Answers(Protocol):
    """Keeps what organisers answered. Every call raises `StoreUnavailable` if the store cannot be had.

    Every `Desk` is one.
    """

    async def answer(self, answer: Answer) -> Answer:
        """Keep the answer if it is the decision's first, and say which one stands (maybe an earlier one)."""

    async def answered(self, session_id: str, decision_id: str) -> Answer | None:
        """The answer that stands; None if nobody answered yet."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which interventions are asked for; None and empty mean all. Times are epoch seconds, `since` inclusive."""

    session_id: str | None = None
    event_id: str | None = None
    arm: Arm | None = None
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some interventions, newest first, and from where to go on; None at the end."""

    interventions: tuple[Intervention, ...]
    next_cursor: str | None


class Archive(Minutes, Trials, Protocol):
    """Answers questions about what was kept. Every call raises `StoreUnavailable` if the store cannot be had."""

    async def sessions(self, event_id: str | None) -> Sequence[SessionOpened]:
        """The latest opening of each session, of one event or of all, newest first."""

    async def curve(self, session_id: str, since: float, until: float) -> Sequence[EngagementUpdated]:
        """Scores of a session in [since, until), oldest first."""

    async def interventions(self, wanted: Wanted, limit: int, cursor: str | None) -> Page:
        """A page of interventions.

        Raises:
            InvalidInput: The cursor is none of ours.
        """

    async def outcomes(self, event_id: str | None, since: float | None) -> Sequence[Outcome]:
        """Measured outcomes, of one event or of all, oldest first."""

    async def ping(self) -> None:
        """Return if the store can be had."""


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Which entries are asked for; None means all. Times are epoch seconds, `since` inclusive."""

    event_id: str | None = None
    session_id: str | None = None
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries: one event after the other, each from its first on; and from where to go on, None at the end."""

    entries: tuple[AuditEntry, ...]
    next_cursor: str | None


class Audit(Protocol):
    """The log of every decision. Store and desk write it with what they keep, and it is only ever added to."""

    async def entries(self, wanted: AuditWanted, limit: int, cursor: str | None) -> AuditPage:
        """A page of at most `limit` entries, whatever somebody made of them: `ChainCheck` says whether they are whole.

        Raises:
            InvalidInput: The cursor is none of ours, or the limit less than 1.
            StoreUnavailable: The store cannot be had.
        """


@dataclass(frozen=True, slots=True)
class Deadline:
    """A thread of a decision that has not ended, and when somebody has to look at it at the latest (epoch seconds)."""

    decision_id: str
    session_id: str
    at: float


class Deadlines(Protocol):
    """Which threads there are, and until when each waits.

    Every call raises `StoreUnavailable` if they cannot be had. Implementations: `adapters.deadlines_sql.SqlDeadlines`,
    `adapters.store_memory.MemoryDeadlines`.
    """

    async def put(self, deadline: Deadline) -> None:
        """Keep this one in the place of an earlier one of the same decision."""

    async def drop(self, decision_id: str) -> None:
        """Forget it. Forgetting it again changes nothing."""

    async def all(self) -> Sequence[Deadline]:
        """All of them, earliest first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a journal holds for the store.

    Attributes:
        events: In the order in which they came.
        learned: What was learned by the last of them; None if none of them taught anything.
        lines: How many lines of the journal that is.
    """

    events: tuple[Event, ...]
    learned: Learned | None
    lines: int


class Journal(Protocol):
    """Keeps on this machine what the store did not take, until it does. Calls are short, and nobody waits for others.

    It is bounded: scores go before anything else, and what went is counted. Implementations:
    `adapters.journal_file.FileJournal`, `adapters.journal_memory.MemoryJournal`.

    Attributes:
        dropped_scores: How many scores went.
        dropped_others: How many other events went, which takes far longer.
    """

    dropped_scores: int
    dropped_others: int

    @property
    def waiting(self) -> int:
        """How many lines the store does not have yet."""

    def append(self, events: Iterable[Event], learned: Learned | None = None) -> None:
        """Keep these for the store, after what waits already.

        Raises:
            StoreUnavailable: It cannot be kept here either.
        """

    def first(self, most: int) -> Waiting:
        """The oldest, up to so many; they stay until `drop` says that the store has them."""

    def drop(self, count: int) -> None:
        """The store has so many of the oldest lines."""

    def close(self) -> None:
        """Let go of it. What waits is found again by whoever opens it."""
