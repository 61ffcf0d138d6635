"""Much at once, and what is too old: on every kind of database."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from sqlalchemy import event

from conductor.adapters.retention_sql import ROWS_AT_ONCE
from conductor.adapters.store_sql import SqlStore
from conductor.domain.events import EngagementUpdated, InterventionExecuted

DAY_S = 86_400.0


@pytest.fixture
async def opened(url):
    store = await SqlStore.open(url)
    yield store
    await store.close()


@pytest.fixture
def tick(story):
    return next(each for each in story() if isinstance(each, EngagementUpdated))


async def test_a_tick_of_many_sessions_is_one_statement(opened, tick):
    asked = []

    def listen(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(opened._database.engine.sync_engine, "before_cursor_execute", listen)
    await opened.record([replace(tick, session_id=f"s{number}") for number in range(1_500)])
    assert [each.split()[:3] for each in asked if "INSERT" in each] == [["INSERT", "INTO", "engagement_metrics"]]
    assert len(await opened.archive.curve("s1499", 0.0, inf)) == 1


async def test_of_many_rows_those_that_are_known_are_left_and_the_others_kept(opened, tick):
    known = [replace(tick, at=tick.at + 5.0 * number) for number in range(0, 40, 2)]
    again = [replace(tick, at=tick.at + 5.0 * number, score=0.9) for number in range(40)]
    await opened.record(known)
    await opened.record(again)
    scores = [each.score for each in await opened.archive.curve("s1", 0.0, inf)]
    assert scores == [tick.score, 0.9] * 20


async def test_the_first_of_two_with_one_id_stands_in_one_batch_and_after_it(opened, story):
    first = next(each for each in story() if isinstance(each, InterventionExecuted))
    later = replace(first, intervention=replace(first.intervention, at=first.intervention.at + 60.0))
    await opened.record([first, later])
    await opened.record([later])
    assert list(await opened.history("s1")) == [first]


async def test_ticks_and_history_go_when_they_are_too_old_and_not_before(opened, story, tick):
    await opened.record(story())
    history = list(await opened.history("s1"))
    late = tick.at + 30 * DAY_S
    assert await opened.retention.enforce(late, metrics_days=31, history_days=31) == 0
    assert await opened.retention.enforce(late + 60.0, metrics_days=30, history_days=0) == 1
    assert (await opened.archive.curve("s1", 0.0, inf), list(await opened.history("s1"))) == ([], history)
    assert await opened.retention.enforce(late + DAY_S, metrics_days=0, history_days=30) > len(history)
    assert list(await opened.history("s1")) == []
    assert len(await opened.archive.sessions(None)) == 1


async def test_a_great_many_rows_go_a_few_thousand_at_a_time(opened, tick):
    count = ROWS_AT_ONCE + 10
    await opened.record([replace(tick, at=tick.at + number) for number in range(count)])
    gone = await opened.retention.enforce(tick.at + 40 * DAY_S, metrics_days=1, history_days=0)
    assert (gone, await opened.archive.curve("s1", 0.0, inf)) == (count, [])


async def test_days_that_count_for_ever_delete_nothing(opened, story):
    await opened.record(story())
    assert await opened.retention.enforce(9e9, metrics_days=0, history_days=0) == 0
