"""What is too old goes, a little at a time. `SqlStore.retention` sees to it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, delete, select, tuple_

from conductor.adapters import timescale
from conductor.adapters.sql import Database
from conductor.adapters.tables import EVENT_TABLES

DAY_S = 86_400.0

ROWS_AT_ONCE = 5_000
"""So that nobody who wants to write waits longer than a few hundredths of a second."""

METRICS = "engagement_metrics"

STAYING = frozenset({METRICS, "sessions", "closed_sessions"})
"""Not history: ticks have days of their own, and a session's name outlives what happened in it."""


class SqlRetention:
    """Deletes from a database that somebody else opens and closes.

    What was learned, what organisers decided and the log of every decision are never deleted here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._said: Mapping[str, int] | None = None
        self._by_itself: frozenset[str] = frozenset()

    async def enforce(self, now: float, *, metrics_days: int, history_days: int) -> int:
        """Delete what is older, and say how many rows that were.

        Where TimescaleDB drops whole pieces of a table by itself, it is told when, and its rows are not counted.

        Args:
            now: In epoch seconds.
            metrics_days: How long scores of every tick are kept; 0 for ever.
            history_days: How long anomalies, decisions and what became of them are kept; 0 for ever.

        Raises:
            StoreUnavailable: The database did not answer, or is closed. Going on later does no harm.
        """
        days = await self.tell(metrics_days=metrics_days, history_days=history_days)
        gone = 0
        for name, most in days.items():
            if most and name not in self._by_itself:
                gone += await self._delete(EVENT_TABLES[name], now - most * DAY_S)
        return gone

    async def tell(self, *, metrics_days: int, history_days: int) -> Mapping[str, int]:
        """Tell TimescaleDB, where it is there, how long to keep what; gives the days of each table.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        days = {name: history_days for name in EVENT_TABLES if name not in STAYING} | {METRICS: metrics_days}
        if days != self._said:
            async with self._database.transaction() as connection:
                self._by_itself = await timescale.keep_for(connection, days)
            self._said = days
        return days

    async def _delete(self, table: Table, before: float) -> int:
        key = tuple_(*table.primary_key.columns)
        some = select(*table.primary_key.columns).where(table.c.time < before).limit(ROWS_AT_ONCE)
        gone = 0
        while True:
            async with self._database.transaction() as connection:
                count = (await connection.execute(delete(table).where(key.in_(some)))).rowcount
            gone += count
            if count < ROWS_AT_ONCE:
                return gone
