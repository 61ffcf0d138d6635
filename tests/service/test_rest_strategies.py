"""Two ways tried beside each other, and drift, over HTTP."""

from dataclasses import replace

import numpy as np
import pytest
from tests.service.conftest import NOW
from tests.service.test_rest_summary import SEEN

from conductor.access.rights import Role
from conductor.domain.engagement import RoomState
from conductor.domain.events import EngagementUpdated, SessionOpened
from conductor.domain.sessions import SessionProfile, SessionType
from conductor.domain.strategies import Design, PolicyName, StrategyTest, Variant
from conductor.learn.drift import WEEK_S

TEST = "/api/v1/events/e1/strategy-test"
SHOWN = "/api/v1/analytics/agent/strategies?event_id=e1"
DRIFT = "/api/v1/analytics/agent/drift"
BODY = {
    "test_id": "t1",
    "design": "sessions",
    "variants": [{"name": "usual"}, {"name": "bold", "policy": "best", "act_below": 0.6}],
}
CROWDED = replace(SEEN, present=40, active=20, chat_per_min=4.0)


def session(name, at, score, ticks=60, unprompted=None):
    """A session of five minutes."""
    yield SessionOpened(name, "e1", at, SessionProfile(type=SessionType.WORKSHOP))
    for n in range(1, ticks + 1):
        known = unprompted if n % 12 == 0 else None
        yield EngagementUpdated(name, "e1", at + 5.0 * n, score, (), CROWDED, RoomState.HEALTHY, 0.0, known)


async def test_a_test_is_kept_with_the_settings_and_told_to_the_agent(house, organiser):
    async with house.bus.subscribe("event:*:settings") as listening:
        answer = await organiser.put(TEST, json=BODY)
        message = await anext(aiter(listening))

    assert answer.status_code == 200
    assert message.channel == "event:e1:settings"
    kept = (await house.store.desk.settings("e1")).strategy_test
    bold = Variant("bold", PolicyName.BEST, act_below=0.6)
    assert kept == StrategyTest("t1", Design.SESSIONS, (Variant("usual"), bold), since=NOW)


async def test_a_test_says_in_which_way_its_rooms_go(house, organiser):
    told = (await organiser.put(TEST, json={**BODY, "design": "event_blocks", "share": 0.3, "block_s": 600})).json()
    assert (told["share"], told["block_s"], told["burn_in_s"]) == (0.3, 600.0, 300.0)
    ways = [
        {key: each[key] for key in ("name", "policy", "threshold", "act_below", "style")} for each in told["variants"]
    ]
    assert ways == [
        {"name": "usual", "policy": None, "threshold": None, "act_below": None, "style": None},
        {"name": "bold", "policy": "best", "threshold": None, "act_below": 0.6, "style": None},
    ]
    assert (await organiser.get(SHOWN)).json()["tests"] == [told]


async def test_whole_sessions_have_no_blocks(house, organiser):
    told = (await organiser.put(TEST, json=BODY)).json()
    assert (told["share"], told["block_s"], told["burn_in_s"]) == (0.5, None, None)


async def test_other_settings_leave_a_test_alone_until_it_is_ended(house, organiser):
    await organiser.put(TEST, json=BODY)
    await organiser.patch("/api/v1/events/e1/settings", json={"agent_mode": "AUTO"})
    assert (await house.store.desk.settings("e1")).strategy_test is not None

    assert (await organiser.delete(TEST)).status_code == 204
    assert (await organiser.delete(TEST)).status_code == 204
    settings = await house.store.desk.settings("e1")
    assert (settings.strategy_test, settings.mode) == (None, "AUTO")
    assert (await organiser.get(SHOWN)).json() == {"tests": []}


