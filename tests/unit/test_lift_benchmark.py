from dataclasses import replace
from itertools import pairwise
from math import inf

import numpy as np
import pytest
from benchmarks import attrition, nothing
from benchmarks.cases import Case, Way, expected_of, lulls_of
from benchmarks.choosing import BATCH, chosen
from benchmarks.looks import ARM, FAMILIES, KIND, SLICES, bias_of, end, look, rows_of, side_by_side
from benchmarks.lulls import ARM_SHARES, VARIED, draw, fall, tried
from benchmarks.worlds import ARMS, CONTEXTS

from conductor.decide.bandit import Bandit
from conductor.learn.adjusted import adjusted
from conductor.learn.experiment import Status, effects

COUNT = 200


def some(seed=1, share=0.3, *, works=True):
    return draw(np.random.default_rng(seed), COUNT, share, works=works)


def test_what_is_told_side_by_side_is_what_the_product_tells():
    lulls = some()
    for family in FAMILIES:
        slices = {place: lulls.moments.at(rows_of(lulls)[place]) for place in range(SLICES)[family]}
        told = side_by_side([adjusted(moments) for moments in slices.values()])
        for ours, effect in zip(told, effects(slices).values(), strict=True):
            assert ours is not None
            assert (ours[0] - ours[1], ours[0] + ours[1]) == pytest.approx((effect.low, effect.high))


def test_looks_are_those_of_the_product_after_every_single_decision():
    # So large an effect that it becomes known on the way, and a truth that the intervals leave at some time.
    lulls = some()
    moments = replace(lulls.moments, after=np.where(lulls.moments.held_out, 0.2, 0.2 + 0.5 * (lulls.arm != 3)))
    moments = replace(moments, after=moments.after + np.random.default_rng(2).normal(0.0, 0.2, COUNT))
    lulls = replace(lulls, moments=moments)
    truth = 0.3
    missed, said, told = np.zeros(SLICES, dtype=bool), np.zeros(SLICES, dtype=bool), inf
    for count in range(1, COUNT + 1):
        rows = rows_of(lulls.at(np.arange(count)))
        for family in FAMILIES:
            slices = {place: lulls.moments.at(rows[place]) for place in range(SLICES)[family]}
            for place, effect in effects(slices).items():
                if effect.low is not None and effect.high is not None:
                    missed[place] |= not effect.low <= truth <= effect.high
                    said[place] |= effect.status in {Status.KNOWN_HELPS, Status.KNOWN_HARMS}
        told = min(told, count) if said[0] else told
    found = look(lulls, [np.full(len(each), truth) for each in rows_of(lulls)])
    assert said[0]
    assert 0 < missed.sum() < SLICES
    np.testing.assert_array_equal(found.missed, missed)
    np.testing.assert_array_equal(found.said, said)
    assert found.told == told


def test_whoever_says_that_something_helps_which_harms_is_wrong():
    lulls = some()
    lulls = replace(lulls, moments=replace(lulls.moments, after=0.2 + 0.5 * ~lulls.moments.held_out))
    for truth, is_wrong in ((0.5, False), (-0.5, True), (0.0, True)):
        found = look(lulls, [np.full(len(each), truth) for each in rows_of(lulls)])
        assert found.said[0]
        assert found.wrong[0] == is_wrong


def test_what_coins_do_by_chance_is_taken_out_of_the_bias_and_a_bias_is_not():
    case = Case(Way.FIXED, works=True, share=0.3, count=COUNT)
    ended = [end(lulls, expected_of(case, lulls), (0.4, 0.3)) for lulls in (lulls_of(case, run) for run in range(60))]
    errors = np.array([each.error[0] for each in ended])
    bias, unsure = bias_of(ended, 0)
    assert abs(bias) <= 4.0 * unsure
    assert unsure < 0.5 * errors.std() / len(ended) ** 0.5
    shifted, _ = bias_of([replace(each, error=each.error + 0.01) for each in ended], 0)
    assert shifted == pytest.approx(bias + 0.01)


def test_where_nothing_is_said_there_is_no_bias():
    case = Case(Way.FIXED, works=True, share=0.3, count=COUNT)
    lulls = lulls_of(case, 0).at(np.arange(5))
    assert np.isnan(bias_of([end(lulls, expected_of(case, lulls), (0.0, 0.0))], 0)).all()


