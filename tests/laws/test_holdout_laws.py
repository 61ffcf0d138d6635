"""Laws of leaving some falls alone, whatever the seed."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decide_examples import NOW, anomaly, decision

from conductor.decide.bandit import Bandit
from conductor.decide.decider import Decider
from conductor.decide.holdout import Coins
from conductor.decide.room import DecisionParams, RoomHistory
from conductor.domain.interventions import Decision, Mode
from conductor.domain.sessions import Phase, SessionProfile

TOSSES = 1_000
RARE = 1e-6
"""A fair coin lies outside the bounds once in a million: with fixed seeds it either does or never will."""


def at_most(count, one_in):
    """Probability of so many or fewer held out of TOSSES, if it is one in so many, exactly."""
    ways = sum(comb(TOSSES, k) * (one_in - 1) ** (TOSSES - k) for k in range(count + 1))
    return Fraction(ways, one_in**TOSSES)


def coins_of(seed, number=TOSSES, share=0.5):
    coins = Coins(np.random.default_rng(seed), 120.0)
    return [coins.toss(replace(decision(), decision_id=f"s-d{n}"), share) for n in range(number)]


def decided(seed, share, number=300):
    """The same falls, decided on one after the other with this share."""
    decider = Decider(Bandit(), np.random.default_rng(seed))
    params = DecisionParams(mode=Mode.AUTO, holdout_share=share)
    answers = [
        decider.decide(
            anomaly(at=NOW + n, current=0.3 + 0.001 * (n % 100)),
            params,
            SessionProfile(),
            list(Phase)[n % len(Phase)],
            40.0,
            RoomHistory(starts_at=NOW - 3600.0),
            is_organiser_online=False,
            now=NOW + n,
            decision_id=f"s-d{n}",
        )
        for n in range(number)
    ]
    return [answer for answer in answers if isinstance(answer, Decision)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("one_in", [10, 2])
def test_as_many_are_held_out_as_the_share_says(seed, one_in):
    held = sum(made.held_out for made in coins_of(seed, share=1 / one_in))
    assert at_most(held, one_in) > RARE
    assert at_most(held - 1, one_in) < 1 - RARE


@pytest.mark.parametrize("seed", range(10))
def test_coins_lie_evenly_between_0_and_1_and_know_nothing_of_the_one_before(seed):
    coins = np.array([made.coin for made in coins_of(seed)])
    assert coins.min() >= 0.0
    assert coins.max() < 1.0
    # Kolmogorov and Smirnov: farther off than this once in a million.
    order = np.sort(coins)
    off = np.abs(order - (np.arange(TOSSES) + 0.5) / TOSSES).max()
    assert off < 2.7 / np.sqrt(TOSSES)
    assert abs(np.corrcoef(coins[1:], coins[:-1])[0, 1]) < 4.9 / np.sqrt(TOSSES)


@given(st.integers(0, 2**32), st.text(min_size=1, max_size=40))
def test_whoever_decides_the_same_again_finds_the_same_coin(seed, name):
    made = replace(decision(), decision_id=name)
    first, second = (Coins(np.random.default_rng(seed), 120.0).toss(made, 0.5) for _ in range(2))
    assert first == second


@given(st.integers(0, 2**32))
def test_coins_take_nothing_from_the_chance_that_arms_are_chosen_by(seed):
    rng, untouched = np.random.default_rng(seed), np.random.default_rng(seed)
    Coins(rng, 120.0)
    assert rng.random(4).tolist() == untouched.random(4).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_the_same_arms_are_chosen_with_the_same_probabilities_whatever_is_held_out(seed):
    without, some = decided(seed, 0.0), decided(seed, 0.5)
    assert [(d.arm, d.propensity, d.confidence) for d in some] == [(d.arm, d.propensity, d.confidence) for d in without]
    assert 0 < sum(d.held_out for d in some) < len(some)


def test_the_coin_knows_nothing_of_the_arm_or_of_the_circumstances():
    made = [each for seed in range(20) for each in decided(seed, 0.5)]
    for of in (lambda each: each.arm, lambda each: each.context.phase, lambda each: each.context.engagement_bucket):
        counts, held = Counter(map(of, made)), Counter(of(each) for each in made if each.held_out)
        for kind, number in counts.items():
            # Five standard deviations of a binomial with a half.
            assert abs(held[kind] - number / 2) <= 2.5 * np.sqrt(number), kind
