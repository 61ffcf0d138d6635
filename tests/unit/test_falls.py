from dataclasses import replace

import numpy as np
import pytest

from conductor.domain.engagement import AnomalyType
from conductor.perceive.falls import JUMP_GAIN, Fall, jump_gain, name_fall

SUDDEN = Fall(before_ratio=1.0, jump_gain=8.0, left_ratio=0.0, usual_left_ratio=0.01)


def drawn(rates, seed=1):
    return np.random.default_rng(seed).poisson(rates).astype(np.float64)


def test_a_room_that_was_as_usual_and_fell_at_once_is_a_sudden_drop():
    assert name_fall(SUDDEN) is AnomalyType.SUDDEN_DROP


@pytest.mark.parametrize("change", [{"before_ratio": 0.69}, {"jump_gain": 2.9}])
def test_a_room_that_was_low_before_or_fell_little_by_little_is_a_gradual_decline(change):
    assert name_fall(replace(SUDDEN, **change)) is AnomalyType.GRADUAL_DECLINE


@pytest.mark.parametrize(
    ("left", "usual", "expected"),
    [
        (0.15, 0.01, AnomalyType.MASS_EXIT),
        (0.14, 0.01, AnomalyType.SUDDEN_DROP),
        (0.30, 0.08, AnomalyType.SUDDEN_DROP),
        (0.33, 0.08, AnomalyType.MASS_EXIT),
    ],
)
def test_a_mass_exit_is_a_seventh_of_the_people_and_four_times_as_many_as_usual(left, usual, expected):
    assert name_fall(replace(SUDDEN, left_ratio=left, usual_left_ratio=usual)) is expected


def test_a_jump_explains_a_jump_better():
    assert jump_gain(drawn([5.0] * 55 + [0.2] * 5)) > JUMP_GAIN
    assert jump_gain(drawn([12.0] * 58 + [0.0] * 2)) > JUMP_GAIN


def test_an_even_decline_is_as_well_explained_by_a_decline():
    gains = [jump_gain(drawn(np.linspace(5.0, 1.0, 60), seed)) for seed in range(40)]

    assert np.mean(np.array(gains) < JUMP_GAIN) >= 0.75
    assert jump_gain(np.linspace(500.0, 100.0, 60)) < 0.0


def test_a_room_where_nothing_happens_did_not_jump():
    assert jump_gain(np.zeros(60)) == pytest.approx(0.0, abs=1e-6)
    assert jump_gain(np.zeros(2)) == pytest.approx(0.0, abs=1e-6)


def test_a_jump_upwards_is_no_fall():
    assert jump_gain(np.array([0.0] * 30 + [9.0] * 30)) == pytest.approx(0.0)