def test_an_agent_that_chooses_comes_to_leave_what_harms():
    falls = fall(np.random.default_rng(3), 300, works=True)
    # The last arm is made to harm so much that it shows soon.
    falls.treated[:, 3] = 0.0
    late = np.bincount(chosen(falls, 0.1, np.random.default_rng(4)).arm[-100:], minlength=4)
    assert late[3] < 0.05 * late.sum()


def test_an_agent_that_chooses_knows_nothing_of_what_comes_later():
    falls = fall(np.random.default_rng(3), 4 * BATCH, works=True)
    otherwise = replace(falls, treated=falls.treated.copy(), without=falls.without.copy())
    otherwise.treated[2 * BATCH :] = 0.0
    otherwise.without[2 * BATCH :] = 1.0
    seen = [chosen(each, 0.3, np.random.default_rng(4)) for each in (falls, otherwise)]
    first = int(np.sum(np.isin(seen[0].moments.before, falls.before[: 3 * BATCH])))
    np.testing.assert_array_equal(seen[0].arm[:first], seen[1].arm[:first])


def test_falls_that_are_let_pass_are_no_lulls():
    falls = fall(np.random.default_rng(3), 6 * BATCH, works=False)
    falls.treated[:] = 0.0
    assert len(chosen(falls, 0.3, np.random.default_rng(4)).arm) < 6 * BATCH


def test_where_rooms_vary_an_arm_harms_in_some_and_helps_in_others():
    falls = fall(np.random.default_rng(1), 12 * 400, works=True, rooms=VARIED)
    by_room = (falls.treated - falls.without[:, None]).reshape(400, 12, 4).mean(axis=1)
    assert 0.1 < (by_room[:, 0] < -0.02).mean() < 0.5 < (by_room[:, 0] > 0.02).mean()
    assert 0.05 < (by_room[:, 3] > 0.0).mean() < 0.4


def test_the_last_arm_harms_whatever_the_circumstances():
    lulls = draw(np.random.default_rng(1), 40_000, 0.5, works=True)
    rows = rows_of(lulls)
    assert [round(len(each) / 40_000, 1) for each in rows[ARM:KIND]] == list(ARM_SHARES)
    assert lulls.effect[rows[KIND - 1]].mean() == pytest.approx(-0.08, abs=0.003)
    means = [lulls.effect[each].mean() for each in rows[ARM : KIND - 1]]
    assert all(first > second > 0.0 for first, second in pairwise(means))


def test_what_is_seen_without_anything_done_is_what_would_have_come():
    falls = fall(np.random.default_rng(1), 50, works=True)
    np.testing.assert_array_equal(tried(falls, falls.preferred, 1.0).moments.after, falls.without)


def test_outcomes_that_are_lost_by_what_came_of_them_are_noticed_and_others_are_not():
    found = attrition.checked(0.3, 20)
    assert max(found.false, found.false_lost) <= 0.1
    assert found.found == found.found_badly == 1.0
    assert found.estimate < found.truth - 0.01


def test_the_floor_is_reached_where_little_is_done_for_a_hundred_falls():
    quiet = nothing.Course(np.where(np.arange(4000) < 700, 1.0, 0.1), (), np.zeros(8), np.zeros(8))
    assert quiet.quiet_at == pytest.approx(800.0, abs=3.0)
    assert (quiet.around(700), quiet.around(800)) == pytest.approx((1.0, 0.1))
    assert replace(quiet, chances=np.full(4000, 0.2)).quiet_at == inf


def test_who_has_seen_that_an_arm_helps_is_sure_that_it_is_not_nothing_and_who_has_seen_none_is_not():
    shown, unshown = Bandit(), Bandit()
    for number in range(288):
        context = CONTEXTS[number % len(CONTEXTS)]
        for bandit, helps in ((shown, 1.0), (unshown, number // 144 % 2)):
            bandit.learn(context, ARMS[0], float(helps))
            bandit.learn(context, None, float(number % 4 == 1) if bandit is shown else float(helps))
    assert nothing._sure(shown) > 0.2
    assert nothing._sure(unshown) < 0.01
