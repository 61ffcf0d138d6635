"""What is too old goes, a little at a time. `SqlStore.retention` sees to it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Table, delete, func, select, tuple_

from conductor.adapters import timescale
from conductor.adapters.audit_sql import lock_of
from conductor.adapters.erasing_sql import forget_chain
from conductor.adapters.sql import Database
from conductor.adapters.tables import ANSWERS_TABLE, AUDIT_TABLE, EVENT_TABLES, REQUESTS_TABLE

DAY_S = 86_400.0

ROWS_AT_ONCE = 5_000
"""So that nobody who wants to write waits longer than a few hundredths of a second."""

METRICS = "engagement_metrics"

STAYING = frozenset({METRICS, "sessions", "closed_sessions"})
"""Not history: ticks have days of their own, and a session's name outlives what happened in it."""


class SqlRetention:
    """Deletes from a database that somebody else opens and closes.

    What was learned, settings and which sessions there were are never deleted here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._said: Mapping[str, int] | None = None
        self._by_itself: frozenset[str] = frozenset()

    async def enforce(self, now: float, *, metrics_days: int, history_days: int, audit_days: int = 0) -> int:
        """Delete what is older, and say how many rows that were.

        Where TimescaleDB drops whole pieces of a table by itself, it is told when, and its rows are not counted.

        Args:
            now: In epoch seconds.
            metrics_days: How long scores of every tick are kept; 0 for ever.
            history_days: How long anomalies, decisions, answers and what became of them are kept; 0 for ever.
            audit_days: How long after its last entry the log of an event is kept, which goes as a whole; 0 for ever.

        Raises:
            StoreUnavailable: The database did not answer, or is closed. Going on later does no harm.
        """
        days = await self.tell(metrics_days=metrics_days, history_days=history_days)
        gone = 0
        for name, most in days.items():
            if most and name not in self._by_itself:
                gone += await self._delete(EVENT_TABLES[name], now - most * DAY_S)
        if history_days:
            before = now - history_days * DAY_S
            gone += await self._delete(ANSWERS_TABLE, before)
            gone += await self._delete(REQUESTS_TABLE, before, REQUESTS_TABLE.c.taken)
        if audit_days:
            gone += await self._forget_chains(now, audit_days)
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

    async def _forget_chains(self, now: float, days: int) -> int:
        """A chain that loses its beginning is broken, so that it goes as a whole when nothing was added for so long."""
        newest = func.max(AUDIT_TABLE.c.time)
        old = select(AUDIT_TABLE.c.event_id).group_by(AUDIT_TABLE.c.event_id).having(newest < now - days * DAY_S)
        async with self._database.transaction() as connection:
            events = (await connection.execute(old)).scalars().all()
        gone = 0
        for event_id in events:
            async with self._database.transaction(locks=[lock_of(event_id)]) as connection:
                # Somebody may have added to it meanwhile.
                if await connection.scalar(old.where(AUDIT_TABLE.c.event_id == event_id)) is not None:
                    gone += await forget_chain(connection, event_id, "", f"older than {days} days", now)
        return gone

    async def _delete(self, table: Table, before: float, *those: ColumnElement[bool]) -> int:
        key = tuple_(*table.primary_key.columns)
        some = select(*table.primary_key.columns).where(table.c.time < before, *those).limit(ROWS_AT_ONCE)
        gone = 0
        while True:
            async with self._database.transaction() as connection:
                count = (await connection.execute(delete(table).where(key.in_(some)))).rowcount
            gone += count
            if count < ROWS_AT_ONCE:
                return gone
