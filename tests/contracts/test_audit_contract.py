"""What the audit log of every store promises."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conductor.adapters.store_memory import MemoryStore
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.audit import AuditEntry, AuditKind, ChainCheck, Checked
from conductor.domain.events import DecisionMade, EngagementUpdated, InterventionExecuted
from conductor.domain.interventions import Arm, PromptContent
from conductor.domain.organisers import AgentSettings, Answer, Request, Verdict
from conductor.errors import InvalidInput, StoreUnavailable
from conductor.ports import Audit, AuditWanted

NOON = 1_700_000_000.1
ALL = AuditWanted()
YES = Answer("d2", "s1", NOON, Verdict.APPROVED, by="u1", content=PromptContent("Edited", target_users=("u7", "u8")))
NO = replace(YES, verdict=Verdict.REJECTED, by="u2", reason="Not now.")
WISH = Request("r1", "s1", "e1", Arm.CHAT_PROMPT, NOON, "u1", PromptContent("Hello"))


async def all_of(audit: Audit, wanted: AuditWanted = ALL, limit: int = 3) -> list[AuditEntry]:
    """Everything, page by page."""
    found: list[AuditEntry] = []
    page = await audit.entries(wanted, limit, None)
    while True:
        found += page.entries
        if page.next_cursor is None:
            return found
        assert len(page.entries) == limit
        page = await audit.entries(wanted, limit, page.next_cursor)


async def checked(audit: Audit) -> Checked:
    looking = ChainCheck()
    for entry in await all_of(audit):
        looking.take(entry)
    return looking.result()


def body(entry: AuditEntry) -> dict[str, Any]:
    said = json.loads(entry.body)
    assert isinstance(said, dict)
    return said


async def the_only(audit: Audit, kind: AuditKind) -> AuditEntry:
    [entry] = [entry for entry in await all_of(audit) if entry.kind == kind]
    return entry


async def test_at_first_there_is_nothing(store):
    assert await all_of(store.audit) == []


async def test_every_decision_and_what_came_of_it_is_noted_in_order_and_nothing_else(store, story):
    await store.record(story())
    entries = await all_of(store.audit)
    kinds = ["HOLD", "DECISION", "INTERVENTION", "HOLD", "OUTCOME", "OUTCOME_UNKNOWN", "DECISION", "LAPSE"]
    assert [entry.kind for entry in entries] == kinds
    assert [entry.seq for entry in entries] == [*range(1, 9)]
    assert {(entry.event_id, entry.session_id) for entry in entries} == {("e1", "s1")}
    assert (await checked(store.audit)).fault is None


async def test_a_decision_is_noted_with_what_it_was_based_on(store, story):
    events = story()
    await store.record(events)
    update = next(event for event in events if isinstance(event, EngagementUpdated))
    said = body((await all_of(store.audit))[1])
    assert said["propensity"] == 0.25
    assert said["past"] == {"attempts": 3, "is_exploring": True, "success_rate": 2 / 3}
    assert (said["room"]["score"], said["room"]["at"]) == (update.score, update.at)
    assert said["room"]["signals"]["chat_per_min"] == 12.0
    assert [part["name"] for part in said["room"]["parts"]] == [part.name for part in update.parts]


async def test_a_decision_is_noted_with_the_latest_score_until_then(store, story):
    update = next(event for event in story() if isinstance(event, EngagementUpdated))
    decision = next(event for event in story() if isinstance(event, DecisionMade))
    at = decision.decision.at
    await store.record([replace(update, at=at - 5, score=0.1), replace(update, at=at, score=0.2)])
    await store.record([replace(update, at=at + 5, score=0.3)])
    await store.record([decision])
    assert body(await the_only(store.audit, AuditKind.DECISION))["room"]["score"] == 0.2


async def test_a_decision_of_which_no_score_is_known_is_noted_all_the_same(store, story):
    await store.record([event for event in story() if isinstance(event, DecisionMade)][:1])
    assert body(await the_only(store.audit, AuditKind.DECISION))["room"] is None


async def test_what_is_recorded_twice_is_noted_once(store, story):
    await store.record([*story(), *story()])
    before = await all_of(store.audit)
    await store.record(story())
    for event in story():
        await store.record([event])
    assert await all_of(store.audit) == before
    assert len(before) == 8


async def test_a_question_that_is_told_bare_and_worded_is_noted_as_both(store, story):
    asked = [event for event in story() if isinstance(event, DecisionMade)][1]
    await store.record([replace(asked, decision=replace(asked.decision, content=None)), asked, asked])
    entries = await all_of(store.audit)
    assert [body(entry)["content"] is None for entry in entries] == [True, False]


async def test_the_answer_that_stands_is_noted_once_with_who_gave_it(store, story):
    await store.record(story())
    await store.desk.answer(YES)
    await store.desk.answer(NO)
    entry = await the_only(store.audit, AuditKind.ANSWER)
    assert (entry.event_id, entry.at, body(entry)["by"], body(entry)["verdict"]) == ("e1", NOON, "u1", "APPROVED")


async def test_whom_a_prompt_was_for_is_left_out(store, story):
    await store.record(story())
    await store.desk.answer(YES)
    entry = await the_only(store.audit, AuditKind.ANSWER)
    assert body(entry)["content"]["target_users"] == 2
    assert "u7" not in entry.body


async def test_an_answer_is_noted_with_its_session_if_the_decision_is_not_kept_yet(store, story):
    await store.record(story()[:1])
    await store.desk.answer(YES)
    assert (await the_only(store.audit, AuditKind.ANSWER)).event_id == "e1"


async def test_an_answer_to_what_nobody_heard_of_is_noted_without_an_event(store):
    await store.desk.answer(YES)
    assert (await the_only(store.audit, AuditKind.ANSWER)).event_id == ""


async def test_a_request_is_noted_once_with_who_wants_it(store):
    await store.desk.request(WISH)
    await store.desk.request(WISH)
    entry = await the_only(store.audit, AuditKind.REQUEST)
    assert (body(entry)["by"], body(entry)["arm"]) == ("u1", "CHAT_PROMPT")


async def test_settings_are_noted_when_they_change(store):
    strict = AgentSettings("e1", threshold=0.9)
    await store.desk.save_settings(strict, by="u1", at=NOON)
    await store.desk.save_settings(strict, by="u2", at=NOON + 1)
    await store.desk.save_settings(AgentSettings("e1"), by="u3", at=NOON + 2)
    await store.desk.save_settings(strict, by="u4", at=NOON + 3)
    entries = await all_of(store.audit)
    assert [(body(entry)["by"], body(entry)["settings"]["threshold"]) for entry in entries] == [
        ("u1", 0.9),
        ("u3", 0.75),
        ("u4", 0.9),
    ]
    assert [entry.at for entry in entries] == [NOON, NOON + 2, NOON + 3]


async def test_each_event_has_a_chain_of_its_own(store, story):
    await store.record(story())
    await store.desk.save_settings(AgentSettings("e0"), by="u1", at=NOON)
    found = await checked(store.audit)
    assert [(chain.event_id, chain.entries) for chain in found.chains] == [("e0", 1), ("e1", 8)]


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
async def test_pages_hold_everything_once_whatever_their_size(store, story, limit):
    await store.record([*story("s1"), *story("s2")])
    await store.desk.save_settings(AgentSettings("e0"))
    entries = await all_of(store.audit, limit=limit)
    assert len(entries) == len({(entry.event_id, entry.seq) for entry in entries}) == 17


async def test_what_is_asked_for_is_found_by_event_session_and_time(store, story):
    await store.record([*story("s1"), *story("s2")])
    await store.desk.save_settings(AgentSettings("e0"), at=NOON)
    lapse = next(entry for entry in await all_of(store.audit) if entry.kind == AuditKind.LAPSE)
    assert len(await all_of(store.audit, AuditWanted(event_id="e1"))) == 16
    assert len(await all_of(store.audit, AuditWanted(session_id="s2"))) == 8
    assert len(await all_of(store.audit, AuditWanted(since=lapse.at))) == 2
    assert len(await all_of(store.audit, AuditWanted("e1", "s1", until=lapse.at))) == 7


@pytest.mark.parametrize("cursor", ["", "nonsense", "WyJlMSIsMV0=", "WyJlMSIsIjEiXQ", "WzEsMl0", "WyJlMSIsMF0"])
async def test_a_cursor_of_somebody_else_is_refused(store, cursor):
    with pytest.raises(InvalidInput) as refused:
        await store.audit.entries(ALL, 1, cursor)
    assert refused.value.code == "invalid_cursor"


async def test_pages_of_nothing_are_refused(store):
    with pytest.raises(InvalidInput):
        await store.audit.entries(ALL, 0, None)


async def test_a_closed_store_tells_nothing(store):
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.audit.entries(ALL, 1, None)


async def test_memory_and_database_write_the_same_log(story, url):
    logs = []
    sql = await SqlStore.open(url)
    for store in (MemoryStore(), sql):
        await store.record(story())
        await store.desk.save_settings(AgentSettings("e1", arms=()), by="u1", at=NOON)
        await store.desk.answer(YES)
        await store.desk.request(WISH)
        logs.append(await all_of(store.audit))
        await store.close()
    assert logs[0] == logs[1]


@pytest.fixture
async def two_on_a_file(tmp_path: Path) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    """Two stores on one file that a test may harm."""
    async with AsyncExitStack() as stack:
        stores = [await SqlStore.open(sqlite_url(tmp_path / "conductor.db")) for _ in range(2)]
        for store in stores:
            stack.push_async_callback(store.close)
        yield stores[0], stores[1]


async def test_two_processes_write_one_chain_and_it_is_whole_at_every_moment(two, story):
    one, other = two
    decision = next(event.decision for event in story() if isinstance(event, DecisionMade))
    made = [DecisionMade(replace(decision, decision_id=f"d{number}")) for number in range(40)]
    writing = [store.record([event]) for number, event in enumerate(made) for store in (two[number % 2], one)]
    answering = [other.desk.answer(replace(YES, decision_id=f"d{number}")) for number in range(20)]
    looking = [checked(other.audit) for _ in range(5)]
    results = await asyncio.gather(*writing, *answering, *looking)
    assert all(each.fault is None for each in results[-5:])
    found = await checked(one.audit)
    assert (found.fault, sum(chain.entries for chain in found.chains)) == (None, 60)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE audit_log SET body = replace(body, '0.25', '0.99') WHERE seq = 2",
        "UPDATE audit_log SET time = time + 1 WHERE seq = 2",
        "UPDATE audit_log SET kind = 'PARTY' WHERE seq = 2",
        "UPDATE audit_log SET body = x'00ff' WHERE seq = 2",
        "DELETE FROM audit_log WHERE seq = 1",
        "UPDATE audit_log SET event_id = 'e2' WHERE seq = 2",
        "UPDATE audit_log SET seq = CASE seq WHEN 2 THEN 100 WHEN 3 THEN 2 END WHERE seq IN (2, 3)",
    ],
)
async def test_harm_done_to_the_table_is_found_while_others_use_it(two_on_a_file, story, tmp_path, harm):
    await two_on_a_file[0].record(story())
    with closing(sqlite3.connect(tmp_path / "conductor.db")) as connection, connection:
        connection.execute(harm)
    found = await checked(two_on_a_file[1].audit)
    assert found.fault is not None
    assert found.entries < 7


async def test_what_the_store_does_not_keep_is_not_noted(two_on_a_file, story, tmp_path):
    executed = next(event for event in story() if isinstance(event, InterventionExecuted))
    with closing(sqlite3.connect(tmp_path / "conductor.db")) as connection, connection:
        connection.execute("ALTER TABLE interventions RENAME TO elsewhere")
    with pytest.raises(StoreUnavailable):
        await two_on_a_file[0].record([executed])
    assert await all_of(two_on_a_file[0].audit) == []


async def test_a_damaged_score_keeps_no_decision_out_of_the_log(two_on_a_file, story, tmp_path):
    update = next(event for event in story() if isinstance(event, EngagementUpdated))
    decision = next(event for event in story() if isinstance(event, DecisionMade))
    await two_on_a_file[0].record([update])
    with closing(sqlite3.connect(tmp_path / "conductor.db")) as connection, connection:
        connection.execute("UPDATE engagement_metrics SET state = 'BLUE'")
    await two_on_a_file[0].record([decision])
    assert body(await the_only(two_on_a_file[0].audit, AuditKind.DECISION))["room"] is None
