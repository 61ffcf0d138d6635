"""What changes where the server has TimescaleDB, and what stays as it is everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from math import inf

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests import timescaledb

from conductor.adapters import schema, timescale
from conductor.adapters.database import database_of
from conductor.adapters.store_memory import MemoryStore
from conductor.adapters.store_sql import SqlStore
from conductor.domain.events import EngagementUpdated, InterventionExecuted

pytestmark = pytest.mark.skipif(bool(timescaledb.missing()), reason=timescaledb.missing())

DAY_S = 86_400.0


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A database that the tests share, each with a session of its own in it."""
    with timescaledb.running() as address:
        yield address


@pytest.fixture
def untouched() -> Iterator[str]:
    """A database in which nothing is yet, not even the extension."""
    with timescaledb.running() as address:
        yield address


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    engine, _ = database_of(url)
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


@pytest.fixture
async def store(url) -> AsyncIterator[SqlStore]:
    opened = await SqlStore.open(url)
    yield opened
    await opened.close()


async def said(url: str, statement: str) -> list[tuple[object, ...]]:
    async with connected(url) as connection:
        rows = [tuple(row) for row in await connection.execute(text(statement))]
        await connection.commit()
        return rows


HYPERTABLES = "SELECT hypertable_name, compression_enabled FROM timescaledb_information.hypertables ORDER BY 1"
COMPRESS = (
    "SELECT compress_chunk(piece)::text FROM timescaledb_information.hypertables,"
    " show_chunks(hypertable_name::regclass) piece WHERE compression_enabled"
)


async def test_a_new_store_is_cut_compressed_and_summed(store, url):
    await store.close()
    cut = {name: compressed for name, compressed in await said(url, HYPERTABLES) if not str(name).startswith("_")}
    assert cut.keys() == {each.table for each in timescale.CUTS}
    assert set(cut.values()) == {True}
    jobs = await said(url, "SELECT proc_name FROM timescaledb_information.jobs WHERE job_id >= 1000")
    assert [name for (name,) in jobs].count("policy_compression") == 4


async def test_everything_is_kept_once_and_comes_back_as_it_was(store, story):
    memory = MemoryStore()
    for each in (store, memory):
        await each.record(story("s1"))
        await each.record(story("s1"))
    assert list(await store.history("s1")) == list(await memory.history("s1"))
    assert list(await store.archive.curve("s1", 0.0, inf)) == list(await memory.archive.curve("s1", 0.0, inf))


async def test_the_first_of_two_interventions_with_one_id_stands_whenever_the_other_was(store, story):
    first = next(event for event in story("s2") if isinstance(event, InterventionExecuted))
    later = replace(first, intervention=replace(first.intervention, at=first.intervention.at + 40 * DAY_S))
    await store.record([first, later])
    await store.record([later])
    assert list(await store.history("s2")) == [first]


async def test_minutes_are_the_same_whoever_sums_them(store, url, story):
    tick = next(event for event in story("s3") if isinstance(event, EngagementUpdated))
    ticks = [
        replace(tick, at=tick.at + 5.0 * n, score=(n % 17) / 16, unprompted=n / 256 if n % 36 == 7 else None)
        for n in range(200)
    ]
    memory = MemoryStore()
    for each in (store, memory):
        await each.record(ticks)
    expected = await memory.archive.minutes("s3", 0.0, inf)
    as_they_come = await store.archive.minutes("s3", 0.0, inf)
    await store.close()
    engine, _ = database_of(url)
    # Summing ahead is nothing that a transaction may do.
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for name in timescale.SUMS:
            await connection.execute(text(f"CALL refresh_continuous_aggregate('{name}', NULL, NULL)"))
        await connection.execute(text("SELECT compress_chunk(each) FROM show_chunks('engagement_metrics') each"))
    await engine.dispose()
    again = await SqlStore.open(url)
    summed = await again.archive.minutes("s3", 0.0, inf)
    await again.close()
    assert len(expected) == 18
    for found in (as_they_come, summed):
        assert [replace(each, score=0.0, parts={}) for each in found] == [
            replace(each, score=0.0, parts={}) for each in expected
        ]
        assert [each.score for each in found] == pytest.approx([each.score for each in expected])
        assert found[3].parts == pytest.approx(expected[3].parts)


SUMMED = "SELECT DISTINCT session_id FROM engagement_minutes WHERE session_id LIKE 'of-%'"


