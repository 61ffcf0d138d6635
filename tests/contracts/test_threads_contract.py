"""Threads of decisions, their checkpoints and their deadlines, in memory, on SQLite and on a real PostgreSQL."""

import sqlite3
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import replace
from random import Random

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from sqlalchemy import ColumnClause, column, func, inspect, select, table
from sqlalchemy.ext.asyncio import create_async_engine
from tests import postgres
from tests.decide_examples import NOW, decision
from tests.workflow_examples import CALM, all_due, steps_of

from conductor.act.drafting import Drafting
from conductor.adapters.checkpoints import open_checkpoints
from conductor.adapters.store_memory import MemoryStore
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.interventions import Autonomy, Intervention
from conductor.domain.organisers import Answer, Verdict
from conductor.errors import StoreUnavailable
from conductor.ports import Deadline
from conductor.workflow import Workflow, WorkflowParts
from conductor.workflow.steps import Wait

ASKED = replace(decision(), autonomy=Autonomy.ASK, expires_at=NOW + 60.0)
APPROVED = Answer(ASKED.decision_id, ASKED.session_id, NOW + 10.0, Verdict.APPROVED, "olga")
CHECKPOINTS = ("checkpoints", "writes", "checkpoint_blobs", "checkpoint_writes")
"""Tables in which LangGraph's savers keep something of a thread; each has some of them."""


class Wall:
    """A platform that keeps what was put on it."""

    def __init__(self):
        self.shown = []

    async def deliver(self, intervention):
        self.shown.append(intervention.intervention_id)
        return 42


class Memory:
    """What lasts for as long as the program."""

    def __init__(self):
        self._store, self._checkpoints = MemoryStore(), InMemorySaver()

    @asynccontextmanager
    async def opened(self):
        yield self._store, self._checkpoints

    async def left(self, decision_id):
        return [each for each in (self._checkpoints.storage, self._checkpoints.blobs) if decision_id in str(each)]


class Sql:
    """What outlasts it."""

    def __init__(self, url):
        self.url = url

    @asynccontextmanager
    async def opened(self):
        async with AsyncExitStack() as stack:
            store = await SqlStore.open(self.url)
            stack.push_async_callback(store.close)
            yield store, await stack.enter_async_context(open_checkpoints(self.url))

    async def left(self, decision_id):
        """The tables in which something of its thread is."""
        engine = create_async_engine(self.url)
        async with engine.connect() as connection:
            present = await connection.run_sync(lambda each: set(inspect(each).get_table_names()))
            found = []
            for name in present & set(CHECKPOINTS):
                thread_id: ColumnClause[str] = column("thread_id")
                asked = select(func.count()).select_from(table(name, thread_id)).where(thread_id == decision_id)
                rows = await connection.execute(asked)
                found += [name] if rows.scalar_one() else []
        await engine.dispose()
        return found


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def kept(request, tmp_path):
    """Where threads are kept; nothing is there yet."""
    if request.param == "memory":
        return Memory()
    if request.param == "sqlite":
        return Sql(sqlite_url(tmp_path / "conductor.db"))
    url = request.getfixturevalue("postgresql")
    await postgres.emptied(url)
    return Sql(url)


@asynccontextmanager
async def workflow_of(kept, wall):
    """A life of the process: a workflow with what is kept, and the store."""
    async with kept.opened() as (store, checkpoints):
        drafting = Drafting(Random(0))
        flow = Workflow(WorkflowParts(wall, drafting, store.deadlines, checkpoints, answers=store.desk))
        flow.look = lambda _session_id, _at: CALM
        yield flow, store


async def test_a_thread_that_waits_for_an_answer_is_found_again_and_carried_out_once(kept):
    wall = Wall()
    async with workflow_of(kept, wall) as (flow, _):
        assert await steps_of(flow.carry_out(flow.word(ASKED))) == []
    async with workflow_of(kept, wall) as (flow, _):
        [left] = await flow.wake(NOW + 5.0)
        flow.take_up()
        assert (left.decision.decision_id, left.waits_for, left.done) == (ASKED.decision_id, Wait.ANSWER, None)
        assert left.decision.content is not None
        assert await all_due(flow, NOW + 5.0) == []
        done = [step for step in await steps_of(flow.answer(APPROVED)) if isinstance(step, Intervention)]
        assert [each.intervention_id for each in done] == wall.shown
    async with workflow_of(kept, wall) as (flow, _):
        [left] = await flow.wake(NOW + 20.0)
        flow.take_up()
        assert (left.waits_for, left.done) == (Wait.OUTCOME, done[0])
        assert await all_due(flow, NOW + 20.0) == []
        assert len(wall.shown) == 1


