"""`conductor db` on stores of several versions."""

import asyncio
import subprocess

import pytest
from tests.service.test_rest_history import done

from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.adapters.tables import SCHEMA_VERSION
from conductor.cli import main

NEWEST = f"version {SCHEMA_VERSION}"
BEFORE = f"version {SCHEMA_VERSION - 1}"


async def written(path):
    store = await SqlStore.open(sqlite_url(path))
    await store.record([done(n) for n in range(10)])
    await store.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "conductor.db"


@pytest.fixture
def ended(capsys, monkeypatch, path):
    """What becomes of a command line on that store."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url(path))

    def run(*words):
        with pytest.raises(SystemExit) as end:
            main(["db", *words])
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(words, int(end.value.code or 0), out, err)

    return run


def test_a_store_is_made_and_then_needs_nothing_more(ended, path):
    assert ended("upgrade").stdout.startswith(f"{path}: from nothing yet to {NEWEST}\n")
    assert ended("upgrade").stdout.startswith(f"{path}: {NEWEST} already\n")
    told = ended("current").stdout
    assert told.startswith(f"{path}: {NEWEST}, this release needs {NEWEST}\n")
    assert "threads of decisions: there; LangGraph's own tables" in told


def test_going_back_says_what_would_be_lost_and_waits_for_a_yes(ended, path):
    asyncio.run(written(path))
    asked = ended("downgrade")
    assert (asked.returncode, ended("current").stdout.split(",")[0]) == (1, f"{path}: {NEWEST}")
    assert f"from {NEWEST} to {BEFORE} this would be lost:\n  {NEWEST}: " in asked.stdout
    assert asked.stdout.endswith("Nothing was done. Make a backup, end what uses it, and say --yes.\n")
    went = ended("downgrade", "--yes")
    assert (went.returncode, went.stdout.splitlines()[0]) == (0, f"{path}: from {NEWEST} to {BEFORE}")
    assert ended("current").stdout.startswith(f"{path}: {BEFORE}, this release needs {NEWEST}\n  {NEWEST}: ")
    assert ended("upgrade").stdout.startswith(f"{path}: from {BEFORE} to {NEWEST}\n  {NEWEST}: ")


@pytest.mark.parametrize("to", ["0", str(SCHEMA_VERSION), "99"])
def test_what_is_no_older_version_is_refused_in_one_line(ended, path, to):
    asyncio.run(written(path))
    refused = ended("downgrade", "--to", to, "--yes")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "is no older one" in refused.stderr


@pytest.mark.parametrize("command", ["current", "downgrade"])
def test_where_there_is_no_store_none_is_made(ended, path, command):
    refused = ended(command)
    assert (refused.returncode, path.exists()) == (2, False)
    assert "there is no store yet" in refused.stderr
