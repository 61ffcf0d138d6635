"""Treated minus held out, adjusted for the score before, with two estimates of how far chance may have moved it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from conductor.learn.quantiles import t_quantile

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]

LEAST_EACH = 4
"""With fewer treated or held out, how much they vary among themselves cannot be told at all."""

_LEVERAGE_MOST = 0.95
"""One moment that alone decides the fit has no residual: its share of it is cut here, or its variance were infinite."""


PLANNED_SPREAD = 0.15
"""Standard deviation of the score after, given that before: where nothing is known yet (stated guess)."""

PLANNED_WEIGHT = 4.0
"""As many moments that guess weighs beside those that were seen, where one looks all the time: the first few may all
end alike, as silent rooms do at 0, and show nothing of how others vary (stated guess)."""

_TINY = 1e-12
"""A variance below that is rounding: all moments of a group were alike."""

_ALIKE = 1e-6
"""A standard deviation of scores below that is rounding."""

_UPPER = 0.975


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments at which a coin fell, one entry each.

    Attributes:
        before: Score at the decision, in [0, 1].
        after: Score at the horizon, in [0, 1].
        held_out: Whether the coin said to do nothing.
        share: Probability in (0, 1) with which it would say so.
    """

    before: Floats
    after: Floats
    held_out: Mask
    share: Floats

    @property
    def count(self) -> int:
        """All moments."""
        return len(self.after)

    @property
    def count_held_out(self) -> int:
        """Those left alone."""
        return int(np.count_nonzero(self.held_out))

    def at(self, rows: Rows) -> Moments:
        """Those of these rows."""
        return Moments(self.before[rows], self.after[rows], self.held_out[rows], self.share[rows])


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A difference between treated and held out.

    Attributes:
        estimate: Mean change of score through treatment.
        variance: Its variance if looked at once (HC2): right on average, also where the groups vary unlike each other.
        df: Degrees of freedom of that variance (Bell & McCaffrey), 1 or more.
        careful: Its variance where one looks all the time: the largest one of HC3, of that of one common spread, and of
            that where `PLANNED_SPREAD` counts beside what was seen, widened as Student's interval is wider than the
            normal one. Early on a handful of moments may happen to agree, and whoever looks all the time would not
            miss that.
    """

    estimate: float
    variance: float
    df: float
    careful: float

    def at_once(self, alpha: float) -> float:
        """Half the width of the interval that is looked at once, at a time fixed beforehand."""
        return t_quantile(1.0 - alpha / 2.0, self.df) * float(np.sqrt(self.variance))


def adjusted(moments: Moments) -> Adjusted | None:
    """Least squares of the score after on treatment and the score before, weighted by 1 / P(assignment).

    Since the coin is fair by construction, the estimate is right whatever the score before has to do with the score
    after; the closer they go together, the narrower it gets (analysis of covariance; CUPED).

    Returns:
        None where fewer than `LEAST_EACH` were treated or held out.
    """
    held, total = moments.count_held_out, moments.count
    if held < LEAST_EACH or total - held < LEAST_EACH:
        return None
    treated = ~moments.held_out
    weights: Floats = 1.0 / np.where(treated, 1.0 - moments.share, moments.share)
    x = _design(moments.before, treated, weights)
    weighted = x * weights[:, None]
    inverse = np.asarray(np.linalg.inv(x.T @ weighted), dtype=np.float64)
    residuals = moments.after - x @ (inverse @ (weighted.T @ moments.after))
    # How much each moment's score after counts in the estimate.
    pull = weighted @ inverse[1]
    free = 1.0 - np.minimum(((x @ inverse) * weighted).sum(axis=1), _LEVERAGE_MOST)
    squares = (pull * residuals) ** 2
    left, degrees, pulled = float(residuals @ residuals), total - x.shape[1], float(pull @ pull)
    planned = (left + PLANNED_WEIGHT * PLANNED_SPREAD**2) / (degrees + PLANNED_WEIGHT)
    df = _degrees(x, weighted, inverse, pull**2 / free)
    careful = max(float((squares / free**2).sum()), left / degrees * pulled, planned * pulled) * _wider(df) ** 2
    once = float((squares / free).sum())
    # Where all ended alike nobody can see how much they vary, so that what is thought beforehand stands.
    return Adjusted(float(pull @ moments.after), once if once > _TINY else careful, df, careful)


def _design(before: Floats, treated: Mask, weights: Floats) -> Floats:
    centred = before - float(weights @ before) / float(weights.sum())
    x = np.ones((len(before), 3))
    x[:, 1], x[:, 2] = treated, centred
    # Where all treated began alike, and all held out, nothing tells how the scores before and after go together.
    within = np.where(treated, centred - centred[treated].mean(), centred - centred[~treated].mean())
    return x if float(within.std()) > _ALIKE else x[:, :2]


def _degrees(x: Floats, weighted: Floats, inverse: Floats, squared: Floats) -> float:
    """Satterthwaite's degrees of freedom of the HC2 variance, were all moments to vary alike (Bell & McCaffrey 2002).

    With M the matrix that makes residuals of scores, D the diagonal of `squared`, and B = D M Mᵀ, they are
    tr(B)² / tr(B²). M Mᵀ is I plus something of low rank, so no matrix of all moments by all moments is needed.
    """
    both = np.hstack([x, weighted])
    size = x.shape[1]
    core = np.zeros((2 * size, 2 * size))
    core[:size, :size] = inverse @ (weighted.T @ weighted) @ inverse
    core[:size, size:] = core[size:, :size] = -inverse
    rest = ((both @ core) * both).sum(axis=1)
    once = float((squared * (1.0 + rest)).sum())
    inner = core @ (both.T @ (both * squared[:, None]))
    twice = float((squared**2 * (1.0 + 2.0 * rest)).sum() + np.trace(inner @ inner))
    return max(once**2 / twice, 1.0) if twice > 0.0 else 1.0


def _wider(df: float) -> float:
    return t_quantile(_UPPER, df) / NormalDist().inv_cdf(_UPPER)
