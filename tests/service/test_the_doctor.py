"""`conductor doctor` on installations that are well, and on broken ones; with real servers."""

import asyncio
import json
import re
import socket
from pathlib import Path

import pytest
from tests import postgres, valkey
from tests.messages_api import messages_api
from tests.proxy import before
from tests.service.conftest import WEBHOOK_SECRET

from conductor.bootstrap.doctor.examining import WITHIN_S, examine, worst
from conductor.bootstrap.doctor.finding import Level, clocks
from conductor.bootstrap.doctor.servers import told_of_bus
from conductor.bootstrap.doctor.variables import KNOWN
from conductor.cli import main

ROOT = Path(__file__).parents[2]
GOOD = "dIvFzQwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi0123"
KEEPS = {"redis_version": "7.2.4", "aof_enabled": 1, "maxmemory_policy": "noeviction", "role": "master"}


@pytest.fixture
def looked(tmp_path):
    """What is found in an environment, by what it is about."""

    async def look(**environment):
        found = await examine({"CONDUCTOR_HOME": str(tmp_path), **environment}, ports=())
        return found, {each.about: each for each in found if each.level is not Level.OK}

    return look


async def test_a_fresh_machine_needs_nothing(looked):
    found, wrong = await looked()
    assert set(wrong) <= {"pages", "disk"}
    assert {each.about for each in found} >= {"settings", "versions", "folder", "database", "bus", "models", "alerts"}


async def test_servers_that_are_well_are_said_to_be(looked, tmp_path):
    with postgres.running() as url, valkey.running(tmp_path / "bus", keeps=True) as bus:
        found, wrong = await looked(DATABASE_URL=url, REDIS_URL=bus.url)
    assert set(wrong) <= {"pages", "disk"}
    said = " ".join(each.said for each in found)
    for wanted in ("empty; the tables are made", "without TimescaleDB", "PostgreSQL", "Valkey", "clock and ours are"):
        assert wanted in said


async def test_servers_that_are_not_there_are_named_without_their_passwords(looked):
    found, wrong = await looked(
        DATABASE_URL="postgresql://ana:hunter2@127.0.0.1:1/c", REDIS_URL="redis://:hunter2@127.0.0.1:1/0"
    )
    assert {about for about, each in wrong.items() if each.level is Level.FAIL} == {"database", "bus"}
    assert "hunter2" not in str(found)
    assert all(each.mend for each in wrong.values())


async def test_a_server_that_swallows_everything_does_not_hold_it_up(looked, tmp_path):
    with valkey.running(tmp_path / "bus") as bus:
        async with before("127.0.0.1", int(bus.url.rpartition(":")[2])) as way:
            way.swallow()
            async with asyncio.timeout(WITHIN_S * 4):
                _, wrong = await looked(REDIS_URL=f"redis://127.0.0.1:{way.port}")
    assert wrong["bus"].level is Level.FAIL


async def test_a_bus_that_would_lose_rooms_is_warned_of(looked, tmp_path):
    with valkey.running(tmp_path / "bus") as bus:
        _, wrong = await looked(REDIS_URL=bus.url)
    assert (wrong["bus"].level, "appendonly" in wrong["bus"].mend) == (Level.WARN, True)


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({}, Level.OK),
        ({"aof_enabled": 0}, Level.WARN),
        ({"maxmemory": 1, "maxmemory_policy": "allkeys-lru"}, Level.FAIL),
        ({"maxmemory": 0, "maxmemory_policy": "allkeys-lru"}, Level.OK),
        ({"role": "slave"}, Level.FAIL),
        ({"redis_version": "5.0.14"}, Level.FAIL),
    ],
)
def test_what_a_bus_says_of_itself_is_judged(told, level):
    assert worst(list(told_of_bus(KEEPS | told, "redis://here"))) is level


@pytest.mark.parametrize(("ahead_s", "level"), [(0.2, Level.OK), (-2.0, Level.WARN), (40.0, Level.FAIL)])
def test_clocks_that_are_apart_are_said_to_be(ahead_s, level):
    assert clocks("database", ahead_s).level is level


async def test_a_name_that_nobody_reads_is_said_with_the_one_that_was_meant(looked):
    _, wrong = await looked(CONDUCTOR_PUBLIC_ULR="https://here")
    assert (wrong["settings"].said, wrong["settings"].mend) == (
        "CONDUCTOR_PUBLIC_ULR is set, and nobody reads it",
        "write CONDUCTOR_PUBLIC_URL",
    )


