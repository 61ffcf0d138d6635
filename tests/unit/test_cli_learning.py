"""`conductor policies` and `conductor drift` on stores that others have written."""

import asyncio
import json
import subprocess
import time

import numpy as np
import pytest
from tests.decide_examples import decision
from tests.unit.test_trying import CHANCES, PANEL_ARMS, measured

from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.cli import main
from conductor.domain.engagement import RoomSignals, RoomState
from conductor.domain.events import DecisionMade, EngagementUpdated, SessionOpened
from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.learn.drift import WEEK_S

SEEN = RoomSignals(4.0, 0.0, 1.0, 0.0, 0.0, 0.0, 40, 20, 0.0, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, Phase.MIDDLE)


def opened(name, at):
    return SessionOpened(name, "e1", at, SessionProfile(type=SessionType.WORKSHOP))


def weeks_of(now, fall):
    """Eight weeks of sessions of five minutes, whose scores fall by so much two weeks ago."""
    rng = np.random.default_rng(4)
    for n in range(48):
        at = now - (n + 0.5) * 8 * WEEK_S / 48
        score = float(rng.normal(0.7 - fall * (at > now - 2 * WEEK_S), 0.03))
        yield opened(f"s{n}", at)
        for tick in range(60):
            yield EngagementUpdated(f"s{n}", "e1", at + 5.0 * tick, score, (), SEEN, RoomState.HEALTHY, 0.0)


def decisions_of(now):
    rng = np.random.default_rng(2)
    for n in range(60):
        yield opened(f"s{n}", now)
        for k in range(2):
            arm = PANEL_ARMS[rng.integers(3)]
            at = now + n * 100.0 + k * 1200.0
            made = decision(decision_id=f"d{n}-{k}", session_id=f"s{n}", at=at, arm=arm, propensity=1 / 3)
            yield DecisionMade(made)
            yield measured(made, success=bool(rng.random() < CHANCES[arm]))


async def written(path, events):
    store = await SqlStore.open(sqlite_url(path))
    await store.record([*events])
    await store.close()


@pytest.fixture
def ended(capsys, monkeypatch, tmp_path):
    """What becomes of a command line on a store with these events."""
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "conductor.db"

    def run(events, *words):
        asyncio.run(written(path, events))
        monkeypatch.setenv("DATABASE_URL", sqlite_url(path))
        with pytest.raises(SystemExit) as end:
            main(words)
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(words, int(end.value.code or 0), out, err)

    return run


def test_policies_are_shown_with_what_they_would_have_come_to(ended):
    shown = ended(decisions_of(1.0), "policies")
    assert shown.returncode == 0
    assert "from 120 logged decisions in 60 sessions" in shown.stdout
    assert "random (by lot)" in shown.stdout
    assert "nothing: Of what it would do, 100 % was never done" in shown.stdout
    assert "No room was left alone by a coin" in shown.stdout


def test_policies_are_told_to_programs(ended):
    told = json.loads(ended(decisions_of(1.0), "policies", "--event", "e1", "--json").stdout)
    assert told["decisions"] == 120
    assert told["policies"]["random"]["ips"]["value"] == pytest.approx(told["recovered"])
    assert told["policies"]["random"]["effective_sample"] == pytest.approx(120.0)
    assert told["policies"]["nothing"]["doubly_robust"] is None
    assert told["policies"]["nothing"]["why_not"]


def test_without_decisions_there_is_nothing_to_try_policies_on(ended):
    assert ended([], "policies").stdout.startswith("No decision is logged yet")


def test_a_change_is_said_in_a_sentence(ended):
    shown = ended(weeks_of(time.time(), fall=0.15), "drift")
    assert shown.stdout.startswith("Scores of workshops fell from 69\u00a0% to 55\u00a0% ")
    assert "in the last two weeks (p under 0.001)." in shown.stdout


def test_where_nothing_has_changed_that_is_said(ended):
    shown = ended(weeks_of(time.time(), fall=0.0), "drift")
    assert shown.stdout.startswith("No drift: nothing differs more than it does by chance (")


def test_drift_is_told_to_programs(ended):
    told = json.loads(ended(weeks_of(time.time(), fall=0.15), "drift", "--event", "e1", "--json").stdout)
    assert told["sessions"] == 48
    assert len(told["drifted"]) == 1
    assert [each["measure"] for each in told["shifts"] if each["is_drift"]] == ["score"]


def test_of_another_event_there_is_not_enough(ended):
    shown = ended(weeks_of(time.time(), fall=0.15), "drift", "--event", "e2")
    assert shown.stdout.startswith("Not enough yet: 0 sessions since ")


def test_without_a_store_both_say_so(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", sqlite_url(tmp_path / "none.db"))
    for command in ("policies", "drift"):
        with pytest.raises(SystemExit) as end:
            main([command])
        assert end.value.code == 2
        assert "there is no store yet" in capsys.readouterr().err


def test_two_policies_are_dealt_to_simulated_rooms(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    words = ["compare", "nothing", "random", "--sessions", "16", "--minutes", "10", "--seed", "3"]
    told = []
    for more in ([], ["--json"]):
        with pytest.raises(SystemExit) as end:
            main([*words, *more])
        assert end.value.code in {0, None}
        told.append(capsys.readouterr().out)
    found = json.loads(told[1])
    assert [each["name"] for each in found["variants"]] == ["nothing", "random"]
    assert sum(each["units"] for each in found["variants"]) == 16
    assert found["low"] < found["difference"] < found["high"]
    assert "random minus nothing: " in told[0]


def test_a_policy_is_not_compared_with_itself(capsys):
    with pytest.raises(SystemExit) as end:
        main(["compare", "best", "best"])
    assert end.value.code == 2
    assert "both policies are best; name two that differ" in capsys.readouterr().err


def test_blocks_of_time_that_are_too_few_whatever_happens_are_refused_at_once(capsys):
    with pytest.raises(SystemExit) as end:
        main(["compare", "best", "random", "--minutes", "60", "--design", "event_blocks"])
    assert end.value.code == 2
    assert "60 minutes of one event are 2 blocks of 30" in (told := " ".join(capsys.readouterr().err.split()))
    assert "have them last 300 minutes or more" in told


def test_simulated_rooms_are_played_by_another_policy(capsys):
    told = {}
    for policy in ("nothing", "rules"):
        with pytest.raises(SystemExit):
            main(["simulate", "--sessions", "4", "--minutes", "40", "--seed", "1", "--policy", policy, "--json"])
        told[policy] = json.loads(capsys.readouterr().out)
    assert told["nothing"]["decisions"] == 0
    assert told["rules"]["decisions"] > 0
    assert told["nothing"]["true_falls"] == told["rules"]["true_falls"]
