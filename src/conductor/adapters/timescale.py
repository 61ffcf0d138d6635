"""TimescaleDB, where the server has it: tables cut along the time, compressed, dropped by age, and summed by minutes.

Nothing else changes: the same statements read and write the same tables. A table whose key does not hold the time gets
it there, since that is what a hypertable asks for; `adapters.batches` sees to it that a row is still kept once.
Moments stay epoch seconds: TimescaleDB is told how to read them (`conductor_moment`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from conductor.adapters.database import reason
from conductor.domain.engagement import PART_NAMES

MINUTES = "engagement_minutes"
"""The continuous aggregate: one row for each session and minute."""

UNPROMPTED = "unprompted_minutes"
"""The same for scores without what the agent prompted, beside the other: made anew, that one would forget what it has
summed of ticks that were dropped since."""

SUMS = (MINUTES, UNPROMPTED)
"""All of them."""

COMPRESS_AFTER_DAYS = 7
"""Longer than anybody goes back to write: a worker catches up on four hours."""

LOCK = 4_973_148
"""Any number of our own: processes that start together would collide in the catalogue of policies."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cut:
    """How a table is cut.

    Attributes:
        table: Its name.
        key: What its primary key is as a hypertable; empty to leave it.
        days: Of how many days a piece is.
        order: Columns by which rows of a session lie in a compressed piece.
        is_epoch: Whether its time is epoch seconds.
    """

    table: str
    key: tuple[str, ...]
    days: int
    order: str
    is_epoch: bool = True


CUTS = (
    Cut("engagement_metrics", (), 1, "time", is_epoch=False),
    Cut("interventions", ("session_id", "intervention_id", "time"), 30, "time, intervention_id"),
    Cut(
        "agent_performance",
        ("session_id", "decision_id", "intervention_id", "time"),
        30,
        "time, decision_id, intervention_id",
    ),
    Cut("anomalies", (), 30, "time, anomaly_id"),
)
"""Every table that grows with each session and is asked for by time."""

MOMENT = (
    "CREATE OR REPLACE FUNCTION conductor_moment(double precision) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT"
    " PARALLEL SAFE AS 'SELECT to_timestamp($1)'"
)


async def enable(engine: AsyncEngine) -> None:
    """Have the extension, if the server offers it and lets us; otherwise all goes on without.

    In a connection of its own: a server that has it, but does not load it at its start, ends the connection.
    """
    try:
        async with engine.begin() as connection:
            offered = text("SELECT count(*) FROM pg_available_extensions WHERE name = 'timescaledb'")
            if await connection.scalar(offered):
                await connection.execute(text("CREATE EXTENSION IF NOT EXISTS timescaledb"))
    except (SQLAlchemyError, OSError) as error:
        log.info("going on without TimescaleDB: %s", reason(error))


async def is_enabled(connection: AsyncConnection) -> bool:
    """Whether this database has the extension."""
    there = text("SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'")
    return connection.dialect.name == "postgresql" and bool(await connection.scalar(there))


async def has_minutes(connection: AsyncConnection) -> bool:
    """Whether this database sums minutes by itself."""
    if connection.dialect.name != "postgresql":
        return False
    return await connection.scalar(text("SELECT to_regclass(:name)::text"), {"name": UNPROMPTED}) is not None


async def cut(connection: AsyncConnection) -> bool:
    """Cut tables that are not cut yet, whatever they hold; False without the extension. Doing so again is harmless."""
    if not await is_enabled(connection):
        return False
    await connection.execute(text(MOMENT))
    cut_already = text("SELECT hypertable_name FROM timescaledb_information.hypertables")
    done = set((await connection.execute(cut_already)).scalars())
    for each in CUTS:
        if each.table not in done:
            for statement in _cutting(each):
                await connection.execute(text(statement))
    if await _may_compress(connection):
        await _compress(connection)
    return True


async def keep_for(connection: AsyncConnection, days: Mapping[str, int]) -> frozenset[str]:
    """Let the extension drop what is older than so many days, by table; 0 or nothing said keeps a table for ever.

    Minutes stay when their ticks are dropped, as long as interventions do. They are renewed only as far back as all
    ticks are still there.

    Returns:
        The tables that the extension takes care of; none without it.
    """
    if not await has_minutes(connection):
        return frozenset()
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    kept = {each.table: days.get(each.table, 0) for each in CUTS}
    for name, most in (kept | dict.fromkeys(SUMS, kept["interventions"])).items():
        await connection.execute(text(f"SELECT remove_retention_policy('{name}', if_exists => true)"))
        if most:
            added = f"SELECT add_retention_policy('{name}', drop_after => INTERVAL '{int(most)} days')"
            await connection.execute(text(added))
    most = int(kept["engagement_metrics"])
    since = f"INTERVAL '{max(most - 1, 1)} days'" if most else "NULL"
    for name in SUMS:
        await connection.execute(text(f"SELECT remove_continuous_aggregate_policy('{name}', if_exists => true)"))
        await connection.execute(
            text(
                f"SELECT add_continuous_aggregate_policy('{name}', start_offset => {since},"
                " end_offset => INTERVAL '2 minutes', schedule_interval => INTERVAL '1 minute')"
            )
        )
    return frozenset(kept)