def test_every_name_that_is_documented_is_known():
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(CONDUCTOR_\w+)`", text, re.MULTILINE)) == KNOWN


async def test_what_stops_the_start_is_said_first_and_the_machine_is_looked_at_all_the_same(looked):
    found, wrong = await looked(ENGAGEMENT_THRESHOLD="half")
    assert (found[0].level, wrong["settings"].said.split()[0]) == (Level.FAIL, "ENGAGEMENT_THRESHOLD")
    assert "versions" in {each.about for each in found}


async def test_contradictions_are_said(looked):
    found, _ = await looked(
        CONDUCTOR_SUMMARY_HOUR="7",
        OPENAI_API_KEY="sk-hunter2",
        CONDUCTOR_PRIOR="/nowhere.json",
        ANTHROPIC_API_KEY="k",
        CONDUCTOR_MODEL_HAIKU="unpriced",
        ANTHROPIC_BASE_URL="http://127.0.0.1:1",
    )
    said = " ".join(f"{each.said} {each.mend}" for each in found)
    for wanted in ("SUMMARY_HOUR", "CONDUCTOR_MODEL_OPENAI", "/nowhere.json", "no price for 'unpriced'"):
        assert wanted in said
    assert "hunter2" not in said


async def test_production_is_asked_for_more(looked):
    careless = {"CONDUCTOR_ENV": "production", "JWT_SECRET": "s" * 40, "CONDUCTOR_CLOCK_SPEED": "2"}
    found, _ = await looked(**careless, CONDUCTOR_PUBLIC_URL="http://here.example.org", CONDUCTOR_LOG_LEVEL="DEBUG")
    assert sum(each.about == "production" for each in found) == 7
    careful = {"CONDUCTOR_ENV": "production", "JWT_SECRET": GOOD, "CONDUCTOR_PUBLIC_URL": "https://here.example.org"}
    found, _ = await looked(**careful, ALERT_URLS="jsons://example.org/hook", CONDUCTOR_WEBHOOK_SECRETS=WEBHOOK_SECRET)
    assert [each.said for each in found if each.about == "production"] == [
        "everything is kept in a file of this machine",
        "rooms end with the process",
    ]


async def test_a_password_that_is_tried_first_is_warned_of(looked):
    found, _ = await looked(
        CONDUCTOR_ENV="production", JWT_SECRET=GOOD, DATABASE_URL="postgresql://c:password@nowhere.invalid/c"
    )
    assert "DATABASE_URL has no password, or one that is tried first" in [each.said for each in found]


async def test_an_alert_address_that_cannot_be_used_is_counted_and_not_repeated(looked):
    found, wrong = await looked(ALERT_URLS="slack://hunter2")
    assert wrong["alerts"].level is Level.FAIL
    assert "hunter2" not in str(found)


async def test_an_endpoint_of_models_is_tried_and_an_absent_one_is_named(looked):
    async with messages_api() as api:
        _, there = await looked(ANTHROPIC_API_KEY="k", ANTHROPIC_BASE_URL=api.url)
    _, gone = await looked(ANTHROPIC_API_KEY="k", ANTHROPIC_BASE_URL="http://127.0.0.1:1")
    assert "models" not in there or there["models"].level is not Level.FAIL
    assert gone["models"].level is Level.FAIL


async def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    found = await examine({"CONDUCTOR_HOME": str(tmp_path / "file")}, ports=())
    [folder] = [each for each in found if each.about == "folder"]
    assert folder.level is Level.FAIL


async def test_what_waits_for_the_database_is_said(looked, tmp_path):
    (tmp_path / "journal.jsonl").write_text("x" * 2_000_000, encoding="utf-8")
    _, wrong = await looked()
    assert "2.0 MB" in wrong["folder"].said


async def test_a_port_that_somebody_else_has_is_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as theirs:
        port = theirs.getsockname()[1]
        found = await examine({"CONDUCTOR_HOME": str(tmp_path)}, ports=(port,))
    [taken] = [each for each in found if each.about == "ports"]
    assert (taken.level, str(port) in taken.said) == (Level.WARN, True)


@pytest.mark.parametrize(("threshold", "code", "verdict"), [("0.5", 0, ("ok", "warn")), ("half", 1, ("fail",))])
def test_the_command_ends_with_1_where_something_fails(capsys, monkeypatch, tmp_path, threshold, code, verdict):
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONDUCTOR_HOME", str(tmp_path))
    monkeypatch.setenv("ENGAGEMENT_THRESHOLD", threshold)
    with pytest.raises(SystemExit) as end:
        main(["doctor", "--json", "--port", str(valkey.free_port())])
    told = json.loads(capsys.readouterr().out)
    assert (int(end.value.code or 0), told["verdict"] in verdict) == (code, True)
    with pytest.raises(SystemExit):
        main(["doctor", "--port", str(valkey.free_port())])
    shown = capsys.readouterr().out
    assert ("to mend" in shown) == (code == 1)
