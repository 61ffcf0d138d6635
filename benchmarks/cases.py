"""Worlds of lulls, who chooses the arms in them and which trials are lost: what one run of the lift benchmark is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.choosing import chosen
from benchmarks.looks import Ended, Looked, end, look, rows_of
from benchmarks.lulls import ALIKE, ARMS, CIRCUMSTANCES, VARIED, Falls, Lulls, Rooms, draw, fall, tried
from conductor.learn.adjusted import LEAST_EACH, Moments

Floats = NDArray[np.float64]

SEED = 20261
MANY = 1_000_000
"""Lulls that the truth is the mean of."""

LOST_RATIO = 0.2
"""Share of outcomes that go missing, whatever becomes of the room: the feed was lost, or the session ended."""


class Way(StrEnum):
    """How a run comes about."""

    FIXED = "fixed shares"
    CHOSEN = "agent chooses"
    LOST = "a fifth lost"
    VARIED = "rooms vary"
    TO_COME = "rooms vary, of rooms to come"


@dataclass(frozen=True, slots=True)
class Case:
    """What is run again and again.

    Attributes:
        way: How.
        works: Whether anything that is done changes anything.
        share: Of held out.
        count: Falls in a run.
        looks: Whether one looks after every decision, and not only at the end.
    """

    way: Way
    works: bool
    share: float
    count: int
    looks: bool = False

    @property
    def world(self) -> str:
        """As it is printed."""
        return "known world" if self.works else "null world"

    @property
    def held(self) -> str:
        """As it is printed."""
        return f"{self.share:.0%} held out"

    @property
    def name(self) -> str:
        """As it is printed."""
        return f"{self.world}{'' if self.way is Way.FIXED else f', {self.way}'}, {self.held}"

    @property
    def seed(self) -> int:
        """With a run's number it makes its random numbers: who looks all the time sees other runs."""
        return 3 if self.looks else 2


@dataclass(frozen=True, slots=True)
class Plain:
    """What one would say without our intervals.

    Attributes:
        missed: The plain 95 % interval of the plain difference of means missed the truth at any look.
        is_sure: Before and after alone was sure of an effect: the 95 % interval of the mean rise leaves 0 out.
        rose: Mean rise of the score after something was done.
        succeeded: Share of these rises of 0.1 or more.
    """

    missed: bool
    is_sure: bool
    rose: float
    succeeded: float


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one run; nothing was looked at all the time, or said plainly, where nobody looked."""

    ended: Ended
    looked: Looked | None
    plain: Plain | None


def play(case: Case, runs: Sequence[int]) -> list[Run]:
    """These runs of it."""
    return [_played(case, run) for run in runs]


def _played(case: Case, run: int) -> Run:
    lulls = lulls_of(case, run)
    expected = expected_of(case, lulls)
    ended = end(lulls, expected, line(works=case.works, rooms=_rooms(case.way)))
    if not case.looks:
        return Run(ended, None, None)
    truth = float(expected[0].mean())
    return Run(ended, look(lulls, expected), plainly(lulls.moments, truth))


def lulls_of(case: Case, run: int) -> Lulls:
    """What is seen in one run."""
    rng = np.random.default_rng([SEED, case.seed, run])
    falls = fall(rng, case.count, works=case.works, rooms=_rooms(case.way))
    if case.way is Way.CHOSEN:
        return chosen(falls, case.share, rng)
    lulls = tried(falls, falls.preferred, case.share)
    return lulls.at(np.flatnonzero(rng.random(case.count) >= LOST_RATIO)) if case.way is Way.LOST else lulls


def expected_of(case: Case, lulls: Lulls) -> list[Floats]:
    """For each slice, what is to be expected of each of its trials.

    Where arms are chosen by somebody fixed that is the effect of the slice. An agent chooses other arms the more it
    learns, and what they do together changes with it: there it is what each arm does in these circumstances. Where
    rooms vary it is what was done, or would have been, in these very rooms; `Way.TO_COME` asks about all such rooms.
    """
    rows = rows_of(lulls)
    if case.way is Way.VARIED:
        return [lulls.effect[each] for each in rows]
    if case.way is Way.CHOSEN:
        expected = effects_of(works=case.works)[lulls.arm, lulls.kind]
        return [expected[each] for each in rows]
    truths = truth_of(works=case.works, rooms=_rooms(case.way))
    return [np.full(len(each), truth) for each, truth in zip(rows, truths, strict=True)]


@cache
def truth_of(*, works: bool, rooms: Rooms = ALIKE) -> Floats:
    """The effect of each slice: of all, of each arm, in each of the circumstances."""
    lulls = draw(np.random.default_rng([SEED, 0]), MANY, 0.5, works=works, rooms=rooms)
    return np.array([lulls.effect[rows].mean() for rows in rows_of(lulls)])


@cache
def effects_of(*, works: bool) -> Floats:
    """The effect of each arm in each of the circumstances; shape (ARMS, circumstances)."""
    falls = _many(works=works, rooms=ALIKE)
    effects = falls.treated - falls.without[:, None]
    return np.array(
        [[effects[falls.kind == kind, arm].mean() for kind in range(len(CIRCUMSTANCES))] for arm in range(ARMS)]
    )


@cache
def line(*, works: bool, rooms: Rooms) -> tuple[float, float]:
    """Slope and height of the line by which the score before foretells that of rooms left alone."""
    falls = _many(works=works, rooms=rooms)
    slope, height = np.polyfit(falls.before, falls.without, 1).tolist()
    return slope, height


def _many(*, works: bool, rooms: Rooms) -> Falls:
    return fall(np.random.default_rng([SEED, 0]), MANY, works=works, rooms=rooms)


def _rooms(way: Way) -> Rooms:
    return VARIED if way in {Way.VARIED, Way.TO_COME} else ALIKE


def plainly(moments: Moments, truth: float) -> Plain:
    """What the plain difference of means, and before and after alone, make of a run."""
    rises = (moments.after - moments.before)[~moments.held_out]
    is_sure = abs(float(rises.mean())) > 1.96 * float(rises.std()) / len(rises) ** 0.5
    return Plain(_misses(moments, truth), is_sure, float(rises.mean()), float((rises >= 0.1).mean()))


def _misses(moments: Moments, truth: float) -> bool:
    """Whether the plain 95 % interval of the plain difference of means ever misses the truth."""
    after, held = moments.after, moments.held_out
    sums = [np.cumsum(np.where(group, value, 0.0)) for group in (held, ~held) for value in (1.0, after, after**2)]
    means, variances = [], []
    with np.errstate(divide="ignore", invalid="ignore"):
        for count, total, squares in (sums[:3], sums[3:]):
            means.append(total / count)
            variances.append((squares / count - means[-1] ** 2) / (count - 1.0))
        apart = np.abs(means[1] - means[0] - truth) > 1.96 * np.sqrt(variances[0] + variances[1])
    enough = np.minimum(sums[0], sums[3]) >= LEAST_EACH
    return bool((apart & enough).any())
