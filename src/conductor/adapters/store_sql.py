"""The store on SQLite or PostgreSQL, through SQLAlchemy.

Import it only where a store is opened: SQLAlchemy takes a few tenths of a second to load.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from conductor.adapters.database import create_if_new, database_of, insert_into, reason, sqlite_url
from conductor.adapters.rows import (
    LEARNED_KEYS,
    SHAPES,
    Row,
    event_of,
    learned_of,
    learned_rows,
    oldest_first,
    row_of,
)
from conductor.adapters.tables import EVENT_TABLES, LEARNED_TABLES
from conductor.domain.events import Event
from conductor.domain.learned import Learned
from conductor.errors import StoreUnavailable, UnreadableState

__all__ = ["SqlStore", "sqlite_url"]


class SqlStore:
    """Keeps everything in a database. Make one with `SqlStore.open`."""

    def __init__(self, engine: AsyncEngine, where: str) -> None:
        self._engine = engine
        self._where = where
        self._insert = insert_into(engine.dialect.name)
        self._at_work = 0
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._is_closed = False

    @classmethod
    async def open(cls, url: str) -> SqlStore:
        """Open the store at this address, and make its tables if nothing is there yet.

        On SQLite a store has one connection, on which its calls queue; several stores may share a file.

        Args:
            url: `sqlite+aiosqlite:///path` (see `sqlite_url`) or `postgresql+asyncpg://…`; the driver may be
                left out.

        Raises:
            UnreadableState: Nothing can be opened there, or it belongs to something else or to a newer
                version. Nothing was changed then.
        """
        engine, where = database_of(url)
        async with AsyncExitStack() as unless_opened:
            unless_opened.push_async_callback(engine.dispose)
            await create_if_new(engine, where)
            unless_opened.pop_all()
        return cls(engine, where)

    async def record(self, events: Sequence[Event]) -> None:
        """Keep these events, all or none. Recording an event twice keeps it once.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The database did not take them, or the store is closed.
        """
        batches = _batches(events)
        async with self._transaction() as connection:
            for table, rows in batches:
                await connection.execute(self._insert(EVENT_TABLES[table]).on_conflict_do_nothing(), rows)

    async def history(self, session_id: str) -> Sequence[Event]:
        """Anomalies, decisions, holds, interventions and outcomes of a session, oldest first.

        Raises:
            UnreadableState: A row cannot be read.
            StoreUnavailable: The database did not answer, or the store is closed.
        """
        events: list[Event] = []
        async with self._transaction() as connection:
            for shape in SHAPES:
                if shape.in_history:
                    table = EVENT_TABLES[shape.table]
                    found = await connection.execute(select(table).where(table.c.session_id == session_id))
                    with self._readable(shape.table):
                        events += [event_of(shape, dict(row)) for row in found.mappings()]
        return oldest_first(events)

    async def load_learned(self) -> Learned:
        """What was learned so far, sorted; empty at first.

        Raises:
            UnreadableState: A row cannot be read.
            StoreUnavailable: The database did not answer, or the store is closed.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        async with self._transaction() as connection:
            with self._readable(" or ".join(LEARNED_TABLES)):
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
        by_table = learned_rows(learned)
        async with self._transaction() as connection:
            for name, table in LEARNED_TABLES.items():
                if rows := by_table[name]:
                    insert = self._insert(table)
                    key = LEARNED_KEYS[name]
                    newer = {c.name: insert.excluded[c.name] for c in table.c if c.name not in key}
                    await connection.execute(insert.on_conflict_do_update(index_elements=key, set_=newer), rows)

    async def close(self) -> None:
        """Let running calls end, then let go of the database. Closing again changes nothing."""
        self._is_closed = True
        await self._is_idle.wait()
        await self._engine.dispose()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        if self._is_closed:
            raise StoreUnavailable(f"{self._where}: the store is closed")
        self._at_work += 1
        self._is_idle.clear()
        try:
            async with self._engine.begin() as connection:
                if connection.dialect.name == "sqlite":
                    # Python's sqlite3 begins only at the first write; reads of several tables want it too.
                    await connection.exec_driver_sql("BEGIN")
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise StoreUnavailable(f"{self._where}: {reason(error)}") from error
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._is_idle.set()

    @contextmanager
    def _readable(self, table: str) -> Iterator[None]:
        try:
            yield
        except (KeyError, TypeError, ValueError) as error:
            message = f"{self._where}: a row of {table} cannot be read ({error}); restore it from a backup"
            raise UnreadableState(message) from error


def _batches(events: Iterable[Event]) -> list[tuple[str, list[Row]]]:
    """Rows by table, both always in the same order: so two writers never wait for each other in a ring."""
    by_table: dict[str, list[Row]] = {}
    for event in events:
        shape, row = row_of(event)
        by_table.setdefault(shape.table, []).append(row)
    return [
        (shape.table, sorted(by_table[shape.table], key=shape.identity)) for shape in SHAPES if shape.table in by_table
    ]
