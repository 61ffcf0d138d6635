"""What the whole agent is worth: score minutes under 0.5 avoided, as a share of what an oracle avoids.

Simulated audiences (`benchmarks/audiences.py`) through signals, score, detection, decision, delivery and learning, in
fake time: twelve events of 24 sessions of an hour, one after the other, so that one learns for the next; the agent
begins knowing nothing. Every way of choosing gets the same rooms.

Nobody has met these audiences: which arm works where is drawn for each seed (`sim/strangers.py`), with the spread of
the worlds that regret is measured in. In the one audience that the product guesses (`sim/effects.py`) arms differ so
little that an arm at random comes as far as the oracle: whoever judges choices there judges luck, and its guesses are
those of the fixed rules.

Oracles are the same agent, with the same eyes and guardrails, that have been told how likely each arm ends a lull of
each true kind, hold nothing out and forget nothing. They do not know how kinds are mistaken for each other, so they
are strong rivals and no bound. One takes a nudge that works for as much as any other arm, the other for half, since
it reaches some; the better of both counts in each seed.

Beside them: nobody, an arm at random, fixed rules, and the plain rule of the product's blueprint (Thompson sampling
in each context by itself; it learns a success if the score is 0.1 higher). None of them holds anything out either, so
each is let off what learning honestly costs. Beside them the agent without the holdout, which goes by what it has
learned of arms alone.

Luck is left out on all sides (`benchmarks/audiences.py`): with it the standard deviation of a seed's lead was about
0.15, without it 0.13, and more before fixed rules: most of it is how audiences differ. Twelve seeds therefore tell a
lead of 0.06 from nothing less than one time in three, and 36 three times in four.

Contract: at least 0.85 of the oracle, the median of the seeds, and ahead of all four, surely: the interval of 95 % for
the mean lead (Student's t over the seeds) lies above zero. Nothing was tried on these seeds, and how many there are was
set before they were played; what was judged before, and on which seeds things were tried: docs/math.md.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.special import stdtrit

from benchmarks.audiences import REACHED, Played, Way, play
from benchmarks.figures import Figure
from benchmarks.processes import processes
from conductor.domain.strategies import PolicyName
from conductor.domain.trials import HOLDOUT_SHARE
from conductor.learn.outcome import Lesson
from conductor.sim.strangers import draw_effects

EVENTS = 12
SEEDS = tuple(range(801, 837))
LEAST = 0.85
SURE = 0.95

OURS, UNHELD, NOBODY = "ours", "ours, nothing held out", "nobody"
ORACLES = ("oracle, by chance of success", "oracle, by reach too")
RIVALS = ("random arm", "fixed rules", "plain rule")
WAYS = {
    NOBODY: Way(None),
    "random arm": Way(PolicyName.RANDOM),
    "fixed rules": Way(PolicyName.RULES),
    "plain rule": Way(PolicyName.PLAIN, lesson=Lesson.RISE),
    OURS: Way(PolicyName.THOMPSON, HOLDOUT_SHARE),
    UNHELD: Way(PolicyName.THOMPSON),
    ORACLES[0]: Way(PolicyName.BEST, knows=True),
    ORACLES[1]: Way(PolicyName.BEST, knows=True, reached=REACHED),
}

Floats = NDArray[np.float64]


def one(name: str, seed: int) -> list[Played]:
    """One way of choosing, through all events."""
    return play(WAYS[name], draw_effects(np.random.default_rng([seed, 0, 1])), EVENTS, seed)


def run(console: Console) -> list[Figure]:
    """Play all, print, and judge."""
    jobs = list(product(WAYS, SEEDS))
    with processes() as executor:
        found = dict(zip(jobs, executor.map(one, *zip(*jobs, strict=True)), strict=True))
    shares = {name: _shares(found, name) for name in WAYS}
    _print(console, found, shares)
    ours = float(np.median(shares[OURS]))
    return [
        Figure("avoided, as a share of the oracle's", f"{ours:.2f}", "", None, f"≥ {LEAST:g}", ours >= LEAST),
        *(_ahead(f"avoided, ahead of {name}", OURS, name, shares, "> 0, surely") for name in (NOBODY, *RIVALS)),
        *(_ahead(f"the same with nothing held out, {name}", UNHELD, name, shares, "") for name in RIVALS),
    ]


def _ahead(told: str, ours: str, theirs: str, shares: dict[str, Floats], required: str) -> Figure:
    # The same rooms for both: what is compared is the difference in each seed.
    by = shares[ours] - shares[theirs]
    mean, error = float(by.mean()), float(by.std(ddof=1)) / math.sqrt(len(by))
    within = float(stdtrit(len(by) - 1, 0.5 + SURE / 2.0)) * error
    figure = f"{mean:+.2f} ({mean - within:+.2f} to {mean + within:+.2f}), in {np.count_nonzero(by > 0.0)} of {len(by)}"
    return Figure(told, figure, f"{_middle(shares, theirs):.2f}", None, required, not required or mean > within)


def _middle(shares: dict[str, Floats], name: str) -> float:
    return float(np.median(shares[name]))


def _low(found: dict[tuple[str, int], list[Played]], name: str, seed: int) -> float:
    return sum(each.low + each.luck for each in found[name, seed])


def _shares(found: dict[tuple[str, int], list[Played]], name: str) -> Floats:
    """What was avoided in each seed, as a share of what the oracle avoided there."""
    alone = np.array([_low(found, NOBODY, seed) for seed in SEEDS])
    best = np.array([min(_low(found, oracle, seed) for oracle in ORACLES) for seed in SEEDS])
    return np.asarray((alone - [_low(found, name, seed) for seed in SEEDS]) / (alone - best), dtype=np.float64)


def _print(console: Console, found: dict[tuple[str, int], list[Played]], shares: dict[str, Floats]) -> None:
    title = f"{EVENTS} events of 24 sessions of an hour; median and range of {len(SEEDS)} seeds"
    table = Table(title=title)
    for column in (
        "chosen by",
        "score minutes under 0.5",
        "without luck",
        "minutes",
        "share of the oracle's",
        "done",
        "held out",
        "alone",
    ):
        table.add_column(column)
    for name in WAYS:
        runs = [found[name, seed] for seed in SEEDS]
        sums = [
            np.median([sum(getattr(each, field) for each in run) for run in runs])
            for field in ("low", "low_min", "done", "held_out", "alone")
        ]
        low, minutes, *counts = (f"{each:.0f}" for each in sums)
        even, share = np.median([_low(found, name, seed) for seed in SEEDS]), shares[name]
        told = f"{np.median(share):.2f} ({share.min():.2f} to {share.max():.2f})"
        table.add_row(name, low, f"{even:.0f}", minutes, told, *counts)
    console.print(table)
