import math
from dataclasses import replace

import numpy as np
from benchmarks.alarms import FOUND_S, STRICT, watch
from benchmarks.audiences import Counting
from tests.crowd_examples import BUSY, PROFILE, intervention, play

from conductor.sim.crowd import Crowd
from conductor.sim.effects import EffectTable
from conductor.sim.stage import Lull, Scenario

HOUR = replace(BUSY, duration_s=3600.0)
FALLEN = (Lull(300.0, 0.8),)
LOUD = replace(HOUR, chat_per_min=1.0, reactions_per_min=1.0)


def room(seed, params=HOUR, lulls=FALLEN, name="0"):
    return Crowd(name, "e1", PROFILE, params, EffectTable(), Scenario(lulls), np.random.default_rng(seed), 0.0)


async def one(seed):
    """Luck and success of one poll in a fallen room."""
    fallen = room(seed)
    play(fallen, 360.0, 360.0)
    counting, poll = Counting([fallen]), intervention(fallen)
    await counting.deliver(poll)
    return counting.luck, fallen.worked(poll.intervention_id)


async def test_what_works_was_lucky_what_does_not_was_not_and_all_in_all_luck_is_nothing():
    luck, worked = zip(*[await one(seed) for seed in range(60)], strict=True)
    assert all((each > 0.0) is works for each, works in zip(luck, worked, strict=True))
    assert abs(np.mean(luck)) < 3.0 * np.std(luck) / math.sqrt(len(luck))
    # Nearly an hour, a third of the score under the line.
    assert max(luck) - min(luck) > 10.0


async def test_what_is_delivered_twice_was_lucky_once():
    fallen = room(1)
    play(fallen, 360.0, 360.0)
    counting, poll = Counting([fallen]), intervention(fallen)
    reached = await counting.deliver(poll)
    once = counting.luck
    assert once != 0.0
    assert await counting.deliver(poll) == reached
    assert counting.luck == once


def test_an_alarm_in_a_lull_is_right_and_finds_it():
    seen = watch([room(1, LOUD)])
    assert (seen.lulls, seen.found) == (1, 1)
    assert seen.anomalies > seen.false
    assert seen.per_min > 10.0


def test_every_alarm_is_false_where_no_room_has_a_lull():
    seen = watch([room(seed, lulls=(), name=str(seed)) for seed in range(12)])
    assert seen.anomalies == seen.false > 0
    assert (seen.lulls, seen.found) == (0, 0)


def test_a_lull_that_nobody_could_notice_in_time_is_not_found():
    seen = watch([room(1, HOUR, (Lull(1800.0, 0.8, gradual_s=4.0 * FOUND_S),))])
    assert (seen.lulls, seen.found) == (1, 0)


def test_who_warns_only_where_it_is_nearly_sure_raises_fewer_alarms_that_are_false():
    usual, strict = (watch([room(n, lulls=(), name=str(n)) for n in range(12)], *given) for given in ((), (STRICT,)))
    assert strict.per_min == usual.per_min
    assert strict.false < usual.false
