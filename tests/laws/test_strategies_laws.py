"""Comparing two variants on worlds whose truth is known."""

import numpy as np
import pytest
from scipy import stats

from conductor.domain.strategies import Design, StrategyTest, Variant
from conductor.learn.strategies import MISDEALT_BELOW, Observed, compare, split_probability

VARIANTS = (Variant("usual"), Variant("other"))


def trying(seed, design=Design.SESSIONS, **changes):
    return StrategyTest(f"t{seed}", design, VARIANTS, **changes)


def world(test, seed, effect, sessions=40, each=4, carry_over=False):
    """Sessions of two hours, each with its own mood; what a variant adds fades in over the first five minutes."""
    rng = np.random.default_rng(seed)
    for n in range(sessions):
        name, mood = f"s{n}", rng.normal(0.0, 0.1)
        for at in rng.uniform(0.0, 7200.0, size=each) + n * 86400.0:
            is_second = test.variant_at(name, "e1", at) is VARIANTS[1]
            before = test.variant_at(name, "e1", at - test.block_s) is VARIANTS[1]
            has_just_begun = carry_over and at % test.block_s < test.burn_in_s
            held = before if has_just_begun else is_second
            yield Observed(name, "e1", float(at), float(rng.normal(mood + effect * held, 0.15)))


@pytest.mark.parametrize("design", Design)
def test_intervals_hold_the_truth_about_95_times_in_100(design):
    found = [compare(test := trying(seed, design), list(world(test, seed, 0.1))) for seed in range(300)]
    judged = [(each.low, each.high) for each in found if each.low is not None and each.high is not None]
    assert len(judged) > 290
    held = np.mean([low <= 0.1 <= high for low, high in judged])
    assert 0.92 <= held <= 0.98


@pytest.mark.parametrize("design", Design)
def test_estimates_are_right_on_average(design):
    found = [compare(test := trying(seed, design), list(world(test, seed, 0.1))) for seed in range(300)]
    differences = np.array([each.difference for each in found if each.difference is not None])
    assert abs(differences.mean() - 0.1) < 3.5 * differences.std() / np.sqrt(len(differences))


def test_what_is_left_of_the_block_before_would_bias_a_switchback_without_burn_in():
    def mean(burn_in_s):
        differences = []
        for seed in range(150):
            test = trying(seed, Design.SESSION_BLOCKS, block_s=900.0, burn_in_s=300.0)
            seen = list(world(test, seed, 0.2, carry_over=True))
            judged = compare(trying(seed, Design.SESSION_BLOCKS, block_s=900.0, burn_in_s=burn_in_s), seen)
            assert judged.difference is not None
            differences.append(judged.difference)
        return np.mean(differences)

    assert mean(300.0) == pytest.approx(0.2, abs=0.015)
    assert mean(0.0) < 0.16


def test_what_was_decided_while_a_block_had_just_begun_is_counted_apart():
    test = trying(1, Design.SESSION_BLOCKS)
    seen = [Observed("s1", "e1", at, 0.5) for at in (10.0, 299.0, 300.0, 1000.0)]
    assert compare(test, seen).burnt_in == 2


def test_whoever_hangs_together_does_not_count_as_many():
    """Thousands of decisions in two dozen sessions are two dozen sessions."""
    test = trying(3)
    few, many = (compare(test, list(world(test, 3, 0.0, sessions=24, each=each))) for each in (20, 2000))
    assert few.low is not None
    assert few.high is not None
    assert many.low is not None
    assert many.high is not None
    assert many.high - many.low > 0.6 * (few.high - few.low)


def test_of_a_few_sessions_nothing_is_said():
    test = trying(1)
    found = compare(test, list(world(test, 1, 0.1, sessions=6)))
    assert found.difference is None
    assert found.why_not.startswith("Not enough yet: ")


def test_a_test_that_has_seen_nothing_says_so():
    found = compare(trying(1), [])
    assert found.why_not == "Not enough yet: usual was seen in 0 sessions; it takes 5 for each."
    assert found.split_p == 1.0


def test_units_that_were_not_dealt_as_they_should_make_every_difference_void():
    test = trying(1)
    seen = [
        each for each in world(test, 1, 0.1, sessions=80) if test.variant_at(each.session_id, "e1", 0.0).name == "other"
    ]
    found = compare(test, seen)
    assert found.is_misdealt
    assert found.difference is None
    assert "Something is wrong" in found.why_not


def test_dealing_rightly_is_hardly_ever_taken_for_wrong():
    wrong = [compare(test := trying(seed), list(world(test, seed, 0.0, each=1))).is_misdealt for seed in range(500)]
    assert np.mean(wrong) <= 4 * MISDEALT_BELOW


@pytest.mark.parametrize(("second", "units", "share"), [(0, 10, 0.5), (7, 20, 0.5), (30, 100, 0.2), (500, 1000, 0.5)])
def test_probabilities_of_splits_are_those_of_scipy(second, units, share):
    expected = stats.binomtest(second, units, share).pvalue
    assert split_probability(second, units, share) == pytest.approx(expected, abs=1e-9)


def test_what_nobody_knows_is_counted_by_what_was_dealt():
    test = trying(1)
    seen = [Observed(f"s{n}", "e1", 0.0, None if n % 4 == 0 else 0.5) for n in range(40)]
    found = compare(test, seen)
    assert sum(shown.unknown for shown in found.variants) == 10
    assert sum(shown.count for shown in found.variants) == 30


def test_what_was_decided_before_a_test_began_is_not_of_it():
    test = trying(1, since=100.0)
    assert compare(test, [Observed("s1", "e1", 99.0, 0.5)]).variants[0].units == 0


def test_the_order_of_decisions_does_not_matter():
    test = trying(2)
    seen = list(world(test, 2, 0.1))
    ours, theirs = compare(test, seen), compare(test, seen[::-1])
    assert ours.difference == pytest.approx(theirs.difference)
    assert ours.low == pytest.approx(theirs.low)
