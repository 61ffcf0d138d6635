"""How a session went, in one answer."""

from dataclasses import replace

import pytest
from tests.decide_examples import decision
from tests.service.conftest import NOW
from tests.service.test_rest_history import done, measured
from tests.trial_examples import trial

from conductor.domain.endings import ended
from conductor.domain.engagement import Anomaly, AnomalyType, RoomSignals, RoomState, Severity
from conductor.domain.events import AnomalyDetected, EngagementUpdated, SessionOpened, TrialEnded
from conductor.domain.interventions import Autonomy
from conductor.domain.sessions import Phase, SessionProfile

SUMMARY = "/api/v1/analytics/sessions/s1/summary"
SEEN = RoomSignals(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, Phase.MIDDLE)


def opened(at):
    return SessionOpened("s1", "e1", at, SessionProfile(title="Bees"))


def scored(at, score):
    return EngagementUpdated("s1", "e1", at, score, (), SEEN, RoomState.HEALTHY, 0.0)


def fell(at, severity, anomaly_id="a1"):
    about = (anomaly_id, "s1", "e1", at, at, AnomalyType.SUDDEN_DROP, severity, 0.7, 0.4, 0.7, -2.0)
    return AnomalyDetected(Anomaly(*about))


async def test_a_session_without_anything_sums_up_to_nothing(house, organiser):
    await house.store.record([opened(NOW - 100.0)])
    told = (await organiser.get(SUMMARY)).json()

    assert (told["title"], told["opened_at"], told["score"]) == ("Bees", NOW - 100.0, None)
    assert (told["scored_s"], told["under_half_s"], told["measured"], told["interventions"]) == (0.0, 0.0, 0, [])
    assert told["anomalies"] == {"WARNING": 0, "CRITICAL": 0}


async def test_every_moment_of_a_session_counts_alike_and_gaps_do_not_count(house, organiser):
    scores = [(NOW - 60.0, 0.9), (NOW - 55.0, 0.9), (NOW - 50.0, 0.3), (NOW - 20.0, 0.6)]
    await house.store.record([opened(NOW - 100.0), *(scored(*each) for each in scores)])
    told = (await organiser.get(SUMMARY)).json()
    score = told["score"]

    assert (told["scored_s"], told["under_half_s"], told["last_score_at"]) == (25.0, 5.0, NOW - 20.0)
    assert (score["peak"], score["low"], score["low_at"], score["last"]) == (0.9, 0.3, NOW - 50.0, 0.6)
    assert score["average"] == pytest.approx((5 * 0.9 + 5 * 0.9 + 5 * 0.3 + 10 * 0.6) / 25)


async def test_each_intervention_stands_with_what_came_of_it(house, organiser):
    await house.store.record([opened(NOW - 100.0), done(1), done(2), measured(1, success=True)])
    told = (await organiser.get(SUMMARY)).json()
    outcomes = {each["intervention_id"]: each["outcome"] for each in told["interventions"]}

    assert (told["measured"], told["successes"]) == (1, 1)
    assert (outcomes["i1"]["success"], outcomes["i1"]["delta"], outcomes["i2"]) == (True, 0.2, None)


async def test_a_fall_counts_once_by_the_worst_that_it_became(house, organiser):
    falls = [fell(NOW - 50.0, Severity.WARNING), fell(NOW - 45.0, Severity.CRITICAL)]
    await house.store.record([opened(NOW - 100.0), *falls, fell(NOW - 9.0, Severity.WARNING, "a2")])
    assert (await organiser.get(SUMMARY)).json()["anomalies"] == {"WARNING": 1, "CRITICAL": 1}


async def test_only_what_was_since_the_session_was_last_opened_counts(house, organiser):
    await house.store.record([opened(NOW - 9000.0), scored(NOW - 8990.0, 0.1), fell(NOW - 8980.0, Severity.WARNING)])
    await house.store.record([opened(NOW - 100.0), scored(NOW - 50.0, 0.8)])
    told = (await organiser.get(SUMMARY)).json()

    assert (told["score"]["low"], told["anomalies"]["WARNING"]) == (0.8, 0)


async def test_simulated_rooms_do_not_count_among_real_ones_unless_somebody_asks_for_them(house, organiser):
    real, shown = measured(1, success=False), measured(2, success=True)
    about = {"session_id": "demo-1", "event_id": "demo"}
    await house.store.record([real, type(shown)(replace(shown.outcome, **about))])
    performance = "/api/v1/analytics/agent/performance"
    all_of_them = (await organiser.get(performance)).json()
    demos = (await organiser.get(performance, params={"event_id": "demo"})).json()
    metrics = (await organiser.get("/metrics")).json()

    assert (all_of_them["attempts"], all_of_them["successes"]) == (1, 0)
    assert (demos["attempts"], demos["successes"]) == (1, 1)
    assert metrics["total_interventions"] == 1


def taught(n, after=0.6, **changes):
    return TrialEnded(trial(n, after=after, **changes))


async def test_how_a_belief_narrowed_is_told_lesson_by_lesson(house, organiser):
    risen_only, known = taught(2, after=0.45), trial(4)
    unheard = replace(known, decision_id="d5", coin=0.05, held_out=True, delivered=False)
    refused = replace(known, decision_id="d6", autonomy=Autonomy.ASK, delivered=False)
    unknown = replace(known, decision_id="d7", after=None, why_unknown="the session ended")
    shown = replace(known, decision_id="d8", event_id="demo")
    made = decision(decision_id="d3", trial_ends_at=NOW + 200.0)
    without_coin = ended(made, NOW + 200.0, delivered=True, after=0.9)
    of_no_use = [TrialEnded(each) for each in (unheard, refused, unknown, shown)]
    await house.store.record([without_coin, risen_only, taught(1), *of_no_use, measured(1, success=True)])
    arms = (await organiser.get("/api/v1/analytics/agent/narrowing")).json()["arms"]
    assert {each["type"]: [(p["attempts"], round(p["successes"], 2)) for p in each["points"]] for each in arms} == {
        "POLL": [(1, 0.69), (2, 1.09), (3, 2.07)],
        "CHAT_PROMPT": [],
        "NUDGE": [],
        "QNA_PROMOTE": [],
    }


async def test_a_long_row_of_lessons_is_thinned_and_keeps_the_last(house, organiser):
    await house.store.record([taught(n) for n in range(101)])
    arms = (await organiser.get("/api/v1/analytics/agent/narrowing")).json()["arms"]
    [counts] = [[p["attempts"] for p in each["points"]] for each in arms if each["points"]]
    assert (len(counts) <= 40, counts[-1], counts == sorted(counts)) == (True, 101, True)
