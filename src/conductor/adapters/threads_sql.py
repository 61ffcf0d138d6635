"""Threads of decisions as LangGraph's savers keep them: which name somebody, and deleting them together with rows.

Only whoever erases needs that: threads end within minutes, and are deleted then.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, TableClause, Text, column, delete, inspect, literal_column, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from conductor.wire.erasing import may_name

TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes", "writes")
"""Those of both savers."""


async def threads_naming(connection: AsyncConnection, user_id: str, event_id: str | None) -> list[str]:
    """Threads that hold the id of somebody, in one event or (None) in any."""
    named: dict[str, bytearray] = {}
    for each in await connection.run_sync(_there):
        everything = select(literal_column("*", type_=Text)).select_from(each)
        for row in (await connection.execute(everything)).mappings():
            held = named.setdefault(str(row["thread_id"]), bytearray())
            held += b"\n".join(_bytes(value) for value in row.values())
    return [
        thread_id
        for thread_id, held in named.items()
        if may_name(bytes(held), user_id) and (event_id is None or may_name(bytes(held), event_id))
    ]


async def drop_threads(connection: AsyncConnection, threads: Sequence[str]) -> int:
    """Delete threads, and say how many rows that were."""
    gone = 0
    for each in await connection.run_sync(_there) if threads else ():
        gone += (await connection.execute(delete(each).where(each.c.thread_id.in_(threads)))).rowcount
    return gone


def _there(connection: Connection) -> list[TableClause]:
    names = {*TABLES} & {*inspect(connection).get_table_names()}
    return [table(name, column("thread_id")) for name in sorted(names)]


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
