import numpy as np
import pytest
from benchmarks import regret
from benchmarks.worlds import ARMS, CONTEXTS, WORLDS

DECISIONS = 400


@pytest.mark.parametrize("name", WORLDS)
def test_the_same_seed_gives_the_same_world_and_another_one_another(name):
    worlds = [WORLDS[name](DECISIONS, seed) for seed in (1, 1, 2)]
    first, again, other = (np.concatenate([w.contexts, w.luck, w.chances(0).ravel()]) for w in worlds)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", WORLDS)
def test_every_arm_has_a_chance_in_every_context(name):
    world = WORLDS[name](DECISIONS, 1)
    for t in (0, DECISIONS - 1):
        chances = world.chances(t)
        assert chances.shape == (144, 4) == (len(CONTEXTS), len(ARMS))
        assert 0.0 < chances.min() < chances.max() < 1.0


def test_half_way_through_the_switch_another_arm_is_best_everywhere():
    world = WORLDS["switch"](DECISIONS, 1)
    before, after = (world.chances(t).argmax(axis=1) for t in (DECISIONS // 2 - 1, DECISIONS // 2))
    assert not np.any(before == after)


def test_where_contexts_share_structure_the_same_arm_is_best_in_many_of_them_and_not_in_all():
    best = np.concatenate([np.bincount(WORLDS["shared"](1, seed).chances(0).argmax(axis=1)) for seed in range(10)])
    assert 0.4 < best.max() / len(CONTEXTS) <= 1.0
    assert (best > 0).sum() > 20


def test_confidence_that_is_true_has_no_calibration_error():
    truth = np.random.default_rng(1).random(1000)
    assert regret.ece(truth, truth) == pytest.approx(0.0, abs=1e-12)


def test_confidence_that_is_a_tenth_too_high_has_an_error_of_a_tenth():
    truth = np.random.default_rng(1).uniform(0.0, 0.9, 1000)
    assert regret.ece(truth + 0.1, truth) == pytest.approx(0.1)


def test_where_contexts_share_nothing_a_switch_turns_each_of_them_by_itself():
    world = WORLDS["switch apart"](DECISIONS, 1)
    before, after = (world.chances(t) for t in (DECISIONS // 2 - 1, DECISIONS // 2))
    np.testing.assert_array_equal(after, np.roll(before, 1, axis=1))
    assert np.bincount(before.argmax(axis=1)).min() > 0.15 * len(CONTEXTS)


@pytest.mark.parametrize("name", ["slow", "slow apart"])
def test_what_glides_moves_a_little_at_a_time_and_far_in_the_end(name):
    world = WORLDS[name](DECISIONS, 1)
    first, second, last = (world.chances(t) for t in (0, 1, DECISIONS))
    assert 0.0 < np.abs(second - first).max() < 0.01
    assert np.mean(first.argmax(axis=1) != last.argmax(axis=1)) > 0.5


def test_the_baseline_that_does_better_on_average_is_the_one_compared_with():
    found = regret.share(np.array([1.0, 6.0]), [np.array([10.0, 10.0]), np.array([5.0, 9.0])])
    assert (found.theirs, found.of_means) == (7.0, 0.5)
    assert (found.median, found.least, found.most) == pytest.approx(((0.2 + 2 / 3) / 2, 0.2, 2 / 3))


@pytest.mark.parametrize(("of_means", "median"), [(0.5, 0.61), (0.61, 0.5)])
def test_what_is_judged_is_the_worse_of_mean_and_median(of_means, median):
    shares = {("shared", 0): regret.Share(100.0, of_means, median, 0.1, 2.0)}
    assert [figure.held for figure in regret.judged(shares, {})] == [False]


def test_every_world_has_a_limit_and_none_that_is_exceeded_passes():
    too_much = {(world, index): regret.Share(1.0, 9.0, 9.0, 9.0, 9.0) for world in WORLDS for index in range(3)}
    errors = {world: np.full((2, len(regret.JUDGED)), 0.06) for world in WORLDS}
    figures = regret.judged(too_much, errors)
    assert set(regret.LIMITS) == set(WORLDS)
    assert sum(not figure.held for figure in figures) == 3 * len(WORLDS) - 1 + 2 * len(WORLDS)
