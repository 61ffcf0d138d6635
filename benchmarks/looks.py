"""One run of trials, looked at after every decision and once at its end: all together, each arm, each circumstance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from benchmarks.lulls import ARMS, CIRCUMSTANCES, Lulls
from conductor.learn.adjusted import Adjusted, Moments, adjusted
from conductor.learn.anytime import Evidence, level_of
from conductor.learn.experiment import ALPHA

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]

ARM, KIND = 1, 1 + ARMS
SLICES = KIND + len(CIRCUMSTANCES)
"""Slices are numbered: 0 is all together, then come the arms, then the circumstances."""

FAMILIES = (slice(0, ARM), slice(ARM, KIND), slice(KIND, SLICES))
"""What is looked at side by side, as in `learn/experiment.py`."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was told at any of the looks; one entry for each slice.

    Attributes:
        missed: Its interval missed the truth.
        said: It was said to help or to harm.
        wrong: It was said to help where it does not, or to harm where it does not.
        told: Decisions until it was first known whether all together help; infinite if never.
    """

    missed: Mask
    said: Mask
    wrong: Mask
    told: float


@dataclass(frozen=True, slots=True)
class Ended:
    """What is told to who looks once, at the end; one entry for each slice, not a number where nothing is said.

    Attributes:
        error: Estimate minus truth.
        covers: Whether the interval covers the truth: 0 or 1.
        truth: What was to be estimated.
        coins: What the coins did to the estimate; its expectation is 0 whatever the agent did, so it can be taken out.
        rooms: How much more was in these very rooms than is to be expected; likewise.
    """

    error: Floats
    covers: Floats
    truth: Floats
    coins: Floats
    rooms: Floats


def rows_of(lulls: Lulls) -> list[Numbers]:
    """The rows of each slice, in their order."""
    arms = [np.flatnonzero(lulls.arm == arm) for arm in range(ARMS)]
    return [np.arange(len(lulls.arm)), *arms, *(np.flatnonzero(lulls.kind == k) for k in range(len(CIRCUMSTANCES)))]


def side_by_side(found: Sequence[Adjusted | None]) -> list[tuple[float, float] | None]:
    """Estimate and half the always-valid interval of each of several slices, as `effects` tells them."""
    evidence = [None if each is None else Evidence(each.estimate, each.careful) for each in found]
    alpha = level_of([each.log_e for each in evidence if each is not None], ALPHA)
    return [None if each is None else (each.estimate, each.radius(alpha)) for each in evidence]


def look(lulls: Lulls, expected: Sequence[Floats]) -> Looked:
    """Look after every decision.

    Args:
        lulls: In their order.
        expected: For each slice, what is expected of each of its trials: the mean of those so far is the truth.
    """
    watch = _Watch(lulls, expected)
    missed, said, wrong = (np.zeros(SLICES, dtype=np.bool_) for _ in range(3))
    told = inf
    for number, (arm, kind) in enumerate(zip(lulls.arm.tolist(), lulls.kind.tolist(), strict=True), 1):
        watch.add(arm, kind)
        for place, estimate, radius, truth in watch.intervals():
            missed[place] |= abs(estimate - truth) > radius
            said[place] |= abs(estimate) > radius
            wrong[place] |= abs(estimate) > radius and estimate * truth <= 0.0
        told = min(told, number) if said[0] else told
    return Looked(missed, said, wrong, told)


class _Watch:
    """What is known after each trial; only of what has a new one is it computed anew."""

    def __init__(self, lulls: Lulls, expected: Sequence[Floats]) -> None:
        self._parts = [lulls.moments.at(rows) for rows in rows_of(lulls)]
        self._truths = [np.cumsum(each) / np.arange(1, len(each) + 1) for each in expected]
        self._seen = [0] * SLICES
        self._found: list[Adjusted | None] = [None] * SLICES

    def add(self, arm: int, kind: int) -> None:
        for place in (0, ARM + arm, KIND + kind):
            self._seen[place] += 1
            self._found[place] = adjusted(_first(self._parts[place], self._seen[place]))

    def intervals(self) -> Iterator[tuple[int, float, float, float]]:
        """Slice, estimate, half its interval and truth, of all of which something is said."""
        for family in FAMILIES:
            for place, interval in enumerate(side_by_side(self._found[family]), family.start):
                if interval is not None:
                    yield place, *interval, float(self._truths[place][self._seen[place] - 1])


def end(lulls: Lulls, expected: Sequence[Floats], line: tuple[float, float]) -> Ended:
    """Look once, at the end.

    Args:
        lulls: All.
        expected: As for `look`.
        line: Slope and height of a line by which the score before foretells that after; any line will do.
    """
    error, covers, truth, coins, rooms = (np.full(SLICES, np.nan) for _ in range(5))
    for place, rows in enumerate(rows_of(lulls)):
        part = lulls.at(rows)
        found = adjusted(part.moments)
        if found is not None:
            truth[place] = expected[place].mean()
            error[place] = found.estimate - truth[place]
            covers[place] = abs(error[place]) <= found.at_once(ALPHA)
        coins[place], rooms[place] = _chance(part, expected[place], line)
    return Ended(error, covers, truth, coins, rooms)


def _chance(part: Lulls, expected: Floats, line: tuple[float, float]) -> tuple[float, float]:
    moments, share = part.moments, part.moments.share
    without = moments.after - np.where(moments.held_out, 0.0, part.effect)
    # Known before each coin falls, so that what the coin makes of it is 0 on average.
    luck = without + share * (part.effect - expected) - (line[0] * moments.before + line[1])
    fair = (~moments.held_out - (1.0 - share)) / (share * (1.0 - share))
    return float(fair @ luck), float((part.effect - expected).sum())


def _first(moments: Moments, count: int) -> Moments:
    return Moments(moments.before[:count], moments.after[:count], moments.held_out[:count], moments.share[:count])


def bias_of(runs: Sequence[Ended], place: int) -> tuple[float, float]:
    """Mean error of a slice, and how far chance may have moved it (one standard error).

    What coins and rooms did by chance is taken out by regression: its expectation is known to be 0.

    Returns:
        Not numbers where no run says anything of it.
    """
    told = [run for run in runs if not np.isnan(run.error[place])]
    if not told:
        return float("nan"), float("nan")
    columns = [[1.0, run.coins[place], run.rooms[place]] for run in told]
    x, error = np.array(columns), np.array([run.error[place] for run in told])
    scale = np.maximum(np.abs(x).max(axis=0), 1e-12)
    x = x / scale
    used = x[:, np.abs(x).max(axis=0) > 0.0]
    fit = np.linalg.lstsq(used, error, rcond=None)[0]
    rest = error - used @ fit
    return float(fit[0]), float(rest.std() / len(told) ** 0.5)
