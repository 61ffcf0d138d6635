"""`conductor audit` on stores that others have written."""

import asyncio
import json
import sqlite3
import subprocess
from contextlib import closing

import pytest
from tests.service.test_rest_history import done

from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.cli import main
from conductor.domain.organisers import AgentSettings


async def written(path, executed, settings):
    store = await SqlStore.open(sqlite_url(path))
    await store.record(executed)
    for each in settings:
        await store.desk.save_settings(each, by="u1", at=1.0)
    await store.close()


@pytest.fixture
def path(tmp_path):
    """A store with a log of ten entries of one event."""
    path = tmp_path / "conductor.db"
    asyncio.run(written(path, [done(n) for n in range(10)], []))
    return path


@pytest.fixture
def ended(capsysbinary, monkeypatch, path):
    """What becomes of a command line on that store."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url(path))

    def run(*words):
        with pytest.raises(SystemExit) as end:
            main(["audit", *words])
        out, err = (each.decode() for each in capsysbinary.readouterr())
        return subprocess.CompletedProcess(words, int(end.value.code or 0), out, err)

    return run


def change(path, statement):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def heads(ended):
    return json.loads(ended("verify", "--json").stdout)


def test_a_whole_log_is_told_in_one_line(ended):
    result = ended("verify")
    assert result.returncode == 0
    assert result.stdout == f"10 entries, chain intact, head {heads(ended)['head']}\n"
    assert ended("verify", "--event", "e1").stdout == result.stdout


def test_of_several_events_each_head_is_told_and_known_ones_are_looked_for(ended, path):
    known = heads(ended)["head"]
    asyncio.run(written(path, [], [AgentSettings("e0"), AgentSettings("e1")]))
    result = ended("verify", "--head", known)
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 3
    assert result.stdout.splitlines()[1].startswith("event 'e1': 11 entries, head ")
    assert result.stdout.splitlines()[2].startswith("12 entries, chain intact, head ")


def test_the_first_entry_that_was_changed_is_named(ended, path):
    change(path, "UPDATE audit_log SET body = replace(body, '10', '11') WHERE seq IN (4, 7)")
    result = ended("verify")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "event 'e1', entry 4: was changed: its hash does not fit what it says\n"


def test_an_entry_that_is_missing_is_named_by_the_one_after_it(ended, path):
    change(path, "DELETE FROM audit_log WHERE seq = 5")
    result = ended("verify", "--json")
    told = json.loads(result.stdout)
    assert (result.returncode, told["intact"], told["entries"], told["fault"]["seq"]) == (1, False, 4, 6)


def test_an_end_that_was_cut_off_is_found_with_the_head_that_was_known(ended, path):
    known = heads(ended)["head"]
    change(path, "DELETE FROM audit_log WHERE seq > 8")
    assert ended("verify").returncode == 0
    result = ended("verify", "--head", known)
    assert result.returncode == 1
    assert known in result.stderr


def test_the_log_comes_out_line_by_line_as_a_list_or_as_a_table(ended):
    lines = ended("export").stdout.splitlines()
    listed = json.loads(ended("export", "--format", "json").stdout)
    table = ended("export", "--format", "csv", "--event", "e1", "--session", "s1").stdout.splitlines()
    assert [json.loads(line) for line in lines] == listed
    assert (len(listed), len(table)) == (10, 11)


def test_an_empty_list_is_still_a_list(ended):
    assert json.loads(ended("export", "--format", "json", "--event", "nobody").stdout) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verify", "--event", "e9"], "nothing of the event 'e9'"),
        (["export", "--format", "xml"], "--format is 'xml'; it may be ndjson, json or csv"),
        ([], "Missing command"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(ended, words, said):
    result = ended(*words)
    assert (result.returncode, result.stdout) == (2, "")
    [line] = result.stderr.splitlines()
    assert said in line


def test_where_there_is_no_store_none_is_made(ended, path):
    path.unlink()
    result = ended("verify")
    assert result.returncode == 2
    assert "there is no store yet" in result.stderr
    assert not path.exists()
