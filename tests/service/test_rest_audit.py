"""The audit log over HTTP."""

import csv
import io
import json

import pytest
from tests.service.conftest import NOW
from tests.service.test_rest_doors import doors
from tests.service.test_rest_history import done
from tests.service.test_rest_sessions import watch

from conductor.access.rights import Role
from conductor.domain.audit import AuditEntry, ChainCheck
from conductor.wire.audit import EXAMPLE

AUDIT = "/api/v1/audit"


def is_whole(entries):
    looking = ChainCheck()
    return all(looking.take(AuditEntry(**entry)) for entry in entries)


async def pages(client, **asked):
    """Everything that pages hold."""
    found = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get(AUDIT, params=asked | cursor)).json()
        found += page["entries"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def test_pages_hold_the_whole_log_and_can_be_checked_by_whoever_reads_them(house, organiser):
    await house.store.record([done(n) for n in range(30)])
    entries = await pages(organiser, limit=7)
    assert [entry["seq"] for entry in entries] == [*range(1, 31)]
    assert {entry["kind"] for entry in entries} == {"INTERVENTION"}
    assert is_whole(entries)


async def test_the_log_says_who_changed_settings_and_modes_and_who_asked_for_what(house, organiser):
    watch(house)
    await organiser.post("/api/v1/events/settings", json={"event_id": "e1", "agent_mode": "AUTO"})
    await organiser.put("/api/v1/agent/sessions/s1/mode", json={"mode": "MANUAL"})
    await organiser.post("/api/v1/interventions/manual", json={"session_id": "s1", "type": "POLL"})
    entries = await pages(organiser)
    assert [(entry["kind"], json.loads(entry["body"])["by"]) for entry in entries] == [
        ("SETTINGS", "a-organiser"),
        ("SETTINGS", "a-organiser"),
        ("REQUEST", "a-organiser"),
    ]
    assert {entry["at"] for entry in entries} == {NOW}


async def test_what_is_asked_for_is_narrowed_by_event_session_and_time(house, organiser):
    await house.store.record([done(n) for n in range(5)])
    assert len(await pages(organiser, event_id="e1", session_id="s1")) == 5
    assert await pages(organiser, event_id="e2") == []
    assert await pages(organiser, session_id="s2") == []
    assert len(await pages(organiser, **{"from": NOW - 3, "to": NOW - 1})) == 2


@pytest.mark.parametrize("since", [{}, {"limit": 3}])
async def test_lines_hold_everything_from_the_cursor_on(house, organiser, since):
    await house.store.record([done(n) for n in range(1200)])
    start = (await organiser.get(AUDIT, params=since)).json() if since else {"next_cursor": None, "entries": []}
    asked = {"format": "ndjson"} | ({"cursor": start["next_cursor"]} if since else {})
    answer = await organiser.get(AUDIT, params=asked)
    entries = start["entries"] + [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert len(entries) == 1200
    assert is_whole(entries)


async def test_a_table_holds_everything_and_no_formula(house, organiser):
    await house.store.record([done(n) for n in range(600)])
    answer = await organiser.get(AUDIT, params={"format": "csv"})
    rows = [*csv.DictReader(io.StringIO(answer.text))]
    assert len(rows) == 600
    assert is_whole({**row, "seq": int(row["seq"]), "at": float(row["at"])} for row in rows)
    assert 'filename="audit.csv"' in answer.headers["Content-Disposition"]


async def test_an_empty_log_is_an_empty_page_and_an_empty_file(organiser):
    assert (await organiser.get(AUDIT)).json() == {"entries": [], "next_cursor": None}
    assert (await organiser.get(AUDIT, params={"format": "ndjson"})).text == ""
    assert len((await organiser.get(AUDIT, params={"format": "csv"})).text.splitlines()) == 1


async def test_a_cursor_of_somebody_else_is_refused(organiser):
    for file_format in ("json", "csv", "ndjson"):
        answer = await organiser.get(AUDIT, params={"cursor": "x", "format": file_format})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_cursor")


async def test_a_token_of_one_event_does_not_open_the_log(house):
    async with house.client(Role.ORGANISER, "e1") as client:
        assert (await client.get(AUDIT, params={"event_id": "e1"})).status_code == 403


async def test_the_description_shows_an_entry_whose_hash_is_right(house):
    described = house.app().openapi()["components"]["schemas"]["AuditEntryAnswer"]["examples"]
    assert described == [EXAMPLE]
    assert is_whole(described)


def test_whoever_walks_all_doors_comes_by_the_log_as_well(house):
    assert [rights for _, path, _, rights in doors(house.app()) if path.endswith("/audit")] == [{"READ_AUDIT"}]
