"""What the agent needs of the outside world, as small protocols with at least two implementations each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from conductor.domain.audit import AuditEntry
from conductor.domain.budget import NearLimit
from conductor.domain.bus import Entry, Kept, Message
from conductor.domain.events import EngagementUpdated, Event, SessionOpened
from conductor.domain.interventions import Arm, GenerationMethod, Intervention, Outcome
from conductor.domain.learned import Learned
from conductor.domain.organisers import AgentSettings, Answer, Request
from conductor.domain.wording import Prompt, Reply


class Store(Protocol):
    """Keeps what happened and what was learned.

    It listens to events: each becomes a row of its table (metrics, anomalies, decisions, interventions,
    outcomes). Nothing else writes. Implementations: `adapters.store_sql.SqlStore`,
    `adapters.store_memory.MemoryStore`.
    """

    async def record(self, events: Sequence[Event]) -> None:
        """Keep these events, all or none. Recording an event twice keeps it once."""

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


class Platform(Protocol):
    """Where interventions are delivered: rooms, a simulated audience, or nobody (a recording)."""

    async def deliver(self, intervention: Intervention) -> int:
        """Show it to the room and say how many people could see it.

        Delivering the same `intervention_id` again changes nothing and says the same.
        """


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

    async def answer(self, answer: Answer) -> Answer:
        """Keep the answer if it is the decision's first, and say which one stands (maybe an earlier one)."""

    async def request(self, request: Request) -> None:
        """Keep a request until it is due. The same `request_id` again changes nothing."""

    async def due(self, now: float, done: Sequence[Request] = ()) -> Sequence[Request]:
        """Requests due by `now` that are not done, earliest first; `done` are from now on.

        What nobody says is done is given again, so that a crash loses nothing: whoever does it must be able to tell.
        """


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


class Archive(Protocol):
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


class Bus(Protocol):
    """Carries signals, events and actions between processes, or within one.

    Every call raises `BusUnavailable` if the bus cannot be had for longer than it is ready to wait; readers go on by
    themselves once it is back. Implementations: `adapters.bus_memory.MemoryBus`, `adapters.bus_redis.RedisBus`.
    """

    async def publish(self, messages: Sequence[Message]) -> None:
        """Say these to whoever listens now, in this order."""

    def subscribe(self, *patterns: str) -> AbstractAsyncContextManager[AsyncIterator[Message]]:
        """Listen to channels by name, `*` standing for anything.

        Within the context nothing is missed but while the bus is away. A listener that does not keep up loses the
        oldest messages.
        """

    async def append(self, entries: Sequence[Entry]) -> None:
        """Keep these, in this order."""

    def follow(self, prefix: str, since: float) -> AsyncIterator[Sequence[Kept]]:
        """Everything in all streams whose names begin so, from this moment on.

        First what is kept already, in the order in which it came, then one empty batch, then what comes; each entry
        once, also across an outage.
        """

    async def close(self) -> None:
        """Let go of the bus; readers end. Closing again changes nothing."""


class TextModel(Protocol):
    """A language model. Implementations: `adapters.models.LangChainModel`, `testing.ScriptedModel`."""

    @property
    def method(self) -> GenerationMethod:
        """Under which name people see who worded it."""

    @property
    def model(self) -> str:
        """Its id, as its provider calls it; prices are by this id."""

    async def ask(self, prompt: Prompt, timeout_s: float) -> Reply:
        """Ask once; whether to ask again is the caller's to decide.

        Raises:
            ModelUnavailable: No answer in time, or none now; asking again later may help.
            ModelMisconfigured: No answer until the settings are mended; asking again is no use.
            UnfitAnswer: The answer has another shape than the one asked for.
        """


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money set aside for one question to a model.

    Attributes:
        is_near_limit: Whether this reservation took the last 3600 s or 86400 s past the share from which to warn
            (0.8), for the first time since it was well below (0.75).
        near: Which of them, and how much of its money is gone; empty if `is_near_limit` is False.
    """

    reservation_id: str
    usd: float
    at: float
    is_near_limit: bool
    near: tuple[NearLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class Spending:
    """What models have cost, with what is set aside, in US dollars, and how much they may."""

    hour_usd: float
    hour_limit_usd: float
    day_usd: float
    day_limit_usd: float


class Budget(Protocol):
    """What models may cost in any 3600 s and any 86400 s, all workers together.

    What is set aside and never settled, as the worker ended, counts until it is as old as that. A question that cost
    more than was set aside counts as what it cost, even over the limit.

    Every call raises `StoreUnavailable` if the books cannot be had. Implementations: `adapters.budget_sql.SqlBudget`,
    `adapters.budget_memory.MemoryBudget`.
    """

    async def reserve(self, usd: float, now: float) -> Reservation:
        """Set money aside before it is spent.

        Raises:
            BudgetSpent: The hour or the day would be over its limit; nothing was set aside.
        """

    async def settle(self, reservation: Reservation, usd: float) -> None:
        """Put what it cost in the place of what was set aside. Settling again changes nothing."""

    async def spending(self, now: float) -> Spending:
        """How much of the last hour's and day's money is gone."""


class Clock(Protocol):
    """The time, and how to wait for it. Implementations: `duty.clock.SystemClock`, `testing.FakeClock`."""

    def now(self) -> float:
        """Epoch seconds."""

    async def sleep_until(self, moment: float) -> None:
        """Come back at this moment; at once if it is over, but others get their turn."""