def _cutting(each: Cut) -> list[str]:
    """The statements that make a hypertable of a table."""
    reading = ", partition_func => 'conductor_moment'" if each.is_epoch else ""
    statements = []
    if each.key:
        key = ", ".join(each.key)
        statements.append(
            f"ALTER TABLE {each.table} DROP CONSTRAINT {each.table}_pkey, ADD PRIMARY KEY ({key})",
        )
    statements.append(
        f"SELECT create_hypertable('{each.table}', by_range('time', INTERVAL '{each.days} days'{reading}),"
        " create_default_indexes => false, migrate_data => true)"
    )
    return statements


async def _may_compress(connection: AsyncConnection) -> bool:
    """Builds under the Apache licence alone know hypertables, and nothing that works in the background."""
    licence = await connection.scalar(text("SELECT current_setting('timescaledb.license', true)"))
    return bool(licence == "timescale")


async def _compress(connection: AsyncConnection) -> None:
    compressed = text(
        "SELECT hypertable_name FROM timescaledb_information.hypertables WHERE compression_enabled",
    )
    done = set((await connection.execute(compressed)).scalars())
    for each in CUTS:
        if each.table not in done:
            await connection.execute(
                text(
                    f"ALTER TABLE {each.table} SET (timescaledb.compress,"
                    f" timescaledb.compress_segmentby = 'session_id', timescaledb.compress_orderby = '{each.order}')"
                )
            )
        after = f"compress_after => INTERVAL '{COMPRESS_AFTER_DAYS} days'"
        await connection.execute(text(f"SELECT add_compression_policy('{each.table}', {after}, if_not_exists => true)"))
    await connection.execute(text(_minutes()))
    await connection.execute(text(_summing(UNPROMPTED, "avg(unprompted) AS unprompted")))


def _minutes() -> str:
    levels = (
        f"avg((parts #>> '{{{place},level}}')::double precision) AS {name}" for place, name in enumerate(PART_NAMES)
    )
    sums = (
        "avg(engagement_score) AS score",
        "min(engagement_score) AS lowest",
        "max(engagement_score) AS highest",
        "count(*) AS ticks",
        "last(state, time) AS state",
        *levels,
    )
    return _summing(MINUTES, *sums)


def _summing(name: str, *sums: str) -> str:
    """A continuous aggregate; what is not summed yet is summed when it is asked for."""
    return " ".join(
        (
            f"CREATE MATERIALIZED VIEW IF NOT EXISTS {name} WITH",
            "(timescaledb.continuous, timescaledb.materialized_only = false) AS",
            "SELECT session_id, time_bucket(INTERVAL '1 minute', time) AS minute,",
            ", ".join(sums),
            "FROM engagement_metrics GROUP BY session_id, minute WITH NO DATA",
        )
    )


async def unpack_all(connection: AsyncConnection) -> None:
    """Let this transaction change as many compressed rows as it wants to; otherwise 100,000 are the most."""
    if await is_enabled(connection):
        name = "timescaledb.max_tuples_decompressed_per_dml_transaction"
        # Older versions do not know it, and have no such limit.
        lift = "SELECT set_config(name, '0', true) FROM pg_settings WHERE name = :name"
        await connection.execute(text(lift), {"name": name})


async def renew_minutes(connection: AsyncConnection, since: float | None, until: float | None) -> None:
    """Sum minutes anew, as after rows were deleted: their sums would stay. What has not changed costs nothing.

    Args:
        connection: One without a transaction.
        since: The first moment, in epoch seconds; None for all minutes whose ticks are kept.
        until: The last moment, in epoch seconds; None as with `since`.
    """
    alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
    if since is None or until is None:
        # No further back: sums outlive ticks that were dropped for their age. The latest are summed as they come.
        kept = "SELECT min(range_start) AS since, least(max(range_end), now() - INTERVAL '2 minutes') AS until"
        pieces = "FROM timescaledb_information.chunks WHERE hypertable_name = 'engagement_metrics'"
        bounds = dict((await alone.execute(text(f"{kept} {pieces}"))).mappings().one())
        if bounds["since"] is None or bounds["until"] - bounds["since"] < timedelta(minutes=2):
            return
    else:
        bounds = {"since": _whole_minutes(since, 0), "until": _whole_minutes(until, 2)}
    # The procedure takes bounds of any type, so that the server does not know by itself of which these are.
    span = "CAST(:since AS timestamptz), CAST(:until AS timestamptz)"
    for name in SUMS:
        await alone.execute(text(f"CALL refresh_continuous_aggregate('{name}', {span})"), bounds)


def _whole_minutes(at: float, ahead: int) -> datetime:
    return datetime.fromtimestamp((at // 60 + ahead) * 60, UTC)
