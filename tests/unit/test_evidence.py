from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.rooms import chatter, joins, play, raised, worker

from conductor.perceive.evidence import (
    EXITS,
    FALLS,
    MOMENTS,
    STRETCHES,
    EvidenceParams,
    dispersion,
    log_likelihood_ratio,
    weigh,
)

POISSON = EvidenceParams(dispersion=1.0, dispersion_growth=0.0)
ALL_TICKS = int(STRETCHES[-1])
SURE = 1e12


def weighed(per_tick, *, normal=10.0, known=SURE, usable=ALL_TICKS, changes=FALLS, params=POISSON, spread=1.0, **rest):
    """Evidence of one room with these counts, the latest last; missing ones are as normal."""
    counts = np.concatenate([np.full(ALL_TICKS, normal), np.asarray(per_tick, dtype=np.float64)])
    stretches = np.array([counts[-n:].sum() for n in STRETCHES])[:, None]
    row = (np.array([value]) for value in (usable, normal, known, spread))
    evidence, stretch = weigh(params, changes, stretches, *row, **rest)
    return float(evidence[0]), stretch


@pytest.mark.parametrize("keep", [0.05, 0.2, 0.35, 4.0])
@pytest.mark.parametrize(("normal", "variance"), [(12.0, 20.0), (0.5, 0.7), (150.0, 900.0)])
def test_the_ratio_is_that_of_two_negative_binomials(normal, variance, keep):
    counts = np.arange(0.0, 400.0)
    shape = normal**2 / (variance - normal)
    expected = [stats.nbinom.logpmf(counts, shape, shape / (shape + normal * k)) for k in (keep, 1.0)]

    np.testing.assert_allclose(
        log_likelihood_ratio(counts, np.array(normal), np.array(variance), keep),
        expected[0] - expected[1],
        rtol=1e-6,
        atol=1e-6,
    )


@pytest.mark.parametrize("keep", [0.05, 0.35, 4.0])
@pytest.mark.parametrize("normal", [0.5, 12.0, 60.0])
def test_where_the_variance_is_the_mean_it_is_that_of_two_poissons(normal, keep):
    counts = np.arange(0.0, 2 * normal + 10)
    expected = stats.poisson.logpmf(counts, normal * keep) - stats.poisson.logpmf(counts, normal)

    got = log_likelihood_ratio(counts, np.array(normal), np.array(normal), keep)
    np.testing.assert_allclose(got, expected, rtol=0.05, atol=0.05)


@pytest.mark.parametrize("keep", [0.05, 0.2, 0.35, 4.0, 12.0])
@pytest.mark.parametrize(("normal", "variance"), [(2.0, 3.0), (20.0, 45.0)])
def test_without_a_change_the_likelihood_ratio_is_one_on_average(normal, variance, keep):
    counts = np.arange(0.0, 3000.0)
    shape = normal**2 / (variance - normal)
    chance = stats.nbinom.logpmf(counts, shape, shape / (shape + normal))
    ratio = log_likelihood_ratio(counts, np.array(normal), np.array(variance), keep)

    assert np.exp(chance + ratio).sum() == pytest.approx(1.0, abs=1e-6)


# So rare that the ratio's rare large values, which carry much of its mean, occur often enough to be drawn.
@pytest.mark.parametrize(
    ("changes", "normal"), [(FALLS, 0.02), (FALLS, 0.05), (EXITS, 0.0005)], ids=["rare", "less rare", "exits"]
)
def test_without_a_change_the_sum_grows_by_one_a_tick_on_average(changes, normal):
    rooms = 50_000
    rng = np.random.default_rng(1)
    counts = np.stack([rng.poisson(normal * n, rooms) for n in MOMENTS]).cumsum(axis=0).astype(np.float64)
    usable, same = np.full(rooms, ALL_TICKS), np.ones(rooms)
    evidence, _ = weigh(POISSON, changes, counts, usable, normal * same, SURE * same, same)
    sums = evidence / (1.0 - evidence) * POISSON.ticks_between_falls

    assert sums.mean() / ALL_TICKS == pytest.approx(1.0, abs=0.05)


def test_the_dispersion_grows_with_the_logarithm_of_the_length():
    params = EvidenceParams(dispersion=1.2, dispersion_growth=0.35)

    assert dispersion(params)[0] == 1.2
    assert dispersion(params)[5] == pytest.approx(1.2 * (1.0 + 0.35 * np.log(8)))
    assert (np.diff(dispersion(params)) > 0).all()


def test_the_weights_of_the_changes_add_up_to_one_and_the_moments_to_the_longest_stretch():
    assert sum(weight for _, weight in FALLS) == pytest.approx(1.0)
    assert sum(weight for _, weight in EXITS) == pytest.approx(1.0)
    assert MOMENTS.sum() == STRETCHES[-1]


