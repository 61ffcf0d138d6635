"""Tests of two samples, held against SciPy's and against the rates that they promise."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from conductor.learn import twosamples
from conductor.learn.twosamples import (
    all_together,
    distance,
    same_distribution,
    same_share,
    stability_index,
)

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)
probabilities = st.lists(st.floats(0.0, 1.0), max_size=12)


@given(values, values)
def test_distances_are_those_of_scipy(ours, theirs):
    assert distance(ours, theirs) == pytest.approx(stats.ks_2samp(ours, theirs).statistic, abs=1e-12)


@pytest.mark.parametrize(("n", "m"), [(8, 24), (20, 13), (60, 200)])
def test_probabilities_of_distances_are_those_of_scipy(n, m):
    rng = np.random.default_rng(n)
    for shift in (0.0, 0.2, 0.5, 1.0, 2.0):
        ours, theirs = rng.normal(size=n), rng.normal(shift, size=m)
        expected = stats.ks_2samp(ours, theirs, method="exact").pvalue
        assert same_distribution(ours, theirs) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 5), (4, 4), (5, 5)])
def test_probabilities_of_distances_are_counted_out_over_all_orders(n, m):
    orders = [set(chosen) for chosen in combinations(range(n + m), n)]
    split = [(sorted(chosen), sorted(set(range(n + m)) - chosen)) for chosen in orders]
    distances = np.array([distance(*each) for each in split])
    for ours, theirs in split[::7]:
        expected = np.mean(distances >= distance(ours, theirs) - 1e-9)
        assert same_distribution(ours, theirs) == pytest.approx(expected, abs=1e-12)


def test_the_limit_takes_over_for_large_samples():
    rng = np.random.default_rng(2)
    ours, theirs = rng.normal(size=3000), rng.normal(0.04, size=3000)
    assert len(ours) * len(theirs) > twosamples.MOST_EXACT
    expected = stats.ks_2samp(ours, theirs, method="asymp").pvalue
    assert same_distribution(ours, theirs) == pytest.approx(expected, abs=0.01)


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40))
def test_probabilities_of_shares_are_those_of_scipy(a, n, b, m):
    a, b = min(a, n), min(b, m)
    expected = stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue
    assert same_share(a, n, b, m) == pytest.approx(expected, abs=1e-9)


@given(values, values, st.integers(-8, 8))
def test_units_of_measurement_do_not_matter(ours, theirs, power):
    assume(all(abs(value) > 1e-100 or value == 0.0 for value in (*ours, *theirs)))
    scaled = ([value * 2.0**power for value in each] for each in (ours, theirs))
    assert same_distribution(*scaled) == same_distribution(ours, theirs)


@given(values, values)
def test_which_sample_comes_first_does_not_matter(ours, theirs):
    assert same_distribution(ours, theirs) == pytest.approx(same_distribution(theirs, ours), abs=1e-12)


@given(values)
def test_a_sample_is_of_one_kind_with_itself(sample):
    assert same_distribution(sample, sample) == 1.0
    assert stability_index(sample, sample) == pytest.approx(0.0)


def test_of_the_same_kind_one_in_twenty_is_called_different_at_most():
    rng = np.random.default_rng(3)
    called = np.mean([same_distribution(rng.normal(size=12), rng.normal(size=30)) < 0.05 for _ in range(2000)])
    assert 0.025 < called <= 0.05 + 0.01


def test_what_has_moved_has_a_stability_index_to_show_it():
    rng = np.random.default_rng(4)
    before = rng.normal(size=500)
    assert stability_index(before, rng.normal(size=500)) < 0.05
    assert stability_index(before, rng.normal(1.0, size=500)) > 0.5


@given(probabilities)
def test_probabilities_taken_together_are_never_smaller_and_keep_their_order(ps):
    together = all_together(ps)
    assert all(each <= adjusted <= 1.0 for each, adjusted in zip(ps, together, strict=True))
    ranked = [adjusted for _, adjusted in sorted(zip(ps, together, strict=True))]
    assert ranked == sorted(ranked)


def test_probabilities_are_taken_together_as_holm_does():
    assert all_together([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert all_together([]) == ()


@pytest.mark.parametrize("test", [same_distribution, stability_index])
def test_an_empty_sample_is_refused(test):
    with pytest.raises(ValueError, match="need values"):
        test([], [1.0])


@pytest.mark.parametrize("counts", [(2, 1, 0, 1), (-1, 1, 0, 1), (0, 1, 2, 1)])
def test_counts_that_cannot_be_are_refused(counts):
    with pytest.raises(ValueError, match="successes must lie"):
        same_share(*counts)
