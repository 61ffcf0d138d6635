from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.rooms import START, WORKSHOP, column, play, signal, wild, worker

from conductor.domain.signals import ChatDetail, Kind, PollDetail
from conductor.perceive.detector import DetectorName, DetectorParams
from conductor.perceive.forest import ForestParams
from conductor.perceive.perception import PerceiveParams
from conductor.perceive.snapshot import restore, snapshot

UNTIL_S = 240.0
few = settings(max_examples=6, phases=(Phase.explicit, Phase.generate))
QUICK = PerceiveParams(detector=DetectorParams(forest=ForestParams(window=20)))
"""With so short a window the forest has turned over before the session ends."""

seeds = st.integers(0, 2**32 - 1)
moments = st.floats(1.0, UNTIL_S - 50.0)


def cut(signals, at):
    """What was heard before a moment, and what after."""
    return [s for s in signals if s.at < START + at], [s for s in signals if s.at >= START + at]


def hear(perception, signals, at):
    """Play up to a moment, which may lie within a tick."""
    readings = play(perception, signals, at)
    for s in sorted(signals, key=lambda s: s.at):
        if s.at >= START + 5.0 * (at // 5.0):
            perception.receive(s)
    return readings


def rest(perception, signals, name="a"):
    return [column(perception, reading, name) for reading in play(perception, signals, UNTIL_S)]


@few
@given(seed=seeds, at=moments)
@pytest.mark.parametrize("name", DetectorName)
def test_a_session_that_moves_to_a_fresh_worker_goes_on_to_the_bit(name, seed, at):
    params = replace(QUICK, detector=replace(QUICK.detector, name=name))
    before, after = cut(wild("a", seed, UNTIL_S), at)
    stayed = worker("a", params=params)
    hear(stayed, before, at)
    moved = worker(at=START + at, params=params)
    restore(moved, snapshot(stayed, "a"))

    assert rest(moved, after) == rest(stayed, after)


@few
@given(seed=seeds, at=moments, others=st.integers(1, 20), closed=st.integers(0, 10))
def test_a_session_that_moves_among_others_goes_on_to_the_bit(seed, at, others, closed):
    before, after = cut(wild("a", seed, UNTIL_S), at)
    stayed = worker("a", params=QUICK)
    hear(stayed, before, at)
    names = [f"b{i}" for i in range(others)]
    moved = worker(*names, params=QUICK, profile=WORKSHOP)
    busy = [s for i, name in enumerate(names[:3]) for s in wild(name, seed + i, UNTIL_S)]
    hear(moved, cut(busy, at)[0], at)
    for name in names[3 : 3 + closed]:
        moved.close(name)
    restore(moved, snapshot(stayed, "a"))

    assert rest(moved, [*after, *cut(busy, at)[1]]) == rest(stayed, after)


@few
@given(seed=seeds, at=moments)
def test_taking_a_snapshot_changes_nothing(seed, at):
    before, after = cut(wild("a", seed, UNTIL_S), at)
    looked_at, left_alone = worker("a", params=QUICK), worker("a", params=QUICK)
    for perception in (looked_at, left_alone):
        hear(perception, before, at)
    snapshot(looked_at, "a")

    assert rest(looked_at, after) == rest(left_alone, after)


@few
@given(seed=seeds, at=moments)
def test_a_snapshot_is_a_copy_that_later_ticks_do_not_change(seed, at):
    before, after = cut(wild("a", seed, UNTIL_S), at)
    perception = worker("a", params=QUICK)
    hear(perception, before, at)
    state = snapshot(perception, "a")
    copies = [worker(at=START + at, params=QUICK) for _ in range(2)]
    restore(copies[0], state)
    rest(perception, after)
    early = rest(copies[0], after)
    restore(copies[1], state)

    assert rest(copies[1], after) == early


@few
@given(seed=seeds, at=moments)
def test_a_session_moves_while_an_effect_is_awaited(seed, at):
    before, after = cut(wild("a", seed, UNTIL_S), at)
    stayed = worker("a", params=QUICK)
    hear(stayed, before, at)
    stayed.await_effect("a")
    moved = worker(at=START + at, params=QUICK)
    restore(moved, snapshot(stayed, "a"))
    known = [(at + 40.0, lambda perception: perception.effect_known("a"))]

    def goes_on(perception):
        return [column(perception, reading, "a") for reading in play(perception, after, UNTIL_S, known)]

    assert goes_on(moved) == goes_on(stayed)


def test_a_snapshot_of_another_tick_is_refused():
    perception = worker("a")
    state = snapshot(perception, "a")
    later = worker(at=START + 5.0)

    with pytest.raises(ValueError, match=r"of tick 340000000, but this is tick 340000001"):
        restore(later, state)
    assert later.rooms.find("a") is None


def test_a_snapshot_of_a_session_that_is_not_open_is_refused():
    with pytest.raises(KeyError):
        snapshot(worker("a"), "b")


def test_a_signal_that_waits_for_its_tick_moves_along():
    stayed = worker("a")
    stayed.receive(signal("a", 7.0))
    moved = worker()
    restore(moved, snapshot(stayed, "a"))
    readings = play(moved, [], 10.0)

    assert [float(r.short[0, 0]) for r in readings] == [0.0, 1.0]
    assert np.isfinite(moved.roster.active_at[0])


@pytest.mark.parametrize(
    "again",
    [
        signal("a", 3.0, detail=ChatDetail("m1")),
        signal("a", 3.0, Kind.VOTE, detail=PollDetail("p", option_id="yes")),
    ],
)
def test_what_was_heard_before_a_session_moved_is_recognised_after_it(again):
    stayed = worker("a")
    stayed.receive(again)
    moved = worker()
    restore(moved, snapshot(stayed, "a"))
    moved.receive(again)

    assert moved.duplicates == 1
    assert [float(r.short[again.kind, 0]) for r in play(moved, [], 5.0)] == [1.0]
