"""Opening a database: which one is meant, whether it is ours, and making the tables where nothing is yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from json import dumps
from pathlib import Path

from sqlalchemy import URL, AsyncAdaptedQueuePool, Connection, event, inspect, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.schema import CreateIndex, CreateTable

from conductor.adapters.tables import INDEXES, META, METADATA, SCHEMA_VERSION, VERSION_KEY
from conductor.errors import UnreadableState

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
"""The asynchronous driver of an address that names none."""

BUSY_TIMEOUT_S = 5.0
"""How long a write waits for another process. Writes take milliseconds, so 5 s (the default of Python's
`sqlite3`) are only reached when somebody holds the file on purpose."""

WAL_PAUSES_S = tuple(0.01 * 2**attempt for attempt in range(9))
"""Pauses between attempts to switch to a write-ahead log; together as long as `BUSY_TIMEOUT_S`."""

CREATION_LOCK = 4_973_146
"""Any number of our own: on PostgreSQL, programs that make the tables at the same time would collide."""

MENDS = {
    "not a database": "name another file, or move this one away",
    "malformed": "restore it from a backup",
    "locked": "another program holds it; end that one first",
    "readonly": "see that this user may write there",
    "unable to open": "see that this user may write there",
    "No module named": "install that package",
}
"""What to do, by a part of what the database said."""


def sqlite_url(path: Path) -> str:
    """The address of a store in this file."""
    return URL.create(DRIVERS["sqlite"], database=str(path)).render_as_string()


def file_of(url: str) -> Path | None:
    """The file at an address; None if it names a server.

    Raises:
        UnreadableState: The address says nothing that could be opened.
    """
    with _explained("the database address"):
        parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def insert_into(dialect: str) -> type[sqlite.Insert | postgresql.Insert]:
    """The INSERT of a dialect that knows what to do with rows that are there already."""
    return postgresql.Insert if dialect == "postgresql" else sqlite.Insert


def reason(error: Exception) -> str:
    """What the database said, in one line and without the statement."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return said.splitlines()[0] if said else type(error).__name__


def database_of(url: str) -> tuple[AsyncEngine, str]:
    """The database at an address, not yet connected, and its name for messages (without a password).

    Raises:
        UnreadableState: The address says nothing that could be opened.
    """
    with _explained("the database address"):
        parsed = make_url(url)
        parsed = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
    dialect = parsed.get_backend_name()
    if dialect not in {"sqlite", "postgresql"}:
        raise UnreadableState(f"the database address names {dialect}; only sqlite and postgresql are known")
    where = _checked_file(parsed.database) if dialect == "sqlite" else parsed.render_as_string()
    with _explained(where):
        return (_sqlite_engine(parsed) if dialect == "sqlite" else _postgresql_engine(parsed)), where


def _checked_file(database: str | None) -> str:
    """Say what SQLite calls "unable to open database file" more exactly."""
    if not database or database == ":memory:":
        raise UnreadableState("the database address names no file; write sqlite+aiosqlite:///conductor.db")
    path = Path(database)
    if path.is_dir():
        raise UnreadableState(f"{path}: is a folder; name a file in it, such as {path / 'conductor.db'}")
    if not path.parent.is_dir():
        raise UnreadableState(f"{path}: the folder {path.parent} does not exist; make it or name another place")
    return str(path)


_write_json = partial(dumps, separators=(",", ":"), ensure_ascii=False)


def _sqlite_engine(url: URL) -> AsyncEngine:
    """One connection, on which calls queue: within a program nobody ever finds the file locked."""
    engine = create_async_engine(
        url,
        json_serializer=_write_json,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT_S},
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    return engine


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    """With a write-ahead log, NORMAL may lose the last commits in a power cut but never harms the file."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _postgresql_engine(url: URL) -> AsyncEngine:
    """A pool that tries each connection before it hands it out, for databases that restart now and then."""
    return create_async_engine(url, json_serializer=_write_json, pool_pre_ping=True)


async def create_if_new(engine: AsyncEngine, where: str) -> None:
    """Make sure that this is our database, and make the tables if it is empty.

    Raises:
        UnreadableState: It cannot be opened, or belongs to something else or to a newer version. Nothing was
            changed then.
    """
    with _explained(where):
        async with engine.connect() as connection:
            is_new = await connection.run_sync(_is_new, where)
            await connection.rollback()
            if engine.dialect.name == "sqlite":
                await _write_ahead(connection)
            if is_new:
                await _create(connection)


async def _write_ahead(connection: AsyncConnection) -> None:
    """Keep a write-ahead log, so that readers and the writer do not wait for each other.

    The file remembers it, so this comes only when the file is known to be ours. While others open the same
    new file SQLite says "locked" at once here, in spite of the timeout, hence the pauses.
    """
    for pause_s in WAL_PAUSES_S:
        try:
            await connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        except OperationalError:
            await connection.rollback()
            await asyncio.sleep(pause_s)
        else:
            return
    await connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _is_new(connection: Connection, where: str) -> bool:
    """Whether there is nothing yet; refuses what is not ours."""
    inspector = inspect(connection)
    present = set(inspector.get_table_names())
    if META.name in present and {column["name"] for column in inspector.get_columns(META.name)} == {
        "key",
        "value",
    }:
        written = connection.scalar(select(META.c.value).where(META.c.key == VERSION_KEY))
        if written is not None:
            _refuse_other_version(str(written), where)
            return False
    # A PostgreSQL database may well hold other things beside ours; a file is one program's.
    taken = present if connection.dialect.name == "sqlite" else present & METADATA.tables.keys()
    if taken:
        raise UnreadableState(f"{where}: holds the tables of another program; name another database")
    return True


def _refuse_other_version(written: str, where: str) -> None:
    if written == str(SCHEMA_VERSION):
        return
    if written.isdecimal() and int(written) > SCHEMA_VERSION:
        raise UnreadableState(
            f"{where}: was written by a newer version of Engagement Conductor (schema {written}, this one"
            f" knows {SCHEMA_VERSION}); update it, or name another database"
        )
    raise UnreadableState(f"{where}: says that its schema is {written!r}; restore it from a backup")


async def _create(connection: AsyncConnection) -> None:
    """All tables or none, and no harm if another program is just doing the same."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CREATION_LOCK})
    for table in METADATA.sorted_tables:
        await connection.execute(CreateTable(table, if_not_exists=True))
    for index in INDEXES:
        await connection.execute(CreateIndex(index, if_not_exists=True))
    version = insert_into(connection.dialect.name)(META).on_conflict_do_nothing()
    await connection.execute(version, {"key": VERSION_KEY, "value": str(SCHEMA_VERSION)})
    await connection.commit()


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """Say what, where and how to mend it instead of what the driver says."""
    try:
        yield
    except (SQLAlchemyError, OSError, ImportError) as error:
        said = reason(error)
        mend = next((mend for part, mend in MENDS.items() if part in said), "see whether the address is right")
        raise UnreadableState(f"{where}: cannot be opened ({said}); {mend}") from error
