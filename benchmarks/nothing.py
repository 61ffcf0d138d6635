"""Whether the agent falls quiet where nothing works, and goes on helping where something does.

Falls are drawn as in the worlds of the regret benchmark (`benchmarks/worlds.py`), a thousandth of the work of simulated
rooms: 144 contexts, four arms, 4,000 falls, a tenth of the decisions held out, a new event every 150 falls. Rooms pick
up by themselves, more or less often by context. In the null world an arm adds nothing to that; in the known world the
arms add 20, 12, 5 and 0 points.

- Null world: what the agent does comes down to the exploration floor within a thousand falls, and stays there. What it
  believes an arm to add stays within what an interruption costs, on average over contexts and in the worst of them;
  and at no time is it sure, in more than a twentieth of all contexts (mean of the seeds), that an arm helps or harms.
- Known world: of the last thousand falls nearly all are answered, and the lift of the best arm is believed within five
  points of what it is.

Lifts are the same in all contexts here, and lessons come at once; simulated rooms have neither (`closed_loop`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, at_most
from benchmarks.processes import processes
from benchmarks.worlds import ARMS, CONTEXTS, FACTORS
from conductor.decide.bandit import Bandit
from conductor.decide.cells import number_of
from conductor.decide.room import DecisionParams
from conductor.decide.stakes import TRIED_RATIO, stakes

FALLS = 4000
EVENT = 150
HELD_OUT = 0.1
LAST = 1000
SEEDS: dict[str, tuple[int, ...]] = {"null": tuple(range(113, 125)), "known": (113, 114, 115, 116)}
WORLDS: dict[str, tuple[float, ...]] = {"null": (0.0, 0.0, 0.0, 0.0), "known": (0.20, 0.12, 0.05, 0.0)}
"""What each arm adds to the chance to pick up, in every context."""

OWN, LEVEL_SD = 0.35, 0.06
"""How often rooms pick up by themselves, and by how much each level of a factor shifts that (stated guesses; the
replayed meetings and `sim/stage.py` lie around there)."""

ASKED_AT = (100, 250, 500, 1000, 1500, 2000, 3000, 4000)
"""After so many falls it is asked what is believed of each arm in each context."""

QUIET_AT = 1000
QUIET_OVER = 100
NEAR_FLOOR, NEAR_FLOOR_WORST = 1.25, 2.0
"""The floor is reached where, of so many falls, something is done in no more than this many times as many as it
tells; by then in the median run, and near it in the worst."""

WITHOUT = "without nothing as an arm: 10"
MOST_LEFT = 0.1
MOST_SURE = 0.05
COST = DecisionParams().interruption_cost

_SURE = 0.975
_NONE = 1e-5
# An arm that adds less than this is believed to add nothing: one of the answers of `decide/lifts.py` is a single point.

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Course:
    """What came of one world.

    Attributes:
        chances: With which something was done, fall by fall.
        adds: What each arm is believed to add at the end, on average over contexts.
        most: The largest of what any arm is believed to add in any context, or to take away, at `ASKED_AT`.
        sure: Share of arms and contexts in which the 95 % belief of that leaves 0 out, at `ASKED_AT`.
    """

    chances: Floats
    adds: tuple[float, ...]
    most: Floats
    sure: Floats

    @property
    def used(self) -> Floats:
        """Share of falls in which something is done, by thousands."""
        return np.asarray(self.chances.reshape(-1, LAST).mean(axis=1))

    @property
    def quiet_at(self) -> float:
        """After so many falls the floor was reached; infinite if it never was."""
        over = np.convolve(self.chances, np.full(QUIET_OVER, 1.0 / QUIET_OVER), "valid")
        reached = np.flatnonzero(over <= NEAR_FLOOR * TRIED_RATIO)
        return float(reached[0] + QUIET_OVER) if len(reached) else float("inf")

    def around(self, fall: int) -> float:
        """Share of the falls before this one in which something is done."""
        return float(self.chances[fall - QUIET_OVER : fall].mean())


def play(world: str, seed: int) -> Course:
    """One agent in one world."""
    lifts, own = WORLDS[world], _own(seed)
    rng, bandit, chances = np.random.default_rng([seed, 12]), Bandit(), np.ones(FALLS)
    contexts, dice = rng.integers(len(CONTEXTS), size=FALLS), rng.random((FALLS, 3))
    asked: list[tuple[float, float]] = []
    for t, (number, (chance, luck, coin)) in enumerate(zip(contexts.tolist(), dice.tolist(), strict=True)):
        if t % EVENT == 0:
            bandit.begin_event()
        context = CONTEXTS[number]
        at_stake = stakes(bandit, context, ARMS, COST)
        alone = 0.0 if at_stake is None else at_stake.alone
        chances[t] = 1.0 - alone
        arm = None if chance < alone else bandit.choose_by(context, ARMS, (chance - alone) / (1.0 - alone)).arm
        if arm is None or coin < HELD_OUT:
            bandit.learn(context, None, float(luck < own[number]))
        else:
            bandit.learn(context, arm, float(luck < own[number] + lifts[ARMS.index(arm)]))
        if t + 1 in ASKED_AT:
            asked.append((float(np.abs(_adds(bandit)).max()), _sure(bandit)))
    most, sure = np.array(asked).T
    return Course(chances, tuple(_adds(bandit).mean(axis=1).tolist()), most, sure)


def _adds(bandit: Bandit) -> Floats:
    """What each arm is believed to add in each context; shape (arms, contexts)."""
    if (known := bandit.lifts()) is None:
        return np.zeros((len(ARMS), len(CONTEXTS)))
    return np.array([[known.of(arm, number_of(context)) for context in CONTEXTS] for arm in ARMS])


def _sure(bandit: Bandit) -> float:
    """Share of arms and contexts in which it is believed, with 97.5 %, that the arm helps, or that it harms."""
    if (known := bandit.lifts()) is None:
        return 0.0
    count = 0
    for arm, context in product(ARMS, CONTEXTS):
        cell = number_of(context)
        helps, harms_not = (known.chance_that_one_adds([arm], cell, least, 1.0) for least in (_NONE, -_NONE))
        count += helps > _SURE or 1.0 - harms_not > _SURE
    return count / (len(ARMS) * len(CONTEXTS))


def _own(seed: int) -> Floats:
    """How often rooms pick up by themselves, by context."""
    rng = np.random.default_rng([seed, 11])
    places = np.array(list(product(*(range(len(levels)) for levels in FACTORS))))
    chance = np.full(len(CONTEXTS), OWN)
    for factor, levels in enumerate(FACTORS):
        chance += rng.normal(0.0, LEVEL_SD, len(levels))[places[:, factor]]
    return np.asarray(np.clip(chance, 0.05, 0.75), dtype=np.float64)


def run(console: Console) -> list[Figure]:
    """Play all, print, and judge."""
    jobs = [(world, seed) for world in WORLDS for seed in SEEDS[world]]
    with processes() as executor:
        played = list(executor.map(play, *zip(*jobs, strict=True)))
    courses = {
        world: [course for (where, _), course in zip(jobs, played, strict=True) if where == world] for world in WORLDS
    }
    console.print(_answered(courses))
    console.print(_believed(courses))
    return [*_quiet(courses["null"]), *_undeceived(courses["null"]), *_known(courses["known"])]


def _quiet(courses: list[Course]) -> list[Figure]:
    by_then = np.array([course.around(QUIET_AT) for course in courses]) / TRIED_RATIO
    at_last = np.array([course.used[-1] for course in courses]) / TRIED_RATIO
    reached = np.array([course.quiet_at for course in courses])
    name = "null world: falls answered, as a multiple of the exploration floor"
    return [
        at_most(f"{name}, after {QUIET_AT:,}, median", float(np.median(by_then)), NEAR_FLOOR, baseline=WITHOUT),
        at_most(f"{name}, after {QUIET_AT:,}, worst", float(by_then.max()), NEAR_FLOOR_WORST),
        at_most(f"{name}, at last, median", float(np.median(at_last)), NEAR_FLOOR, baseline=WITHOUT),
        at_most(f"{name}, at last, worst", float(at_last.max()), NEAR_FLOOR_WORST),
        at_most(
            "null world: falls until the exploration floor is reached, median", float(np.median(reached)), QUIET_AT
        ),
    ]


def _undeceived(courses: list[Course]) -> list[Figure]:
    strongest = np.array([np.abs(course.adds).max() for course in courses])
    most = np.array([course.most for course in courses])
    sure = np.array([course.sure for course in courses]).mean(axis=0)
    return [
        at_most("null world: what the best or worst arm is believed to add, median", float(np.median(strongest)), COST),
        at_most("null world: the same, in the worst of the seeds", float(strongest.max()), 2.0 * COST),
        at_most("null world: the same, in the worst context, median", float(np.median(most[:, -1])), COST),
        at_most("null world: the same, in the worst context and seed", float(most[:, -1].max()), 2.0 * COST),
        at_most(
            "null world: arms and contexts believed, with 95 %, not to add nothing, at worst", sure.max(), MOST_SURE
        ),
    ]


def _known(courses: list[Course]) -> list[Figure]:
    best = int(np.argmax(WORLDS["known"]))
    errors = [abs(course.adds[best] - WORLDS["known"][best]) for course in courses]
    unanswered = 1.0 - float(np.median([course.used[-1] for course in courses]))
    return [
        at_most("known world: falls not answered at last", unanswered, MOST_LEFT),
        at_most("known world: error of what the best arm is believed to add, median", float(np.median(errors)), 0.05),
    ]


def _answered(courses: Mapping[str, list[Course]]) -> Table:
    thousands = [f"to {(number + 1) * LAST:,}" for number in range(FALLS // LAST)]
    table = Table(title=f"Share of falls answered, median over seeds; the exploration floor is {TRIED_RATIO:.0%}")
    for column in ("world", "seeds", *thousands, f"around {QUIET_AT:,}", "floor reached after", "arms believed to add"):
        table.add_column(column)
    for world, of_world in courses.items():
        used = np.median([course.used for course in of_world], axis=0)
        around = np.median([course.around(QUIET_AT) for course in of_world])
        reached = np.array([course.quiet_at for course in of_world])
        points = ", ".join(f"{each * 100:+.1f}" for each in np.median([course.adds for course in of_world], axis=0))
        falls = f"{np.median(reached):,.0f} ({reached.min():,.0f} to {reached.max():,.0f})"
        table.add_row(world, str(len(of_world)), *(f"{each:.1%}" for each in used), f"{around:.1%}", falls, points)
    return table


def _believed(courses: Mapping[str, list[Course]]) -> Table:
    table = Table(title="What is believed of each arm in each context, after so many falls")
    for column in ("world", "", *(f"{falls:,}" for falls in ASKED_AT)):
        table.add_column(column)
    for world, of_world in courses.items():
        most = np.array([course.most for course in of_world]) * 100
        sure = np.mean([course.sure for course in of_world], axis=0)
        table.add_row(world, "sure that not nothing", *(f"{each:.1%}" for each in sure))
        table.add_row(world, "largest, points, median", *(f"{each:.1f}" for each in np.median(most, axis=0)))
        table.add_row(world, "largest, points, worst", *(f"{each:.1f}" for each in most.max(axis=0)))
    return table
