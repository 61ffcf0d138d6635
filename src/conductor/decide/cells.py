"""All contexts that posteriors tell apart, numbered, and what each has in common with the others."""

from __future__ import annotations

from functools import cache
from itertools import accumulate, product

import numpy as np
from numpy.typing import NDArray

from conductor.decide.context import Scope, lineage
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Context, EngagementBucket
from conductor.domain.sessions import Phase, SessionType, SizeBucket

Floats = NDArray[np.float64]

_FACTORS = (tuple(AnomalyType), tuple(Phase), tuple(SessionType), tuple(SizeBucket))
_FIRST = (1, *accumulate((len(levels) for levels in _FACTORS), initial=1))[1:]
# The column of each factor's first level; column 0 is what all contexts share.

CELLS = tuple(Context(*levels, EngagementBucket.LOW) for levels in product(*_FACTORS))
"""Every context once. The score does not tell posteriors apart, so any one bucket will do."""

FEATURES = 1 + sum(map(len, _FACTORS))
"""What effects are made of: one of the arm itself, and one for each level of each factor."""

_NUMBERS = {lineage(cell)[-1]: number for number, cell in enumerate(CELLS)}


def number_of(context: Context) -> int:
    """The place of a context in `CELLS`."""
    return _NUMBERS[lineage(context)[-1]]


@cache
def inside(scope: Scope) -> NDArray[np.intp]:
    """The numbers of the cells in one scope of a lineage."""
    return np.array([number for number, cell in enumerate(CELLS) if scope in lineage(cell)], dtype=np.intp)


@cache
def design() -> Floats:
    """Shape (cells, FEATURES): 1 where an effect bears on a cell, else 0."""
    matrix = np.zeros((len(CELLS), FEATURES))
    matrix[:, 0] = 1.0
    for number, cell in enumerate(CELLS):
        levels = (cell.anomaly_type, cell.phase, cell.session_type, cell.session_size_bucket)
        for first, factor, level in zip(_FIRST, _FACTORS, levels, strict=False):
            matrix[number, first + list(factor).index(level)] = 1.0
    return matrix
