"""What an arm's record in all contexts says of each of them, if they are alike to this or that degree.

How alike contexts are is not known beforehand, so several answers are weighed by how well each foretells what was seen
(`docs/math.md` has the formulas). Everything here is a function of the counts alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from conductor.decide.belief import IGNORANCE, Beta
from conductor.decide.cells import CELLS, FEATURES, design
from conductor.decide.loggamma import log_gamma

Floats = NDArray[np.float64]

ARM_SD = 1.5
"""How much arms differ in log-odds, whatever the context: seven in eight lie between 10 and 90 %."""

ALIKE: tuple[tuple[float, float], ...] = ((10.0, 0.3), (10.0, 0.8), (40.0, 0.3), (40.0, 0.8))
"""Degrees to which contexts may be alike: how many attempts the prediction from common effects is worth in a
context, and how much a level of a factor shifts the log-odds. Beside them stands that they are not alike at all."""

_STEPS = 30
_CLOSE = 1e-6
# Newton's steps shorten quadratically: after one of 1e-6 the next would be about 1e-12.
_LONGEST_STEP = 4.0
# A longer step than this in log-odds would go astray.

_NODES, _SHARES = np.polynomial.hermite_e.hermegauss(9)
_SHARES = _SHARES / _SHARES.sum()
# Gauss-Hermite quadrature over a normal variable: the mean of a logistic-normal one to 1e-4.

_WORTH = np.array([[worth] for worth, _ in ALIKE])
_VARIANCES = np.array([[ARM_SD**2] + [sd**2] * (FEATURES - 1) for _, sd in ALIKE])
_DIAGONAL = np.arange(FEATURES)


@dataclass(frozen=True, slots=True)
class Fit:
    """What one arm's counts say under each degree of likeness.

    Attributes:
        effects: Means of the effects in log-odds; shape (degrees, FEATURES).
        covariances: Of the effects; shape (degrees, FEATURES, FEATURES).
        evidence: Log-probability of the counts, up to what is common to all; shape (degrees + 1,), the last one if
            contexts are not alike.
    """

    effects: Floats
    covariances: Floats
    evidence: Floats


def fit(successes: Floats, failures: Floats) -> Fit:
    """Fit the effects to an arm's counts, each of shape (cells,): Laplace's approximation of the posterior."""
    attempts = successes + failures
    told = np.flatnonzero(attempts > 0.0)
    matrix, seen = design()[told], attempts[told]
    weight = _told_of_others(seen)
    rate = successes[told] / seen
    effects = np.zeros_like(_VARIANCES)
    # What the arm does on the whole, to begin with.
    effects[:, 0] = math.log((successes.sum() + 1.0) / (failures.sum() + 1.0))
    for _ in range(_STEPS):
        chance, curvature = _curvature(effects, matrix, weight)
        slope = (weight * (rate - chance)) @ matrix - effects / _VARIANCES
        step = np.linalg.solve(curvature, slope[..., None])[..., 0]
        longest = float(np.abs(step).max())
        effects = effects + step * min(1.0, _LONGEST_STEP / max(longest, _CLOSE))
        if longest < _CLOSE:
            break
    chance, curvature = _curvature(effects, matrix, weight)
    covariances: Floats = np.linalg.inv(curvature).astype(np.float64)
    seen_as = _log_beta_binomial(successes[told], failures[told], _WORTH * chance, _WORTH * (1.0 - chance))
    occam = np.linalg.slogdet(covariances)[1] - np.log(_VARIANCES).sum(axis=1)
    alike = seen_as - 0.5 * (effects**2 / _VARIANCES).sum(axis=1) + 0.5 * occam
    ones = np.ones((1, len(told)))
    apart = _log_beta_binomial(successes[told], failures[told], IGNORANCE.alpha * ones, IGNORANCE.beta * ones)
    return Fit(effects, covariances, np.concatenate([alike, apart]))


@cache
def nothing_seen() -> Fit:
    """The fit of an arm that was never tried."""
    return fit(np.zeros(len(CELLS)), np.zeros(len(CELLS)))


def weights_of(evidence: Floats) -> Floats:
    """How probable each degree of likeness is, by the evidence of all arms together; all are as likely beforehand."""
    shares = np.exp(evidence - evidence.max())
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def belief(known: Fit, weights: Floats, cell: int, successes: float, failures: float) -> Beta:
    """What is believed of the arm in a context: its own counts on top of what the others foretell, by all degrees.

    The Beta distribution has the mean and the variance of the mixture.
    """
    mean, variance = _foretold(known, cell, successes, failures)
    worth = mean * (1.0 - mean) / variance - 1.0
    alphas = np.append(mean * worth, IGNORANCE.alpha) + successes
    betas = np.append((1.0 - mean) * worth, IGNORANCE.beta) + failures
    total = alphas + betas
    means = alphas / total
    average = float(weights @ means)
    spread = float(weights @ (means * (1.0 - means) / (total + 1.0) + (means - average) ** 2))
    attempts = average * (1.0 - average) / spread - 1.0
    return Beta(average * attempts, (1.0 - average) * attempts)


def _foretold(known: Fit, cell: int, successes: float, failures: float) -> tuple[Floats, Floats]:
    """Mean and variance of the chance of success by what was seen elsewhere: every lesson counts once."""
    row = design()[cell]
    middle = known.effects @ row
    variance = row @ known.covariances @ row
    attempts = successes + failures
    if attempts > 0.0:
        chance = _logistic(middle)
        steepness = chance * (1.0 - chance)
        own = _told_of_others(np.array([attempts]))[:, 0] * steepness
        # What this context itself contributed to the fit is taken out again.
        elsewhere = 1.0 / np.maximum(1.0 / variance - own, 1e-6)
        pulled = own * (middle + (successes / attempts - chance) / steepness)
        middle, variance = elsewhere * (middle / variance - pulled), elsewhere
    chances = _logistic(middle[:, None] + np.sqrt(variance)[:, None] * _NODES)
    mean, square = chances @ _SHARES, chances**2 @ _SHARES
    return mean, square - mean**2 + (mean - square) / (_WORTH[:, 0] + 1.0)


def _told_of_others(attempts: Floats) -> Floats:
    """How many attempts so many in one context are worth as evidence on what all have in common.

    Attempts in one context share its peculiarity, so that n of them tell of others as much as n (k + 1) / (n + k)
    that were made in as many contexts, where k is what the common prediction is worth (a design effect: Kish 1965).
    """
    return np.asarray(attempts * (_WORTH + 1.0) / (attempts + _WORTH), dtype=np.float64)


def _curvature(effects: Floats, matrix: Floats, weight: Floats) -> tuple[Floats, Floats]:
    chance = _logistic(effects @ matrix.T)
    curvature = np.asarray((matrix.T * (weight * chance * (1.0 - chance))[:, None, :]) @ matrix, dtype=np.float64)
    curvature[:, _DIAGONAL, _DIAGONAL] += 1.0 / _VARIANCES
    return chance, curvature


def _log_beta_binomial(successes: Floats, failures: Floats, alphas: Floats, betas: Floats) -> Floats:
    """Log-probability of counts, shape (cells,), under priors of shape (degrees, cells), in the order they came."""
    both, attempts = alphas + betas, successes + failures
    value = log_gamma(alphas + successes) + log_gamma(betas + failures) - log_gamma(both + attempts)
    return np.asarray((value - log_gamma(alphas) - log_gamma(betas) + log_gamma(both)).sum(axis=1), dtype=np.float64)


def _logistic(log_odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)
