from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.crowd_examples import BUSY, START, SURE, crowd, intervention, play

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import (
    Arm,
)
from conductor.domain.sessions import Phase
from conductor.sim.effects import EffectTable
from conductor.sim.stage import Lull, Scenario, phase_at, random_scenario


def test_there_is_nothing_to_lift_where_there_is_no_lull():
    room = crowd()
    play(room, 200.0)
    assert room.true_context(room.now) is None
    assert [room.true_chance(arm, room.now) for arm in Arm] == [0.0] * 4
    assert room.would_have_recovered(room.now)


def test_the_truth_of_a_lull_can_be_asked_for():
    room = crowd(effects=EffectTable(room_sd=0.0))
    play(room, 400.0)
    context = room.true_context(room.now)
    assert (context.anomaly_type, context.phase) == (AnomalyType.SUDDEN_DROP, Phase.MIDDLE)
    assert room.true_chance(Arm.POLL, room.now) == pytest.approx(0.6)
    assert not room.would_have_recovered(room.now)
    assert room.true_level(room.now) == pytest.approx(room.level_without_help(room.now))


def test_each_intervention_of_the_last_twenty_minutes_makes_the_next_less_likely_to_work():
    room = crowd(effects=EffectTable(room_sd=0.0), params=replace(BUSY, duration_s=3600.0))
    play(room, 900.0)
    fresh = room.true_chance(Arm.POLL, room.now)
    room.deliver(intervention(room))
    assert room.true_chance(Arm.POLL, room.now + 1.0) == pytest.approx(0.7 * fresh)
    assert room.true_chance(Arm.POLL, room.now + 1201.0) == pytest.approx(fresh)


def test_when_the_world_drifts_the_arms_change_their_roles():
    room = crowd()
    play(room, 400.0)
    context, table = room.true_context(room.now), EffectTable().drifting(START + 500.0)
    assert table.chance(Arm.POLL, context, START + 499.0) == EffectTable().chance(Arm.POLL, context, START)
    assert table.chance(Arm.POLL, context, START + 500.0) == EffectTable().chance(Arm.CHAT_PROMPT, context, START)


def test_the_best_arm_depends_on_the_circumstances():
    room, table = crowd(), EffectTable()
    play(room, 400.0)
    here = room.true_context(room.now)
    best = set()
    for kind in AnomalyType:
        for phase in Phase:
            there = replace(here, anomaly_type=kind, phase=phase)
            chances = {arm: table.chance(arm, there, START) for arm in Arm}
            best.add(max(chances, key=chances.__getitem__))
    assert best == set(Arm)


def test_rooms_differ_in_how_receptive_they_are():
    chances = []
    for seed in range(20):
        room = crowd(seed, effects=EffectTable())
        play(room, 400.0, step_s=400.0)
        chances.append(room.true_chance(Arm.POLL, room.now))
    assert min(chances) < 0.55
    assert 0.65 < max(chances) < 1.0


@pytest.mark.parametrize(
    ("lull", "kind"),
    [
        (Lull(0.0, 0.7), AnomalyType.SUDDEN_DROP),
        (Lull(0.0, 0.7, gradual_s=120.0), AnomalyType.GRADUAL_DECLINE),
        (Lull(0.0, 0.7, exit_ratio=0.2), AnomalyType.MASS_EXIT),
        (Lull(0.0, 0.4), AnomalyType.LOW_ENGAGEMENT),
    ],
)
def test_a_lull_knows_what_it_is(lull, kind):
    assert lull.type is kind


def test_a_dip_falls_stays_and_recovers_at_its_own_time():
    lull = Lull(100.0, 0.8, 200.0, gradual_s=100.0)
    dips = lull.dip(np.array([99.0, 150.0, 200.0, 300.0, 325.0, 600.0]))
    assert dips == pytest.approx([0.0, 0.4, 0.8, 0.8, 0.8 * np.exp(-1.0), 0.0], abs=1e-3)


def test_the_lull_that_weighs_most_is_the_one_to_lift():
    room = crowd(scenario=Scenario((Lull(100.0, 0.4), Lull(300.0, 0.9))))
    play(room, 400.0)
    assert room.stage.dip(350.0) == pytest.approx(1.0 - 0.6 * 0.1)
    found = [room.true_context(START + at) for at in (50.0, 200.0, 350.0)]
    assert [context and context.anomaly_type for context in found] == [
        None,
        AnomalyType.LOW_ENGAGEMENT,
        AnomalyType.SUDDEN_DROP,
    ]


def test_what_was_lifted_need_not_be_lifted_again():
    room = crowd(effects=replace(SURE, lift=0.99))
    play(room, 400.0)
    assert room.true_chance(Arm.POLL, room.now) == 1.0
    room.deliver(intervention(room))
    play(room, 520.0)
    assert room.true_context(room.now) is None


def test_random_lulls_keep_their_distance_and_most_recover_by_themselves():
    rng = np.random.default_rng(1)
    lulls: list[Lull] = []
    for _ in range(300):
        drawn = random_scenario(rng, 3600.0, lulls_per_hour=3.0).lulls
        starts = [0.0, *(lull.at_s for lull in drawn)]
        assert all(later - earlier >= 300.0 for earlier, later in pairwise(starts))
        assert all(lull.at_s < 3420.0 for lull in drawn)
        lulls += drawn
    never = [lull.self_recovery_s for lull in lulls].count(None) / len(lulls)
    own = sorted(lull.self_recovery_s for lull in lulls if lull.self_recovery_s is not None and not lull.gradual_s)
    assert 0.24 < never < 0.36
    assert 110.0 < own[len(own) // 2] < 200.0
    assert own[-1] > 1000.0
    assert set(Counter(lull.type for lull in lulls)) == set(AnomalyType)


def test_a_session_too_short_for_lulls_has_none():
    assert random_scenario(np.random.default_rng(1), 400.0) == Scenario()


def test_phases_follow_the_clock_and_the_programme():
    at = [phase_at(elapsed_s, 3600.0, None) for elapsed_s in (0.0, 539.0, 540.0, 3059.0, 3060.0)]
    assert at == [Phase.OPENING, Phase.OPENING, Phase.MIDDLE, Phase.MIDDLE, Phase.CLOSING]
    assert phase_at(3500.0, 3600.0, 3000.0) is Phase.QA
