"""A database that is open, as store, desk and archive share it: transactions, and one way to fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from sqlalchemy import Executable, Table, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from conductor.adapters.database import ANSWER_S, database_of, insert_into, reason
from conductor.adapters.schema import prepare
from conductor.errors import StoreUnavailable, UnreadableState


class Database:
    """Hands out transactions until it is closed. Make one with `Database.open`.

    Attributes:
        engine: For what cannot be done within a transaction.
        has_minutes: Whether it sums scores by the minute itself.
    """

    def __init__(self, engine: AsyncEngine, where: str, *, has_minutes: bool = False) -> None:
        self.has_minutes = has_minutes
        self.engine = engine
        self._where = where
        self._insert = insert_into(engine.dialect.name)
        self._at_work = 0
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._is_closed = False

    @classmethod
    async def open(cls, url: str) -> Database:
        """Open the database at this address, and make its tables if nothing is there yet.

        Args:
            url: `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`; the driver may be left out.

        Raises:
            UnreadableState: Nothing can be opened there, or it belongs to something else or to a newer
                version. Nothing was changed then.
        """
        engine, where = database_of(url)
        async with AsyncExitStack() as unless_opened:
            unless_opened.push_async_callback(engine.dispose)
            sums = await prepare(engine, where)
            unless_opened.pop_all()
        return cls(engine, where, has_minutes=sums)

    def insert_new(self, table: Table) -> Executable:
        """An INSERT after which a row that is there already stays as it is."""
        return self._insert(table).on_conflict_do_nothing()

    def insert_or_replace(self, table: Table) -> Executable:
        """An INSERT that takes the place of a row with the same key."""
        insert = self._insert(table)
        newer = {column.name: insert.excluded[column.name] for column in table.c if not column.primary_key}
        return insert.on_conflict_do_update(index_elements=table.primary_key.columns, set_=newer)

    @asynccontextmanager
    async def transaction(
        self, *, locks: Iterable[int] = (), is_patient: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        """A connection for statements of which all count or none.

        Args:
            locks: Numbers of what is to be done by one at a time, among all programs on the database. SQLite has one
                lock for everything that writes.
            is_patient: Whether it may take as long as it takes, as where much is changed at once.

        Raises:
            StoreUnavailable: The database failed within the context, or is closed.
        """
        # In one order for all, so that nobody waits in a ring.
        held = sorted(set(locks))
        async with AsyncExitStack() as stack:
            if is_patient:
                connection = await stack.enter_async_context(self.patient())
            else:
                stack.enter_context(self._working())
                connection = await stack.enter_async_context(self.engine.connect())
                await stack.enter_async_context(_hung_up(connection))
            await stack.enter_async_context(connection.begin())
            if connection.dialect.name == "sqlite":
                # Python's sqlite3 begins only at the first write; reads of several tables want it too.
                await connection.exec_driver_sql("BEGIN IMMEDIATE" if held else "BEGIN")
            else:
                for lock in held:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock})
            yield connection

    @asynccontextmanager
    async def patient(self) -> AsyncIterator[AsyncConnection]:
        """A connection, without a transaction, on which a statement may take as long as it takes.

        Raises:
            StoreUnavailable: The database failed within the context, or is closed.
        """
        async with AsyncExitStack() as stack:
            stack.enter_context(self._working())
            engine = self.engine
            if engine.dialect.name == "postgresql":
                # How long an answer may take is said once for each connection, when it is made.
                engine, _ = database_of(engine.url.render_as_string(hide_password=False), is_patient=True)
                stack.push_async_callback(engine.dispose)
            yield await stack.enter_async_context(engine.connect())

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Closing waits for what is done in here, and whatever fails says so in one way."""
        if self._is_closed:
            raise StoreUnavailable(f"{self._where}: the store is closed")
        self._at_work += 1
        self._is_idle.clear()
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise StoreUnavailable(f"{self._where}: {reason(error)}") from error
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._is_idle.set()

    @contextmanager
    def readable(self, table: str) -> Iterator[None]:
        """Where rows of a table are read.

        Raises:
            UnreadableState: A row does not say what it should.
        """
        try:
            yield
        except (KeyError, TypeError, ValueError) as error:
            message = f"{self._where}: a row of {table} cannot be read ({error}); restore it from a backup"
            raise UnreadableState(message) from error

    async def close(self) -> None:
        """Let running calls end, then let go of the database. Closing again changes nothing."""
        self._is_closed = True
        await self._is_idle.wait()
        await self.engine.dispose()


@asynccontextmanager
async def _hung_up(connection: AsyncConnection) -> AsyncIterator[None]:
    """Hang up on a server that does not answer: to a connection that died unnoticed not even an end can be told."""
    if connection.dialect.name == "sqlite":
        yield
        return
    driver = (await connection.get_raw_connection()).driver_connection
    # asyncpg says nothing of its types here.
    hanging_up = asyncio.get_running_loop().call_later(ANSWER_S, getattr(driver, "terminate", str))
    try:
        yield
    finally:
        hanging_up.cancel()
