"""A silent feed is not a silent room: connections break, sources die, and people come back."""

import numpy as np
import pytest
from tests.rooms import (
    START,
    chatter,
    cleared,
    even,
    evidence_of,
    heart,
    joins,
    leaves,
    people,
    play,
    raised,
    score_of,
    signal,
    state,
    states,
    worker,
)

from conductor.domain.engagement import RoomState
from conductor.domain.signals import Kind
from conductor.perceive.detector import DetectorName, DetectorParams
from conductor.perceive.perception import PerceiveParams

LOST, WARMING, HEALTHY, FALLING = (
    RoomState.SIGNAL_LOST,
    RoomState.WARMING_UP,
    RoomState.HEALTHY,
    RoomState.FALLING,
)


def lively(name="a", until=600.0, count=60, per_min=150.0, seed=1):
    rng = np.random.default_rng(seed)
    return joins(name, count) + chatter(name, per_min, 0.0, until, count, rng)


def later(signals, at):
    return [s for s in signals if s.at >= START + at]


def baseline_of(perception, name="a"):
    return perception.baseline.snapshot(perception.rooms.row(name)).tolist()


@pytest.mark.parametrize("at", [600.0, 601.3, 603.9, 604.6])
def test_everybody_leaving_within_a_second_is_a_lost_signal_and_nothing_is_raised_or_learned(at):
    perception = worker("a")
    slides = even("a", 6, 0.0, 1200.0, 1, kind=Kind.SLIDE)
    room = lively(until=at) + leaves("a", people(60), at)
    before = play(perception, room + slides, 605.0)
    known = baseline_of(perception)
    after = play(perception, later(room + slides, 605.0), 1200.0)

    assert states(perception, before[121:] + after[1:], "a") == [LOST] * 118
    assert raised(before + after) == []
    assert baseline_of(perception) == known


def test_after_people_come_back_it_settles_and_goes_on():
    perception = worker("a")
    rng = np.random.default_rng(2)
    room = lively(until=600.0) + leaves("a", people(60), 601.0)
    room += joins("a", 60, at=660.0, spread_s=10.0) + chatter("a", 150, 662.0, 1200.0, 60, rng)
    readings = play(perception, room, 1200.0)
    by_time = {r.at - START: state(perception, r, "a") for r in readings}

    assert by_time[660.0] is LOST
    assert {by_time[t] for t in np.arange(665.0, 700.0, 5.0)} == {WARMING}
    assert {by_time[t] for t in np.arange(700.0, 1205.0, 5.0)} == {HEALTHY}
    assert raised(readings) == []


def test_after_a_lost_signal_a_real_fall_is_still_found():
    perception = worker("a")
    rng = np.random.default_rng(2)
    room = lively(until=600.0) + leaves("a", people(60), 601.0)
    room += joins("a", 60, at=660.0, spread_s=10.0) + chatter("a", 150, 662.0, 900.0, 60, rng)
    readings = play(perception, room, 1000.0)

    assert [900.0 < at <= 910.0 for at, _ in raised(readings)] == [True]


def test_a_reconnection_storm_raises_and_teaches_nothing():
    perception = worker("a")
    storm = leaves("a", people(60), 601.0) + joins("a", 60, at=602.5, spread_s=0.9)
    rng = np.random.default_rng(2)
    room = lively(until=600.0) + storm + chatter("a", 150, 625.0, 900.0, 60, rng)
    before = play(perception, room, 600.0)
    known = baseline_of(perception)
    during = play(perception, later(room, 600.0), 635.0)
    assert baseline_of(perception) == known

    after = play(perception, later(room, 635.0), 900.0)
    assert set(states(perception, during, "a")) == {WARMING}
    assert set(states(perception, after, "a")) == {HEALTHY}
    assert raised(before + during + after) == []


@pytest.mark.parametrize("per_min", [10, 60])
@pytest.mark.parametrize("every_s", [1.0, 5.0, 20.0])
def test_a_source_whose_heart_stops_is_lost_and_nothing_is_raised(per_min, every_s):
    perception = worker("a")
    room = lively(until=600.0, per_min=per_min) + heart("a", 0.0, 600.0, every_s)
    readings = play(perception, room, 900.0)

    assert set(states(perception, readings[133:], "a")) == {LOST}
    assert raised(readings) == []


def test_nothing_is_learned_of_the_seconds_before_it_was_clear_that_the_heart_had_stopped():
    perception = worker("a")
    # One message a tick, and twenty seconds without any in which the source is dead.
    room = joins("a", 40) + even("a", 12, 0.0, 600.0, 40) + heart("a", 0.0, 600.0)
    room += even("a", 12, 625.0, 900.0, 40) + heart("a", 622.0, 900.0)
    readings = play(perception, room, 750.0)

    assert states(perception, readings[122:126], "a") == [LOST, LOST, WARMING, WARMING]
    assert perception.baseline.events_per_tick(1)[0] == pytest.approx(1.0, abs=1e-9)


def test_a_quiet_room_with_a_beating_heart_is_not_lost():
    perception = worker("a")
    room = joins("a", 20) + even("a", 1, 0.0, 1200.0, 20) + heart("a", 0.0, 1200.0, 5.0)
    readings = play(perception, room, 1200.0)

    assert LOST not in states(perception, readings, "a")


def test_a_room_that_falls_silent_while_the_heart_beats_has_fallen():
    perception = worker("a")
    room = lively(until=600.0) + heart("a", 2.0, 900.0, 5.0)
    readings = play(perception, room, 660.0)

    assert [600.0 < at <= 610.0 for at, _ in raised(readings)] == [True]
    assert state(perception, readings[-1], "a") is FALLING


def test_what_stood_is_taken_back_when_the_signal_is_lost():
    perception = worker("a")
    rng = np.random.default_rng(3)
    room = lively(until=600.0) + chatter("a", 12, 600.0, 650.0, 60, rng) + leaves("a", people(60), 651.0)
    readings = play(perception, room, 700.0)

    assert len(raised(readings)) == 1
    assert cleared(readings, "a") == [655.0]
    assert set(states(perception, readings[-9:], "a")) == {LOST}


def test_a_heartbeat_from_a_clock_far_ahead_does_not_keep_a_source_alive():
    perception = worker("a")
    room = lively(until=300.0, per_min=20) + heart("a", 0.0, 300.0)
    play(perception, room, 300.0)
    perception.receive(heart("a", 1e6, 1e6 + 5.0)[0])
    perception.receive(signal("a", 1e6, Kind.HEARTBEAT, "u1"))
    readings = play(perception, [], 400.0)

    assert state(perception, readings[-1], "a") is LOST


@pytest.mark.parametrize("name", DetectorName)
def test_while_the_signal_is_lost_neither_detector_sees_a_fall(name):
    perception = worker("a", params=PerceiveParams(detector=DetectorParams(name=name)))
    room = lively(until=600.0) + leaves("a", people(60), 601.0)
    readings = play(perception, room, 900.0)

    assert raised(readings[121:]) == []
    assert max(evidence_of(perception, r, "a") for r in readings[121:]) == 0.0
    assert score_of(perception, readings[-1], "a") < 0.5
