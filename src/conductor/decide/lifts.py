"""What arms add to doing nothing, in each context, as far as all that was seen says.

A room's chance to pick up is taken as what rooms of its context do by themselves plus what the arm adds, both made of
effects of the context's factors; `docs/math.md` has the formulas. How much arms add, and how much that differs, is not
known beforehand, so several answers are weighed by how well each foretells what was seen: that nothing adds anything is
one of them. Everything here is a function of the counts alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from conductor.decide.cells import CELLS, FEATURES, design
from conductor.decide.choice import ARM_ORDER
from conductor.domain.interventions import Arm

Floats = NDArray[np.float64]

NOISE = 0.25
"""Variance of one lesson, at most (that of a yes or no); so lessons are never taken for surer than they are."""

OWN_SD = 0.5
LEVEL_SD = 0.15
CELL_SD = 0.1
"""How much rooms' own recovery differs: whether half of them pick up or all or none; by a level of a factor; by context
and nothing else (stated guesses; they matter only while little was seen)."""

ADDING: tuple[tuple[float, float], ...] = ((0.0, 0.0), (0.1, 0.02), (0.1, 0.05), (0.2, 0.15))
"""How much arms may add, as standard deviations of a chance: whatever the arm and context; and by how much arms differ
from each other in it, and each level of a factor shifts it. The first answer is that nothing adds anything."""

BEFOREHAND = (0.1, 0.3, 0.3, 0.3)
"""How probable each answer is before anything was seen (stated guess: an arm mostly helps)."""

GUESS = 0.1
"""What arms are expected to add before anything was seen, unless they add nothing (stated guess). While little was
seen it is for them to be shown useless: it weighs as much as fifty rooms, half of them left alone."""

_PARTS = 2 + len(ARM_ORDER)
_WIDE = _PARTS * FEATURES
# What rooms do by themselves, what any arm adds, and what each one adds beside that.
_ALMOST_NONE = 1e-6
_DRAWS = 1024
# Twice as many points are drawn from: each with its mirror image, so that no arm is favoured.


@dataclass(frozen=True, slots=True)
class Lifts:
    """What is believed of all lifts, by each of the answers of `ADDING`.

    Attributes:
        means: Of the effects; shape (answers, parts, FEATURES).
        covariances: Of the effects; shape (answers, parts * FEATURES, parts * FEATURES).
        weights: How probable each answer is; adds up to 1.
    """

    means: Floats
    covariances: Floats
    weights: Floats

    def of(self, arm: Arm, cell: int) -> float:
        """How much likelier success is expected to be with the arm than without, in this context."""
        rows = _rows([arm], cell)
        return float(self.weights @ (self.means.reshape(len(ADDING), _WIDE) @ rows[0]))

    def chance_that_one_adds(self, arms: Sequence[Arm], cell: int, least: float, reshaping: float) -> float:
        """The chance in [0, 1] that one of these arms adds more than `least` in this context.

        Args:
            arms: At least one.
            cell: Number of the context.
            least: What has to be added, as a chance.
            reshaping: Variances are multiplied by this, in (0, 1]; the bandit does the same.
        """
        rows = _rows(arms, cell)
        found = 0.0
        for mean, covariance, weight in zip(self.means, self.covariances, self.weights.tolist(), strict=True):
            spread = np.linalg.cholesky(reshaping * (rows @ covariance @ rows.T) + _ALMOST_NONE**2 * np.eye(len(arms)))
            drawn = rows @ mean.ravel() + _points()[:, : len(arms)] @ spread.T
            found += weight * float((drawn.max(axis=1) > least).mean())
        return found


def fit_lifts(counts: Mapping[Arm | None, Floats]) -> Lifts:
    """Fit all effects to counts of successes and failures, each of shape (2, cells), by arm; under None of no arm."""
    information, pull = np.zeros((_WIDE, _WIDE)), np.zeros(_WIDE)
    in_cell, seen, risen = np.zeros((len(CELLS), _WIDE)), np.zeros(len(CELLS)), np.zeros(len(CELLS))
    for arm in (*ARM_ORDER, None):
        if arm not in counts:
            continue
        successes, failures = counts[arm]
        told = (successes + failures) / NOISE
        # One half is what is expected of a room that nothing is known of.
        above = 0.5 * (successes - failures) / NOISE
        matrix = _matrix(arm)
        information += (matrix.T * told) @ matrix
        pull += above @ matrix
        in_cell += told[:, None] * matrix
        seen += told
        risen += above
    # What is peculiar to a context is common to all that was done in it, and taken out here.
    shared = CELL_SD**2 / (1.0 + CELL_SD**2 * seen)
    information -= (in_cell.T * shared) @ in_cell
    pull -= (shared * risen) @ in_cell
    answers = [_answer(information, pull, variances) for variances in _variances()]
    means, covariances, evidence = zip(*answers, strict=True)
    shares = np.array(BEFOREHAND) * np.exp(np.array(evidence) - max(evidence))
    return Lifts(np.stack(means), np.stack(covariances), shares / shares.sum())


def _answer(information: Floats, pull: Floats, variances: Floats) -> tuple[Floats, Floats, float]:
    """Mean and covariance of the effects under one prior, and the log-evidence of it up to what all have in common."""
    # In units of the prior, so that an effect that must be zero needs no special care.
    scale = np.sqrt(variances)
    curvature = np.eye(_WIDE) + scale[:, None] * information * scale
    inverse = np.linalg.inv(curvature)
    start = np.zeros(_WIDE)
    start[FEATURES] = GUESS * (scale[FEATURES] > 0.0)
    # How far what was seen lies from what the guess alone foretells.
    surprise = pull - information @ start
    moved = scale * (inverse @ (scale * surprise))
    told = float(start @ (pull - 0.5 * information @ start))
    evidence = told + 0.5 * float(surprise @ moved) - 0.5 * float(np.linalg.slogdet(curvature)[1])
    mean: Floats = start + moved
    return mean.reshape(_PARTS, FEATURES), scale[:, None] * inverse * scale, evidence


@cache
def _variances() -> tuple[Floats, ...]:
    own = [OWN_SD] + [LEVEL_SD] * (FEATURES - 1)
    found = []
    for common, apart in ADDING:
        any_arm = [common] + [apart] * (FEATURES - 1)
        each = [apart] * FEATURES * len(ARM_ORDER)
        found.append(np.array([*own, *any_arm, *each]) ** 2)
    return tuple(found)


@cache
def _matrix(arm: Arm | None) -> Floats:
    """Shape (cells, parts * FEATURES): which effects bear on a room of each context if this is done."""
    parts = np.zeros((len(CELLS), _PARTS, FEATURES))
    parts[:, 0] = design()
    if arm is not None:
        parts[:, 1] = parts[:, 2 + ARM_ORDER.index(arm)] = design()
    return parts.reshape(len(CELLS), _WIDE)


def _rows(arms: Sequence[Arm], cell: int) -> Floats:
    """Shape (arms, parts * FEATURES): what each arm adds in a context, of all effects."""
    return np.array([_matrix(arm)[cell] - _matrix(None)[cell] for arm in arms])


@cache
def _points() -> Floats:
    half = np.random.default_rng(0).standard_normal((_DRAWS, len(ARM_ORDER)))
    return np.concatenate([half, -half])
