"""Regret of the bandit beside Thompson sampling for each context by itself, and whether its confidence is true.

Regret is the sum, over decisions, of the best arm's chance minus the chosen arm's. 144 contexts, four arms, 10,000
decisions; all policies meet the same contexts in the same order and share their luck. Baselines are Thompson sampling
by River and by MABWiser with Beta posteriors, one for each context; against the better of the two, in the same run:

- where contexts share structure, at most 0.6 of it after 200 and after 1,000 decisions,
- where the best arm switches half-way, or chances glide, in contexts that share structure, at most 0.6 at the end too,
- where contexts share nothing, never more than 1.1 of it, whether chances stay, switch or glide,
- expected calibration error of the confidence under 0.05 over decisions 1,001 to 2,000, and over the last 1,000.

Judged is the worse of two: the share that mean regrets are of each other, and the median of the shares seed by seed.
Nothing was tuned on these seeds, nor looked at before the product was as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product
from multiprocessing import get_context
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, at_most
from benchmarks.worlds import ARMS, CONTEXTS, WORLDS
from conductor.decide.bandit import Bandit

DECISIONS = 10_000
MARKS = (200, 1000, DECISIONS)
SEEDS = tuple(range(501, 509))
PROCESSES = 2
JUDGED = {"1,001 to 2,000": slice(1000, 2000), "9,001 to 10,000": slice(9000, DECISIONS)}
"""Decisions whose confidence is judged: the first ones after a thousand, and the last ones."""

BINS = 10
MOST_ALIKE, MOST_APART, MOST_ECE = 0.6, 1.1, 0.05
LIMITS: dict[str, tuple[float | None, float | None, float | None]] = {
    "shared": (MOST_ALIKE, MOST_ALIKE, None),
    "apart": (MOST_APART, MOST_APART, MOST_APART),
    "switch": (MOST_ALIKE, MOST_ALIKE, MOST_ALIKE),
    "switch apart": (MOST_APART, MOST_APART, MOST_APART),
    "slow": (MOST_ALIKE, MOST_ALIKE, MOST_ALIKE),
    "slow apart": (MOST_APART, MOST_APART, MOST_APART),
}
"""By world, at each of `MARKS`: the largest share of the better baseline's regret; None where nothing was promised."""

Floats = NDArray[np.float64]


class Policy(Protocol):
    """What chooses arms, by their numbers, in contexts, by theirs."""

    def choose(self, context: int) -> tuple[int, float]:
        """An arm and the confidence that it succeeds; 0 where none is told."""

    def learn(self, context: int, arm: int, *, success: bool) -> None:
        """Take in what came of it."""


class Ours:
    """The product's bandit as it is."""

    def __init__(self, seed: int) -> None:
        self._bandit = Bandit()
        self._rng = np.random.default_rng([seed, 3])

    def choose(self, context: int) -> tuple[int, float]:
        """An arm and its confidence."""
        choice = self._bandit.choose(CONTEXTS[context], ARMS, self._rng)
        return ARMS.index(choice.arm), choice.confidence

    def learn(self, context: int, arm: int, *, success: bool) -> None:
        """Take in what came of it."""
        self._bandit.learn(CONTEXTS[context], ARMS[arm], float(success))


class River:
    """River's Thompson sampling, one for each context."""

    def __init__(self, seed: int) -> None:
        from river import bandit, proba

        self._each = [bandit.ThompsonSampling(proba.Beta(), seed=seed * 1000 + n) for n in range(len(CONTEXTS))]
        self._arms: list[int | str] = [*range(len(ARMS))]

    def choose(self, context: int) -> tuple[int, float]:
        """An arm."""
        return int(self._each[context].pull(self._arms)), 0.0

    def learn(self, context: int, arm: int, *, success: bool) -> None:
        """Take in what came of it."""
        self._each[context].update(arm, success)


class MabWiser:
    """MABWiser's Thompson sampling, one for each context; it wants an outcome before it predicts."""

    def __init__(self, seed: int) -> None:
        from mabwiser.mab import MAB, LearningPolicy

        policy, arms = LearningPolicy.ThompsonSampling(), list(range(len(ARMS)))
        self._each = [MAB(arms, policy, seed=seed * 1000 + n) for n in range(len(CONTEXTS))]
        self._begun: set[int] = set()
        self._rng = np.random.default_rng([seed, 4])

    def choose(self, context: int) -> tuple[int, float]:
        """An arm."""
        if context not in self._begun:
            return int(self._rng.integers(len(ARMS))), 0.0
        return int(self._each[context].predict()), 0.0

    def learn(self, context: int, arm: int, *, success: bool) -> None:
        """Take in what came of it."""
        self._begun.add(context)
        self._each[context].partial_fit([arm], [int(success)])


OURS = "ours"
POLICIES: dict[str, Callable[[int], Policy]] = {OURS: Ours, "River": River, "MABWiser": MabWiser}


