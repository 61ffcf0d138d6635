"""How much better rooms fare that something was done for, than rooms that were left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from conductor.domain.interventions import Outcome

Z_95 = 1.959964
"""Two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Lift:
    """Difference of mean changes in score, treated minus left alone.

    Attributes:
        estimate: In [-1, 1].
        low: Lower end of the 95 % interval.
        high: Upper end.
        treated: Outcomes that it rests on.
        alone: Likewise.
    """

    estimate: float
    low: float
    high: float
    treated: int
    alone: int


def lift(treated: Sequence[Outcome], alone: Sequence[Outcome]) -> Lift | None:
    """Welch's interval for the difference of two means (Welch 1947), with the normal quantile.

    Returns:
        None where either side has fewer than two outcomes: then nothing can be said.
    """
    if min(len(treated), len(alone)) < 2:
        return None
    ours = np.array([outcome.delta for outcome in treated])
    theirs = np.array([outcome.delta for outcome in alone])
    estimate = float(ours.mean() - theirs.mean())
    half = Z_95 * float(np.sqrt(ours.var(ddof=1) / len(ours) + theirs.var(ddof=1) / len(theirs)))
    return Lift(estimate, estimate - half, estimate + half, len(treated), len(alone))
