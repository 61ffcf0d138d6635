"""Which database is meant by an address, how it is connected to, and what to say when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from json import dumps
from pathlib import Path

from sqlalchemy import URL, AsyncAdaptedQueuePool, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from conductor.errors import UnreadableState

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
"""The asynchronous driver of an address that names none."""

BUSY_TIMEOUT_S = 5.0
"""How long a write waits for another process. Writes take milliseconds, so 5 s (the default of Python's
`sqlite3`) are only reached when somebody holds the file on purpose."""

MENDS = {
    "not a database": "name another file, or move this one away",
    "malformed": "restore it from a backup",
    "locked": "another program holds it; end that one first",
    "readonly": "see that this user may write there",
    "unable to open": "see that this user may write there",
    "No module named": "install that package",
}
"""What to do, by a part of what the database said."""

ANSWER_S = 10.0
"""After so long without an answer a server counts as away: a connection may be dead without anybody's having said so.
Queries of ours take a second at most."""


def sqlite_url(path: Path) -> str:
    """The address of a store in this file."""
    return URL.create(DRIVERS["sqlite"], database=str(path)).render_as_string()


def file_of(url: str) -> Path | None:
    """The file at an address; None if it names a server.

    Raises:
        UnreadableState: The address says nothing that could be opened.
    """
    with explained("the database address"):
        parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def insert_into(dialect: str) -> type[sqlite.Insert | postgresql.Insert]:
    """The INSERT of a dialect that knows what to do with rows that are there already."""
    return postgresql.Insert if dialect == "postgresql" else sqlite.Insert


def reason(error: Exception) -> str:
    """What the database said, in one line and without the statement."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return said.splitlines()[0] if said else type(error).__name__


def database_of(url: str, *, is_patient: bool = False) -> tuple[AsyncEngine, str]:
    """The database at an address, not yet connected, and its name for messages (without a password).

    Args:
        url: The address.
        is_patient: Whether a statement may take as long as it takes, as where large tables are changed.

    Raises:
        UnreadableState: The address says nothing that could be opened.
    """
    with explained("the database address"):
        parsed = make_url(url)
        parsed = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
    dialect = parsed.get_backend_name()
    if dialect not in {"sqlite", "postgresql"}:
        raise UnreadableState(f"the database address names {dialect}; only sqlite and postgresql are known")
    where = _checked_file(parsed.database) if dialect == "sqlite" else parsed.render_as_string()
    with explained(where):
        return (_sqlite_engine(parsed) if dialect == "sqlite" else _postgresql_engine(parsed, is_patient)), where


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


def _postgresql_engine(url: URL, is_patient: bool) -> AsyncEngine:
    """A pool that tries each connection before it hands it out, for databases that restart now and then."""
    return create_async_engine(
        _in_words_of_asyncpg(url),
        json_serializer=_write_json,
        pool_pre_ping=True,
        connect_args={"timeout": ANSWER_S / 2.0, "command_timeout": None if is_patient else ANSWER_S / 2.0},
    )


def _in_words_of_asyncpg(url: URL) -> URL:
    """What everybody else calls `sslmode`, as hosts of databases write it into addresses, is `ssl` there."""
    mode = url.query.get("sslmode")
    return url if mode is None else url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})


def in_words_of_libpq(url: URL) -> URL:
    """The same address for drivers that take PostgreSQL's own library as their model."""
    mode = url.query.get("ssl")
    plain = url.set(drivername="postgresql")
    return plain if mode is None else plain.difference_update_query(["ssl"]).update_query_dict({"sslmode": mode})


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Say what, where and how to mend it instead of what the driver says."""
    try:
        yield
    except (SQLAlchemyError, OSError, ImportError) as error:
        said = reason(error)
        mend = next((mend for part, mend in MENDS.items() if part in said), "see whether the address is right")
        raise UnreadableState(f"{where}: cannot be opened ({said}); {mend}") from error