@dataclass(frozen=True, slots=True)
class Course:
    """What came of one policy in one world: regret at `MARKS`, expected calibration errors by what is in `JUDGED`."""

    regret: tuple[float, ...]
    errors: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """Our regret as a share of the better baseline's, by world and mark.

    Attributes:
        theirs: Its mean regret.
        of_means: Share of its mean regret.
        median: Of the shares seed by seed.
        least: The smallest of these.
        most: The largest.
    """

    theirs: float
    of_means: float
    median: float
    least: float
    most: float

    @property
    def judged(self) -> float:
        """The worse of the two: means hang on the worst seeds, a median on none."""
        return max(self.of_means, self.median)


def play(name: str, world_name: str, seed: int) -> Course:
    """One policy in one world."""
    world, policy = WORLDS[world_name](DECISIONS, seed), POLICIES[name](seed)
    lost, confidence, truth = np.zeros((3, DECISIONS))
    for t, (context, luck) in enumerate(zip(world.contexts.tolist(), world.luck.tolist(), strict=True)):
        chances = world.chances(t)[context]
        arm, confidence[t] = policy.choose(context)
        truth[t] = chances[arm]
        lost[t] = chances.max() - chances[arm]
        policy.learn(context, arm, success=luck < chances[arm])
    errors = (ece(confidence[judged], truth[judged]) for judged in JUDGED.values())
    return Course(tuple(float(lost[:mark].sum()) for mark in MARKS), tuple(errors))


def ece(confidence: Floats, truth: Floats) -> float:
    """Expected calibration error: how far confidence and true chance lie apart on average, in tenths of confidence."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    apart = [abs(float((confidence - truth)[bins == each].sum())) for each in range(BINS)]
    return sum(apart) / len(confidence)


def share(ours: Floats, baselines: Sequence[Floats]) -> Share:
    """Our regrets beside those of the baseline that did better on average; one entry a seed."""
    theirs = min(baselines, key=lambda regrets: float(regrets.mean()))
    shares, mean = ours / theirs, float(theirs.mean())
    return Share(mean, float(ours.mean()) / mean, float(np.median(shares)), float(shares.min()), float(shares.max()))


def run(console: Console) -> list[Figure]:
    """Play all, print regrets, and judge."""
    names = list(POLICIES)
    if find_spec("mabwiser") is None:
        names.remove("MABWiser")
        console.print("MABWiser is not installed, so River alone is the baseline (`make bench` installs it)")
    jobs = list(product(names, WORLDS, SEEDS))
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
        courses = dict(zip(jobs, processes.map(play, *zip(*jobs, strict=True)), strict=True))
    regrets = {
        (name, world): np.array([courses[name, world, seed].regret for seed in SEEDS])
        for name, world in product(names, WORLDS)
    }
    errors = {world: np.array([courses[OURS, world, seed].errors for seed in SEEDS]) for world in WORLDS}
    shares = {
        (world, index): share(regrets[OURS, world][:, index], [regrets[name, world][:, index] for name in names[1:]])
        for world, index in product(WORLDS, range(len(MARKS)))
    }
    _print(console, regrets, shares)
    return judged(shares, errors)


def judged(shares: Mapping[tuple[str, int], Share], errors: Mapping[str, Floats]) -> list[Figure]:
    """What was found beside what is promised; errors of a world have the shape (seeds, periods of `JUDGED`)."""
    found = []
    for (world, index), each in shares.items():
        name, limit = f"regret, {world}, {MARKS[index]:,} decisions, share of the better one", LIMITS[world][index]
        theirs = f"{each.theirs:.0f}"
        if limit is None:
            found.append(Figure(name, f"{each.judged:.3g}", theirs, None, "", held=True))
        else:
            found.append(at_most(name, each.judged, limit, baseline=theirs))
    for (world, found_there), (column, when) in product(errors.items(), enumerate(JUDGED)):
        found.append(at_most(f"calibration error, {world}, {when}", float(found_there[:, column].mean()), MOST_ECE))
    return found


def _print(
    console: Console, regrets: Mapping[tuple[str, str], Floats], shares: Mapping[tuple[str, int], Share]
) -> None:
    table = Table(title=f"Regret, mean of seeds {SEEDS[0]} to {SEEDS[-1]}")
    for column in ("world", "policy", *(f"{mark:,} decisions" for mark in MARKS)):
        table.add_column(column)
    for (name, world), found in sorted(regrets.items(), key=lambda item: list(WORLDS).index(item[0][1])):
        table.add_row(world, name, *(f"{value:.0f}" for value in found.mean(axis=0)))
    console.print(table)
    table = Table(title="Share of the better one's regret: of means, and seed by seed the median (least to most)")
    for column in ("world", *(f"{mark:,} decisions" for mark in MARKS)):
        table.add_column(column)
    for world in WORLDS:
        of = [shares[world, index] for index in range(len(MARKS))]
        table.add_row(world, *(f"{s.of_means:.2f}, {s.median:.2f} ({s.least:.2f} to {s.most:.2f})" for s in of))
    console.print(table)
