from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.decide_examples import NOW, decision

from conductor.domain.interventions import Outcome
from conductor.learn.lift import lift

BLANK = Outcome("i", "d", "s", "e", NOW, decision().arm, decision().context, 0.3, 0.3, 0.0, success=False)


def outcomes(deltas):
    return [replace(BLANK, delta=float(delta)) for delta in deltas]


def told(treated, alone):
    known = lift(treated, alone)
    assert known is not None
    return known


@pytest.mark.parametrize(("treated", "alone"), [(0, 0), (1, 50), (50, 1), (0, 2)])
def test_with_fewer_than_two_outcomes_on_a_side_nothing_can_be_said(treated, alone):
    assert lift(outcomes([0.1] * treated), outcomes([0.2] * alone)) is None


def test_the_estimate_is_the_difference_of_the_means():
    known = told(outcomes([0.3, 0.1, 0.2]), outcomes([0.0, 0.1]))

    assert known.estimate == pytest.approx(0.15)
    assert (known.treated, known.alone) == (3, 2)
    assert known.low < known.estimate < known.high
    assert known.estimate - known.low == pytest.approx(known.high - known.estimate)


def test_where_all_fare_the_same_the_interval_is_a_point():
    known = told(outcomes([0.25, 0.25]), outcomes([0.0, 0.0]))

    assert (known.low, known.estimate, known.high) == (0.25, 0.25, 0.25)


@pytest.mark.parametrize(("ours", "theirs"), [((900, 0.2), (700, 0.05)), ((5000, 0.1), (600, 0.3))])
def test_with_many_outcomes_the_interval_is_that_of_welch(ours, theirs):
    rng = np.random.default_rng(11)
    treated, alone = rng.normal(0.12, ours[1], ours[0]), rng.normal(0.05, theirs[1], theirs[0])
    known = told(outcomes(treated), outcomes(alone))
    exact = stats.ttest_ind(treated, alone, equal_var=False).confidence_interval(0.95)

    assert known.low == pytest.approx(exact.low, abs=1e-3 * (exact.high - exact.low))
    assert known.high == pytest.approx(exact.high, abs=1e-3 * (exact.high - exact.low))


def test_where_nothing_works_the_interval_misses_nothing_in_one_case_of_twenty():
    rng = np.random.default_rng(12)
    covered = 0
    for _ in range(600):
        # Ups and downs as lopsided as recoveries are: most stay where they were, some come back.
        treated, alone = (rng.choice([-0.05, 0.0, 0.4], n, p=[0.3, 0.4, 0.3]) for n in (60, 40))
        known = told(outcomes(treated), outcomes(alone))
        covered += known.low <= 0.0 <= known.high

    # 0.95 give or take three standard deviations of 600 draws.
    assert 0.923 <= covered / 600 <= 0.977


def test_swapping_the_sides_turns_the_sign():
    one, other = outcomes([0.3, 0.1, 0.2]), outcomes([0.0, 0.1])
    known, swapped = told(one, other), told(other, one)

    assert (swapped.low, swapped.high) == pytest.approx((-known.high, -known.low))
