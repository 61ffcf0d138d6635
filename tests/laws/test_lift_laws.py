from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conductor.learn.adjusted import Moments, adjusted
from conductor.learn.anytime import Evidence, level_of, ratio_log_e
from conductor.learn.experiment import effects

seeds = st.integers(0, 10_000)
shares = st.sampled_from([0.1, 0.3, 0.5])
alphas = st.floats(1e-4, 0.2)
few = settings(max_examples=50, deadline=None)


def moments(seed, count=60, share=0.3, noise=0.1):
    rng = np.random.default_rng(seed)
    before, held = rng.uniform(0.1, 0.5, count), rng.random(count) < share
    after = 0.3 + 0.5 * before + 0.1 * ~held + noise * rng.uniform(-1.0, 1.0, count)
    return Moments(before, after, held, np.full(count, share))


def told(some):
    found = adjusted(some)
    assume(found is not None)
    return found


@few
@given(seeds, shares)
def test_the_order_of_trials_changes_nothing(seed, share):
    some = moments(seed, share=share)
    shuffled = some.at(np.random.default_rng(seed).permutation(some.count))
    assert astuple(told(some)) == pytest.approx(astuple(told(shuffled)))


@few
@given(seeds, shares, st.floats(-0.2, 0.2))
def test_scores_that_are_all_higher_change_nothing(seed, share, shift):
    some = moments(seed, share=share)
    higher = replace(some, before=some.before + shift, after=some.after + shift)
    assert astuple(told(some)) == pytest.approx(astuple(told(higher)), rel=1e-6)


@few
@given(seeds, st.floats(1.0, 3.0))
def test_more_noise_makes_intervals_wider(seed, factor):
    calm, loud = told(moments(seed)), told(moments(seed, noise=0.1 * factor))
    assert loud.at_once(0.05) >= calm.at_once(0.05) * 0.999
    assert loud.careful >= calm.careful * 0.999


@few
@given(seeds, shares)
def test_four_times_the_same_trials_make_intervals_half_as_wide_or_narrower(seed, share):
    some = moments(seed, share=share)
    more = some.at(np.tile(np.arange(some.count), 4))
    assert told(more).at_once(0.05) <= 0.55 * told(some).at_once(0.05)
    assert told(more).careful < told(some).careful


@few
@given(seeds, shares, st.integers(0, 60))
def test_whatever_is_said_is_a_difference_of_scores(seed, share, count):
    for each in effects({n: moments(seed + n, count, share, noise=0.3) for n in range(3)}).values():
        if each.low is None or each.high is None or each.estimate is None:
            assert each.needed is not None
            continue
        assert -1.0 <= each.low <= each.estimate <= each.high <= 1.0
        assert 0.95 - 1e-9 <= each.confidence < 1.0


@given(st.floats(-1.0, 1.0), st.floats(1e-8, 1.0), alphas, alphas)
def test_the_surer_one_wants_to_be_the_wider_the_interval(estimate, variance, one, other):
    evidence = Evidence(estimate, variance)
    lower, higher = sorted((one, other))
    assert evidence.radius(lower) >= evidence.radius(higher) > 0.0


@given(st.floats(1e-8, 1.0), st.floats(1.0, 100.0), alphas)
def test_an_interval_that_is_always_valid_narrows_with_what_is_known_and_is_wider_than_the_one_for_a_single_look(
    variance, factor, alpha
):
    assert Evidence(0.0, variance / factor).radius(alpha) <= Evidence(0.0, variance).radius(alpha) * (1.0 + 1e-12)
    assert Evidence(0.0, variance).radius(0.05) > 1.96 * variance**0.5


@given(st.lists(st.floats(-5.0, 20.0), max_size=20), alphas)
def test_the_level_lies_between_that_of_one_among_many_and_that_of_one(log_es, alpha):
    assert alpha / max(len(log_es), 1) * 0.999 <= level_of(log_es, alpha) <= alpha * 1.001


@few
@given(seeds, shares, st.integers(1, 200))
def test_evidence_against_the_coin_never_shrinks(seed, share, count):
    rng = np.random.default_rng(seed)
    held, odds = rng.random(count) < 0.4, np.full(count, share)
    assert 0.0 <= ratio_log_e(held[: count // 2], odds[: count // 2]) <= ratio_log_e(held, odds)
