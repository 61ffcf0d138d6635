"""Whether the agent's confidence is right, over HTTP."""

from dataclasses import replace
from statistics import NormalDist

import pytest
from tests.decide_examples import decision
from tests.service.conftest import NOW
from tests.trial_examples import BLANK

from conductor.access.rights import Role
from conductor.domain.events import DecisionMade, TrialEnded
from conductor.domain.interventions import Origin
from conductor.learn.outcome import OutcomeParams
from conductor.service.calibrated import ANSWERS_KEPT, FRESH_S, Calibrations
from conductor.testing import MemoryStore

CALIBRATION = "/api/v1/analytics/agent/calibration"
CURVE = NormalDist().cdf
SURELY, HARDLY = CURVE(0.5 / 0.2), CURVE(-0.5 / 0.2)
"""How probably rooms have recovered whose score is 1, and 0."""


def done(count, recovered, event_id="e1", confidence=0.65, **changes):
    """So many decisions, four in each session, of which so many rooms recovered, as plainly as can be."""
    for n in range(count):
        names = {"session_id": f"{event_id}-s{n // 4}", "decision_id": f"d{n}", "event_id": event_id}
        yield DecisionMade(decision(**names, confidence=confidence, **changes))
        after = 1.0 if n * recovered % count < recovered else 0.0
        yield TrialEnded(replace(BLANK, **names, at=NOW - 500.0 + n, before=0.3, after=after))


async def test_before_the_first_decision_it_says_how_many_it_takes(organiser):
    told = (await organiser.get(CALIBRATION)).json()
    assert (told["status"], told["decisions"], told["decisions_needed"], told["tenths"]) == ("NOT_YET", 0, 50, [])
    assert told["error"] is None


async def test_tenth_by_tenth_it_says_what_was_said_and_what_came_of_it(house, organiser):
    await house.store.record([*done(100, 40), *done(40, 20, "e2", confidence=0.5)])
    told = (await organiser.get(CALIBRATION)).json()
    half, most = told["tenths"]
    assert (half["from_confidence"], half["decisions"], half["recovered"]) == (0.5, 40, pytest.approx(0.5))
    assert (most["from_confidence"], most["to_confidence"], most["decisions"]) == (0.6, 0.7, 100)
    assert (most["confidence"], most["recovered"]) == (pytest.approx(0.65), pytest.approx(0.4 * SURELY + 0.6 * HARDLY))
    assert most["low"] < 0.4 < most["high"] < 0.65
    assert (told["status"], told["decisions"], told["sessions"]) == ("TOO_SURE", 140, 35)
    by = pytest.approx((0.65 - 0.4 * SURELY - 0.6 * HARDLY) * 100 / 140)
    assert (told["error"], told["too_sure_by"]) == (by, by)
    assert 0.0 < told["low"] < told["too_sure_by"] < told["high"]
    assert 0.0 < told["error_by_chance"] < told["error_by_chance_at_most"] < told["error"]


async def test_what_organisers_asked_for_is_none_of_the_agents_forecasts(house, organiser):
    await house.store.record([*done(60, 30, origin=Origin.ORGANISER)])
    assert (await organiser.get(CALIBRATION)).json()["decisions"] == 0


async def test_what_counts_as_recovered_is_what_the_operator_calls_fine(house):
    house.params = replace(house.params, act_below=0.7)
    await house.store.record([*done(60, 30)])
    async with house.client(Role.ORGANISER) as client:
        [tenth] = (await client.get(CALIBRATION)).json()["tenths"]
    assert tenth["recovered"] == pytest.approx(0.5 * (CURVE(0.3 / 0.2) + CURVE(-0.7 / 0.2)))


async def test_simulated_rooms_count_for_whoever_names_their_event_alone(house, organiser):
    await house.store.record([*done(60, 30, "demo"), *done(20, 10)])
    everywhere = (await organiser.get(CALIBRATION)).json()
    demo = (await organiser.get(CALIBRATION, params={"event_id": "demo"})).json()
    assert (everywhere["decisions"], demo["decisions"]) == (20, 60)


async def test_an_organiser_of_one_event_sees_that_one_alone(house):
    await house.store.record([*done(60, 30), *done(20, 10, "e2")])
    async with house.client(Role.ORGANISER, "e2") as client:
        own = (await client.get(CALIBRATION)).json()
        other = await client.get(CALIBRATION, params={"event_id": "e1"})
    assert own["decisions"] == 20
    assert other.status_code == 403


async def looked(calibrations, archive, event_id, now):
    return await calibrations.of(archive, event_id, now, without="demo", params=OutcomeParams())


async def test_whoever_looks_again_soon_sees_what_was_counted_before():
    store, calibrations = MemoryStore(), Calibrations()
    first = await looked(calibrations, store.archive, None, 0.0)
    await store.record([*done(60, 30)])
    assert await looked(calibrations, store.archive, None, FRESH_S - 1.0) is first
    assert (await looked(calibrations, store.archive, None, FRESH_S)).decisions == 60


async def test_only_so_many_events_are_remembered():
    archive, calibrations = MemoryStore().archive, Calibrations()
    first, *_ = [await looked(calibrations, archive, f"e{n}", 0.0) for n in range(ANSWERS_KEPT + 1)]
    last = await looked(calibrations, archive, f"e{ANSWERS_KEPT}", 0.0)
    assert await looked(calibrations, archive, "e0", 0.0) is not first
    assert await looked(calibrations, archive, f"e{ANSWERS_KEPT}", 0.0) is last
