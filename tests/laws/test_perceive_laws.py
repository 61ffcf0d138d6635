from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase as Step
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms import (
    START,
    WORKSHOP,
    chatter,
    column,
    even,
    evidence_of,
    heart,
    joins,
    leaves,
    people,
    play,
    poll,
    raised,
    score_of,
    signal,
    story,
    wild,
    worker,
)

from conductor.domain.engagement import PART_NAMES
from conductor.domain.signals import Author, Kind
from conductor.perceive.detector import DetectorName, DetectorParams
from conductor.perceive.forest import ForestParams
from conductor.perceive.perception import PerceiveParams
from conductor.perceive.reading import Reading
from conductor.perceive.score import explain

UNTIL_S = 240.0
few = settings(max_examples=6, phases=(Step.explicit, Step.generate))
seeds = st.integers(0, 2**32 - 1)
QUICK = PerceiveParams(detector=DetectorParams(forest=ForestParams(window=20)))
"""With so short a window the forest has turned over before the session ends."""

detectors = pytest.mark.parametrize("detector", DetectorName)


def using(detector, params=QUICK):
    return replace(params, detector=replace(params.detector, name=detector))


def baseline_of(perception, name="a"):
    return perception.baseline.snapshot(perception.rooms.row(name)).tolist()


# Whoever else is there.


@few
@given(seed=seeds, others=st.integers(1, 40), place=st.integers(0, 40))
@detectors
def test_what_is_said_of_a_session_does_not_depend_on_the_others(detector, seed, others, place):
    names = [f"b{i}" for i in range(others)]
    names.insert(min(place, others), "a")
    own = wild("a", seed, UNTIL_S)
    noise = [s for i, name in enumerate(names[:4]) if name != "a" for s in wild(name, seed + i, UNTIL_S)]
    alone = story(worker("a", params=using(detector)), own, UNTIL_S, "a")

    watch = [(60.0, lambda w: w.await_effect("b0")), (200.0, lambda w: w.effect_known("b0"))]

    assert story(worker(*names, params=using(detector)), own + noise, UNTIL_S, "a", watch) == alone


@few
@given(seed=seeds, data=st.data())
def test_sessions_that_open_and_close_in_between_change_nothing(seed, data):
    own = wild("a", seed, UNTIL_S)
    acts = []
    for i in range(12):
        opened, stay = data.draw(st.floats(0.0, 150.0)), data.draw(st.floats(5.0, 80.0))
        name = f"b{i}"
        acts.append((opened, lambda w, name=name: w.open(name, "event", START, WORKSHOP)))
        acts.append((opened, lambda w, name=name: [w.receive(s) for s in joins(name, 5, at=60.0)]))
        acts.append((opened + stay, lambda w, name=name: w.close(name)))
    alone = story(worker("a", params=QUICK), own, UNTIL_S, "a")

    assert story(worker("a", params=QUICK), own, UNTIL_S, "a", acts) == alone


def test_a_session_that_takes_over_a_row_begins_as_if_in_a_fresh_worker():
    own = [s._replace(at=s.at + 300.0) for s in wild("a", 5, 300.0)]
    used = worker("b", profile=WORKSHOP, params=QUICK)
    play(used, wild("b", 6, 300.0), 300.0)
    used.receive(signal("b", 301.0))
    used.close("b")
    fresh = worker(at=START + 300.0, params=QUICK)
    for perception in (used, fresh):
        perception.open("a", "event", START + 300.0, worker("x").facts("x").profile)

    assert used.rooms.row("a") == 0
    assert story(used, own, 600.0, "a") == story(fresh, own, 600.0, "a")


# Order and lateness.


def timed(name, room, until):
    """Readings of a worker that is told signals at given moments, whatever their own times; the worker too."""
    perception = worker(name, params=QUICK)
    readings: list[Reading] = []
    waiting = sorted(room, key=lambda pair: pair[0])
    done = 0
    while len(readings) < until / 5.0:
        while done < len(waiting) and waiting[done][0] < 5.0 * (len(readings) + 1):
            perception.receive(waiting[done][1])
            done += 1
        readings.append(perception.advance())
    return perception, readings


def without_order(seen):
    """What does not hang on who was heard first: not how fast people answer, nor who looks where since when."""
    at, *rest = seen
    signals = replace(rest[6], response_s=0.0, focus_ratio=0.0, presence_s=0.0)
    return [at, *rest[:6], signals, *rest[7:]]


