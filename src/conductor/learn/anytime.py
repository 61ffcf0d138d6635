"""Intervals and checks that stay true however often one looks: nothing here needs a time that was fixed beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import NDArray

TIGHT_AT = 0.1
"""Half the width in points of score at which an interval is as narrow as it can be for what is known: a tenth, where
success begins (stated choice: `OutcomeParams.success_delta`)."""

_TIGHT_ALPHA = 0.05

TILTS = (0.125, 0.25, 0.5, 0.67, 0.8, 1.25, 1.5, 2.0, 4.0, 8.0)
"""By what the odds of being held out may be wrong, up to eightfold, each as likely as any other (stated choice)."""


def _tuned() -> float:
    # Howard, Ramdas, McAuliffe & Sekhon 2021, eq. (3.7): the mixture that is tightest at this much information.
    information = 1.0 / (TIGHT_AT / 2.0) ** 2
    return information / (-2.0 * log(_TIGHT_ALPHA) + log(-2.0 * log(_TIGHT_ALPHA)) + 1.0)


RHO = _tuned()
"""Information that the mixture starts from, in 1 / variance."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An estimate and what it says against "no difference".

    Attributes:
        estimate: The difference.
        variance: Its variance, above 0; infinite where nothing can be told.
    """

    estimate: float
    variance: float

    @property
    def log_e(self) -> float:
        """Logarithm of the e-value against "no difference".

        Were there none, it would exceed 1 / alpha at any time at all in at most a share alpha of all cases (Ville).
        It is Robbins' normal mixture in the information, 1 / variance.
        """
        information = 1.0 / self.variance
        total = information + RHO
        return 0.5 * log(RHO / total) + (information * self.estimate) ** 2 / (2.0 * total)

    def radius(self, alpha: float) -> float:
        """Half the width of the interval that holds the truth at all times at once with probability 1 - alpha."""
        return inf if self.variance == inf else _spread(1.0 / self.variance, alpha) * self.variance


def _spread(information: float, alpha: float) -> float:
    total = information + RHO
    return sqrt(total * log(total / (RHO * alpha**2)))


def information_for(radius: float, alpha: float) -> float:
    """How much information, 1 / variance, makes half the interval so wide.

    There is no closed form. A fixed point is found by repetition, each of which halves the error or better.
    """
    information = 0.0
    for _ in range(50):
        information = _spread(information, alpha) / radius
    return information


def level_of(log_es: Sequence[float], alpha: float) -> float:
    """The alpha at which each of several intervals is told, so that looking at many misleads no more than at one.

    Those whose e-value is high enough for it are discoveries (e-BH, Wang & Ramdas 2022): among what is said to help or
    harm, a share alpha at most does neither, on average, whatever the slices have to do with one another. At the level
    that is returned, exactly these exclude 0, and of their intervals a share alpha at most misses the truth (e-BY,
    Xu, Wang & Ramdas 2022).

    Returns:
        alpha · max(1, discoveries) / slices, in (0, alpha].
    """
    ordered = sorted(log_es, reverse=True)
    count = max(len(ordered), 1)
    enough = [k for k, log_e in enumerate(ordered, 1) if log_e >= log(count / (alpha * k))]
    return alpha * max(enough, default=1) / count


def ratio_log_e(held_out: NDArray[np.bool_], share: NDArray[np.float64]) -> float:
    """Logarithm of the largest e-value so far against "each was held out with its own share as probability".

    A mixture, over `TILTS`, of likelihood ratios in which the odds of being held out are so many times what they should
    be (Lindon & Malek 2022). As the largest so far counts, 1 / it is a p-value that may be looked at all the time.

    Args:
        held_out: In the order in which the coins fell.
        share: Of each, in (0, 1).
    """
    if len(held_out) == 0:
        return 0.0
    tilts = np.array(TILTS)[:, None]
    steps = np.where(held_out, np.log(tilts), 0.0) - np.log1p(share * (tilts - 1.0))
    paths = np.cumsum(steps, axis=1)
    peaks = paths.max(axis=0)
    mixed = peaks + np.log(np.exp(paths - peaks).mean(axis=0))
    return max(float(mixed.max()), 0.0)


def p_value(log_e: float) -> float:
    """At most so probable if nothing is wrong, in (0, 1]."""
    return min(1.0, exp(-log_e))
