"""What the whole agent is worth: score minutes under 0.5 avoided, as a share of what an oracle avoids.

Simulated audiences (`benchmarks/audiences.py`) through signals, score, detection, decision, delivery and learning, in
fake time: twelve events of 24 sessions of an hour, one after the other, so that one learns for the next; the agent
begins knowing nothing. Every way of choosing gets the same rooms, and what is done has the same luck.

Nobody has met these audiences: which arm works where is drawn for each seed (`sim/strangers.py`), with the spread of
the worlds that regret is measured in. In the one audience that the product guesses (`sim/effects.py`) arms differ so
little that an arm at random comes as far as the oracle: whoever judges choices there judges luck, and its guesses are
those of the fixed rules.

The oracle is the same agent, with the same eyes and guardrails, that has been told how well every arm works in every
context, and holds nothing out. Beside it: nobody, an arm at random, fixed rules, and the plain rule of the product's
blueprint (Thompson sampling in each context by itself; success if the score is 0.1 higher after two minutes). None of
them holds anything out either, so each is let off what learning honestly costs; what that is shows in the agent
without the holdout, which goes by what it has learned of arms alone.

Contract: at least 0.85 of the oracle, and ahead of all four, the median of the seeds. What was tried was tried on seeds
301 to 313.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.audiences import Played, Way, play
from benchmarks.figures import Figure
from benchmarks.processes import processes
from conductor.domain.strategies import PolicyName
from conductor.domain.trials import HOLDOUT_SHARE
from conductor.sim.strangers import draw_effects

EVENTS = 12
SEEDS = (401, 402, 403, 404, 405, 406)
LEAST = 0.85

OURS, ORACLE, NOBODY = "ours", "oracle", "nobody"
RIVALS = ("random arm", "fixed rules", "plain rule")
WAYS = {
    NOBODY: Way(None),
    "random arm": Way(PolicyName.RANDOM),
    "fixed rules": Way(PolicyName.RULES),
    "plain rule": Way(PolicyName.PLAIN, fine_from=0.0),
    OURS: Way(PolicyName.THOMPSON, HOLDOUT_SHARE),
    "ours, nothing held out": Way(PolicyName.THOMPSON),
    ORACLE: Way(PolicyName.BEST, knows=True),
}

Floats = NDArray[np.float64]


def one(name: str, seed: int) -> list[Played]:
    """One way of choosing, through all events."""
    return play(WAYS[name], draw_effects(np.random.default_rng([seed, 0])), EVENTS, seed)


def run(console: Console) -> list[Figure]:
    """Play all, print, and judge."""
    jobs = list(product(WAYS, SEEDS))
    with processes() as executor:
        found = dict(zip(jobs, executor.map(one, *zip(*jobs, strict=True)), strict=True))
    shares = {name: _shares(found, name) for name in WAYS}
    _print(console, found, shares)
    ours = float(np.median(shares[OURS]))
    # The same rooms for both: what is compared is the difference in each seed.
    ahead = {name: float(np.median(shares[OURS] - shares[name])) for name in (NOBODY, *RIVALS)}
    alike = {name: float(np.median(shares["ours, nothing held out"] - shares[name])) for name in RIVALS}
    return [
        Figure("avoided, as a share of the oracle's", f"{ours:.2f}", "", None, f"≥ {LEAST:g}", ours >= LEAST),
        *(
            Figure(f"avoided, ahead of {name}", f"{each:+.2f}", f"{_middle(shares, name):.2f}", None, "> 0", each > 0.0)
            for name, each in ahead.items()
        ),
        *(
            Figure(f"the same with nothing held out, {name}", f"{each:+.2f}", "", None, "", held=True)
            for name, each in alike.items()
        ),
    ]


def _middle(shares: dict[str, Floats], name: str) -> float:
    return float(np.median(shares[name]))


def _low(found: dict[tuple[str, int], list[Played]], name: str, seed: int) -> float:
    return sum(each.low for each in found[name, seed])


def _shares(found: dict[tuple[str, int], list[Played]], name: str) -> Floats:
    """What was avoided in each seed, as a share of what the oracle avoided there."""
    alone = np.array([_low(found, NOBODY, seed) for seed in SEEDS])
    best = np.array([_low(found, ORACLE, seed) for seed in SEEDS])
    return np.asarray((alone - [_low(found, name, seed) for seed in SEEDS]) / (alone - best), dtype=np.float64)


def _print(console: Console, found: dict[tuple[str, int], list[Played]], shares: dict[str, Floats]) -> None:
    title = f"{EVENTS} events of 24 sessions of an hour; median and range of {len(SEEDS)} seeds"
    table = Table(title=title)
    for column in (
        "chosen by",
        "score minutes under 0.5",
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
        share = shares[name]
        told = f"{np.median(share):.2f} ({share.min():.2f} to {share.max():.2f})"
        table.add_row(name, low, minutes, told, *counts)
    console.print(table)