def test_a_silent_tick_in_a_busy_room_is_evidence_and_in_a_quiet_one_it_is_not():
    assert weighed([0], normal=12.5)[0] > 0.8
    assert weighed([0], normal=1.0)[0] < 0.1


def test_a_quiet_room_needs_a_longer_silence():
    evidence = [weighed([0] * n, normal=1.0)[0] for n in (1, 4, 8, 12)]

    assert evidence == sorted(evidence)
    assert evidence[0] < 0.1
    assert evidence[-1] > 0.8


def test_the_stretch_is_the_one_since_the_fall():
    _, stretch = weighed([0] * 6, normal=8.0)

    assert stretch.ticks[0] == 6
    assert stretch.ratio[0] == 0.0
    assert stretch.deviation[0] == pytest.approx(-np.sqrt(48.0))


@pytest.mark.parametrize("more", [1.0, 1.5, 3.0, 100.0])
def test_counts_as_normal_or_above_are_no_evidence_of_a_fall(more):
    assert weighed([10.0 * more] * 12)[0] < 0.02


def test_evidence_looks_back_no_further_than_it_may():
    assert weighed([0] * 6, normal=8.0, usable=0)[0] == 0.0
    assert weighed([0] * 6, normal=8.0, usable=0)[1].ticks[0] == 0
    assert weighed([0] * 6, normal=8.0, usable=3)[1].ticks[0] <= 3


def test_the_less_is_known_of_what_is_normal_the_less_a_silence_proves():
    evidence = [weighed([0, 0], normal=8.0, known=known)[0] for known in (2.0, 20.0, 200.0, SURE)]

    assert evidence == sorted(evidence)
    assert evidence[-1] - evidence[0] > 0.5


def test_the_burstier_a_room_the_less_a_minute_proves_while_a_tick_proves_as_much():
    few = [2.0] * 12

    assert weighed(few, normal=5.0, spread=4.0)[0] < weighed(few, normal=5.0, spread=1.0)[0] - 0.1
    assert weighed([0], usable=1, spread=4.0)[0] == weighed([0], usable=1, spread=1.0)[0]


def test_the_hazard_multiplies_the_odds():
    low, _ = weighed([0], normal=8.0)
    high, _ = weighed([0], normal=8.0, hazard=2.0)

    assert high / (1 - high) == pytest.approx(2.0 * low / (1 - low))


def test_a_room_that_had_fallen_before_is_believed_to_be_so_still_until_its_counts_say_otherwise():
    def seen(counts):
        return weighed(counts, usable=len(counts), normal=5.0, fallen=np.array([True]))[0]

    assert seen([0, 0]) > 0.9
    assert seen([5, 5, 5, 5]) < 0.1


def test_no_count_is_too_large_and_no_room_too_silent():
    for per_tick, normal in (([1e6] * 5, 1e-9), ([0] * 36, 1e6), ([0] * 36, 0.0), ([5] * 36, 0.0)):
        assert 0.0 <= weighed(per_tick, normal=normal, known=0.0)[0] <= 1.0
        assert 0.0 <= weighed(per_tick, normal=normal)[0] <= 1.0


def test_many_leaving_is_evidence_and_a_few_are_not():
    assert weighed([5, 5, 5], normal=0.1, known=4.0, changes=EXITS)[0] > 0.9
    assert weighed([0, 1, 0], normal=0.1, known=4.0, changes=EXITS)[0] < 0.1


def test_rooms_are_weighed_apart():
    params, whole = EvidenceParams(), np.ones(2)
    counts = np.stack([STRETCHES * 10.0, STRETCHES * 0.0], axis=1)
    evidence, stretch = weigh(params, FALLS, counts, ALL_TICKS * np.ones(2, dtype=int), 10 * whole, SURE * whole, whole)

    assert evidence[0] < 0.05
    assert evidence[1] > 0.99
    assert stretch.ratio.tolist() == [1.0, 0.0]


def test_expecting_falls_less_often_lowers_the_evidence():
    rarely = replace(POISSON, ticks_between_falls=7200.0)

    assert weighed([0], normal=8.0, params=rarely)[0] < weighed([0], normal=8.0)[0]


def test_in_a_room_where_nothing_changes_evidence_stays_near_nothing_for_an_hour():
    rng = np.random.default_rng(20)
    rooms = {f"r{i}": rate for i, rate in enumerate(np.geomspace(6.0, 150.0, 12).tolist())}
    signals = [s for name, rate in rooms.items() for s in joins(name, 40) + chatter(name, rate, 0.0, 3600.0, 40, rng)]
    perception = worker(*rooms)
    readings = play(perception, signals, 3600.0)
    evidence = np.array([r.evidence for r in readings])

    assert np.median(evidence) < 0.005
    assert evidence.mean() < 0.02
    assert len(raised(readings)) <= 3, "far under one an hour in twelve rooms of an hour each"
