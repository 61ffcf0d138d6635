"""How probable it is that each of several Beta variables is the largest, by integration on a grid.

Thompson sampling picks an arm with exactly this probability. Counting draws would only estimate it; here it
is computed, so that the logged propensity is the law of the choice itself, as off-policy estimates need
(Jeunen 2025, "Counterfactual Inference under Thompson Sampling", arXiv:2504.08773).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NODES_PER_VARIABLE = 129
# With 129 nodes the result lies within 1e-4 of quadrature with SciPy (tests/unit/test_propensity.py), with 33 nodes
# within 2e-3; a choice among four arms takes a quarter of a millisecond.
_REACH_SPREADS = 8.0
# A normal variable lies further out than 8 standard deviations with probability 1e-15.
_REACH_TAIL = 32.0
# Where a tail falls like exp(-a t), it is exp(-32) = 1e-14 high at t = 32 / a.
_GAUSS_OFFSETS = (0.5 - 0.5 / np.sqrt(3.0), 0.5 + 0.5 / np.sqrt(3.0))
# The two-point Gauss-Legendre rule on [0, 1]: exact for polynomials up to degree 3.


def probabilities_of_being_largest(alphas: Floats, betas: Floats) -> Floats:
    """P(variable i is the largest) for independent Beta(alpha_i, beta_i), by integrating f_i prod_j F_j.

    The integral runs over the logit of the value, where every Beta density is smooth and falls off
    exponentially, so that parameters below 1 need no special care. Within a grid cell each distribution is
    taken as uniform; for up to four variables the rest is exact.

    Args:
        alphas: Shape (n,), above 0.
        betas: Shape (n,), above 0.

    Returns:
        Shape (n,), in [0, 1], adding up to 1.
    """
    if len(alphas) == 1:
        return np.ones(1)
    masses = _cell_masses(alphas, betas)
    below = np.cumsum(masses, axis=1) - masses
    wins = np.zeros(len(alphas))
    for offset in _GAUSS_OFFSETS:
        cdf = below + offset * masses
        for i in range(len(alphas)):
            others = np.prod(np.delete(cdf, i, axis=0), axis=0)
            wins[i] += 0.5 * np.dot(masses[i], others)
    return np.asarray(wins / wins.sum(), dtype=np.float64)


def _cell_masses(alphas: Floats, betas: Floats) -> Floats:
    """The probability that each variable lies in each cell of a grid common to all; shape (n, cells)."""
    logits = _grid(alphas, betas)
    log_density = alphas[:, None] * logits - (alphas + betas)[:, None] * np.logaddexp(0.0, logits)
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    masses = 0.5 * (density[:, 1:] + density[:, :-1]) * np.diff(logits)
    return np.asarray(masses / masses.sum(axis=1, keepdims=True), dtype=np.float64)


def _grid(alphas: Floats, betas: Floats) -> Floats:
    """Logits at which every one of the densities is well resolved, ascending.

    Each variable brings nodes of its own, dense around its mode and ever wider apart in its tails, since one
    may be a thousand times narrower than another.
    """
    modes = np.log(alphas / betas)
    spreads = np.sqrt(1.0 / alphas + 1.0 / betas)
    left = np.arcsinh(_REACH_SPREADS + _REACH_TAIL / (alphas * spreads))
    right = np.arcsinh(_REACH_SPREADS + _REACH_TAIL / (betas * spreads))
    nodes = modes + spreads * np.sinh(np.linspace(-left, right, _NODES_PER_VARIABLE))
    return np.sort(nodes, axis=None)
