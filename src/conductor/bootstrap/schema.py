"""Which version of the schema the store has, and moving it, for the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncConnection

from conductor.adapters import schema, timescale
from conductor.adapters.checkpoints import open_checkpoints
from conductor.adapters.database import database_of, explained, file_of
from conductor.adapters.migrating import Step, downgrade, steps
from conductor.adapters.revisions import readable_version
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.adapters.tables import SCHEMA_VERSION
from conductor.errors import InvalidInput, NotFound
from conductor.settings import Settings

CHECKPOINTS = "checkpoints"
"""The table of LangGraph's by which one sees that it made its own."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What there is in a database.

    Attributes:
        where: Its address, without a password.
        version: Of the schema; None if nothing is there yet.
        newest: The version that this release needs.
        has_threads: Whether LangGraph made the tables in which it keeps threads of decisions.
        has_minutes: Whether TimescaleDB cuts the large tables and sums minutes.
        is_timescale: Whether it has TimescaleDB.
        is_file: Whether it is a SQLite file.
    """

    where: str
    version: int | None
    newest: int
    has_threads: bool
    has_minutes: bool
    is_timescale: bool
    is_file: bool

    @property
    def ahead(self) -> list[Step]:
        """What an upgrade would bring."""
        return [step for step in steps() if step.version > (self.version or 0)]

    def back_to(self, version: int) -> list[Step]:
        """What going back to a version would take away, newest first.

        Raises:
            InvalidInput: There is no such version, or it is not older.
        """
        if not 1 <= version < (self.version or 0):
            raise InvalidInput(f"{self.where}: is at version {self.version}, and {version} is no older one")
        return [step for step in reversed(steps()) if version < step.version <= (self.version or 0)]


async def current(settings: Settings) -> Schema:
    """What there is.

    Raises:
        NotFound: There is no such file.
        UnreadableState: The database cannot be used.
    """
    async with _connected(settings, must_exist=True) as (connection, where):
        return await _seen(connection, where)


async def upgrade(settings: Settings) -> tuple[Schema, Schema]:
    """Bring the database to the newest version, or make it, and say what there was and what there is now.

    Tables are cut where TimescaleDB is there by now, and LangGraph makes or renews its own tables.

    Raises:
        UnreadableState: The database cannot be used. Nothing was changed then.
    """
    async with _connected(settings) as (connection, where):
        before = await _seen(connection, where)
    url = _url(settings)
    if not before.is_file:
        engine, _ = database_of(url, is_patient=True)
        await timescale.enable(engine)
        await engine.dispose()
    if before.version is not None:
        async with _connected(settings) as (connection, where):
            await schema.bring_up_to_date(connection)
    # Making is what opening does.
    store = await SqlStore.open(url)
    try:
        days = settings.operation
        await store.retention.tell(metrics_days=days.metrics_days, history_days=days.history_days)
    finally:
        await store.close()
    async with open_checkpoints(url):
        return before, await current(settings)


async def go_back(settings: Settings, version: int | None) -> tuple[Schema, Schema]:
    """Take the database back to an older version (the one before, if none is said).

    Raises:
        InvalidInput: There is no such version.
        NotFound: There is no such file.
        UnreadableState: The database cannot be used. Nothing was changed then.
    """
    async with _connected(settings, must_exist=True) as (connection, where):
        before = await _seen(connection, where)
        await schema.lock(connection)
        await connection.run_sync(downgrade, before_last(before) if version is None else version)
        await connection.commit()
        return before, await _seen(connection, where)


def before_last(seen: Schema) -> int:
    """The version before the one that is there.

    Raises:
        InvalidInput: There is none.
    """
    if seen.version is None or seen.version == 1:
        raise InvalidInput(f"{seen.where}: there is no version before this one")
    return seen.version - 1


async def _seen(connection: AsyncConnection, where: str) -> Schema:
    version = await connection.run_sync(readable_version, where)
    seen = Schema(
        where=where,
        version=version,
        newest=SCHEMA_VERSION,
        has_threads=await connection.run_sync(_has_threads),
        has_minutes=await timescale.has_minutes(connection),
        is_timescale=await timescale.is_enabled(connection),
        is_file=connection.dialect.name == "sqlite",
    )
    await connection.rollback()
    return seen


def _has_threads(connection: Connection) -> bool:
    return inspect(connection).has_table(CHECKPOINTS)


@asynccontextmanager
async def _connected(settings: Settings, *, must_exist: bool = False) -> AsyncIterator[tuple[AsyncConnection, str]]:
    url = _url(settings)
    path = file_of(url)
    if must_exist and path is not None and not path.exists():
        raise NotFound(f"{path}: there is no store yet; see whether DATABASE_URL or CONDUCTOR_HOME is right")
    if path is not None and not settings.database_url:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine, where = database_of(url, is_patient=True)
    try:
        with explained(where):
            async with engine.connect() as connection:
                yield connection, where
    finally:
        await engine.dispose()


def _url(settings: Settings) -> str:
    return settings.database_url or sqlite_url(settings.home / "conductor.db")
