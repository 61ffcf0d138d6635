from dataclasses import replace

import numpy as np
import pytest
from tests.crowd_examples import BUSY, PROFILE, START, acts, crowd, intervention, of, play

from conductor.domain.sessions import SessionType
from conductor.domain.signals import Author, Kind, StartDetail
from conductor.sim.people import CrowdParams, draw_people
from conductor.sim.presets import RESCUE_LULL_S, ordinary_params, ordinary_room, rescue_room
from conductor.sim.stage import Lull, Scenario


def test_a_session_opens_with_its_profile_and_then_people_come_in():
    signals = play(crowd(), 120.0)
    assert signals[0].kind is Kind.STARTED
    assert signals[0].detail == StartDetail(PROFILE)
    joined = [signal.user_id for signal in of(signals, Kind.JOIN)]
    assert len(joined) == len(set(joined)) > 40


def test_a_session_ends_and_nothing_follows():
    room = crowd()
    assert play(room, 1200.0)[-1] == ("s1", "e1", START + 900.0, Kind.ENDED, None, 1, Author.ATTENDEE, 0.0, None)
    assert room.step(START + 5000.0) == []
    assert room.deliver(intervention(room)) == 0
    assert room.step(START + 6000.0) == []


def test_the_same_moment_twice_gives_nothing_new():
    room = crowd()
    assert play(room, 100.0)
    assert room.step(START + 100.0) == []
    assert room.step(START + 50.0) == []


def test_a_poll_of_the_host_is_not_the_agents():
    signals = play(crowd(scenario=Scenario(host_polls_s=(200.0,))), 300.0)
    votes = of(signals, Kind.VOTE)
    assert of(signals, Kind.POLL_OPENED)[0].author is Author.HOST
    assert 15 < len(votes) < 45
    assert not any(vote.detail.by_agent for vote in votes)


def test_upvotes_and_answers_belong_to_questions_that_were_asked():
    signals = play(crowd(params=replace(BUSY, questions_per_min=0.05, upvotes_per_min=0.1)), 900.0)
    asked = {signal.detail.question_id for signal in of(signals, Kind.QUESTION)}
    named = {signal.detail.question_id for signal in of(signals, Kind.UPVOTE, Kind.ANSWERED)}
    assert len(named) > 3
    assert named <= asked


def test_people_look_away_in_a_lull_and_come_back_after_it():
    signals = play(crowd(scenario=Scenario((Lull(300.0, 0.9, 200.0),))), 700.0)
    away = [signal.at - START for signal in of(signals, Kind.BLUR)]
    assert sum(1 for at in away if 300.0 <= at < 360.0) > 30
    assert sum(1 for signal in of(signals, Kind.FOCUS) if signal.at - START >= 500.0) > 30


def test_people_walk_out_when_a_lull_makes_them():
    signals = play(crowd(scenario=Scenario((Lull(300.0, 0.5, exit_ratio=0.5),))), 340.0)
    left = [signal.at - START for signal in of(signals, Kind.LEAVE)]
    assert sum(1 for at in left if at >= 300.0) > 15


def test_people_leave_a_room_that_stays_dull_sooner_than_a_lively_one():
    dull, lively = (
        sum(
            len(of(play(crowd(seed, scenario=Scenario((Lull(120.0, depth),))), 900.0), Kind.LEAVE)) for seed in range(4)
        )
        for depth in (0.9, 0.0)
    )
    assert dull > 3 * lively


def test_people_tire_in_the_course_of_a_session():
    params = replace(BUSY, duration_s=5400.0, focus=False, early_ratio=1.0, reply_ratio=0.0)
    params = replace(params, base_leaves_per_min=0.0, bored_leaves_per_min=0.0)
    early = late = 0
    for seed in range(6):
        at = [signal.at - START for signal in acts(play(crowd(seed, params, Scenario(wander_sd=0.0)), 5400.0, 300.0))]
        early += sum(1 for moment in at if 60.0 < moment < 1200.0)
        late += sum(1 for moment in at if moment > 4260.0)
    assert 0.75 < late / early < 0.95


@pytest.mark.parametrize("wrong", [{"size": 0}, {"duration_s": 0.0}, {"reply_ratio": 0.9}])
def test_an_impossible_crowd_is_refused(wrong):
    with pytest.raises(ValueError, match=r"crowd|reply_ratio"):
        CrowdParams(**wrong)


def test_a_few_people_write_most_of_it():
    shares = []
    for seed in range(20):
        talk = np.sort(draw_people(np.random.default_rng(seed), CrowdParams(size=100)).talk)[::-1]
        shares.append(talk[:10].sum() / talk.sum())
    assert 0.4 < np.mean(shares) < 0.65


def test_messages_cluster_as_in_recorded_meetings():
    # Variance over mean of counts in four recorded meetings at about 3 messages a minute.
    recorded = {5.0: 1.1, 15.0: 1.3, 30.0: 1.6, 60.0: 2.2, 120.0: 3.0}
    params = CrowdParams(size=75, chat_per_min=0.045, reactions_per_min=0.04, focus=False)
    moments: dict[float, list[tuple[float, float]]] = {width_s: [] for width_s in recorded}
    for seed in range(16):
        room = crowd(seed, params=params, scenario=Scenario())
        at = [signal.at - START for signal in of(play(room, 3600.0, step_s=300.0), Kind.CHAT)]
        for width_s, found in moments.items():
            counts = np.histogram(at, np.arange(300.0, 3601.0, width_s))[0]
            found.append((counts.mean(), counts.var()))
    for width_s, found in moments.items():
        mean, variance = np.mean(found, axis=0)
        assert variance / mean == pytest.approx(recorded[width_s], rel=0.2)


def test_an_ordinary_room_has_the_rates_of_its_kind():
    params = replace(ordinary_params(SessionType.WORKSHOP, 40), focus=False)
    found = []
    for seed in range(6):
        signals = play(ordinary_room(np.random.default_rng(seed), "r", params, lulls_per_hour=0.0), 3600.0)
        found.append(len(of(signals, Kind.CHAT)) / 60.0)
    assert np.mean(found) == pytest.approx(40 * 0.12, rel=0.3)


def test_the_rescue_room_is_busy_collapses_stays_down_and_answers_a_poll():
    votes = []
    for seed in range(4):
        room = rescue_room(np.random.default_rng(seed), start=START)
        before = play(room, RESCUE_LULL_S + 20.0)
        at = np.array([signal.at - START for signal in acts(before)])
        healthy_per_s = ((at >= 120.0) & (at < 600.0)).sum() / 480.0
        assert healthy_per_s > 150.0 / 60.0
        assert ((at >= 610.0) & (at < 620.0)).sum() < 0.4 * healthy_per_s * 10.0
        alone = room.fork()
        seen_by = room.deliver(intervention(room))
        after = play(room, RESCUE_LULL_S + 140.0)
        votes.append(len([vote for vote in of(after, Kind.VOTE) if vote.at < START + 650.0]) / seen_by)
        left_alone = play(alone, RESCUE_LULL_S + 140.0)
        assert room.true_level(room.now) > 0.6
        assert alone.true_level(alone.now) < 0.2
        assert len(acts(after)) > 3 * len(acts(left_alone))
    assert 0.4 < np.mean(votes) < 0.55
