"""The store on SQLite or PostgreSQL, through SQLAlchemy.

Import it only where a store is opened: SQLAlchemy takes a few tenths of a second to load.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from conductor.adapters.archive_sql import SqlArchive
from conductor.adapters.audit_notes import note_of
from conductor.adapters.audit_sql import SqlAudit, append_events, lock_of
from conductor.adapters.batches import insert_new
from conductor.adapters.budget_sql import SqlBudget
from conductor.adapters.database import sqlite_url
from conductor.adapters.deadlines_sql import SqlDeadlines
from conductor.adapters.desk_sql import SqlDesk
from conductor.adapters.erasing_sql import SqlErasing
from conductor.adapters.marks_sql import SqlMarks
from conductor.adapters.retention_sql import SqlRetention
from conductor.adapters.revoked_sql import SqlRevoked
from conductor.adapters.rows import (
    SHAPES,
    Row,
    Shape,
    event_of,
    learned_of,
    learned_rows,
    oldest_first,
    row_of,
)
from conductor.adapters.sql import Database
from conductor.adapters.tables import EVENT_TABLES, LEARNED_TABLES
from conductor.domain.events import Event
from conductor.domain.learned import Learned

__all__ = ["SqlStore", "sqlite_url"]


class SqlStore:
    """Keeps everything in a database. Make one with `SqlStore.open`.

    Attributes:
        desk: Keeps what organisers decide, in the same database; closed with the store.
        archive: Answers questions about what was kept, from the same database; closed with the store.
        deadlines: Which threads of the workflow have not ended, in the same database; closed with the store.
        audit: Reads the log of every decision, from the same database; closed with the store.
        retention: Deletes what is too old, from the same database; closed with the store.
        erasing: Takes a person or an event out of the same database; closed with the store.
        revoked: Which tokens were called back, in the same database; closed with the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.desk = SqlDesk(database)
        self.archive = SqlArchive(database)
        self.deadlines = SqlDeadlines(database)
        self.audit = SqlAudit(database)
        self.retention = SqlRetention(database)
        self.marks = SqlMarks(database)
        self.erasing = SqlErasing(database)
        self.revoked = SqlRevoked(database)

    @classmethod
    async def open(cls, url: str) -> SqlStore:
        """Open the store at this address; make its tables if nothing is there yet, bring an older file up to date.

        On SQLite a store has one connection, on which its calls queue; several stores may share a file.

        Args:
            url: `sqlite+aiosqlite:///path` (see `sqlite_url`) or `postgresql+asyncpg://…`; the driver may be
                left out.

        Raises:
            UnreadableState: Nothing can be opened there, or it belongs to something else or to a newer
                version. Nothing was changed then.
        """
        return cls(await Database.open(url))

    async def record(self, events: Sequence[Event], learned: Learned | None = None) -> None:
        """Keep these events and what was learned from them, all or none. Recording an event twice keeps it once.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The database did not take them, or the store is closed.
        """
        batches = _batches(events)
        notes = [note for note in map(note_of, events) if note is not None]
        async with self._database.transaction(locks={lock_of(note.event_id) for note in notes}) as connection:
            for shape, rows in batches:
                await insert_new(connection, EVENT_TABLES[shape.table], shape, rows)
            if notes:
                await append_events(connection, events)
            if learned is not None:
                await self._put_learned(connection, learned)

    async def history(self, session_id: str) -> Sequence[Event]:
        """Anomalies, decisions, holds, interventions and outcomes of a session, oldest first.

        Raises:
            UnreadableState: A row cannot be read.
            StoreUnavailable: The database did not answer, or the store is closed.
        """
        events: list[Event] = []
        async with self._database.transaction() as connection:
            for shape in SHAPES:
                if shape.in_history:
                    table = EVENT_TABLES[shape.table]
                    found = await connection.execute(select(table).where(table.c.session_id == session_id))
                    with self._database.readable(shape.table):
                        events += [event_of(shape, dict(row)) for row in found.mappings()]
        return oldest_first(events)

    async def load_learned(self) -> Learned:
        """What was learned so far, sorted; empty at first.

        Raises:
            UnreadableState: A row cannot be read.
            StoreUnavailable: The database did not answer, or the store is closed.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        async with self._database.transaction() as connection:
            with self._database.readable(" or ".join(LEARNED_TABLES)):
                for name, table in LEARNED_TABLES.items():
                    rows = await connection.execute(select(table))
                    found[name] = [dict(row) for row in rows.mappings()]
                return learned_of(found)

    async def save_learned(self, learned: Learned) -> None:
        """Put this in the place of what was known of the same contexts and arms, and kinds of sessions.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The database did not take it, or the store is closed.
        """
        async with self._database.transaction() as connection:
            await self._put_learned(connection, learned)

    async def _put_learned(self, connection: AsyncConnection, learned: Learned) -> None:
        by_table = learned_rows(learned)
        for name, table in LEARNED_TABLES.items():
            if rows := by_table[name]:
                await connection.execute(self._database.insert_or_replace(table), rows)

    def budget(self, hour_limit_usd: float, day_limit_usd: float) -> SqlBudget:
        """What models may cost, in the same database: shared by everybody who uses it, closed with the store.

        Raises:
            InvalidInput: A limit is less than 0, or no number.
        """
        return SqlBudget(self._database, hour_limit_usd, day_limit_usd)

    async def close(self) -> None:
        """Let running calls end, then let go of the database. Closing again changes nothing."""
        await self._database.close()


def _batches(events: Iterable[Event]) -> list[tuple[Shape, list[Row]]]:
    """Rows by table, always in the same order: so two writers never wait for each other in a ring."""
    by_table: dict[str, list[Row]] = {}
    for event in events:
        shape, row = row_of(event)
        by_table.setdefault(shape.table, []).append(row)
    return [(shape, by_table[shape.table]) for shape in SHAPES if shape.table in by_table]
