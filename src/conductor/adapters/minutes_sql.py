"""Scores by the minute on SQLite or PostgreSQL: from TimescaleDB's own sums where there are any, else by GROUP BY."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Double,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    cast,
    extract,
    func,
    select,
)

from conductor.adapters.moments import EpochSeconds
from conductor.adapters.sql import Database
from conductor.adapters.tables import EVENT_TABLES
from conductor.adapters.timescale import MINUTES, UNPROMPTED
from conductor.domain.engagement import PART_NAMES, RoomState
from conductor.ports.curves import Minute

MINUTE_S = 60.0

_METRICS = EVENT_TABLES["engagement_metrics"].c
_SUMMED = Table(
    MINUTES,
    MetaData(),
    Column("session_id", Text),
    Column("minute", EpochSeconds),
    *(Column(name, Double) for name in ("score", "lowest", "highest")),
    Column("ticks", BigInteger),
    Column("state", Text),
    *(Column(name, Double) for name in PART_NAMES),
)
_UNPROMPTED = Table(
    UNPROMPTED, MetaData(), Column("session_id", Text), Column("minute", EpochSeconds), Column("unprompted", Double)
)


async def minutes(database: Database, session_id: str, since: float, until: float) -> Sequence[Minute]:
    """The minutes of a session that begin in [since, until), oldest first.

    Raises:
        UnreadableState: A row cannot be read.
        StoreUnavailable: The database did not answer, or is closed.
    """
    bounds = (max(since, 0.0), until if until < inf else None)
    async with database.transaction() as connection:
        wanted = (
            _summed(session_id, *bounds)
            if database.has_minutes
            else _grouped(session_id, *bounds, connection.dialect.name)
        )
        rows = (await connection.execute(wanted)).mappings().all()
    with database.readable("engagement_metrics"):
        return [_minute(dict(row)) for row in rows]


def _summed(session_id: str, since: float, until: float | None) -> Select[Any]:
    """Those that the database has summed, and the latest, which it sums now."""
    minute, beside = _SUMMED.c.minute, _UNPROMPTED.c
    same = (beside.session_id == _SUMMED.c.session_id) & (beside.minute == minute)
    wanted = select(_SUMMED, beside.unprompted).join_from(_SUMMED, _UNPROMPTED, same, isouter=True)
    wanted = wanted.where(_SUMMED.c.session_id == session_id, minute >= since)
    return (wanted if until is None else wanted.where(minute < until)).order_by(minute)


def _grouped(session_id: str, since: float, until: float | None, dialect: str) -> Select[Any]:
    """The same from the ticks themselves."""
    ticks = [_METRICS.time >= since] if until is None else [_METRICS.time >= since, _METRICS.time < until + MINUTE_S]
    minute = _start(dialect).label("minute")
    levels = [
        func.avg(_METRICS.parts[(place, "level")].as_float()).label(name) for place, name in enumerate(PART_NAMES)
    ]
    sums = (
        select(
            minute,
            func.avg(_METRICS.engagement_score).label("score"),
            func.min(_METRICS.engagement_score).label("lowest"),
            func.max(_METRICS.engagement_score).label("highest"),
            func.count().label("ticks"),
            func.max(_METRICS.time).label("last"),
            func.avg(_METRICS.unprompted).label("unprompted"),
            *levels,
        )
        .where(_METRICS.session_id == session_id, *ticks)
        .group_by(minute)
        .subquery()
    )
    last = (_METRICS.session_id == session_id) & (_METRICS.time == sums.c.last)
    wanted = select(sums, _METRICS.state).join_from(sums, EVENT_TABLES["engagement_metrics"], last)
    bounds = [sums.c.minute >= since] if until is None else [sums.c.minute >= since, sums.c.minute < until]
    return wanted.where(*bounds).order_by(sums.c.minute)


def _start(dialect: str) -> ColumnElement[float]:
    """When the minute of a tick begins, in epoch seconds."""
    if dialect == "postgresql":
        return cast(func.floor(extract("epoch", _METRICS.time) / MINUTE_S) * MINUTE_S, Double)
    return cast(cast(_METRICS.time / MINUTE_S, Integer), Double) * MINUTE_S


def _minute(row: dict[str, Any]) -> Minute:
    return Minute(
        at=row["minute"],
        score=row["score"],
        lowest=row["lowest"],
        highest=row["highest"],
        ticks=row["ticks"],
        state=RoomState(row["state"]),
        parts={name: row[name] for name in PART_NAMES},
        unprompted=row["unprompted"],
    )
