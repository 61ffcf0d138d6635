"""How operators are told of something, and what is remembered of that."""

from __future__ import annotations

from typing import Protocol

from conductor.domain.alerts import Alert


class Alerts(Protocol):
    """Tells operators. Implementations: `adapters.alerts.AppriseAlerts`, `testing.ToldAlerts`."""

    async def send(self, alert: Alert) -> None:
        """Tell it to everybody who is to know.

        Raises:
            NotDelivered: Nobody was told, or not all of them.
        """


class Marks(Protocol):
    """Remembers what is done once for everybody, across restarts and among several processes.

    Every call raises `StoreUnavailable` if they cannot be had. Implementations: `adapters.marks_sql.SqlMarks`,
    `adapters.marks_memory.MemoryMarks`.
    """

    async def put(self, key: str) -> bool:
        """Leave a mark; True for whoever is the first to."""

    async def drop(self, key: str) -> None:
        """Take it away, so that somebody may be the first again."""
