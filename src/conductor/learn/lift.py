"""How much better a room fares that something was done for, than the same room left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from conductor.domain.interventions import Outcome
from conductor.learn.quantiles import t_quantile

LEAST_PAIRS = 5
"""With fewer pairs nobody can see whether the differences lie lopsided, and the interval takes them not to."""

Pair = tuple[Outcome, Outcome]
"""What became of a room that something was done for, and of the same room left alone at the same moment."""


@dataclass(frozen=True, slots=True)
class Lift:
    """Mean difference in the change of score, treated minus left alone.

    Attributes:
        estimate: In [-1, 1].
        low: Lower end of the 95 % interval.
        high: Upper end.
        pairs: Pairs of rooms that it rests on.
    """

    estimate: float
    low: float
    high: float
    pairs: int


def lift(pairs: Sequence[Pair]) -> Lift | None:
    """Interval of the mean of paired differences, with the quantile of Student's t.

    Args:
        pairs: Independent of each other: at most one of each room.

    Returns:
        None where there are fewer than `LEAST_PAIRS`: then nothing can be said.
    """
    if len(pairs) < LEAST_PAIRS:
        return None
    differences = np.array([treated.delta - alone.delta for treated, alone in pairs])
    estimate = float(differences.mean())
    half = t_quantile(0.975, len(pairs) - 1.0) * float(differences.std(ddof=1) / np.sqrt(len(pairs)))
    return Lift(estimate, estimate - half, estimate + half, len(pairs))
