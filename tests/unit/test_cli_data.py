"""What an installation keeps, out of it, into another, or gone: as a person does it."""

import asyncio
import json
import stat

import pytest
from typer.testing import CliRunner

from conductor.adapters.journal_file import FileJournal
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.bootstrap.prior import known_at_first
from conductor.cli import app
from conductor.domain.engagement import AnomalyType, Norm
from conductor.domain.events import FollowedUp, InterventionExecuted, SessionOpened, TrialEnded
from conductor.domain.interventions import (
    Arm,
    Autonomy,
    Context,
    EngagementBucket,
    Generation,
    GenerationMethod,
    Intervention,
    Mode,
    PromptContent,
)
from conductor.domain.learned import Learned, Tally, difference
from conductor.domain.organisers import AgentSettings
from conductor.domain.sessions import Phase, SessionProfile, SessionType, SizeBucket
from conductor.domain.trials import FollowUp, Trial
from conductor.errors import InvalidInput, NotFound

AT = 1_700_000_000.0
HERE = Context(AnomalyType.SUDDEN_DROP, Phase.MIDDLE, SessionType.TALK, SizeBucket.LARGE, EngagementBucket.LOW)
NORM = Norm(SessionType.TALK, SizeBucket.LARGE, Phase.MIDDLE, 12.5, (0.1, 0.2, 0.3, 0.4, 0.5))
KNOWN = Learned((Tally(HERE, Arm.POLL, 2.5, 1 / 3),), (NORM,))
ENDED = ("d1", "s1", "e1", AT + 120.0, AT)
TRIALS = [
    Trial(*ENDED, Arm.POLL, HERE, Autonomy.ACT, 0.4, 0.1, 0.7, held_out=False, delivered=True, before=0.3, after=1 / 3),
    Trial(
        "d2", *ENDED[1:], Arm.NUDGE, HERE, Autonomy.ASK, 1.0, 0.5, 0.2, True, False, 0.3, None, "the signal was lost"
    ),
]
FOLLOW_UPS = [
    FollowUp("d3", *ENDED[1:], None, HERE, Autonomy.ACT, 0.8, 0.1, delivered=False, before=0.3, after=0.2),
    FollowUp("d4", *ENDED[1:], Arm.POLL, HERE, Autonomy.ACT, 0.5, 0.0, True, 0.3, None, "the session ended"),
]
DONE = Intervention(
    "i1", "d1", "s1", "e1", AT, Arm.CHAT_PROMPT, PromptContent("Hi?"), Generation(GenerationMethod.TEMPLATE, "p"), 3
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command in an installation of this name."""
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def running(home, *words):
        done = CliRunner().invoke(app, words, env={"CONDUCTOR_HOME": str(tmp_path / home), "REDIS_URL": ""})
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return running


def kept(folder, work):
    """What some work does with the store of an installation."""

    async def working():
        folder.mkdir(exist_ok=True)
        store = await SqlStore.open(sqlite_url(folder / "conductor.db"))
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(working())


@pytest.fixture
def homes(tmp_path):
    async def taught(store):
        opened = SessionOpened("s1", "e1", AT, SessionProfile())
        await store.record([opened, InterventionExecuted(DONE)], KNOWN)
        await store.desk.save_settings(AgentSettings("e1", mode=Mode.MANUAL))

    async def nothing(store):
        return None

    kept(tmp_path / "one", taught)
    kept(tmp_path / "two", nothing)
    return tmp_path


def test_what_was_learned_here_is_known_there(run, homes):
    path = homes / "state.json"
    run("one", "export", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "settings" not in json.loads(path.read_text())
    before = run("two", "import", str(path), "--dry-run")
    assert before.stdout.startswith("2 would be new, 0 would be changed, 0 are the same")
    assert kept(homes / "two", lambda store: store.load_learned()) == Learned()
    run("two", "import", str(path))
    assert kept(homes / "two", lambda store: store.load_learned()) == KNOWN
    again = run("two", "import", str(path))
    assert again.stdout.startswith("0 are new, 0 are changed, 2 are the same")
    assert kept(homes / "two", lambda store: store.desk.settings("e1")) is None


def test_what_came_of_doing_nothing_comes_along(run, homes):
    alone = Learned((Tally(HERE, None, 3.0, 4.0),))
    kept(homes / "one", lambda store: store.save_learned(alone))
    path = homes / "state.json"
    run("one", "export", str(path))
    assert run("two", "import", str(path)).exit_code == 0
    assert alone.tallies[0] in kept(homes / "two", lambda store: store.load_learned()).tallies


def test_how_decisions_ended_comes_along_once(run, homes):
    async def ended(store):
        await store.record([*map(TrialEnded, TRIALS), *map(FollowedUp, FOLLOW_UPS)])

    async def found(store):
        return [*await store.archive.trials(None, None)], [*await store.archive.follow_ups(None, None)]

    kept(homes / "one", ended)
    path = homes / "state.json"
    run("one", "export", str(path))
    for _ in range(2):
        assert run("two", "import", str(path)).exit_code == 0
        assert kept(homes / "two", found) == (TRIALS, FOLLOW_UPS)
    assert kept(homes / "two", lambda store: store.load_learned()) == KNOWN


def test_a_trial_whose_coin_says_something_else_is_refused(run, homes):
    kept(homes / "one", lambda store: store.record([TrialEnded(TRIALS[0])]))
    path = homes / "state.json"
    run("one", "export", str(path))
    said = json.loads(path.read_text())
    said["trials"][0]["held_out"] = True
    path.write_text(json.dumps(said))
    with pytest.raises(InvalidInput, match="as the coin fell"):
        run("two", "import", str(path))


def test_an_import_stands_against_what_a_worker_that_ended_had_learned_before(run, homes):
    path = homes / "state.json"
    run("one", "export", str(path))
    journal = FileJournal(homes / "two" / "journal.jsonl")
    journal.append([], Learned((Tally(HERE, Arm.POLL, 9.0, 9.0),)))
    journal.close()
    run("two", "import", str(path), "--dry-run")
    assert kept(homes / "two", lambda store: store.load_learned()) == Learned()
    run("two", "import", str(path))
    assert kept(homes / "two", lambda store: store.load_learned()) == KNOWN
    left = FileJournal(homes / "two" / "journal.jsonl")
    assert left.waiting == 0
    left.close()


def test_an_exported_state_is_a_warm_start(run, homes):
    path = homes / "state.json"
    run("one", "export", str(path), "--settings")
    assert known_at_first(Learned(), path) == KNOWN


def test_settings_of_events_come_along_where_they_are_asked_for(run, homes):
    path = homes / "state.json"
    run("one", "export", str(path), "--settings")
    assert "settings of e1 would be changed" in run("two", "import", str(path), "--dry-run").stdout
    run("two", "import", str(path))
    assert kept(homes / "two", lambda store: store.desk.settings("e1")) == AgentSettings("e1", mode=Mode.MANUAL)


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"schema_version": 2, "tallies": [], "norms": []}', '{"tallies": 7'])
def test_a_file_that_is_no_state_is_refused_and_changes_nothing(run, homes, said):
    path = homes / "state.json"
    path.write_text(said)
    with pytest.raises(InvalidInput, match="no exported state"):
        run("one", "import", str(path))
    assert kept(homes / "one", lambda store: store.load_learned()) == KNOWN


def test_what_was_done_is_written_as_a_file(run, homes):
    assert json.loads(run("one", "export", "-", "--what", "interventions").stdout)[0]["intervention_id"] == "i1"
    run("one", "export", str(homes / "done.csv"), "--what", "interventions", "--format", "csv", "--event", "e1")
    assert "CHAT_PROMPT" in (homes / "done.csv").read_text()
    with pytest.raises(InvalidInput, match="state or interventions"):
        run("one", "export", "-", "--what", "everything")


def test_an_event_is_erased_only_on_a_second_word(run, homes):
    refused = run("one", "erase", "event", "e1")
    assert (refused.exit_code, "Nothing was done" in refused.stdout) == (1, True)
    assert "sessions 1" in run("one", "erase", "event", "e1", "--yes").stdout
    with pytest.raises(NotFound):
        run("one", "erase", "event", "e1", "--yes")
    assert kept(homes / "one", lambda store: store.load_learned()) == KNOWN


def test_whoever_is_named_nowhere_is_erased_without_a_trace(run, homes):
    done = run("one", "erase", "attendee", "attendee-nobody")
    assert (done.exit_code, "rows: nothing" in done.stdout) == (0, True)


def test_a_difference_says_what_is_new_what_goes_and_what_stays():
    other = Learned((Tally(HERE, Arm.POLL, 3.0, 0.0), Tally(HERE, Arm.NUDGE, 1.0, 1.0)))
    found = difference(KNOWN, other)
    assert (found.new, found.changed, found.same, found.staying) == (1, 1, 0, 1)
