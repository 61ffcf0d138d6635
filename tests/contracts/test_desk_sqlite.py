"""What a desk in an SQLite file promises besides: several processes share it, and it lasts."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.interventions import Arm, PromptContent
from conductor.domain.organisers import AgentSettings, Answer, Request, Verdict
from conductor.errors import StoreUnavailable, UnreadableState

NOON = 1_700_000_000.1
YES = Answer("d1", "s1", NOON, Verdict.APPROVED, by="u1")
NO = Answer("d1", "s1", NOON, Verdict.REJECTED, by="u2", reason="Not now.")
WISH = Request("r1", "s1", "e1", Arm.CHAT_PROMPT, NOON, "u1", PromptContent("Hello"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conductor.db"


@pytest.fixture
async def two(path: Path) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    """Two stores on one file, with a connection and a thread each, as two processes would have."""
    async with AsyncExitStack() as stack:
        stores = [await SqlStore.open(sqlite_url(path)) for _ in range(2)]
        for store in stores:
            stack.push_async_callback(store.close)
        yield stores[0], stores[1]


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


async def test_what_organisers_decided_is_there_after_reopening(path):
    first = await SqlStore.open(sqlite_url(path))
    await first.desk.save_settings(AgentSettings("e1", threshold=0.9))
    await first.desk.answer(YES)
    await first.desk.request(WISH)
    await first.close()
    again = await SqlStore.open(sqlite_url(path))
    assert await again.desk.settings("e1") == AgentSettings("e1", threshold=0.9)
    assert await again.desk.answer(NO) == YES
    assert list(await again.desk.due(NOON)) == [WISH]
    await again.close()


async def test_of_answers_from_two_stores_exactly_one_stands_and_both_are_told_it(two):
    one, other = two
    for number in range(30):
        yes, no = (replace(answer, decision_id=f"d{number}") for answer in (YES, NO))
        told = await asyncio.gather(one.desk.answer(yes), other.desk.answer(no))
        assert told[0] == told[1]
        assert told[0] in {yes, no}


async def test_what_is_done_in_one_store_is_not_given_in_the_other(two):
    one, other = two
    wishes = [replace(WISH, request_id=f"r{number}") for number in range(10, 40)]
    for wish in wishes:
        await one.desk.request(wish)
    await asyncio.gather(one.desk.due(NOON, wishes[:10]), other.desk.due(NOON, wishes[10:20]))
    assert list(await one.desk.due(NOON)) == list(await other.desk.due(NOON)) == wishes[20:]


async def test_settings_saved_in_one_store_are_seen_in_the_other(two):
    one, other = two
    await one.desk.save_settings(AgentSettings("e1", max_per_hour=7))
    assert await other.desk.settings("e1") == AgentSettings("e1", max_per_hour=7)


async def test_a_damaged_row_is_named_and_no_request_is_lost_for_it(path, two):
    desk = two[0].desk
    await desk.save_settings(AgentSettings("e1"))
    await desk.answer(YES)
    await desk.request(WISH)
    change(path, "UPDATE event_agent_settings SET mode = 'LOUD'")
    change(path, "UPDATE answers SET verdict = 'PERHAPS'")
    change(path, "UPDATE requests SET intervention_type = 'SPAM'")
    with pytest.raises(UnreadableState, match=r"conductor\.db: a row of event_agent_settings cannot be read"):
        await desk.settings("e1")
    with pytest.raises(UnreadableState, match=r"conductor\.db: a row of answers cannot be read"):
        await desk.answer(NO)
    with pytest.raises(UnreadableState, match=r"conductor\.db: a row of requests cannot be read"):
        await desk.due(NOON)
    change(path, "UPDATE requests SET intervention_type = 'CHAT_PROMPT'")
    assert list(await desk.due(NOON)) == [WISH]


async def test_a_missing_table_makes_the_desk_unavailable(path, two):
    change(path, "DROP TABLE answers")
    with pytest.raises(StoreUnavailable, match=r"conductor\.db: no such table: answers"):
        await two[0].desk.answer(YES)
