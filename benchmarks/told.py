"""What all runs of a case of the lift benchmark come to, and how it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from benchmarks.attrition import Checked
from benchmarks.cases import Case, Run, Way
from benchmarks.looks import FAMILIES, KIND, SLICES, bias_of

Floats = NDArray[np.float64]

NAMES = (
    "all",
    *(f"arm {place}" for place in range(1, KIND)),
    *(f"kind {place}" for place in range(1, SLICES - KIND + 1)),
)
"""Of slices, as they are printed."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of all runs of a case; arrays have one entry for each slice. Runs count in which something is said.

    Attributes:
        runs: How many.
        cover: Share of runs whose interval at the end covers the truth.
        pooled: The same of all together, of the intervals of all arms, and of all circumstances.
        truth: Mean of what was to be estimated.
        bias: Mean error.
        unsure: How far chance may have moved that: one standard error.
        missed: Share of runs in which the interval missed the truth at any look; 0 if nobody looked all the time, as
            with everything below.
        any_said: Share of runs in which some arm, and some circumstances, were ever said to help or to harm.
        any_wrong: Share of runs in which some arm was ever said to help or to harm that does not.
        harm_said: Share of runs in which the last arm was ever said to harm.
        told: Decisions, in the median run, until it was known whether all together helps.
        naive: Share of runs in which the plain interval of the plain difference missed the truth.
        is_sure: Share of runs in which before and after alone was sure of an effect.
        rose: Mean rise of the score after something was done.
        succeeded: Share of these rises of 0.1 or more.
    """

    runs: int
    cover: Floats
    pooled: tuple[float, ...]
    truth: Floats
    bias: Floats
    unsure: Floats
    missed: Floats
    any_said: tuple[float, float]
    any_wrong: float
    harm_said: float
    told: float
    naive: float
    is_sure: float
    rose: float
    succeeded: float


def told_of(runs: Sequence[Run]) -> Told:
    """All of these taken together."""
    ended = [run.ended for run in runs]
    covers = np.array([each.covers for each in ended])
    biases = np.array([bias_of(ended, place) for place in range(SLICES)])
    looked = [run.looked for run in runs if run.looked is not None]
    missed, said, wrong = (
        np.array([getattr(each, name) for each in looked] or [[False] * SLICES]) for name in ("missed", "said", "wrong")
    )
    plain = [run.plain for run in runs if run.plain is not None]
    naive, is_sure, rose, succeeded = (
        float(np.mean([getattr(each, name) for each in plain] or [0.0]))
        for name in ("missed", "is_sure", "rose", "succeeded")
    )
    return Told(
        runs=len(runs),
        cover=np.nanmean(covers, axis=0),
        pooled=tuple(float(np.nanmean(covers[:, family])) for family in FAMILIES),
        truth=np.nanmean([each.truth for each in ended], axis=0),
        bias=biases[:, 0],
        unsure=biases[:, 1],
        missed=missed.mean(axis=0),
        any_said=(_any(said[:, FAMILIES[1]]), _any(said[:, FAMILIES[2]])),
        any_wrong=_any(wrong[:, FAMILIES[1]]),
        harm_said=float(said[:, KIND - 1].mean()),
        told=float(np.median([each.told for each in looked] or [0])),
        naive=naive,
        is_sure=is_sure,
        rose=rose,
        succeeded=succeeded,
    )


def _any(said: NDArray[np.bool_]) -> float:
    return float(said.any(axis=1).mean())


def tables(found: Mapping[Case, Told], checks: Mapping[float, Checked]) -> Iterator[Table]:
    """What was looked at all the time; what once, slice by slice; what the coin's check makes of losses."""
    yield _always({case: told for case, told in found.items() if case.looks})
    most = max(case.count for case in found)
    once = {case: told for case, told in found.items() if case.count == most or case.way is Way.CHOSEN}
    yield _once("Share of intervals for one look that cover the truth", once, lambda told: _shares(told.cover))
    yield _once("Bias, in points (± one standard error of the simulation)", once, _biases)
    yield _losses(checks)


def _always(found: Mapping[Case, Told]) -> Table:
    table = Table(title="Looked at after each decision")
    for column in ("world", "runs", "truth", "before and after alone", "of these +0.1", "known after", "harm known"):
        table.add_column(column)
    for case, told in found.items():
        after = f"{told.told:.0f} (median)" if isfinite(told.told) else f"over {case.count}"
        points = (f"{told.truth[0] * 100:+.1f}", f"{told.rose * 100:+.1f}", f"{told.succeeded:.0%}")
        table.add_row(case.name, str(told.runs), *points, after, f"{told.harm_said:.0%}")
    return table


def _once(title: str, found: Mapping[Case, Told], cells: Callable[[Told], list[str]]) -> Table:
    table = Table(title=title)
    for column in ("world", "decisions", "runs", *NAMES):
        table.add_column(column)
    for case, told in found.items():
        table.add_row(case.name, str(case.count), str(told.runs), *cells(told))
    return table


def _shares(values: Floats) -> list[str]:
    return [f"{value:.1%}" for value in values]


def _biases(told: Told) -> list[str]:
    both = zip(told.bias * 100, told.unsure * 100, told.truth * 100, strict=True)
    return [f"{bias:+.2f} ± {unsure:.2f}\nof {truth:+.1f}" for bias, unsure, truth in both]


def _losses(checks: Mapping[float, Checked]) -> Table:
    table = Table(title="Warning case: half of the rooms left alone that did not recover are lost")
    for column in ("held out", "lift told", "truth", "covers the truth", "warned"):
        table.add_column(column)
    for share, each in checks.items():
        points = (f"{each.estimate * 100:+.1f}", f"{each.truth * 100:+.1f}")
        table.add_row(f"{share:.0%}", *points, f"{each.covers:.0%}", f"{each.found_badly:.0%}")
    return table
