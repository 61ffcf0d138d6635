"""Keeping the scores of a tick: 1,500 sessions at once, on SQLite and on PostgreSQL.

Ours is `SqlStore.record`, one statement for a whole tick (on PostgreSQL of arrays, by `unnest`); the baseline is the
same INSERT once for each row. Both write the same ticks, each in one transaction and in a database of its own, and ours
also makes the rows of the events, which the baseline is given. Every tenth tick is written by the baseline too, right
after ours, so that other work on the machine slows both alike.

Contract: at least 3 times as many rows a second. Times are those of the clock on the wall, since the server is another
process; medians over ticks. Half of ours goes into making rows of events.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from tests import postgres

from benchmarks.figures import Figure, at_least
from conductor.adapters.database import database_of, insert_into
from conductor.adapters.rows import Row, row_of
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.adapters.tables import EVENT_TABLES
from conductor.domain.engagement import PART_NAMES, RoomSignals, RoomState, ScorePart
from conductor.domain.events import EngagementUpdated
from conductor.domain.sessions import Phase

SESSIONS, TICKS, TICK_S = 1_500, 100, 5.0
BESIDE = 10
"""Every so manieth tick is written by the baseline too: row by row all of them would take minutes."""

FASTER = 3.0
START = 1_700_000_000.0
METRICS = EVENT_TABLES["engagement_metrics"]
SEEN = RoomSignals(
    12.0, 0.1, 3.5, 0.0, 1 / 3, 0.47, 120, 61, 2.0, 4.0, 0.8, 900.0, 7.5, 130.0, 0.5, 900.0, Phase.MIDDLE
)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds for each tick that was written, both ways."""

    ours_s: list[float]
    baseline_s: list[float]

    @property
    def ratio(self) -> float:
        """How many times as many rows ours writes."""
        return median(self.baseline_s) / median(self.ours_s)


def run(console: Console) -> list[Figure]:
    """Write on both kinds of database, print the table, give the figures."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres.running())
        pairs = {
            "SQLite": (sqlite_url(folder / "ours.db"), sqlite_url(folder / "baseline.db")),
            "PostgreSQL": (server, asyncio.run(_another(server))),
        }
        spent = {name: asyncio.run(_write(*urls)) for name, urls in pairs.items()}
    table = Table(title=f"Rows a second, {SESSIONS} of them a tick")
    for column in ("database", "ours", "row by row", "ratio"):
        table.add_column(column)
    for name, each in spent.items():
        table.add_row(name, _rate(each.ours_s), _rate(each.baseline_s), f"{each.ratio:.1f}")
    console.print(table)
    return [
        at_least(f"rows a second, {name}", _rate(each.ours_s), _rate(each.baseline_s), each.ratio, FASTER)
        for name, each in spent.items()
    ]


def _rate(seconds: Sequence[float]) -> str:
    return f"{SESSIONS / median(seconds):,.0f}"


async def _another(server: str) -> str:
    """Another database on the same server."""
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("CREATE DATABASE baseline"))
    await engine.dispose()
    return make_url(server).set(database="baseline").render_as_string(hide_password=False)


async def _write(ours: str, baseline: str) -> Spent:
    """Write all ticks in batches, and some of them row by row."""
    store, other = await SqlStore.open(ours), await SqlStore.open(baseline)
    await other.close()
    engine, _ = database_of(baseline)
    spent = Spent([], [])
    for number in range(TICKS):
        tick = _tick(START + TICK_S * number)
        began = time.perf_counter()
        await store.record(tick)
        spent.ours_s.append(time.perf_counter() - began)
        if number % BESIDE == 0:
            rows = [row_of(event)[1] for event in tick]
            began = time.perf_counter()
            await _row_by_row(engine, rows)
            spent.baseline_s.append(time.perf_counter() - began)
    await store.close()
    await engine.dispose()
    return spent


async def _row_by_row(engine: AsyncEngine, rows: Sequence[Row]) -> None:
    insert = insert_into(engine.dialect.name)(METRICS).on_conflict_do_nothing()
    async with engine.begin() as connection:
        for row in rows:
            await connection.execute(insert, row)


def _tick(at: float) -> list[EngagementUpdated]:
    parts = tuple(ScorePart(name, 0.1 * place, 0.2, 0.02 * place) for place, name in enumerate(PART_NAMES))
    return [
        EngagementUpdated(f"session-{number}", "e1", at, 0.3 + number / 10_000, parts, SEEN, RoomState.HEALTHY, 0.1)
        for number in range(SESSIONS)
    ]
