import numpy as np
import pytest
from scipy import integrate, stats

from conductor.decide.propensity import probabilities_of_being_largest


def computed(*parameters):
    alphas, betas = np.array(parameters, dtype=np.float64).T
    return probabilities_of_being_largest(alphas, betas)


@pytest.mark.parametrize(
    ("first", "second", "first_is_larger"),
    [
        ((1, 1), (1, 1), 1 / 2),
        ((2, 1), (1, 1), 2 / 3),  # the mean of Beta(2, 1), since P(U < x) = x
        ((9, 3), (1, 1), 3 / 4),
        ((1, 1), (1, 4), 4 / 5),
        ((3, 1), (1, 2), 9 / 10),  # 1 - E[(1 - x)^2] under 3 x^2
        ((0.2, 1), (1, 1), 1 / 6),
    ],
)
def test_two_arms_agree_with_the_exact_fraction(first, second, first_is_larger):
    assert computed(first, second) == pytest.approx([first_is_larger, 1 - first_is_larger], abs=1e-4)


def quadrature(parameters, i):
    mine, others = stats.beta(*parameters[i]), [stats.beta(*p) for j, p in enumerate(parameters) if j != i]
    centre = mine.ppf([0.001, 0.5, 0.999])
    return integrate.quad(lambda x: mine.pdf(x) * np.prod([o.cdf(x) for o in others]), 0, 1, points=centre, limit=500)[
        0
    ]


@pytest.mark.parametrize(
    "parameters",
    [
        [(1.5, 3), (40, 60), (4, 6)],
        [(3, 2), (3, 2), (30, 20), (300, 200)],
        [(5000, 5000), (1, 1), (505, 500), (2, 9)],
        [(1.2, 30), (1.1, 90), (2, 400), (1, 50)],
    ],
)
def test_many_arms_agree_with_quadrature(parameters):
    exact = [quadrature(parameters, i) for i in range(len(parameters))]
    assert computed(*parameters) == pytest.approx(exact, abs=1e-4)


def test_four_arms_agree_with_two_hundred_thousand_draws():
    parameters = [(0.4, 1.6), (5, 4), (60, 50), (2, 2)]
    alphas, betas = np.array(parameters, dtype=np.float64).T
    draws = np.random.default_rng(7).beta(alphas, betas, size=(200_000, 4))
    shares = np.bincount(draws.argmax(axis=1), minlength=4) / len(draws)
    assert computed(*parameters) == pytest.approx(shares, abs=0.005)  # 4 standard errors


def test_one_arm_is_always_the_largest():
    assert computed((3, 4)).tolist() == [1.0]


@pytest.mark.parametrize("extreme", [(4e-6, 1.0), (1e6, 1e6), (1e6, 1e-3)])
def test_extreme_posteriors_still_give_probabilities(extreme):
    result = computed(extreme, (1, 1), (2, 3))
    assert np.all((result >= 0) & (result <= 1))
    assert result.sum() == pytest.approx(1.0)
