"""Which tokens and invitations were called back, on SQLite or PostgreSQL. `SqlStore.revoked` is one."""

from __future__ import annotations

from sqlalchemy import delete, select

from conductor.adapters.sql import Database
from conductor.adapters.tables import REVOKED_TABLE


class SqlRevoked:
    """Keeps ids of tokens (`Revoked`) in a database that somebody else opens and closes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, token_id: str, until: float, now: float) -> None:
        """Call a token back; those that have run out by now are forgotten.

        Args:
            token_id: Which.
            until: When it runs out, in epoch seconds: then nobody has to remember it any more.
            now: In epoch seconds.

        Raises:
            StoreUnavailable: The database did not take it, or is closed.
        """
        row = {"token_id": token_id, "until": until}
        async with self._database.transaction() as connection:
            await connection.execute(delete(REVOKED_TABLE).where(REVOKED_TABLE.c.until < now))
            await connection.execute(self._database.insert_or_replace(REVOKED_TABLE), row)

    async def all(self, now: float) -> frozenset[str]:
        """Those that have not run out.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        wanted = select(REVOKED_TABLE.c.token_id).where(REVOKED_TABLE.c.until >= now)
        async with self._database.transaction() as connection:
            return frozenset((await connection.execute(wanted)).scalars())
