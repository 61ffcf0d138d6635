"""What a store in an SQLite file promises besides: it lasts, it is shared, and it spares what is not its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.engagement import Norm
from conductor.domain.events import BudgetNearLimit, EngagementUpdated, SessionClosed, SessionOpened, StatusChanged
from conductor.domain.interventions import Arm
from conductor.domain.learned import Learned, Tally
from conductor.domain.sessions import Phase, SessionType, SizeBucket
from conductor.errors import StoreUnavailable, UnreadableState


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conductor.db"


def ask(path: Path, statement: str, *values: object) -> list[Any]:
    """What another program sees of the file."""
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement, values).fetchall()


NOT_IN_HISTORY = SessionOpened | SessionClosed | EngagementUpdated | StatusChanged | BudgetNearLimit


def told(events: Sequence[object]) -> list[object]:
    return [event for event in events if not isinstance(event, NOT_IN_HISTORY)]


@pytest.fixture
async def open_store():
    async with AsyncExitStack() as stack:

        async def open_at(path: Path) -> SqlStore:
            store = await SqlStore.open(sqlite_url(path))
            stack.push_async_callback(store.close)
            return store

        yield open_at


async def recorded(path: Path, events) -> None:
    store = await SqlStore.open(sqlite_url(path))
    await store.record(events)
    await store.close()


async def test_everything_is_there_after_reopening(open_store, path, story, context):
    store = await open_store(path)
    await store.record(story())
    await store.save_learned(Learned((Tally(context, Arm.POLL, 2 / 3, 0.1),)))
    await store.close()
    again = await open_store(path)
    assert list(await again.history("s1")) == told(story())
    assert list((await again.load_learned()).tallies) == [Tally(context, Arm.POLL, 2 / 3, 0.1)]


async def test_every_tick_opening_and_end_has_its_row(path, story):
    await recorded(path, story() * 2)
    ticks = ask(path, "SELECT time, engagement_score, state, signals ->> 'present' FROM engagement_metrics")
    assert ticks == [(1_700_000_005.1, 0.1 + 0.2, "FALLING", 120)]
    assert ask(path, "SELECT session_id, profile ->> 'title' FROM sessions") == [("s1", "Bees")]
    assert ask(path, "SELECT session_id, time FROM closed_sessions") == [("s1", 1_700_003_600.1)]


async def test_an_outcome_can_be_read_by_others_under_the_names_of_the_platform(path, story):
    await recorded(path, story())
    judged = ask(path, "SELECT time, intervention_type, success, held_out FROM agent_performance")
    assert judged == [(1_700_000_131.1, "POLL", 1, 0)]
    measured = ask(path, "SELECT engagement_before, engagement_after, engagement_delta FROM agent_performance")
    assert measured == [(0.41, 0.8, 0.8 - 0.41)]


async def test_two_stores_on_one_file_see_each_other(open_store, path, story, context):
    one, other = await open_store(path), await open_store(path)
    await one.record(story("s1"))
    await other.record(story("s2"))
    await other.save_learned(Learned((Tally(context, Arm.POLL, 1.0, 0.0),)))
    assert list(await other.history("s1")) == told(story("s1"))
    assert list(await one.history("s2")) == told(story("s2"))
    assert list((await one.load_learned()).tallies) == [Tally(context, Arm.POLL, 1.0, 0.0)]


async def test_stores_that_open_a_new_file_at_the_same_time_share_it(open_store, path, story):
    stores = await asyncio.gather(*(open_store(path) for _ in range(4)))
    await asyncio.gather(*(store.record(story(f"s{number}")) for number, store in enumerate(stores)))
    for number in range(4):
        assert list(await stores[0].history(f"s{number}")) == told(story(f"s{number}"))


async def test_closing_waits_for_what_is_being_recorded(open_store, path, story):
    store = await open_store(path)
    recording = asyncio.create_task(store.record(story()))
    await asyncio.sleep(0)
    await store.close()
    await recording
    again = await open_store(path)
    assert list(await again.history("s1")) == told(story())


async def test_a_record_that_is_called_off_does_no_harm(open_store, path, story):
    store = await open_store(path)
    recording = asyncio.create_task(store.record(story("s1")))
    await asyncio.sleep(0)
    recording.cancel()
    with pytest.raises(asyncio.CancelledError):
        await recording
    await store.record(story("s2"))
    assert list(await store.history("s2")) == told(story("s2"))


async def test_when_the_database_fails_halfway_nothing_is_left_of_the_batch(open_store, path, story):
    store = await open_store(path)
    ask(path, "ALTER TABLE agent_performance RENAME TO elsewhere")
    with pytest.raises(StoreUnavailable, match="no such table: agent_performance"):
        await store.record(story())
    ask(path, "ALTER TABLE elsewhere RENAME TO agent_performance")
    assert list(await store.history("s1")) == []
    await store.record(story())
    assert list(await store.history("s1")) == told(story())


async def test_readers_do_not_wait_for_a_writer(open_store, path, story):
    await recorded(path, story())
    store = await open_store(path)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert list(await store.history("s1")) == told(story())


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE decisions SET intervention_type = 'SPAM'",
        "UPDATE decisions SET context = '{'",
        'UPDATE interventions SET content = \'{"$type": "Hologram"}\'',
        "UPDATE interventions SET content = '[]'",
        "UPDATE agent_performance SET context = '{}'",
        "UPDATE anomalies SET evidence = 'high'",
    ],
)
async def test_a_damaged_row_is_named(open_store, path, story, damage):
    await recorded(path, story())
    ask(path, damage)
    store = await open_store(path)
    with pytest.raises(UnreadableState, match=rf"conductor\.db: a row of {damage.split()[1]} cannot be read"):
        await store.history("s1")


@pytest.mark.parametrize("damage", ["UPDATE tallies SET phase = 'overtime'", "UPDATE norms SET sums = '{'"])
async def test_damage_to_what_was_learned_is_named(open_store, path, context, damage):
    norm = Norm(SessionType.PANEL, SizeBucket.MEDIUM, Phase.MIDDLE, 100.0, (1.5, 2 / 3))
    store = await open_store(path)
    await store.save_learned(Learned((Tally(context, Arm.POLL, 1.0, 0.0),), (norm,)))
    ask(path, damage)
    with pytest.raises(UnreadableState, match=r"conductor\.db: a row of tallies or norms cannot be read"):
        await store.load_learned()


async def refusal(url: str) -> str:
    with pytest.raises(UnreadableState) as refused:
        await SqlStore.open(url)
    return refused.value.message


async def test_a_file_that_is_no_database_is_refused_and_spared(path):
    path.write_bytes(b"Dear diary, " * 500)
    message = await refusal(sqlite_url(path))
    assert message == f"{path}: cannot be opened (file is not a database); name another file, or move this one away"
    assert path.read_bytes() == b"Dear diary, " * 500
    assert list(path.parent.iterdir()) == [path]


async def test_a_folder_is_refused(path):
    path.mkdir()
    assert await refusal(sqlite_url(path)) == f"{path}: is a folder; name a file in it, such as {path}/conductor.db"


async def test_a_missing_folder_is_refused_and_not_made(path):
    message = await refusal(sqlite_url(path / "conductor.db"))
    assert message == f"{path}/conductor.db: the folder {path} does not exist; make it or name another place"
    assert not path.exists()


async def test_the_database_of_another_program_is_refused_and_spared(path):
    ask(path, "CREATE TABLE recipes (title TEXT)")
    before = path.read_bytes()
    assert "holds the tables of another program" in await refusal(sqlite_url(path))
    assert path.read_bytes() == before


async def test_a_meta_table_of_another_program_is_not_taken_for_ours(path):
    ask(path, "CREATE TABLE meta (key TEXT, value TEXT)")
    ask(path, "INSERT INTO meta VALUES ('schema_version', '1')")
    assert "holds the tables of another program" in await refusal(sqlite_url(path))


async def test_a_newer_version_is_refused_and_spared(path, story):
    await recorded(path, story())
    ask(path, "UPDATE meta SET value = '99'")
    before = path.read_bytes()
    message = await refusal(sqlite_url(path))
    assert f"{path}: was written by a newer version" in message
    assert "schema 99" in message
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", ["", "one", "-1", "0"])
async def test_a_version_that_never_was_is_refused(path, story, version):
    await recorded(path, story())
    ask(path, "UPDATE meta SET value = ?", version)
    assert f"says that its schema is {version!r}" in await refusal(sqlite_url(path))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("not an address", "the database address"),
        ("mysql://localhost/conductor", "only sqlite and postgresql are known"),
        ("sqlite+aiosqlite://", "names no file"),
        ("sqlite+aiosqlite:///:memory:", "names no file"),
        ("sqlite+pysqlite:///conductor.db", "asyncio"),
    ],
)
async def test_an_address_that_leads_nowhere_is_refused(url, said):
    assert said in await refusal(url)


async def test_the_driver_may_be_left_out(open_store, path, story):
    store = await SqlStore.open(f"sqlite:///{path}")
    await store.record(story())
    await store.close()
    again = await open_store(path)
    assert list(await again.history("s1")) == told(story())


async def test_a_refusal_tells_no_password():
    assert "s3cret" not in await refusal("postgresql://conductor:s3cret@127.0.0.1:1/conductor")
    assert "s3cret" not in await refusal("oracle://conductor:s3cret@localhost/conductor")
