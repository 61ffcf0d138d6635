"""After erasing, nothing that is kept names the person: every table, every stream and every file is looked through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from redis.asyncio import Redis
from tests.erasing_examples import (
    AT,
    WHO,
    aimed,
    checked,
    entries,
    eraser_of,
    fill,
    kept_in,
    rows_of,
    spelled,
    where_named,
)
from tests.valkey import running

from conductor.adapters.bus_memory import MemoryBus
from conductor.adapters.bus_redis import RedisBus
from conductor.adapters.desk_remembered import RememberingDesk
from conductor.adapters.journal_file import FileJournal
from conductor.adapters.store_sql import SqlStore
from conductor.adapters.tables import EVENT_TABLES, METADATA
from conductor.bootstrap.erasing import eraser
from conductor.domain.bus import ENGAGEMENT, HAPPENINGS, SIGNALS, Entry
from conductor.domain.events import SessionOpened
from conductor.domain.interventions import Arm
from conductor.domain.organisers import AgentSettings, Answer, Request, Verdict
from conductor.errors import Conflict, NotFound
from conductor.ports import AuditWanted, KeepingBus
from conductor.settings import Settings


@pytest.fixture
async def store(url) -> AsyncIterator[SqlStore]:
    opened = await SqlStore.open(url)
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "server"])
async def bus(request, tmp_path) -> AsyncIterator[KeepingBus]:
    async with AsyncExitStack() as stack:
        opened: KeepingBus = MemoryBus(lambda: AT)
        if request.param == "server":
            server = stack.enter_context(running(tmp_path / "valkey"))
            opened = await RedisBus.open(server.url)
        stack.push_async_callback(opened.close)
        yield opened


async def test_nothing_that_is_kept_names_somebody_who_was_erased(store, url, bus, story, tmp_path):
    await fill(store, bus, url, story)
    before = await where_named(url, bus, tmp_path / "none")
    assert {"decisions", "worded_decisions", "interventions", "answers", "requests", "signals:s1", "events:s2"} <= {
        *before
    }
    head = (await checked(store)).head

    erased = await eraser_of(store, bus).attendee(WHO, None)

    assert await where_named(url, bus) == []
    assert erased.rows["interventions"] == 1
    assert erased.rows["threads"] >= 2
    assert erased.entries["signals:s1"] == 4
    assert (erased.noted, erased.again) == (0, ())
    after = await checked(store, frozenset({head}))
    assert (after.fault, after.head) == (None, head)
    if url.startswith("sqlite"):
        await store.close()
        assert [path.name for path in tmp_path.glob("conductor.db*") if spelled(path.read_bytes())] == []


async def test_what_others_did_and_how_many_they_were_stays(store, url, bus, story):
    await fill(store, bus, url, story)
    before = await kept_in(bus)
    await eraser_of(store, bus).attendee(WHO, None)
    after = await kept_in(bus)
    unreadable = [each for each in before if b"\xff" + WHO.encode() in [value for _, value in each[1]]]
    assert [entry_id for _, _, entry_id in after] == [each[2] for each in before if each not in unreadable]
    said = b"".join(value for _, fields, _ in after for _, value in fields)
    assert b"I, other, say 2" in said
    assert b"I, erased" not in said
    assert b"Oz" in said
    assert b"Zo" not in said
    assert len({word for word in said.split(b'"') if word.startswith(b"erased-")}) <= 1


async def test_whoever_follows_a_stream_misses_and_repeats_nothing(store, url, bus, story):
    await bus.append([Entry("signals:s1", (("n", WHO.encode()),), 100)])
    got: asyncio.Queue[str] = asyncio.Queue()

    async def follow() -> None:
        async for batch in bus.follow("signals:", 0.0):
            for each in batch:
                got.put_nowait(each.names[0])

    following = asyncio.create_task(follow())
    assert await got.get() == "n"
    await eraser_of(store, bus).attendee(WHO, None)
    await bus.append([Entry("signals:s1", (("later", b"1"),), 100)])
    assert await got.get() == "later"
    following.cancel()


async def test_of_one_event_only_its_own_is_touched(store, url, bus, story):
    await fill(store, bus, url, story)
    await store.record([replace(event, event_id="e2") for event in story("s3") if isinstance(event, SessionOpened)])
    await bus.append(entries("s3"))
    erased = await eraser_of(store, bus).attendee(WHO, "e2")
    assert {*erased.entries} == {"signals:s3", "events:s3"}
    assert "signals:s1" in await where_named(url, bus)


async def test_a_session_whose_name_begins_like_another_is_not_touched(store, url, bus, story):
    await fill(store, bus, url, story)
    await bus.append(entries("s10"))
    before = sorted(each for each in await kept_in(bus) if each[0].endswith(":s10"))
    erased = await eraser_of(store, bus).attendee(WHO, "e1")
    assert "signals:s1" in erased.entries
    assert sorted(each for each in await kept_in(bus) if each[0].endswith(":s10")) == before


async def test_sessions_that_still_go_on_are_named_to_be_asked_for_again(store, url, bus, story):
    await fill(store, bus, url, story)
    erased = await eraser_of(store, bus, "s2", "elsewhere").attendee(WHO, None)
    assert erased.again == ("s2",)


async def test_who_decided_for_the_organiser_stays_in_the_log_and_is_said_to(store, url, bus, story):
    await fill(store, bus, url, story)
    erased = await eraser_of(store, bus).attendee("boss", None)
    assert erased.noted == 3
    assert (await checked(store)).fault is None


async def test_an_event_goes_with_everything_but_one_entry_that_says_so(store, url, bus, story):
    await fill(store, bus, url, story)
    await store.record([replace(event, event_id="kept") for event in story("s9") if isinstance(event, SessionOpened)])
    await store.marks.put("summary:2026-01-01T18:e1")
    before = await checked(store)
    (chain,) = before.chains

    await eraser_of(store, bus).event("e1", "boss")

    left = {
        name: rows for name, rows in (await rows_of(url)).items() if any("'e1'" in row or ":e1'" in row for row in rows)
    }
    assert {*left} == {"audit_log"}
    assert [row for rows in (await rows_of(url)).values() for row in rows if spelled(row) or "'s1'" in row] == []
    assert await kept_in(bus) == []
    (entry,) = (await store.audit.entries(AuditWanted(), 10, None)).entries
    assert (entry.kind, entry.seq) == ("ERASED", 1)
    assert chain.head in entry.body
    after = await checked(store, frozenset({chain.head}))
    assert after.fault is None
    assert [each.event_id for each in await store.archive.sessions(None)] == ["kept"]


async def test_an_event_is_erased_once_and_only_where_there_is_one(store, url, bus, story):
    await fill(store, bus, url, story)
    await eraser_of(store, bus).event("e1", "boss")
    for event_id in ("e1", "nowhere"):
        with pytest.raises(NotFound):
            await eraser_of(store, bus).event(event_id, "boss")


async def test_an_event_of_which_a_session_goes_on_is_not_erased(store, url, bus, story):
    await fill(store, bus, url, story)
    before = await rows_of(url)
    with pytest.raises(Conflict, match="s2"):
        await eraser_of(store, bus, "s2").event("e1", "boss")
    assert await rows_of(url) == before


async def test_the_command_finds_what_a_worker_that_ended_left_on_this_machine(url, story, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    await (await SqlStore.open(url)).close()
    journal = FileJournal(home / "journal.jsonl")
    journal.append([*aimed(story("s1"))])
    journal.close()
    desk_store = await SqlStore.open(url)
    await RememberingDesk(desk_store.desk, home / "settings.jsonl").save_settings(AgentSettings("e1"))
    await desk_store.close()
    assert "e1" in (home / "settings.jsonl").read_text()

    async with eraser(Settings(home=home, database_url=url)) as erasing:
        assert (await erasing.attendee(WHO, None)).rows["interventions"] == 1
        await erasing.event("e1", "")

    assert [path.name for path in home.iterdir() if spelled(path.read_bytes()) or b"e1" in path.read_bytes()] == []
    assert [name for name, rows in (await rows_of(url)).items() if any(map(spelled, rows))] == []


async def test_a_session_goes_on_while_it_is_looked_at_and_not_ended(store, story):
    opened, looked_at, *_, closed = story("s1")
    await store.record([opened, looked_at])
    assert await store.erasing.going_on(looked_at.at + 10.0) == ["s1"]
    assert await store.erasing.going_on(looked_at.at + 400.0) == []
    await store.record([replace(closed, at=looked_at.at + 5.0)])
    assert await store.erasing.going_on(looked_at.at + 10.0) == []


async def test_a_server_forgets_names_of_streams_too(tmp_path):
    with running(tmp_path) as server:
        bus = await RedisBus.open(server.url)
        await bus.append(entries("secret-session"))
        await bus.remove([prefix + "secret-session" for prefix in (SIGNALS, HAPPENINGS, ENGAGEMENT)])
        client = Redis.from_url(server.url)
        kept = [await client.dump(key) for key in await client.keys("*") if await client.type(key) == b"stream"]
        await client.aclose()
        await bus.close()
    assert b"secret-session" not in b"".join(filter(None, kept))


async def test_names_that_were_told_together_with_a_removed_one_are_told_again(tmp_path):
    with running(tmp_path) as server:
        bus = await RedisBus.open(server.url)
        await bus.append([Entry("signals:gone", (("n", b"1"),), 100), Entry("signals:stays", (("n", b"1"),), 100)])
        await bus.remove(["signals:gone"])
        client = Redis.from_url(server.url)
        told = await client.xrange("conductor:index")
        await client.aclose()
        await bus.close()
    assert [fields for _, fields in told or []] == [{b"s": b"signals:stays"}]


async def test_a_log_that_is_old_goes_as_a_whole_and_says_that_it_was_there(store, story):
    await store.record(story("s1"))
    await store.desk.answer(Answer("d2", "s1", AT, Verdict.APPROVED, by="boss"))
    (chain,) = (await checked(store)).chains
    newest = max(entry.at for entry in (await store.audit.entries(AuditWanted(), 500, None)).entries)
    days = {"metrics_days": 0, "history_days": 0, "audit_days": 30}
    assert await store.retention.enforce(newest + 30 * 86_400.0, **days) == 0
    late = newest + 30 * 86_400.0 + 1.0
    assert await store.retention.enforce(late, **days) == 1
    assert await store.retention.enforce(late + 90 * 86_400.0, **days) == 0
    after = await checked(store, frozenset({chain.head}))
    assert (after.fault, after.entries) == (None, 1)


async def test_answers_and_what_was_asked_for_go_with_the_history(store, story):
    await store.record(story("s1"))
    await store.desk.answer(Answer("d2", "s1", AT, Verdict.APPROVED, by="boss"))
    wish = Request("r1", "s1", "e1", Arm.CHAT_PROMPT, AT, "boss")
    await store.desk.request(wish)
    await store.desk.request(replace(wish, request_id="r2"))
    await store.desk.due(AT, [wish])
    await store.retention.enforce(AT + 31 * 86_400.0, metrics_days=0, history_days=30)
    assert await store.desk.answered("s1", "d2") is None
    assert [each.request_id for each in await store.desk.due(AT + 1.0)] == ["r2"]


def test_whoever_adds_a_table_says_how_people_and_events_are_taken_out_of_it():
    by_event_and_person = {*EVENT_TABLES, "answers", "requests", "event_agent_settings"}
    in_other_ways = {"audit_log", "deadlines", "meta"}
    about_nobody = {"tallies", "norms", "model_spending", "revoked_tokens"}
    assert {table.name for table in METADATA.sorted_tables} == by_event_and_person | in_other_ways | about_nobody