async def test_an_event_that_is_erased_leaves_no_sums_behind(store, url, story):
    tick = next(event for event in story("s") if isinstance(event, EngagementUpdated))
    gone = [replace(tick, session_id="of-gone", event_id="gone", at=tick.at + 5.0 * n) for n in range(60)]
    await store.record([*gone, *(replace(each, session_id="of-another", event_id="another") for each in gone)])
    await store.close()
    engine, _ = database_of(url)
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text(f"CALL refresh_continuous_aggregate('{timescale.MINUTES}', NULL, NULL)"))
    await engine.dispose()
    assert len(await said(url, SUMMED)) == 2
    again = await SqlStore.open(url)
    await again.erasing.event("gone", "", "", 2e9)
    await again.close()
    after = await SqlStore.open(url)
    assert len(await after.archive.minutes("of-another", 0.0, inf)) > 4
    await after.close()
    assert await said(url, SUMMED) == [("of-another",)]


async def test_an_event_is_erased_however_much_of_it_was_compressed(store, url, story):
    tick = next(event for event in story("s") if isinstance(event, EngagementUpdated))
    ticks = [replace(tick, session_id="packed", event_id="packed", at=tick.at + 5.0 * n) for n in range(200)]
    await store.record(ticks)
    await store.close()
    await said(url, COMPRESS)
    limit = "SELECT set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '{}', false)"
    await said(url, limit.format(50))
    again = await SqlStore.open(url)
    erased = await again.erasing.event("packed", "", "", 2e9)
    await again.close()
    await said(url, limit.format(100_000))
    assert erased["engagement_metrics"] == 200


async def test_sums_that_could_not_be_renewed_are_renewed_when_it_is_asked_for_again(store, url, story):
    tick = next(event for event in story("s") if isinstance(event, EngagementUpdated))
    gone = [replace(tick, session_id="of-halfway", event_id="half", at=tick.at + 5.0 * n) for n in range(60)]
    await store.record(gone)
    await store.erasing.event("nothing", "", "", 2e9)
    await store.close()
    summed = "SELECT count(*) FROM engagement_minutes WHERE session_id = 'of-halfway'"
    deleting = "DELETE FROM engagement_metrics WHERE event_id = 'half' RETURNING 1"
    assert len(await said(url, deleting)) == 60
    assert await said(url, summed) != [(0,)]
    again = await SqlStore.open(url)
    await again.erasing.event("half", "", "", 2e9)
    await again.close()
    assert await said(url, summed) == [(0,)]


async def test_rows_that_arrive_again_are_known_even_in_what_was_compressed(store, url, story):
    await store.record(story("s4"))
    await store.close()
    assert len(await said(url, COMPRESS)) >= len(timescale.CUTS)
    again = await SqlStore.open(url)
    before = list(await again.history("s4"))
    await again.record(story("s4"))
    assert list(await again.history("s4")) == before
    assert len(await again.archive.curve("s4", 0.0, inf)) == 1
    await again.close()


async def test_the_server_is_told_how_long_to_keep_what(store, url):
    await store.retention.enforce(2e9, metrics_days=30, history_days=400)
    await store.retention.enforce(2e9, metrics_days=30, history_days=400)
    await store.close()
    policies = "SELECT config ->> 'drop_after' FROM timescaledb_information.jobs WHERE proc_name = 'policy_retention'"
    assert sorted(str(days) for (days,) in await said(url, policies)) == ["30 days", *["400 days"] * 5]
    again = await SqlStore.open(url)
    await again.retention.enforce(2e9, metrics_days=0, history_days=0)
    await again.close()
    assert await said(url, policies) == []


async def test_what_is_too_old_is_dropped_by_the_server(store, url, story):
    await store.record(story("s6"))
    happened = list(await store.history("s6"))
    await store.retention.enforce(2e9, metrics_days=30, history_days=0)
    await store.close()
    [(job,)] = await said(url, "SELECT job_id FROM timescaledb_information.jobs WHERE proc_name = 'policy_retention'")
    engine, _ = database_of(url)
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text(f"CALL run_job({job})"))
    await engine.dispose()
    again = await SqlStore.open(url)
    assert await again.archive.curve("s6", 0.0, inf) == []
    assert list(await again.history("s6")) == happened
    await again.close()


async def test_a_store_that_was_there_before_the_extension_keeps_its_rows_when_it_is_cut(untouched, story):
    memory = MemoryStore()
    await memory.record(story())
    async with connected(untouched) as connection:
        await schema.create(connection)
    store = await SqlStore.open(untouched)
    await store.record(story())
    await store.close()
    assert await said(untouched, "SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'") == [(0,)]
    engine, _ = database_of(untouched)
    await timescale.enable(engine)
    async with engine.connect() as connection:
        await schema.bring_up_to_date(connection)
    await engine.dispose()
    assert len(await said(untouched, HYPERTABLES)) >= len(timescale.CUTS)
    again = await SqlStore.open(untouched)
    await again.record(story())
    assert list(await again.history("s1")) == list(await memory.history("s1"))
    await again.close()
