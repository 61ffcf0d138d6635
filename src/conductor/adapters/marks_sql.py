"""Marks on SQLite or PostgreSQL, beside what else is to be known of the store. `SqlStore.marks` is one."""

from __future__ import annotations

from sqlalchemy import delete

from conductor.adapters.sql import Database
from conductor.adapters.tables import META

PREFIX = "mark:"
"""Before the key of each mark: the table holds other things as well."""


class SqlMarks:
    """Keeps marks (`Marks`) in a database that somebody else opens and closes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, key: str) -> bool:
        """Leave a mark; True for whoever is the first to.

        Raises:
            StoreUnavailable: The database did not take it, or is closed.
        """
        new = self._database.insert_new(META)
        async with self._database.transaction() as connection:
            done = await connection.execute(new, {"key": PREFIX + key, "value": ""})
            return done.rowcount == 1

    async def drop(self, key: str) -> None:
        """Take it away.

        Raises:
            StoreUnavailable: The database did not take it, or is closed.
        """
        async with self._database.transaction() as connection:
            await connection.execute(delete(META).where(META.c.key == PREFIX + key))
