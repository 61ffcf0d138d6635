from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.decide_examples import NOW, decision

from conductor.domain.interventions import Outcome
from conductor.learn.lift import LEAST_PAIRS, lift

BLANK = Outcome("i", "d", "s", "e", NOW, decision().arm, decision().context, 0.3, 0.3, 0.0, success=False)


def pairs(treated, alone):
    return [
        (replace(BLANK, delta=float(ours)), replace(BLANK, delta=float(theirs)))
        for ours, theirs in zip(treated, alone, strict=True)
    ]


def told(treated, alone):
    known = lift(pairs(treated, alone))
    assert known is not None
    return known


@pytest.mark.parametrize("count", [0, 1, LEAST_PAIRS - 1])
def test_of_a_few_pairs_nothing_is_said(count):
    assert lift(pairs([0.1] * count, [0.2] * count)) is None


def test_the_estimate_is_the_mean_difference_of_the_pairs():
    known = told([0.3, 0.1, 0.2, 0.2, 0.2], [0.0, 0.1, 0.1, 0.0, 0.3])

    assert known.estimate == pytest.approx(0.1)
    assert known.pairs == 5
    assert known.low < known.estimate < known.high
    assert known.estimate - known.low == pytest.approx(known.high - known.estimate)


def test_where_every_pair_differs_alike_the_interval_is_a_point():
    known = told([0.25, 0.5, 0.75, 1.0, 0.0], [0.0, 0.25, 0.5, 0.75, -0.25])

    assert (known.low, known.estimate, known.high) == (0.25, 0.25, 0.25)


def test_what_both_rooms_of_a_pair_go_through_does_not_widen_the_interval():
    rng = np.random.default_rng(10)
    weather = rng.normal(0.0, 0.4, 50)
    known = told(weather + 0.1 + rng.normal(0.0, 0.02, 50), weather)

    assert known.high - known.low < 0.02


def test_with_many_pairs_the_interval_is_that_of_the_paired_t_test():
    rng = np.random.default_rng(11)
    treated, alone = rng.normal(0.12, 0.2, 2000), rng.normal(0.05, 0.1, 2000)
    known = told(treated, alone)
    exact = stats.ttest_rel(treated, alone).confidence_interval(0.95)

    assert known.low == pytest.approx(exact.low, abs=1e-3 * (exact.high - exact.low))
    assert known.high == pytest.approx(exact.high, abs=1e-3 * (exact.high - exact.low))


def test_where_nothing_works_the_interval_misses_nothing_in_one_case_of_twenty():
    rng = np.random.default_rng(12)
    covered = 0
    for _ in range(600):
        # Ups and downs as lopsided as recoveries are: most stay where they were, some come back.
        treated, alone = (rng.choice([-0.05, 0.0, 0.4], 50, p=[0.3, 0.4, 0.3]) for _ in range(2))
        known = told(treated, alone)
        covered += known.low <= 0.0 <= known.high
    assert 0.92 <= covered / 600 <= 0.98
