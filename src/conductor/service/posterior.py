"""Quantiles of a Beta distribution, for the intervals that the dashboard shows."""

from __future__ import annotations

from math import exp, lgamma, log

STEPS = 60
"""Halvings of [0, 1]: as fine as a float of that size."""

TERMS = 300
"""Enough for the continued fraction up to a million attempts: it takes about the square root of the larger one."""

TINY = 1e-300
CLOSE = 1e-12


def beta_quantile(share: float, alpha: float, beta: float) -> float:
    """Where this share of the distribution lies below.

    Args:
        share: In (0, 1).
        alpha: Above 0.
        beta: Above 0.
    """
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if beta_share(middle, alpha, beta) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_share(x: float, alpha: float, beta: float) -> float:
    """The share of the distribution below x in [0, 1]: the regularised incomplete beta function (DLMF 8.17)."""
    if x <= 0.0 or x >= 1.0:
        return float(x >= 1.0)
    if x > (alpha + 1.0) / (alpha + beta + 2.0):
        # The fraction converges fast only on this side of the mean (DLMF 8.17.4).
        return 1.0 - beta_share(1.0 - x, beta, alpha)
    log_front = lgamma(alpha + beta) - lgamma(alpha) - lgamma(beta) + alpha * log(x) + beta * log(1.0 - x)
    return exp(log_front) / alpha / _fraction(x, alpha, beta)


def _fraction(x: float, alpha: float, beta: float) -> float:
    """1 + d1/(1 + d2/(1 + …)) of DLMF 8.17.22, by Lentz's method."""
    value, c, d = 1.0, 1.0, 0.0
    for n in range(1, TERMS):
        term = _term(n, x, alpha, beta)
        d = 1.0 / (1.0 + term * d or TINY)
        c = 1.0 + term / c or TINY
        value *= c * d
        if abs(c * d - 1.0) < CLOSE:
            break
    return value


def _term(n: int, x: float, alpha: float, beta: float) -> float:
    """d_n of DLMF 8.17.23."""
    m, is_odd = divmod(n, 2)
    if is_odd:
        return -(alpha + m) * (alpha + beta + m) * x / ((alpha + 2 * m) * (alpha + 2 * m + 1))
    return m * (beta - m) * x / ((alpha + 2 * m - 1) * (alpha + 2 * m))
