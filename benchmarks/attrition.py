"""Whether the coin's own check notices that outcomes go missing, and keeps quiet where nothing is wrong with that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import LOST_RATIO, SEED, truth_of
from benchmarks.lulls import Lulls, draw
from conductor.learn.adjusted import adjusted
from conductor.learn.anytime import p_value, ratio_log_e
from conductor.learn.experiment import ALPHA, SUSPICIOUS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

DECISIONS = 1000

LOST_HELD, LOST_TREATED = 1.0 / 3.0, 0.02
"""Share of outcomes that go missing where something is wrong with what is seen: of rooms left alone, of others."""

LOST_BADLY = 0.5
"""The worst case: this share of rooms left alone that did not recover. Somebody closed them, say."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Share of runs in which the check raises an alarm within `DECISIONS`, and what is told where it should.

    Attributes:
        false: Nothing is lost.
        false_lost: A share `LOST_RATIO` is lost, whatever becomes of the room.
        found: Of rooms left alone far more is lost, whatever becomes of them.
        found_badly: More is lost of rooms left alone that did not recover.
        estimate: Mean lift that is told there.
        truth: What it should be.
        covers: Share of runs in which the interval for one look covers it there all the same.
    """

    false: float
    false_lost: float
    found: float
    found_badly: float
    estimate: float
    truth: float
    covers: float


def checked(share: float, runs: int) -> Checked:
    """So many runs of `DECISIONS` lulls, of which this share is held out."""
    truth = float(truth_of(works=True)[0])
    told = np.array([_checked(share, run, truth) for run in range(runs)]).mean(axis=0)
    false, false_lost, found, found_badly, estimate, covers = told.tolist()
    return Checked(false, false_lost, found, found_badly, estimate, truth, covers)


def _checked(share: float, run: int, truth: float) -> tuple[float, ...]:
    rng = np.random.default_rng([SEED, 4, run])
    lulls = draw(rng, DECISIONS, share, works=True)
    held, dice = lulls.moments.held_out, rng.random(DECISIONS)
    fell = lulls.moments.after < lulls.moments.before
    badly = dice < np.where(held & fell, LOST_BADLY, LOST_TREATED)
    found = adjusted(lulls.moments.at(np.flatnonzero(~badly)))
    estimate, half = (np.nan, np.nan) if found is None else (found.estimate, found.at_once(ALPHA))
    return (
        _is_alarm(lulls, np.ones(DECISIONS, dtype=np.bool_)),
        _is_alarm(lulls, dice < LOST_RATIO),
        _is_alarm(lulls, dice < np.where(held, LOST_HELD, LOST_TREATED)),
        _is_alarm(lulls, badly),
        estimate,
        abs(estimate - truth) <= half,
    )


def _is_alarm(lulls: Lulls, counted: Mask) -> bool:
    """Whether, among the ones counted, too many were held out, or too few."""
    moments = lulls.moments
    return p_value(ratio_log_e(moments.held_out[counted], moments.share[counted])) < SUSPICIOUS
