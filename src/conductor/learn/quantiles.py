"""Quantiles of Student's t, for intervals that rest on few moments; numpy has none."""

from __future__ import annotations

from functools import lru_cache
from math import cos, exp, lgamma, log, pi, sqrt, tan
from statistics import NormalDist

import numpy as np

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)

_STEPS = 100
"""Far more than it ever takes."""

_NEARLY_NORMAL_DF = 2000.0
"""From there on the two quantiles agree to a thousandth."""


def t_quantile(share: float, df: float) -> float:
    """Where this share of Student's t lies below.

    The distribution function is an integral of cosines (Abramowitz & Stegun 26.7.3, by t = √df · tan θ), which is
    smooth and bounded. Newton's method inverts it: as the integrand only falls, it comes from the left all the way.

    Args:
        share: In [0.5, 1).
        df: Degrees of freedom, 1 or more; not only whole ones (Satterthwaite).

    Raises:
        ValueError: A share or df outside of that.
    """
    if not 0.5 <= share < 1.0 or not df >= 1.0:
        raise ValueError(f"share must lie in [0.5, 1) and df be 1 or more, not {share} and {df}")
    if df > _NEARLY_NORMAL_DF:
        return NormalDist().inv_cdf(share)
    return _quantile(share, round(df, 2))


@lru_cache(maxsize=4096)
def _quantile(share: float, df: float) -> float:
    log_scale = lgamma((df + 1.0) / 2.0) - lgamma(df / 2.0) - 0.5 * log(pi)
    wanted = (share - 0.5) / exp(log_scale)
    angle = 0.0
    for _ in range(_STEPS):
        step = (wanted - _area(angle, df)) / cos(angle) ** (df - 1.0)
        angle += step
        if abs(step) <= 1e-14 * angle:
            break
    return sqrt(df) * tan(angle)


def _area(angle: float, df: float) -> float:
    """The integral of cos^(df − 1) from 0 to this angle, by Gauss and Legendre."""
    half = angle / 2.0
    return half * float(_WEIGHTS @ np.cos(half * (1.0 + _NODES)) ** (df - 1.0))
