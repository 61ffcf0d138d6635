"""Stores of every version become what the newest release knows, and lose nothing on the way."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from tests.decide_examples import NOW, decision

from conductor.adapters import migrating, schema
from conductor.adapters.database import database_of, in_words_of_libpq
from conductor.adapters.revisions import REVISIONS, version_of
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.adapters.tables import METADATA, SCHEMA_VERSION
from conductor.domain.endings import ended
from conductor.domain.events import DecisionMade
from conductor.domain.organisers import AgentSettings
from conductor.errors import InvalidInput, UnreadableState
from conductor.worker.unfinished import left_open

_NUMBERS = count()


@asynccontextmanager
async def empty(kind: str, folder: Path, server: str | None) -> AsyncIterator[str]:
    """The address of a database in which there is nothing at all."""
    name = f"empty_{next(_NUMBERS)}"
    if server is None:
        yield sqlite_url(folder / f"{name}.db")
        return
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
async def make(request, tmp_path):
    """Makes empty databases of a kind."""
    server = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    return lambda: empty(request.param, tmp_path, server)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncEngine]:
    engine, _ = database_of(url)
    try:
        yield engine
    finally:
        await engine.dispose()


async def moved(url: str, to: int) -> None:
    """What `conductor db` does, to any version."""
    async with opened(url) as engine, engine.connect() as connection:
        await schema.lock(connection)
        there = await connection.run_sync(version_of) or 0
        await connection.run_sync(migrating.upgrade if to > there else migrating.downgrade, to)
        await connection.commit()


async def asked(url: str, question) -> Any:
    async with opened(url) as engine, engine.connect() as connection:
        return await connection.run_sync(question)


def anatomy(connection: Connection) -> dict[str, Any]:
    """All that there is to say of the tables."""
    there = inspect(connection)
    return {
        name: (
            {each["name"]: (str(each["type"]), each["nullable"]) for each in there.get_columns(name)},
            sorted(there.get_pk_constraint(name)["constrained_columns"]),
            sorted((str(each["name"]), *each["column_names"]) for each in there.get_indexes(name)),
            sorted(each["column_names"] for each in there.get_unique_constraints(name)),
        )
        for name in there.get_table_names()
        if name != REVISIONS
    }


Rows = dict[str, tuple[list[str], list[tuple[str, ...]]]]
"""Columns and rows of tables by name."""


def contents(connection: Connection) -> Rows:
    """Every row of every table but those that say which version it is."""
    found = MetaData()
    found.reflect(connection)
    return {
        table.name: ([*table.columns.keys()], sorted(tuple(map(str, row)) for row in connection.execute(select(table))))
        for table in found.sorted_tables
        if table.name not in {REVISIONS, "meta"}
    }


def of_what_was_known(older: Rows, newer: Rows) -> Rows:
    """What a newer store holds in the tables and columns that the older one had."""
    return {
        name: (columns, sorted(tuple(row[newer[name][0].index(each)] for each in columns) for row in newer[name][1]))
        for name, (columns, _) in older.items()
    }


def without_revisions(connection: Connection) -> None:
    connection.execute(text(f"DROP TABLE {REVISIONS}"))
    connection.commit()


async def filled(url: str, story, version: int) -> None:
    """A store as a release of that version left it, with something of every kind in it."""
    store = await SqlStore.open(url)
    await store.record(story())
    await store.desk.save_settings(AgentSettings("e1"), by="u1", at=1.0)
    await store.close()
    if version < SCHEMA_VERSION:
        await moved(url, version)
    if version == 1:
        # The first release had no migrations.
        await asked(url, without_revisions)


async def test_step_by_step_leads_to_the_same_tables_as_making_them_at_once(make):
    async with make() as stepwise, make() as at_once:
        await moved(stepwise, SCHEMA_VERSION)
        await (await SqlStore.open(at_once)).close()
        assert await asked(stepwise, anatomy) == await asked(at_once, anatomy)
        await (await SqlStore.open(stepwise)).close()


async def test_the_last_step_leads_to_what_the_program_expects(make):
    def differences(connection: Connection) -> list[Any]:
        known = MigrationContext.configure(connection, opts={"version_table": REVISIONS})
        return list(compare_metadata(known, METADATA))

    async with make() as url:
        await moved(url, SCHEMA_VERSION)
        assert await asked(url, differences) == []


def test_the_version_that_stores_look_for_is_that_of_the_last_step():
    assert [step.version for step in migrating.steps()] == [*range(1, SCHEMA_VERSION + 1)]


def test_every_step_says_what_it_brings_and_what_going_back_loses():
    for step in migrating.steps():
        assert step.what.endswith(".")
        assert step.loses
    assert all(step.loses != "everything" for step in migrating.steps()[1:])


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
async def test_an_older_store_keeps_every_row_when_it_is_brought_up_to_date(make, story, version):
    async with make() as url:
        await filled(url, story, version)
        before = await asked(url, contents)
        await moved(url, SCHEMA_VERSION)
        after = await asked(url, contents)
        assert sum(len(rows) for _, rows in before.values()) > 15
        assert of_what_was_known(before, after) == before
        store = await SqlStore.open(url)
        await store.record(story())
        assert len(await store.history("s1")) == 13
        await store.close()


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
async def test_a_step_back_and_forth_changes_nothing_that_the_older_version_knows(make, story, version):
    async with make() as url:
        await filled(url, story, SCHEMA_VERSION)
        tables, rows = await asked(url, anatomy), await asked(url, contents)
        await moved(url, version)
        assert await asked(url, anatomy) != tables
        known = await asked(url, contents)
        assert of_what_was_known(known, rows) == known
        await moved(url, SCHEMA_VERSION)
        assert await asked(url, anatomy) == tables
        assert of_what_was_known(known, await asked(url, contents)) == known


async def test_what_has_ended_without_a_coin_is_not_awaited_again_where_a_step_back_has_lost_its_end(make):
    tossed = decision(coin=0.5, holdout_share=0.1, trial_ends_at=NOW + 120.0)
    made = decision(decision_id="s1-d2", trial_ends_at=NOW + 120.0)
    async with make() as url:
        store = await SqlStore.open(url)
        ends = [ended(each, NOW + 120.0, delivered=True, after=0.6) for each in (tossed, made)]
        await store.record([DecisionMade(tossed), DecisionMade(made), *ends])
        await store.close()
        await moved(url, 7)
        await moved(url, SCHEMA_VERSION)
        store = await SqlStore.open(url)
        history = await store.history(made.session_id)
        await store.close()
    assert left_open(history).tried == ()
    assert [each.decision.trial_ends_at for each in history if isinstance(each, DecisionMade)] == [NOW + 120.0, None]


@pytest.mark.parametrize("to", [0, SCHEMA_VERSION, 99])
async def test_there_is_no_way_back_to_what_never_was(make, to):
    async with make() as url:
        await (await SqlStore.open(url)).close()
        async with opened(url) as engine, engine.connect() as connection:
            with pytest.raises(InvalidInput, match="it may be 1 to"):
                await connection.run_sync(migrating.downgrade, to)


async def test_an_older_file_is_brought_up_to_date_when_it_is_opened(tmp_path, story):
    url = sqlite_url(tmp_path / "conductor.db")
    await filled(url, story, 1)
    before = await asked(url, contents)
    store = await SqlStore.open(url)
    await store.close()
    assert of_what_was_known(before, await asked(url, contents)) == before
    assert await asked(url, version_of) == SCHEMA_VERSION


async def test_stores_that_open_an_older_file_at_the_same_time_do_not_get_in_each_others_way(tmp_path, story):
    url = sqlite_url(tmp_path / "conductor.db")
    await filled(url, story, 1)
    stores = await asyncio.gather(*(SqlStore.open(url) for _ in range(4)))
    assert [len(await store.history("s1")) for store in stores] == [11] * 4
    for store in stores:
        await store.close()


async def test_a_step_that_fails_leaves_an_older_file_as_it_was(tmp_path, story):
    def in_the_way(connection: Connection) -> None:
        connection.execute(text("CREATE INDEX anomalies_by_time ON holds (time)"))
        connection.commit()

    url = sqlite_url(tmp_path / "conductor.db")
    await filled(url, story, 1)
    await asked(url, in_the_way)
    before = await asked(url, anatomy), await asked(url, contents)
    with pytest.raises(UnreadableState, match="anomalies_by_time already exists"):
        await SqlStore.open(url)
    assert (await asked(url, anatomy), await asked(url, contents)) == before
    assert await asked(url, version_of) == 1


@pytest.mark.parametrize("written", ["sslmode=require", "ssl=require"])
def test_an_address_may_ask_for_encryption_in_the_words_of_either_driver(written):
    url = make_url(f"postgresql+asyncpg://localhost/conductor?{written}&application_name=a")
    engine, _ = database_of(str(url))
    assert dict(engine.url.query) == {"ssl": "require", "application_name": "a"}
    there = in_words_of_libpq(url)
    assert (there.drivername, there.query["application_name"], there.query["sslmode"]) == ("postgresql", "a", "require")


async def test_an_older_server_is_left_alone_and_its_operator_told_what_to_do(postgresql, tmp_path, story):
    async with empty("postgresql", tmp_path, postgresql) as url:
        await filled(url, story, 1)
        before = await asked(url, anatomy)
        with pytest.raises(UnreadableState, match=r"schema is version 1.*run `conductor db upgrade`"):
            await SqlStore.open(url)
        assert await asked(url, anatomy) == before


def test_a_store_that_is_up_to_date_opens_without_alembic(tmp_path):
    url = sqlite_url(tmp_path / "conductor.db")
    program = (
        "import asyncio, sys; from conductor.adapters.store_sql import SqlStore\n"
        f"async def run():\n for _ in 'ab':\n  store = await SqlStore.open({url!r}); await store.close()\n"
        "asyncio.run(run()); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
