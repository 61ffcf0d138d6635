"""Whether the agent falls quiet where nothing works, and goes on helping where something does.

Falls are drawn as in the worlds of the regret benchmark (`benchmarks/worlds.py`), a thousandth of the work of simulated
rooms: 144 contexts, four arms, 4,000 falls, a tenth of the decisions held out, a new event every 150 falls. Rooms pick
up by themselves, more or less often by context. In the null world an arm adds nothing to that; in the known world the
arms add 20, 12, 5 and 0 points.

- Null world: what the agent uses of the last thousand falls comes down to the exploration floor, and what it believes
  an arm to add, on average over contexts, stays within what an interruption costs.
- Known world: of the last thousand falls nearly all are answered, and lift is believed as it is.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, at_most
from benchmarks.worlds import ARMS, CONTEXTS, FACTORS
from conductor.decide.bandit import Bandit
from conductor.decide.cells import number_of
from conductor.decide.room import DecisionParams
from conductor.decide.stakes import TRIED_RATIO, lifts_of, stakes

FALLS = 4000
EVENT = 150
HELD_OUT = 0.1
LAST = 1000
SEEDS = (1, 2, 3, 4)
PROCESSES = 2
WORLDS: dict[str, tuple[float, ...]] = {"null": (0.0, 0.0, 0.0, 0.0), "known": (0.20, 0.12, 0.05, 0.0)}
"""What each arm adds to the chance to pick up, in every context."""

OWN, LEVEL_SD = 0.35, 0.06
"""How often rooms pick up by themselves, and by how much each level of a factor shifts that (stated guesses; the
replayed meetings and `sim/stage.py` lie around there)."""

NEAR_FLOOR = 2.0
MOST_LEFT = 0.1
COST = DecisionParams().interruption_cost

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Course:
    """What came of one world.

    Attributes:
        used: Share of falls in which an arm was used, by thousands.
        adds: What each arm is believed to add at the end, on average over contexts.
        spread: The largest of what any arm is believed to add in any context, or to take away; told and not judged.
    """

    used: tuple[float, ...]
    adds: tuple[float, ...]
    spread: float


def play(world: str, seed: int) -> Course:
    """One agent in one world."""
    lifts, own = WORLDS[world], _own(seed)
    rng, bandit, used = np.random.default_rng([seed, 12]), Bandit(), np.zeros(FALLS)
    contexts, dice = rng.integers(len(CONTEXTS), size=FALLS), rng.random((FALLS, 3))
    for t, (number, (chance, luck, coin)) in enumerate(zip(contexts.tolist(), dice.tolist(), strict=True)):
        if t % EVENT == 0:
            bandit.begin_event()
        context = CONTEXTS[number]
        at_stake = stakes(bandit, context, ARMS, COST)
        alone = 0.0 if at_stake is None else at_stake.alone
        if chance < alone:
            bandit.learn(context, None, float(luck < own[number]))
            continue
        used[t] = 1.0
        arm = bandit.choose_by(context, ARMS, (chance - alone) / (1.0 - alone)).arm
        if coin < HELD_OUT:
            bandit.learn(context, None, float(luck < own[number]))
        else:
            bandit.learn(context, arm, float(luck < own[number] + lifts[ARMS.index(arm)]))
    known = lifts_of(bandit)
    adds = np.array([[0.0 if known is None else known.of(arm, number_of(c)) for c in CONTEXTS] for arm in ARMS])
    by_thousand = tuple(float(part.mean()) for part in used.reshape(-1, LAST))
    return Course(by_thousand, tuple(adds.mean(axis=1).tolist()), float(np.abs(adds).max()))


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
    jobs = list(product(WORLDS, SEEDS))
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
        courses = dict(zip(jobs, processes.map(play, *zip(*jobs, strict=True)), strict=True))
    used = {w: np.median([courses[w, seed].used for seed in SEEDS], axis=0) for w in WORLDS}
    adds = {w: np.array([courses[w, seed].adds for seed in SEEDS]) for w in WORLDS}
    table = Table(title=f"Share of falls answered, by thousands; median of {len(SEEDS)} seeds")
    for column in (
        "world",
        *(f"to {(n + 1) * LAST:,}" for n in range(FALLS // LAST)),
        "arms believed to add (points)",
        "at most, in any context",
    ):
        table.add_column(column)
    for world in WORLDS:
        points = ", ".join(f"{each * 100:+.1f}" for each in np.median(adds[world], axis=0))
        spread = f"{max(courses[world, seed].spread for seed in SEEDS) * 100:.1f}"
        table.add_row(world, *(f"{each:.0%}" for each in used[world]), points, spread)
    console.print(table)
    strongest = np.abs(adds["null"]).max(axis=1)
    best = np.array(WORLDS["known"]).argmax()
    return [
        at_most(
            "null world: falls answered at last, as a multiple of the exploration floor",
            float(used["null"][-1]) / TRIED_RATIO,
            NEAR_FLOOR,
            baseline="without nothing as an arm: 10",
        ),
        at_most("null world: what the best or worst arm is believed to add, median", float(np.median(strongest)), COST),
        at_most("null world: the same, in the worst of the seeds", float(strongest.max()), 2.0 * COST),
        at_most("known world: falls not answered at last", 1.0 - float(used["known"][-1]), MOST_LEFT),
        at_most(
            "known world: error of what the best arm is believed to add, median",
            float(np.median(np.abs(adds["known"][:, best] - WORLDS["known"][best]))),
            0.05,
        ),
    ]
