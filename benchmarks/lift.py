"""Whether lift tells the truth: where nothing works, and where the effect of every arm is known (`benchmarks.lulls`).

- Intervals for who looks once cover the truth in 93 to 97 % of runs, at every size and share held out, in both worlds;
  of all together, of each arm (the one that harms, too) and in each of the circumstances; also where a fifth of
  outcomes is lost, and where the product's own agent chooses the arms by what it learned so far.
- Intervals for who looks all the time, looked at after every decision, miss the truth even once in at most 5 % of
  500 runs, in both worlds, of each of these slices; in the world in which nothing works, arms looked at side by side
  are said to help or harm in at most 5 %, and so are circumstances.
- The bias of lift is at most a tenth of it, of all arms together and of each.
- The coin's own check, after every decision, raises at most the false alarms that it says, and finds outcomes of
  rooms left alone going missing.

Where rooms differ much and each counts many times, intervals are for what was done in these very rooms, and somewhat
wider than they need be; how often they also cover what is to be expected of other rooms is printed beside.

Baselines, on the same runs: before and after alone, as in the documents (a success is a rise of 0.1), and the plain
difference of means, looked at after every decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from itertools import product

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from benchmarks.attrition import DECISIONS, Checked, checked
from benchmarks.cases import Case, Run, Way, play
from benchmarks.figures import Figure, at_most
from benchmarks.looks import KIND
from benchmarks.processes import processes
from benchmarks.told import Told, tables, told_of
from conductor.learn.experiment import SUSPICIOUS

Floats = NDArray[np.float64]

SIZES = (100, 200, 400, 1000)
SHARES = (0.1, 0.3)
RUNS_ONCE, RUNS_ALWAYS, RUNS_CHOSEN, RUNS_COIN = 2000, 500, 200, 5000
LOOKS = 300
PARTS = 10
"""Into which the runs of a case are cut, so that no process waits for another."""

LEAST_COVER, MOST_COVER = 0.93, 0.97
MOST_EVER, MOST_BIAS = 0.05, 0.1
LEAST_FOUND, LEAST_FOUND_BADLY = 0.95, 0.8

WORLDS = (False, True)
ONCE = [Case(Way.FIXED, works, share, size) for works, share, size in product(WORLDS, SHARES, SIZES)]
ALWAYS = [Case(Way.FIXED, works, share, LOOKS, looks=True) for works, share in product(WORLDS, SHARES)]
LARGEST = [case for case in ONCE if case.count == SIZES[-1]]
LOST, VARIED, TO_COME = (
    [Case(way, True, share, SIZES[-1]) for share in SHARES] for way in (Way.LOST, Way.VARIED, Way.TO_COME)
)
OTHER = [*LOST, *VARIED]
CHOSEN = [Case(Way.CHOSEN, works, SHARES[0], LOOKS, looks=True) for works in WORLDS]
CHOSEN_LONG = Case(Way.CHOSEN, True, SHARES[0], SIZES[-1])
"""An agent's own choice is slow to play: at the share that the product holds out, and longer only for the bias."""

BIASED = [*(case for case in LARGEST if case.works), *OTHER, CHOSEN_LONG]
HARMS = KIND - 1
"""The slice of the last arm, which annoys."""

RUNS = {
    **dict.fromkeys([*ONCE, *OTHER, *TO_COME], RUNS_ONCE),
    **dict.fromkeys([*ALWAYS, *CHOSEN], RUNS_ALWAYS),
    CHOSEN_LONG: RUNS_CHOSEN,
}


def run(console: Console) -> list[Figure]:
    """Play all, print, and judge."""
    with processes() as executor:
        started = {case: _start(executor, case) for case in sorted(RUNS, key=_fast)}
        checks = {share: executor.submit(checked, share, RUNS_COIN) for share in SHARES}
        runs = {case: [run for part in parts for run in part.result()] for case, parts in started.items()}
        check_of = {share: each.result() for share, each in checks.items()}
    found = {case: told_of(runs[case]) for case in RUNS}
    for table in tables(found, check_of):
        console.print(table)
    return [
        *(covers(f"{case.world}, {case.count} decisions, {case.held}", found[case].cover[:1]) for case in ONCE),
        *(figure for case in (*LARGEST, *OTHER) for figure in _slices(case, found[case])),
        *(figure for case in (*ALWAYS, *CHOSEN) for figure in _ever(case, found[case])),
        *(figure for case in CHOSEN for figure in _pooled(case, found[case])),
        # Of all together, 200 runs are too few to tell 93 % from 95 %.
        *_pooled(CHOSEN_LONG, found[CHOSEN_LONG])[1:],
        *(_biased(case, found[case]) for case in BIASED),
        _biased_of_all(CHOSEN_LONG, found[CHOSEN_LONG]),
        *(figure for share, each in check_of.items() for figure in _coin(share, each)),
    ]


