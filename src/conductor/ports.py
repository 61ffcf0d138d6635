"""What the agent needs of the outside world, as small protocols with at least two implementations each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from conductor.domain.events import Event
from conductor.domain.interventions import Intervention
from conductor.domain.learned import Learned


class Store(Protocol):
    """Keeps what happened and what was learned.

    It listens to events: each becomes a row of its table (metrics, anomalies, decisions, interventions,
    outcomes). Nothing else writes. Implementations: `adapters.store_sql.SqlStore`, `testing.MemoryStore`.
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
