"""Rooms fall in different ways: what is seen, how soon, and when it is over."""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from tests.rooms import (
    START,
    chatter,
    cleared,
    even,
    fading,
    heart,
    joins,
    leaves,
    people,
    play,
    raised,
    score_of,
    state,
    states,
    worker,
)

from conductor.domain.engagement import AnomalyType, RoomState, Severity

TRIES = 40


@cache
def collapses(per_min, at, seed, count=60):
    """Rooms that fall silent at random moments of a tick, all in one worker: seconds from each fall to its alarms."""
    rng = np.random.default_rng(seed)
    falls = {f"r{i}": at + float(rng.uniform(0.0, 5.0)) for i in range(TRIES)}
    signals = [
        s
        for name, fall in falls.items()
        for s in joins(name, count, spread_s=30.0) + chatter(name, per_min, 0.0, fall, count, rng)
    ]
    readings = play(worker(*falls), signals, at + 200.0)
    return {name: [(at - fall, anomaly.type) for at, anomaly in raised(readings, name)] for name, fall in falls.items()}


def share_within(found, limit_s):
    """Share of the rooms whose first alarm came after the fall and within so many seconds."""
    return np.mean([bool(alarms) and 0.0 < alarms[0][0] <= limit_s for alarms in found.values()])


@pytest.mark.parametrize("at", [60.0, 600.0], ids=["after a minute", "after ten minutes"])
def test_a_busy_room_that_falls_silent_is_seen_within_10_s(at):
    assert share_within(collapses(150, at, seed=1), 10.0) >= 0.95


@pytest.mark.parametrize(("per_min", "limit_s"), [(60, 25.0), (30, 45.0), (15, 90.0)])
def test_a_quieter_room_is_seen_as_soon_as_its_counts_allow(per_min, limit_s):
    assert share_within(collapses(per_min, 600.0, seed=2), limit_s) >= 0.95


@pytest.mark.parametrize("per_min", [150, 60, 30])
def test_rooms_that_fall_silent_are_sudden_drops(per_min):
    found = collapses(per_min, 600.0, seed=1 if per_min == 150 else 2)
    named = Counter(anomaly for alarms in found.values() for _, anomaly in alarms[:1])

    assert named[AnomalyType.SUDDEN_DROP] >= 0.95 * TRIES


def test_a_collapse_is_a_sudden_drop_that_becomes_critical():
    rng = np.random.default_rng(3)
    perception = worker("a")
    readings = play(perception, joins("a", 60) + chatter("a", 100, 0.0, 602.0, 60, rng), 700.0)
    [(_, first)] = raised(readings)
    last = raised(readings, fresh=False)[-1][1]

    assert first.type is last.type is AnomalyType.SUDDEN_DROP
    assert last.severity is Severity.CRITICAL
    assert abs(first.onset - START - 602.0) <= 10.0
    assert first.current < first.expected - 0.05
    assert first.deviation < -2.0
    assert first.evidence >= 0.6
    assert set(states(perception, readings[120:122], "a")) <= {RoomState.HEALTHY, RoomState.FALLING}
    assert state(perception, readings[-1], "a") is RoomState.FALLING


def test_what_dies_away_over_ten_minutes_is_a_gradual_decline():
    rng = np.random.default_rng(4)
    names = [f"r{i}" for i in range(20)]
    signals = []
    for name in names:
        signals += joins(name, 60) + chatter(name, 60, 0.0, 600.0, 60, rng) + fading(name, 60, 600.0, 1200.0, 60, rng)
    readings = play(worker(*names), signals, 1300.0)
    first = [next(anomaly.type for at, anomaly in raised(readings, name) if at > 600.0) for name in names]

    assert Counter(first)[AnomalyType.GRADUAL_DECLINE] >= 17


def test_a_third_of_the_people_leaving_while_the_rest_goes_on_is_a_mass_exit():
    rng = np.random.default_rng(5)
    names = [f"r{i}" for i in range(20)]
    signals = []
    for name in names:
        signals += joins(name, 60) + chatter(name, 60, 0.0, 602.0, 60, rng)
        signals += chatter(name, 40, 602.0, 800.0, 40, rng) + leaves(name, people(60)[40:], 602.0, spread_s=90.0)
    readings = play(worker(*names), signals, 800.0)
    found = {name: raised(readings, name) for name in names}

    assert all(found.values())
    assert Counter(anomaly.type for every in found.values() for _, anomaly in every[:1])[AnomalyType.MASS_EXIT] >= 19
    assert np.median([at for every in found.values() for at, _ in every[:1]]) < 602.0 + 60.0


def test_a_few_people_leaving_is_nothing():
    perception = worker("a")
    room = joins("a", 60) + even("a", 60, 0.0, 900.0, 50) + leaves("a", people(60)[55:], 600.0, spread_s=120.0)

    assert raised(play(perception, room, 900.0)) == []