def _fast(case: Case) -> bool:
    return case.way is not Way.CHOSEN


def _start(executor: Executor, case: Case) -> list[Future[list[Run]]]:
    return [executor.submit(play, case, range(part, RUNS[case], PARTS)) for part in range(PARTS)]


def covers(name: str, shares: Floats, most: float = MOST_COVER) -> Figure:
    """Whether intervals cover the truth as often as they say, the one that does least and the one that does most."""
    least, largest = float(shares.min()), float(shares.max())
    ours = f"{least:.1%}" if least == largest else f"{least:.1%} to {largest:.1%}"
    required = f"{LEAST_COVER:.0%} to {most:.0%}" if most < 1.0 else f"≥ {LEAST_COVER:.0%}"
    return Figure(f"{name}: covers the truth", ours, "", None, required, least >= LEAST_COVER and largest <= most)


def _slices(case: Case, found: Told) -> Iterator[Figure]:
    """All slices but the one of all together, where that is judged with the other sizes."""
    name = f"{case.name}: all together, arms and circumstances"
    if case.way is Way.VARIED:
        # What differs between rooms counts as chance, so these are wider than they need be for what was done in them.
        yield covers(name, found.cover, 1.0)
    else:
        yield covers(name, found.cover)
    if case.works:
        yield covers(
            f"{case.name}: the arm that harms", found.cover[[HARMS]], 1.0 if case.way is Way.VARIED else MOST_COVER
        )


def _pooled(case: Case, found: Told) -> list[Figure]:
    """Of as few runs each slice alone would lie outside by chance, so arms are taken together, and circumstances."""
    named = zip(("all together", "arms", "circumstances"), found.pooled, strict=True)
    return [covers(f"{case.name}, {case.count} falls: {name}", np.array([share])) for name, share in named]


def _ever(case: Case, found: Told) -> Iterator[Figure]:
    looked = f"{case.name}, looked at {LOOKS} times"
    naive = f"plain difference {found.naive:.2g}"
    yield at_most(f"{looked}: ever misses the truth", float(found.missed[0]), MOST_EVER, baseline=naive)
    yield at_most(f"{looked}: the same of an arm or of circumstances, worst", float(found.missed[1:].max()), MOST_EVER)
    if case.works:
        yield at_most(f"{looked}: some arm ever said to do what it does not", found.any_wrong, MOST_EVER)
        return
    arms, circumstances = found.any_said
    plain = f"before and after {found.is_sure:.2g}"
    yield at_most(f"{case.name}: some arm ever said to help or harm", arms, MOST_EVER, baseline=plain)
    yield at_most(f"{case.name}: some circumstances ever said to help or harm", circumstances, MOST_EVER)


def _biased(case: Case, found: Told) -> Figure:
    name = f"{case.name}: largest bias of an arm or of all, as a share of the effect"
    return at_most(name, float(np.abs(found.bias / found.truth)[:KIND].max()), MOST_BIAS)


def _biased_of_all(case: Case, found: Told) -> Figure:
    name = f"{case.name}: bias of all arms together, as a share of the effect"
    return at_most(name, float(abs(found.bias[0] / found.truth[0])), MOST_BIAS)


def _coin(share: float, found: Checked) -> list[Figure]:
    name = f"coin, {share:.0%} held out"
    badly = f"told {found.estimate * 100:+.1f} points for {found.truth * 100:+.1f}"
    return [
        at_most(f"{name}: false alarms within {DECISIONS:,}", found.false, SUSPICIOUS),
        at_most(f"{name}: false alarms where a fifth is lost, whatever comes of it", found.false_lost, SUSPICIOUS),
        _found(f"{name}: a third of outcomes lost is found", found.found, LEAST_FOUND),
        _found(
            f"{name}: half of those lost that did not recover is found", found.found_badly, LEAST_FOUND_BADLY, badly
        ),
    ]


def _found(name: str, share: float, least: float, baseline: str = "") -> Figure:
    return Figure(name, f"{share:.0%}", baseline, None, f"≥ {least:.0%}", share >= least)
