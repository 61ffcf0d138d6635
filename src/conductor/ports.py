"""What the agent needs of the outside world, as small protocols with at least two implementations each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from conductor.domain.events import Event
from conductor.domain.interventions import Intervention, Tally


class Store(Protocol):
    """Keeps what happened and what was learned.

    It listens to events: each becomes a row of its table (metrics, anomalies, decisions, interventions,
    outcomes). Nothing else writes. Implementations: `adapters.store_sql.SqlStore`, `testing.MemoryStore`.
    """

    async def record(self, events: Sequence[Event]) -> None:
        """Keep these events, all or none. Recording an event twice keeps it once."""

    async def history(self, session_id: str) -> Sequence[Event]:
        """Anomalies, decisions, holds, interventions and outcomes of a session, oldest first."""

    async def load_tallies(self) -> Sequence[Tally]:
        """What was learned so far; empty at first.

        Raises:
            UnreadableState: The store was written by something else or by a newer version.
        """

    async def save_tallies(self, tallies: Iterable[Tally]) -> None:
        """Put these in the place of earlier tallies of the same context and arm."""

    async def close(self) -> None:
        """Write what is pending and let go of the store."""


class Platform(Protocol):
    """Where interventions are delivered: rooms, a simulated audience, or nobody (a recording)."""

    async def deliver(self, intervention: Intervention) -> int:
        """Show it to the room and say how many people could see it.

        Delivering the same `intervention_id` again changes nothing and says the same.
        """