@few
@given(seed=seeds)
def test_the_order_of_signals_within_a_tick_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    room = wild("a", seed, UNTIL_S)
    in_order = [(s.at - START, s) for s in room]
    shuffled = [(5.0 * ((s.at - START) // 5.0) + rng.uniform(0.0, 5.0), s) for s in room]
    first, there = timed("a", in_order, UNTIL_S)
    second, here = timed("a", shuffled, UNTIL_S)

    assert [without_order(column(second, r, "a")) for r in here] == [
        without_order(column(first, r, "a")) for r in there
    ]


WINDOWED = ("chat_per_min", "reactions_per_min", "voters", "polling", "active", "leaves_per_min", "present")


def windows(reading):
    """What was counted, and in which windows: these begin anew where something was raised, and may so differ."""
    observed = [getattr(reading.observed, name)[0] for name in WINDOWED]
    return (reading.short_s[0], reading.observed.span_s[0]), (reading.short[:, 0].tolist(), observed)


@few
@given(seed=seeds, delay_s=st.floats(0.0, 10.0))
def test_lateness_up_to_ten_seconds_changes_nothing_in_windows_that_end_after_the_arrival(seed, delay_s):
    rng = np.random.default_rng(seed)
    room = [s for s in wild("a", seed, UNTIL_S, depth=0.0) if s.kind is not Kind.POLL_CLOSED]
    late = rng.random(len(room)) < 0.3
    # In every other half minute all is on time, so that there are windows whose signals have all arrived.
    arrives = [
        s.at - START + (delay_s if is_late and (s.at - START) % 60.0 < 30.0 else 0.0)
        for s, is_late in zip(room, late, strict=True)
    ]
    in_time, there = timed("a", [(s.at - START, s) for s in room], UNTIL_S)
    in_part, here = timed("a", list(zip(arrives, room, strict=True)), UNTIL_S)
    compared = 0
    for r, other in zip(there, here, strict=True):
        waits = any(s.at < r.at <= START + at for s, at in zip(room, arrives, strict=True))
        (spans, counts), (other_spans, other_counts) = windows(r), windows(other)
        if not waits and spans == other_spans:
            assert other_counts == counts
            compared += 1

    assert compared >= 10
    for ticks in range(61):
        np.testing.assert_array_equal(in_part.ledger.window(ticks), in_time.ledger.window(ticks))


# The score.


@few
@given(seed=seeds)
def test_scores_are_between_0_and_1_and_the_sum_of_their_parts(seed):
    perception = worker("a", params=QUICK)
    for reading in play(perception, wild("a", seed, UNTIL_S), UNTIL_S):
        parts = explain(reading.scores, 0)
        assert [part.name for part in parts] == list(PART_NAMES)
        assert 0.0 <= score_of(perception, reading, "a") <= 1.0
        assert sum(part.contribution for part in parts) == pytest.approx(reading.scores.value[0], abs=1e-12)
        assert sum(part.weight for part in parts) == pytest.approx(1.0 if max(p.weight for p in parts) else 0.0)
        assert 0.0 <= evidence_of(perception, reading, "a") <= 1.0


def test_the_score_of_an_audience_and_of_two_such_audiences_together_is_the_same():
    rng = np.random.default_rng(4)
    rooms = {f"r{i}": int(rng.integers(30, 90)) for i in range(20)}
    once, twice = [], []
    for name, count in rooms.items():
        room = joins(name, count) + even(name, count / 3, 0.0, 900.0, count)
        room += even(name, count / 6, 0.0, 900.0, count, Kind.REACTION)
        room += [poll(name, 200.0, Kind.POLL_OPENED), poll(name, 260.0, Kind.POLL_CLOSED)]
        room += [poll(name, 200.0 + i, Kind.VOTE, user=f"u{i}") for i in range(count // 3)]
        room += leaves(name, people(count)[:3], 500.0, spread_s=300.0)
        once += room
        twice += room + [s._replace(user_id=s.user_id + "'") for s in room if s.user_id is not None]
    first, second = worker(*rooms), worker(*rooms)
    there, here = play(first, once, 900.0), play(second, twice, 900.0)

    assert max(r.evidence.max() for r in [*there[12:], *here[12:]]) < first.params.alarm.freeze
    for a, b in zip(there, here, strict=True):
        np.testing.assert_allclose(b.scores.value, a.scores.value, rtol=0.0, atol=1e-9)


@settings(max_examples=10)
@given(
    per_min=st.floats(4.0, 300.0),
    count=st.integers(5, 150),
    with_presence=st.booleans(),
    with_heart=st.booleans(),
    seed=seeds,
)
def test_silence_lowers_the_score_within_90_seconds(per_min, count, with_presence, with_heart, seed):
    rng = np.random.default_rng(seed)
    room = chatter("a", per_min, 0.0, 420.0, count, rng)
    room += joins("a", count) if with_presence else []
    room += heart("a", 0.0, 600.0) if with_heart else []
    perception = worker("a")
    scores = {r.at - START: score_of(perception, r, "a") for r in play(perception, room, 510.0)}

    assert scores[510.0] < scores[420.0] - 0.02


# What raises nothing.


def test_rises_never_raise_an_anomaly():
    rng = np.random.default_rng(8)
    rooms = [f"r{i}" for i in range(100)]
    signals = []
    for name in rooms:
        count, rate, at = int(rng.integers(5, 150)), float(rng.uniform(4, 60)), 0.0
        signals += joins(name, count)
        while at < 900.0:
            until = min(at + float(rng.uniform(30, 400)), 900.0)
            signals += even(name, rate, at, until, count, Kind.CHAT if rng.random() < 0.7 else Kind.REACTION)
            rate, at = rate * float(rng.uniform(1.0, 3.0)), until
            rate = min(rate, 240.0)
    readings = play(worker(*rooms), signals, 900.0)

    assert raised(readings) == []


@detectors
def test_tiny_variances_raise_nothing(detector):
    rng = np.random.default_rng(9)
    rooms = [f"r{i}" for i in range(30)]
    signals = []
    for name in rooms:
        rate = float(rng.uniform(20, 120))
        signals += joins(name, 40)
        for minute in range(20):
            level = rate * (1.0 + rng.uniform(-0.05, 0.05))
            signals += even(name, level, 60.0 * minute, 60.0 * (minute + 1), 40)
    readings = play(worker(*rooms, params=using(detector, PerceiveParams())), signals, 1200.0)

    assert raised(readings) == []


def test_what_bots_and_the_agent_write_counts_for_nothing():
    room = wild("a", 3, UNTIL_S)
    rng = np.random.default_rng(3)
    noise = chatter("a", 200, 0.0, UNTIL_S, 60, rng) + chatter("a", 200, 0.0, UNTIL_S, 60, rng, Kind.REACTION)
    noise = [s._replace(author=Author.BOT if i % 2 else Author.AGENT) for i, s in enumerate(noise)]

    assert story(worker("a"), room + noise, UNTIL_S, "a") == story(worker("a"), room, UNTIL_S, "a")
