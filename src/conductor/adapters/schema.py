"""Opening a database: making the tables where nothing is yet, and bringing older ones up to date."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.schema import CreateIndex, CreateTable

from conductor.adapters import timescale
from conductor.adapters.database import explained, insert_into
from conductor.adapters.revisions import readable_version, stamp
from conductor.adapters.tables import INDEXES, META, METADATA, SCHEMA_VERSION, VERSION_KEY
from conductor.errors import UnreadableState

WAL_PAUSES_S = tuple(0.01 * 2**attempt for attempt in range(9))
"""Pauses between attempts to switch to a write-ahead log; together as long as `database.BUSY_TIMEOUT_S`."""

CREATION_LOCK = 4_973_146
"""Any number of our own: on PostgreSQL, programs that make or change tables at the same time would collide."""


async def prepare(engine: AsyncEngine, where: str) -> bool:
    """Make sure that this is our database, at the newest version.

    Where nothing is, the tables are made. An older SQLite file is brought up to date at once; an older PostgreSQL
    database is not, since other processes may be using it: that is for its operator to say.

    Returns:
        Whether the database sums scores by the minute itself.

    Raises:
        UnreadableState: It cannot be opened, belongs to something else or to a newer version, or is older and not to
            be changed by itself. Nothing was changed then.
    """
    is_file = engine.dialect.name == "sqlite"
    with explained(where):
        async with engine.connect() as connection:
            version = await connection.run_sync(readable_version, where)
            await connection.rollback()
        if version is None and not is_file:
            await timescale.enable(engine)
        async with engine.connect() as connection:
            if is_file:
                await _write_ahead(connection)
            if version is None:
                await create(connection)
            elif version < SCHEMA_VERSION and is_file:
                await bring_up_to_date(connection)
            elif version < SCHEMA_VERSION:
                raise UnreadableState(
                    f"{where}: its schema is version {version}, and this release needs version {SCHEMA_VERSION};"
                    " make a backup, end what uses it, and run `conductor db upgrade`"
                )
            return await timescale.has_minutes(connection)


async def create(connection: AsyncConnection) -> None:
    """All tables or none, and no harm if another program is just doing the same.

    They are made as they are now, not step by step; that both ways lead to the same tables is tested.
    """
    await lock(connection)
    for table in METADATA.sorted_tables:
        await connection.execute(CreateTable(table, if_not_exists=True))
    for index in INDEXES:
        await connection.execute(CreateIndex(index, if_not_exists=True))
    version = insert_into(connection.dialect.name)(META).on_conflict_do_nothing()
    await connection.execute(version, {"key": VERSION_KEY, "value": str(SCHEMA_VERSION)})
    await connection.run_sync(stamp, SCHEMA_VERSION)
    if connection.dialect.name == "postgresql":
        await timescale.cut(connection)
    await connection.commit()


async def bring_up_to_date(connection: AsyncConnection) -> None:
    """Lead an older database to the newest version, or leave it as it was. Several programs may try at once."""
    await lock(connection)
    await connection.run_sync(_upgrade)
    if connection.dialect.name == "postgresql":
        await timescale.cut(connection)
    await connection.commit()


async def lock(connection: AsyncConnection) -> None:
    """Be the only one who changes tables, until the transaction ends."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CREATION_LOCK})


def _upgrade(connection: Connection) -> None:
    from conductor.adapters.migrating import upgrade

    upgrade(connection)


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
