"""Audiences that nobody has met: which arm works where is drawn, so that no guess of anybody's knows it beforehand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm
from conductor.domain.sessions import Phase, SessionType, SizeBucket
from conductor.sim.effects import EffectTable

STRANGE_ARM_SD = 1.0
STRANGE_LEVEL_SD = 0.5
"""How much log-odds of success differ: between arms, and by each level of each factor for each arm. The same as in the
worlds that regret is measured in, where half of all arms work less than half the time."""

Level = TypeVar("Level", AnomalyType, Phase, SessionType, SizeBucket)


def draw_effects(rng: np.random.Generator) -> EffectTable:
    """How well interventions work on one audience; all else is as in the usual table."""
    of_arms = {arm: float(rng.normal(0.0, STRANGE_ARM_SD)) for arm in Arm}
    shifts = _by_level(rng, AnomalyType)
    return EffectTable(
        base={arm: {kind: _chance(of_arms[arm] + shift) for kind, shift in shifts[arm].items()} for arm in Arm},
        by_phase=_by_level(rng, Phase),
        by_type=_by_level(rng, SessionType),
        by_size=_by_level(rng, SizeBucket),
    )


def _by_level(rng: np.random.Generator, levels: Iterable[Level]) -> Mapping[Arm, Mapping[Level, float]]:
    listed = tuple(levels)
    return {arm: dict(zip(listed, rng.normal(0.0, STRANGE_LEVEL_SD, len(listed)).tolist(), strict=True)) for arm in Arm}


def _chance(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))