def test_a_room_that_never_came_to_life_has_low_engagement_until_it_does():
    rng = np.random.default_rng(6)
    perception = worker("a")
    room = joins("a", 50) + chatter("a", 2, 20.0, 60.0, 50, rng) + heart("a", 0.0, 2400.0)
    room += chatter("a", 60, 900.0, 1200.0, 50, rng)
    readings = play(perception, room, 1100.0)
    [(at, anomaly)] = raised(readings)

    assert anomaly.type is AnomalyType.LOW_ENGAGEMENT
    assert anomaly.severity is Severity.WARNING
    assert 300.0 <= at < 900.0
    assert [900.0 < over < 930.0 for over in cleared(readings, "a")] == [True]
    assert set(states(perception, readings[int(at // 5) : 180], "a")) == {RoomState.FALLING}


def test_a_room_that_recovers_is_over_and_is_healthy_again():
    rng = np.random.default_rng(7)
    perception = worker("a")
    room = joins("a", 60) + chatter("a", 80, 0.0, 600.0, 60, rng) + chatter("a", 80, 660.0, 1200.0, 60, rng)
    readings = play(perception, room, 1200.0)
    scores = [score_of(perception, r, "a") for r in readings]

    assert len(raised(readings)) == 1
    assert [660.0 < over <= 780.0 for over in cleared(readings, "a")] == [True]
    assert state(perception, readings[-1], "a") is RoomState.HEALTHY
    assert min(scores[120:132]) < 0.4
    assert abs(scores[-1] - scores[119]) < 0.1


def fallen_for_good(seed=8):
    rng = np.random.default_rng(seed)
    return joins("a", 60) + chatter("a", 80, 0.0, 600.0, 60, rng) + chatter("a", 12, 600.0, 2400.0, 60, rng)


def test_a_fall_that_stays_is_normal_after_ten_minutes():
    perception = worker("a")
    readings = play(perception, fallen_for_good(), 2400.0)
    [(at, _)] = raised(readings)
    scores = {r.at - START: score_of(perception, r, "a") for r in readings}

    assert cleared(readings, "a") == [at + 600.0]
    assert max(scores[t] for t in np.arange(700.0, 1200.0, 5.0)) < 0.65
    assert 0.65 < np.mean([scores[t] for t in np.arange(at + 660.0, 2400.0, 5.0)]) < 0.9
    assert state(perception, readings[-1], "a") is RoomState.HEALTHY
    assert perception.baseline.events_per_tick(1)[0] == pytest.approx(1.0, rel=0.3)


def test_after_a_fall_has_become_normal_the_next_one_is_seen():
    perception = worker("a")
    room = [s for s in fallen_for_good() if s.at < START + 1800.0]
    first, second = [at for at, _ in raised(play(perception, room, 2000.0))]

    assert 600.0 < first < 630.0
    assert 1800.0 < second < 1860.0


def test_while_an_effect_is_awaited_the_anomaly_stays_open_and_is_judged_by_what_came_after():
    rng = np.random.default_rng(9)
    perception = worker("a")
    room = joins("a", 60) + chatter("a", 80, 0.0, 600.0, 60, rng) + chatter("a", 80, 642.0, 1000.0, 60, rng)
    watch = [(640.0, lambda w: w.await_effect("a")), (700.0, lambda w: w.effect_known("a"))]
    readings = play(perception, room, 1000.0, watch)

    assert len(raised(readings)) == 1
    assert cleared(readings, "a") == [705.0]
    assert set(states(perception, readings[124:139], "a")) == {RoomState.FALLING}
    assert score_of(perception, readings[137], "a") > 0.7


def test_what_flickers_around_the_threshold_is_one_anomaly():
    rng = np.random.default_rng(10)
    perception = worker("a")
    room = joins("a", 60) + chatter("a", 60, 0.0, 600.0, 60, rng)
    for i in range(10):
        room += chatter("a", 12, 600.0 + 30.0 * i, 615.0 + 30.0 * i, 60, rng)
        room += chatter("a", 36, 615.0 + 30.0 * i, 630.0 + 30.0 * i, 60, rng)
    readings = play(perception, room, 900.0)

    assert len(raised(readings)) <= 2


def test_an_hour_in_which_nothing_falls_is_quiet():
    rng = np.random.default_rng(11)
    rooms = {f"r{i}": rate for i, rate in enumerate(np.geomspace(8.0, 120.0, 10).tolist())}
    signals = [s for name, rate in rooms.items() for s in joins(name, 60) + chatter(name, rate, 0.0, 3600.0, 60, rng)]
    readings = play(worker(*rooms), signals, 3600.0)

    assert len(raised(readings)) <= 2
