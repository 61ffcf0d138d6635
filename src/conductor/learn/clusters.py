"""A mean, and how far chance may have moved it, where values come in groups that go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.learn.quantiles import t_quantile

Floats = NDArray[np.float64]

ALPHA = 0.05
"""Intervals hold the truth 95 times in 100."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of values that were drawn in groups.

    Attributes:
        value: The mean of all values.
        variance: Of that mean, 0 or more.
        count: Values.
        groups: Groups of them, 2 or more. Within one anything may hang together; between them nothing does.
    """

    value: float
    variance: float
    count: int
    groups: int

    @property
    def half(self) -> float:
        """Half the width of its interval, with Student's quantile for so many groups."""
        return t_quantile(1.0 - ALPHA / 2.0, self.groups - 1.0) * float(np.sqrt(self.variance))

    @property
    def design_effect(self) -> float:
        """How many times the variance of as many 0s and 1s drawn one by one this is; 1 where it would be less."""
        alone = self.value * (1.0 - self.value) / self.count
        return max(self.variance / alone, 1.0) if alone > 0.0 else 1.0


def mean_of(values: Sequence[float], groups: Sequence[str], weights: Sequence[float] | None = None) -> Mean | None:
    """The weighted mean and its cluster-robust variance (Liang & Zeger 1986), times groups / (groups - 1).

    Args:
        values: Finite.
        groups: To which group each value belongs.
        weights: What each value counts for, 0 or more and not all 0; None for the same.

    Returns:
        None where there are fewer than two groups: nobody knows then how much groups differ.
    """
    names, places = np.unique(np.asarray(groups, dtype=np.str_), return_inverse=True)
    if len(names) < 2:
        return None
    numbers = np.asarray(values, dtype=np.float64)
    weighing = np.ones(len(numbers)) if weights is None else np.asarray(weights, dtype=np.float64)
    total = float(weighing.sum())
    value = float(weighing @ numbers) / total
    sums = np.bincount(places, weights=weighing * (numbers - value), minlength=len(names))
    variance = float(sums @ sums) / total**2 * len(names) / (len(names) - 1)
    return Mean(value, variance, len(numbers), len(names))
