"""How likely it is that a room has fallen, from its counts.

The question at every tick: at some moment in the last three minutes, did the rate of events fall to a part of what
is normal here? Shiryaev and Roberts answered it for independent counts (Shiryaev 1963; Roberts 1966; Pollak 1985):
add up, over every possible moment, how much likelier the counts since then are after a fall than without one. In
the long run a room without a fall gives 1 per tick, so `sum / ticks between falls` are the odds of a fall.

Counts of a live room are not Poisson: messages answer messages, reactions come in bursts, so a stretch of a minute
varies two to three times as much. Each stretch therefore gets a negative binomial likelihood whose variance grows
with its length, and which also holds how little is known yet of what is normal here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

STRETCHES = np.array([1, 2, 3, 4, 6, 8, 11, 15, 20, 27, 36])
"""Lengths in ticks of the stretches that are looked at: about a third longer each time, up to three minutes."""

MINUTE_TICKS = 12

MOMENTS = np.diff(STRETCHES, prepend=0).astype(np.float64)
"""How many moments each stretch stands for."""

FALLS = ((0.35, 0.4), (0.2, 0.2), (0.05, 0.4))
"""Changes that are looked for in the events of a room: the share that remains, and how likely that is thought
beforehand. The last is silence but for stragglers."""

EXITS = ((4.0, 0.5), (12.0, 0.5))
"""Changes that are looked for in the people who leave: so many times what is normal, equally likely."""


@dataclass(frozen=True, slots=True)
class EvidenceParams:
    """What is assumed of a room before looking at its counts.

    The dispersion is that of recorded sessions (variance over mean of their counts in stretches of 5 s to 2 min,
    trends taken out): see `docs/math.md` and `benchmarks/detection.py`.

    Attributes:
        ticks_between_falls: One fall an hour is expected: 720 ticks. It is also what bounds false alarms.
        dispersion: Variance over mean of the counts of one tick.
        dispersion_growth: What it gains with the logarithm of the length: a stretch of n ticks has
            `dispersion * (1 + dispersion_growth * ln n)`.
    """

    ticks_between_falls: float = 720.0
    dispersion: float = 1.2
    dispersion_growth: float = 0.3


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time over which a fall can be seen best, one entry a room, shape (rooms,).

    Attributes:
        ticks: Its length; 0 where there is no evidence.
        deviation: How far its counts lie from what is normal, in standard deviations.
        ratio: Its counts as a share of what is normal.
    """

    ticks: Ints
    deviation: Floats
    ratio: Floats


def dispersion(params: EvidenceParams) -> Floats:
    """Variance over mean for each of `STRETCHES`."""
    values: Floats = params.dispersion * (1.0 + params.dispersion_growth * np.log(STRETCHES))
    return values


def log_likelihood_ratio(counts: Floats, normal: Floats, variance: Floats, keep: float) -> Floats:
    """Logarithm of how much likelier counts are if the rate had become `keep` times the normal one.

    Both are negative binomial with the same shape `normal**2 / (variance - normal)`; where the variance is no
    larger than the mean, all but Poisson. All arguments broadcast.
    """
    # The least excess keeps the shape finite: with a thousandth of the mean it is Poisson for all that matters.
    shape = normal**2 / np.maximum(variance - normal, 1e-3 * normal)
    ratio: Floats = counts * np.log(keep) - (counts + shape) * np.log((shape + normal * keep) / (shape + normal))
    return ratio


def _spread_over_stretches(spread: Floats) -> Floats:
    """A minute's extra variance, for each of `STRETCHES`: none in one tick, and more the longer the stretch.

    What makes a room bursty (answers to answers, changing interest) takes its time: within a few seconds its
    counts are hardly more scattered than any other room's.
    """
    share = np.log(STRETCHES) / np.log(MINUTE_TICKS)
    values: Floats = 1.0 + (spread - 1.0) * share[:, None]
    return values


def _added_up(rows: Floats) -> Floats:
    """Sum over the first axis, row after row: NumPy's own sum adds in another order where there is but one room."""
    total: Floats = rows.cumsum(axis=0)[-1]
    return total


def weigh(
    params: EvidenceParams,
    changes: tuple[tuple[float, float], ...],
    counts: Floats,
    usable: Ints,
    normal: Floats,
    known: Floats,
    spread: Floats,
    hazard: Floats | float = 1.0,
    fallen: Mask | bool = False,
) -> tuple[Floats, Stretch]:
    """Weigh the counts of all rooms.

    Args:
        params: What is assumed beforehand.
        changes: `FALLS` or `EXITS`.
        counts: Events in each of `STRETCHES` up to now, shape (stretches, rooms).
        usable: Ticks that may be looked back at, shape (rooms,).
        normal: Events that are normal in a tick, shape (rooms,).
        known: Events that `normal` rests on, shape (rooms,): its relative variance is one over this.
        spread: How many times the usual variance a minute's counts have here, shape (rooms,).
        hazard: How readily a change is believed, as a multiple of the usual, shape (rooms,).
        fallen: Rooms that had changed before what may be looked at, shape (rooms,). There the question is whether
            they still are as they were then, and that is as likely as not beforehand.

    Returns:
        Probability in [0, 1] that there was such a change, shape (rooms,), and where it can be seen.
    """
    expected = np.maximum(STRETCHES[:, None] * normal, 1e-12)
    variance = expected * dispersion(params)[:, None] * _spread_over_stretches(spread) + expected**2 / np.maximum(
        known, 1e-3
    )
    sums = np.zeros_like(expected)
    for keep, weight in changes:
        # e**50 is beyond any doubt, and far from overflow.
        ratio = log_likelihood_ratio(counts, expected, variance, keep)
        sums += weight * np.exp(np.minimum(ratio, 50.0))
    sums = np.where(usable >= STRETCHES[:, None], sums, 0.0)
    rooms = np.arange(len(normal))
    longest = np.maximum((usable >= STRETCHES[:, None]).sum(axis=0) - 1, 0)
    still = np.where(fallen, sums[longest, rooms], 0.0)
    sums *= MOMENTS[:, None]
    odds = np.maximum(hazard * _added_up(sums) / params.ticks_between_falls, still)
    best = sums.argmax(axis=0)
    at_best = expected[best, rooms]
    stretch = Stretch(
        ticks=np.where(usable > 0, STRETCHES[best], 0),
        deviation=(counts[best, rooms] - at_best) / np.sqrt(np.maximum(variance[best, rooms], 1e-9)),
        ratio=counts[best, rooms] / at_best,
    )
    return odds / (1.0 + odds), stretch