async def test_what_was_answered_while_nobody_was_there_is_heeded_after_a_restart(kept):
    wall = Wall()
    async with workflow_of(kept, wall) as (flow, store):
        await steps_of(flow.carry_out(flow.word(ASKED)))
        await store.desk.answer(APPROVED)
    async with workflow_of(kept, wall) as (flow, store):
        await flow.wake(NOW + 20.0)
        flow.take_up()
        await all_due(flow, NOW + 20.0)
        assert len(wall.shown) == 1


async def test_a_thread_that_has_ended_leaves_no_rows(kept):
    wall = Wall()
    async with workflow_of(kept, wall) as (flow, store):
        await steps_of(flow.carry_out(flow.word(ASKED)))
        await steps_of(flow.answer(APPROVED))
        assert await kept.left(ASKED.decision_id)
        [deadline] = await store.deadlines.all()
        assert deadline.decision_id == ASKED.decision_id
        assert await steps_of(flow.learned(ASKED.decision_id, NOW + 130.0)) == []
        assert await store.deadlines.all() == []
    assert await kept.left(ASKED.decision_id) == []


async def test_what_lapses_leaves_no_rows_either(kept):
    async with workflow_of(kept, Wall()) as (flow, store):
        await steps_of(flow.carry_out(flow.word(ASKED)))
        assert [step.why for step in await all_due(flow, NOW + 61.0)] == ["nobody answered in time"]
        assert await store.deadlines.all() == []
    assert await kept.left(ASKED.decision_id) == []


async def test_what_was_freed_by_half_when_the_process_ended_is_freed_with_the_next_start(tmp_path):
    kept = Sql(sqlite_url(tmp_path / "conductor.db"))
    async with workflow_of(kept, Wall()) as (flow, _):
        await steps_of(flow.carry_out(flow.word(ASKED)))
    with closing(sqlite3.connect(tmp_path / "conductor.db")) as connection, connection:
        connection.execute("DELETE FROM checkpoints")
    assert await kept.left(ASKED.decision_id) == ["writes"]
    async with workflow_of(kept, Wall()) as (flow, store):
        assert await flow.wake(NOW + 5.0) == []
        assert await store.deadlines.all() == []
    assert await kept.left(ASKED.decision_id) == []


async def test_deadlines_come_earliest_first_and_the_last_of_a_decision_counts(kept):
    async with kept.opened() as (store, _):
        for name, at in (("b", 7.0), ("a", 7.0), ("c", 9.0), ("c", 0.1 + 0.2)):
            await store.deadlines.put(Deadline(name, "s1", at))
        await store.deadlines.drop("b")
        await store.deadlines.drop("b")
        assert list(await store.deadlines.all()) == [Deadline("c", "s1", 0.1 + 0.2), Deadline("a", "s1", 7.0)]


async def test_deadlines_of_a_closed_store_cannot_be_had(kept):
    async with kept.opened() as (store, _):
        await store.close()
        for asking in (store.deadlines.all(), store.deadlines.drop("a"), store.deadlines.put(Deadline("a", "s", 1.0))):
            with pytest.raises(StoreUnavailable):
                await asking


async def test_checkpoints_on_a_file_that_is_no_database_any_more_say_so(tmp_path):
    kept = Sql(sqlite_url(tmp_path / "conductor.db"))
    async with kept.opened() as (_, checkpoints):
        with sqlite3.connect(tmp_path / "conductor.db") as gone:
            gone.execute("DROP TABLE checkpoints")
        with pytest.raises(StoreUnavailable, match="checkpoints"):
            await checkpoints.aget_tuple({"configurable": {"thread_id": "a"}})
        with pytest.raises(StoreUnavailable, match="checkpoints"):
            await checkpoints.adelete_thread("a")


async def test_where_the_server_is_gone_threads_say_that_the_store_is_unavailable():
    with postgres.running() as url:
        stack = AsyncExitStack()
        store, checkpoints = await stack.enter_async_context(Sql(url).opened())
        await store.deadlines.put(Deadline("a", "s", 1.0))
    with pytest.raises(StoreUnavailable):
        await checkpoints.aget_tuple({"configurable": {"thread_id": "a"}})
    with pytest.raises(StoreUnavailable):
        await checkpoints.adelete_thread("a")
    with pytest.raises(StoreUnavailable):
        await store.deadlines.all()
    await stack.aclose()
