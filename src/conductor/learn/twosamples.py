"""Whether two samples are of one kind: tests that hold for small numbers too."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Sample = Sequence[float] | Floats

MOST_EXACT = 4_000_000
"""Up to so many pairs the exact distribution is counted out; beyond, the limit is right to three digits."""

BINS = 5
"""Fifths of the earlier sample: with ten bins (as banks use) a dozen sessions would leave most of them empty."""


def distance(ours: Sample, theirs: Sample) -> float:
    """The largest difference between the two empirical distribution functions, in [0, 1] (Kolmogorov & Smirnov)."""
    a, b = np.sort(np.asarray(ours, dtype=np.float64)), np.sort(np.asarray(theirs, dtype=np.float64))
    everywhere = np.concatenate([a, b])
    gaps = np.searchsorted(a, everywhere, "right") / len(a) - np.searchsorted(b, everywhere, "right") / len(b)
    return float(np.abs(gaps).max())


def same_distribution(ours: Sample, theirs: Sample) -> float:
    """Two-sample Kolmogorov-Smirnov test: the probability of so large a distance, were both of one distribution.

    Exact by counting lattice paths (Hodges 1958), where there are no ties; with ties it errs on the side of no alarm.
    For large samples Kolmogorov's limit.

    Raises:
        ValueError: One of them is empty.
    """
    n, m = len(ours), len(theirs)
    if not n or not m:
        raise ValueError("both samples need values")
    furthest = distance(ours, theirs)
    return _by_paths(n, m, furthest) if n * m <= MOST_EXACT else _by_limit(n, m, furthest)


def _by_paths(n: int, m: int, furthest: float) -> float:
    """1 minus the share of all orders of n + m values whose path stays nearer to the diagonal than this distance."""
    steps = np.arange(m + 1)
    # Distances are multiples of 1 / (n m): half of one keeps rounding from mattering.
    limit = furthest * n * m - 0.5
    paths = np.where(steps * n <= limit, 1.0, 0.0)
    log_scale = 0.0
    for i in range(1, n + 1):
        # A path reaches (i, j) from the left or from below, and never leaves the band.
        inside = np.abs(i * m - steps * n) <= limit
        paths = np.where(inside, np.cumsum(np.where(inside, paths, 0.0)), 0.0)
        largest = float(paths.max())
        if largest == 0.0:
            return 1.0
        paths /= largest
        log_scale += log(largest)
    last = float(paths[-1])
    if last == 0.0:
        return 1.0
    log_all = lgamma(n + m + 1) - lgamma(n + 1) - lgamma(m + 1)
    return min(max(1.0 - exp(log(last) + log_scale - log_all), 0.0), 1.0)


def _by_limit(n: int, m: int, furthest: float) -> float:
    """Kolmogorov's series, 2 Σ (−1)^(k−1) exp(−2 k² x²) with x = distance · √(n m / (n + m))."""
    x = furthest * sqrt(n * m / (n + m))
    if x < 0.2:
        return 1.0
    return min(max(2.0 * sum((-1.0) ** (k - 1) * exp(-2.0 * k * k * x * x) for k in range(1, 101)), 0.0), 1.0)


def same_share(successes: int, attempts: int, other_successes: int, other_attempts: int) -> float:
    """Fisher's exact test, two-sided: the probability of shares as unlikely as these, were both the same.

    Raises:
        ValueError: More successes than attempts, or fewer than none.
    """
    if not (0 <= successes <= attempts and 0 <= other_successes <= other_attempts):
        raise ValueError("successes must lie between 0 and the attempts")
    total, all_attempts = successes + other_successes, attempts + other_attempts
    least, most = max(0, total - other_attempts), min(total, attempts)

    def log_chance(k: int) -> float:
        return _log_choose(attempts, k) + _log_choose(other_attempts, total - k) - _log_choose(all_attempts, total)

    seen = log_chance(successes)
    return min(sum(exp(chance) for k in range(least, most + 1) if (chance := log_chance(k)) <= seen + 1e-7), 1.0)


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def stability_index(before: Sample, after: Sample) -> float:
    """Population stability index, 0 or more: Σ (q − p) ln(q / p) over fifths of the earlier sample.

    By custom below 0.1 little has moved, from 0.25 much. It is (BINS − 1) (1/n + 1/m) on average where nothing has
    (Yurdakul 2018), so for a handful of values it says little, and no alarm rests on it. Half a value is added to each
    bin.

    Raises:
        ValueError: One of them is empty.
    """
    if not len(before) or not len(after):
        raise ValueError("both samples need values")
    edges = np.quantile(np.asarray(before, dtype=np.float64), np.linspace(0.0, 1.0, BINS + 1)[1:-1])
    p, q = (_shares(np.asarray(each, dtype=np.float64), edges) for each in (before, after))
    return float(((q - p) * np.log(q / p)).sum())


def _shares(values: Floats, edges: Floats) -> Floats:
    counts = np.bincount(np.searchsorted(edges, values, "left"), minlength=BINS) + 0.5
    return np.asarray(counts / counts.sum(), dtype=np.float64)


def all_together(ps: Sequence[float]) -> tuple[float, ...]:
    """The same probabilities where so many tests were made (Holm 1979), in the same order.

    Calling out what lies under 5 % is wrong about anything at all in 5 of 100 reports at most, however the tests hang
    together.
    """
    largest, found = 0.0, [1.0] * len(ps)
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda each: ps[each])):
        largest = max(largest, min((len(ps) - rank) * ps[place], 1.0))
        found[place] = largest
    return tuple(found)
