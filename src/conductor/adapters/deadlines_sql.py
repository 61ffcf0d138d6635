"""Deadlines on SQLite or PostgreSQL. `SqlStore.deadlines` is one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from conductor.adapters.rows import DEADLINES, Row
from conductor.adapters.sql import Database
from conductor.adapters.tables import DEADLINES_TABLE
from conductor.adapters.together import Together
from conductor.ports import Deadline


class SqlDeadlines:
    """Keeps deadlines in a database that somebody else opens and closes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changing = Together(self._change)

    async def put(self, deadline: Deadline) -> None:
        """Keep this one in the place of an earlier one of the same decision.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The database did not take it, or is closed.
        """
        await self._changing.ask((deadline.decision_id, DEADLINES.row_of(deadline)))

    async def drop(self, decision_id: str) -> None:
        """Forget it. Forgetting it again changes nothing.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        await self._changing.ask((decision_id, None))

    async def all(self) -> Sequence[Deadline]:
        """All of them, earliest first.

        Raises:
            UnreadableState: A row cannot be read.
            StoreUnavailable: The database did not answer, or is closed.
        """
        wanted = select(DEADLINES_TABLE).order_by(DEADLINES_TABLE.c.time, DEADLINES_TABLE.c.decision_id)
        async with self._database.transaction() as connection:
            with self._database.readable(DEADLINES.table):
                return [DEADLINES.record_of(dict(row)) for row in (await connection.execute(wanted)).mappings()]

    async def _change(self, asked: Sequence[tuple[str, Row | None]]) -> list[Exception | None]:
        """Keep some and forget others; of one decision the last word counts."""
        last = dict(asked)
        kept = [row for row in last.values() if row is not None]
        dropped = [decision_id for decision_id, row in last.items() if row is None]
        async with self._database.transaction() as connection:
            if kept:
                await connection.execute(self._database.insert_or_replace(DEADLINES_TABLE), kept)
            if dropped:
                gone = DEADLINES_TABLE.c.decision_id.in_(dropped)
                await connection.execute(delete(DEADLINES_TABLE).where(gone))
        return [None] * len(asked)
