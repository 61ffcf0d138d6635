"""Regret of the bandit beside Thompson sampling for each context by itself, and whether its confidence is true.

Regret is the sum, over decisions, of the best arm's chance minus the chosen arm's. 144 contexts, four arms, 10,000
decisions; all policies meet the same contexts in the same order and share their luck. Baselines are Thompson sampling
by River and by MABWiser with Beta posteriors, one for each context; against the better of the two, in the same run:

- where contexts share structure, at most 0.6 of it after 200 and after 1,000 decisions,
- where contexts share nothing, never more than 1.1 of it,
- where the best arm switches half-way, at most 0.6 of it at the end,
- expected calibration error of the confidence under 0.05 over decisions 1,001 to 2,000.
"""

from __future__ import annotations

from collections.abc import Callable
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
SEEDS = tuple(range(1, 9))
PROCESSES = 2
JUDGED = slice(1000, 2000)
"""Decisions whose confidence is judged."""

BINS = 10
MOST_SHARED, MOST_APART, MOST_SWITCH, MOST_ECE = 0.6, 1.1, 0.6, 0.05

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
    """What came of one policy in one world: regret at `MARKS`, and the expected calibration error."""

    regret: tuple[float, ...]
    ece: float


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
    return Course(tuple(float(lost[:mark].sum()) for mark in MARKS), ece(confidence[JUDGED], truth[JUDGED]))


def ece(confidence: Floats, truth: Floats) -> float:
    """Expected calibration error: how far confidence and true chance lie apart on average, in tenths of confidence."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    apart = [abs(float((confidence - truth)[bins == each].sum())) for each in range(BINS)]
    return sum(apart) / len(confidence)


def run(console: Console) -> list[Figure]:
    """Play all, print regrets, and judge."""
    names = list(POLICIES)
    if find_spec("mabwiser") is None:
        names.remove("MABWiser")
        console.print("MABWiser is not installed, so River alone is the baseline (`make bench` installs it)")
    jobs = list(product(names, WORLDS, SEEDS))
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
        courses = dict(zip(jobs, processes.map(play, *zip(*jobs, strict=True)), strict=True))
    means = {
        (name, world): np.mean([courses[name, world, seed].regret for seed in SEEDS], axis=0)
        for name, world in product(names, WORLDS)
    }
    _print(console, means)
    eces = {world: float(np.mean([courses[OURS, world, seed].ece for seed in SEEDS])) for world in WORLDS}
    return _figures(means, eces, names[1:])


def _figures(means: dict[tuple[str, str], Floats], eces: dict[str, float], baselines: list[str]) -> list[Figure]:
    limits = {
        "shared": (MOST_SHARED, MOST_SHARED, None),
        "apart": (MOST_APART, MOST_APART, MOST_APART),
        "switch": (None, None, MOST_SWITCH),
        "slow": (None, None, MOST_APART),
    }
    found = []
    for world, most in limits.items():
        for index, (mark, limit) in enumerate(zip(MARKS, most, strict=True)):
            theirs = min(float(means[name, world][index]) for name in baselines)
            ours = float(means[OURS, world][index])
            name, share = f"regret, {world}, {mark:,} decisions, as a share of the better baseline's", ours / theirs
            if limit is None:
                found.append(Figure(name, f"{share:.3g}", f"{theirs:.0f}", None, "", held=True))
            else:
                found.append(at_most(name, share, limit, baseline=f"{theirs:.0f}"))
    return found + [at_most(f"calibration error, {world}", error, MOST_ECE) for world, error in eces.items()]


def _print(console: Console, means: dict[tuple[str, str], Floats]) -> None:
    table = Table(title=f"Regret, mean of {len(SEEDS)} seeds")
    for column in ("world", "policy", *(f"{mark:,} decisions" for mark in MARKS)):
        table.add_column(column)
    for (name, world), regret in sorted(means.items(), key=lambda item: list(WORLDS).index(item[0][1])):
        table.add_row(world, name, *(f"{value:.0f}" for value in regret))
    console.print(table)
