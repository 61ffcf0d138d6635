"""A database answers every question about what was kept exactly as memory does, and finds it by an index."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from math import inf
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conductor.adapters.store_memory import MemoryStore
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.events import EngagementUpdated, Event, InterventionExecuted, OutcomeMeasured, SessionOpened
from conductor.domain.interventions import Arm, Intervention
from conductor.errors import UnreadableState
from conductor.ports import Archive, Wanted

moments = st.integers(0, 4).map(lambda number: 1_700_000_000.1 + number / 3)
sessions = st.sampled_from(["s1", "s2", "S", "ß"])
events = st.sampled_from(["e1", "e2"])
arms = st.sampled_from(Arm)
ids = st.sampled_from(["i1", "i2", "I", "ï"])
questions = st.builds(Wanted, *(st.none() | each for each in (sessions, events, arms, moments, moments)))


def moved(event: Event, where: dict[str, Any], arm: Arm, intervention_id: str) -> Event:
    """The event, at another time and place."""
    if isinstance(event, InterventionExecuted):
        return InterventionExecuted(replace(event.intervention, **where, arm=arm, intervention_id=intervention_id))
    if isinstance(event, OutcomeMeasured):
        return OutcomeMeasured(replace(event.outcome, **where, intervention_id=intervention_id))
    assert isinstance(event, SessionOpened | EngagementUpdated)
    return replace(event, **where)


places = st.fixed_dictionaries({"session_id": sessions, "event_id": events, "at": moments})
changes = st.lists(st.tuples(st.integers(0, 3), places, arms, ids), max_size=30)


async def pages(archive: Archive, wanted: Wanted) -> list[tuple[Intervention, ...]]:
    found: list[tuple[Intervention, ...]] = []
    cursor = None
    while not found or cursor is not None:
        page = await archive.interventions(wanted, 3, cursor)
        found.append(page.interventions)
        cursor = page.next_cursor
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes, wanted=questions, event_id=st.none() | events, session_id=sessions, since=st.none() | moments)
def test_a_database_answers_exactly_as_memory_does(
    tmp_path_factory, story, changes, wanted, event_id, session_id, since
):
    kinds = (SessionOpened, EngagementUpdated, InterventionExecuted, OutcomeMeasured)
    told = [next(event for event in story() if isinstance(event, kind)) for kind in kinds]
    happened = [moved(told[kind], where, arm, named) for kind, where, arm, named in changes]

    async def answers(store: MemoryStore | SqlStore) -> list[object]:
        await store.record(happened)
        archive: Archive = store.archive
        said = [
            list(await archive.sessions(event_id)),
            list(await archive.curve(session_id, -inf if since is None else since, inf)),
            await pages(archive, wanted),
            list(await archive.outcomes(event_id, since)),
        ]
        await store.close()
        return said

    async def compare() -> None:
        path = tmp_path_factory.mktemp("archive") / "conductor.db"
        assert await answers(await SqlStore.open(sqlite_url(path))) == await answers(MemoryStore())

    asyncio.run(compare())


async def test_a_damaged_row_is_named(tmp_path, story):
    path = tmp_path / "conductor.db"
    store = await SqlStore.open(sqlite_url(path))
    await store.record(story())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE interventions SET type = 'SPAM'")
    with pytest.raises(UnreadableState, match=r"conductor\.db: a row of interventions cannot be read"):
        await store.archive.interventions(Wanted(), 10, None)
    await store.close()


BEFORE = "(time, intervention_id, session_id) < (9.5, 'i', 's')"
NEWEST_FIRST = "ORDER BY time DESC, intervention_id DESC, session_id DESC LIMIT 11"


@pytest.mark.parametrize(
    ("index", "query"),
    [
        ("interventions_by_time", ("SELECT * FROM interventions WHERE", BEFORE, NEWEST_FIRST)),
        (
            "interventions_by_session_id",
            ("SELECT * FROM interventions WHERE session_id = 's' AND", BEFORE, NEWEST_FIRST),
        ),
        ("interventions_by_event_id", ("SELECT * FROM interventions WHERE event_id = 'e' AND", BEFORE, NEWEST_FIRST)),
        ("agent_performance_by_event_id", ("SELECT * FROM agent_performance WHERE event_id = 'e' AND time >= 9.5",)),
        ("requests_by_taken", ("UPDATE requests SET taken = 1 WHERE taken IS 0 AND time <= 9.5 RETURNING *",)),
    ],
)
async def test_what_is_asked_for_often_is_found_by_an_index_and_needs_no_sorting(tmp_path, index, query):
    path = tmp_path / "conductor.db"
    await (await SqlStore.open(sqlite_url(path))).close()
    with closing(sqlite3.connect(path)) as connection:
        plan = " ".join(row[3] for row in connection.execute(" ".join(("EXPLAIN QUERY PLAN", *query))))
    assert f"INDEX {index} " in plan
    assert "TEMP B-TREE" not in plan