async def test_a_test_that_runs_has_to_be_ended_before_another_begins(house, organiser):
    await organiser.put(TEST, json=BODY)
    settings = await house.store.desk.settings("e1")
    kept = replace(settings.strategy_test, since=NOW - 60.0)
    await house.store.desk.save_settings(replace(settings, strategy_test=kept))

    refused = await organiser.put(TEST, json=BODY | {"test_id": "t2"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "strategy_test_running")
    assert "is running since" in refused.json()["error"]["message"]
    assert "end it first" in refused.json()["error"]["message"]
    assert (await organiser.put(TEST, json=BODY)).json()["since"] == NOW - 60.0
    assert (await house.store.desk.settings("e1")).strategy_test == kept

    changed = await organiser.put(TEST, json=BODY | {"share": 0.3})
    assert (changed.status_code, changed.json()["since"]) == (200, NOW)
    await organiser.delete(TEST)
    assert (await organiser.put(TEST, json=BODY | {"test_id": "t2"})).status_code == 200


async def test_a_test_says_how_rooms_did_with_either_way(house, organiser):
    test = StrategyTest("t1", Design.SESSIONS, (Variant("usual"), Variant("bold")), since=NOW)
    await organiser.put(TEST, json=BODY)
    [before] = (await organiser.get(SHOWN)).json()["tests"]
    assert before["why_not"].startswith("Not enough yet: usual was seen in 0 sessions")

    rng = np.random.default_rng(1)
    for n in range(60):
        score = 0.5 + 0.2 * test.number_of(f"s{n}") + rng.normal(0.0, 0.05)
        await house.store.record([*session(f"s{n}", NOW + 60.0, 0.6, unprompted=float(score))])
    [told] = (await organiser.get(SHOWN)).json()["tests"]
    assert told["difference"] == pytest.approx(0.2, abs=0.05)
    assert 0.1 < told["low"] < told["high"] < 0.3
    assert sum(each["units"] for each in told["variants"]) == 60
    assert not told["is_misdealt"]
    assert (await organiser.get("/api/v1/analytics/agent/strategies")).json() == {"tests": [told]}


async def test_a_session_that_opens_again_keeps_its_minutes_of_before(house, organiser):
    await organiser.put(TEST, json=BODY)
    for at in (NOW + 60.0, NOW + 960.0):
        await house.store.record([*session("s1", at, 0.6, unprompted=0.6)])
    [told] = (await organiser.get(SHOWN)).json()["tests"]
    assert sorted(each["minutes"] for each in told["variants"]) == [0, 10]


async def test_a_way_that_is_answered_a_lot_does_not_look_better_by_that_alone(house, organiser):
    test = StrategyTest("t1", Design.SESSIONS, (Variant("usual"), Variant("bold")), since=NOW)
    await organiser.put(TEST, json=BODY)
    rng = np.random.default_rng(1)
    for n in range(40):
        shown, unprompted = 0.5 + 0.2 * test.number_of(f"s{n}"), rng.normal(0.5, 0.05)
        await house.store.record([*session(f"s{n}", NOW + 60.0, shown, unprompted=float(unprompted))])
    [told] = (await organiser.get(SHOWN)).json()["tests"]
    assert told["low"] < 0.0 < told["high"] < 0.1
    assert {each["unknown_minutes"] > 0 for each in told["variants"]} == {True}


@pytest.mark.parametrize(
    "changes",
    [
        {"variants": [{"name": "usual"}, {"name": "bold", "style": "rude"}]},
        {"variants": [{"name": "usual"}, {"name": "usual"}]},
        {"variants": [{"name": "usual"}]},
        {"design": "dance"},
        {"share": 1.0},
        {"share": 0.001},
        {"block_s": 330.0},
        {"burn_in_s": 30.0},
        {"block_s": 900.0, "burn_in_s": 900.0},
        {"since": 1.0},
    ],
)
async def test_a_test_that_cannot_be_is_refused(house, organiser, changes):
    answer = await organiser.put(TEST, json=BODY | changes)
    assert answer.status_code in {400, 422}
    assert await house.store.desk.settings("e1") is None


async def test_only_organisers_of_the_event_may_try_things(house):
    async with house.client(Role.SPEAKER, "e1", sessions=frozenset({"s1"})) as speaker:
        assert (await speaker.put(TEST, json=BODY)).status_code == 403
    async with house.client(Role.ORGANISER, "e2") as other:
        assert (await other.put(TEST, json=BODY)).status_code == 403
        assert (await other.get(SHOWN)).status_code == 403


async def test_a_change_is_told_in_words(house, organiser):
    rng = np.random.default_rng(2)
    for n in range(40):
        at = NOW - (n + 0.5) * 8 * WEEK_S / 40
        score = rng.normal(0.55 if at > NOW - 2 * WEEK_S else 0.75, 0.04)
        await house.store.record([*session(f"s{n}", at, float(score))])
    told = (await organiser.get(DRIFT)).json()
    assert told["sessions"] == 40
    assert told["words"][0].startswith("Scores of workshops fell from 7")
    assert told["words"][0].endswith("in the last two weeks (p under 0.001).")
    assert [each["measure"] for each in told["shifts"] if each["is_drift"]] == ["score"]


async def test_without_sessions_there_is_no_drift(organiser):
    told = (await organiser.get(DRIFT, params={"weeks": 1})).json()
    assert (told["sessions"], told["words"], told["shifts"]) == (0, [], [])
