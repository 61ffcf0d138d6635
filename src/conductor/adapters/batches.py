"""Many rows with one statement. On PostgreSQL they travel as columns (`unnest`), one array for each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Executable, Table, and_, bindparam, column, exists, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from conductor.adapters.database import insert_into
from conductor.adapters.rows import Row, Shape


async def insert_new(connection: AsyncConnection, table: Table, shape: Shape, rows: Sequence[Row]) -> None:
    """Keep these rows of one shape, except those that are there already, which stay as they are.

    Args:
        connection: In a transaction. Who else could write a row of the same key at another time must be kept out by
            a lock: a table that is cut along the time can only tell keys apart together with the time.
        table: The shape's table.
        shape: What tells rows apart.
        rows: At least one; of several with one key the first is kept.
    """
    own = {shape.identity(row): row for row in reversed(rows)}
    first = sorted(own.items(), key=lambda each: each[0])
    kept = [row for _, row in first]
    if connection.dialect.name == "postgresql":
        names = table.columns.keys()
        arrays = {f"all_{name}": [row[name] for row in kept] for name in names}
        await connection.execute(_unnested(table, shape.key), arrays)
    else:
        # The driver repeats a prepared statement without coming back to us between rows.
        await connection.execute(_repeated(table, connection.dialect.name), kept)


@cache
def _repeated(table: Table, dialect: str) -> Executable:
    return insert_into(dialect)(table).on_conflict_do_nothing()


@cache
def _unnested(table: Table, key: tuple[str, ...]) -> Executable:
    """An INSERT of arrays, one for each column."""
    arrays = [bindparam(f"all_{each.name}", type_=ARRAY(each.type, dimensions=1)) for each in table.columns]
    columns = [column(each.name, each.type) for each in table.columns]
    new = func.unnest(*arrays).table_valued(*columns).render_derived(name="new")
    wanted = select(*new.c)
    if "time" not in key:
        # As a hypertable it has the time in its key too, so the conflict below would miss an earlier row.
        wanted = wanted.where(~exists().where(and_(*(table.c[name] == new.c[name] for name in key))))
    return postgresql.insert(table).from_select(table.columns.keys(), wanted).on_conflict_do_nothing()
