"""Worlds in which every arm's chance of success is known in every context: what regret is measured in.

They were laid down before anything was tuned, what was tuned was tuned on other seeds (`docs/math.md`), and they are
not to be changed to suit a figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm, Context, EngagementBucket
from conductor.domain.sessions import Phase, SessionType, SizeBucket

Floats = NDArray[np.float64]

FACTORS = (
    tuple(AnomalyType),
    (Phase.OPENING, Phase.MIDDLE, Phase.CLOSING),
    (SessionType.WORKSHOP, SessionType.PANEL, SessionType.TALK, SessionType.MEETING),
    tuple(SizeBucket),
)
CONTEXTS = tuple(Context(*levels, EngagementBucket.LOW) for levels in product(*FACTORS))
"""4 anomaly types, 3 phases, 4 session types and 3 sizes: 144."""

ARMS = tuple(Arm)

ARM_SD = 1.0
FACTOR_SD = 0.5
CONTEXT_SD = 0.2
"""How much log-odds of success differ: between arms, by each level of each factor for each arm, and by nothing else."""


@dataclass(frozen=True, slots=True)
class World:
    """What is drawn at which decision, and what would come of every arm.

    Attributes:
        contexts: Numbers in `CONTEXTS`; shape (decisions,).
        luck: Uniform in [0, 1): an arm succeeds where it is below its chance; shape (decisions,).
        chances: By decision, context and arm: the chance of success at decision t; a function of t.
    """

    contexts: NDArray[np.int64]
    luck: Floats
    chances: Callable[[int], Floats]


def shared(decisions: int, seed: int) -> World:
    """Contexts share structure: an arm's own effect, effects of every factor, and little besides."""
    chances = _logistic(_shared_log_odds(_rng(seed)))
    return _world(decisions, seed, lambda _: chances)


def apart(decisions: int, seed: int) -> World:
    """Contexts share nothing: every chance is drawn evenly from [0, 1]."""
    chances = _rng(seed).random((len(CONTEXTS), len(ARMS)))
    return _world(decisions, seed, lambda _: chances)


def switch(decisions: int, seed: int) -> World:
    """As `shared`, but half-way every arm begins to work as the one before it did: so the best one is another."""
    return _switched(decisions, seed, _logistic(_shared_log_odds(_rng(seed))))


def switch_apart(decisions: int, seed: int) -> World:
    """As `apart`, with the same switch as in `switch`: hardest, since no context can warn another."""
    return _switched(decisions, seed, _rng(seed).random((len(CONTEXTS), len(ARMS))))


def slow(decisions: int, seed: int) -> World:
    """Log-odds glide evenly from one shared structure to another that has nothing to do with it."""
    rng = _rng(seed)
    first, last = _shared_log_odds(rng), _shared_log_odds(rng)
    return _world(decisions, seed, lambda t: _logistic(first + (last - first) * (t / decisions)))


def slow_apart(decisions: int, seed: int) -> World:
    """Chances glide evenly from one even draw to another, in every context by itself."""
    first, last = _rng(seed).random((2, len(CONTEXTS), len(ARMS)))
    return _world(decisions, seed, lambda t: first + (last - first) * (t / decisions))


WORLDS: dict[str, Callable[[int, int], World]] = {
    "shared": shared,
    "apart": apart,
    "switch": switch,
    "switch apart": switch_apart,
    "slow": slow,
    "slow apart": slow_apart,
}


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, 1])


def _switched(decisions: int, seed: int, before: Floats) -> World:
    after = np.roll(before, 1, axis=1)
    return _world(decisions, seed, lambda t: before if t < decisions // 2 else after)


def _world(decisions: int, seed: int, chances: Callable[[int], Floats]) -> World:
    rng = np.random.default_rng([seed, 2])
    return World(rng.integers(len(CONTEXTS), size=decisions), rng.random(decisions), chances)


def _shared_log_odds(rng: np.random.Generator) -> Floats:
    places = np.array(list(product(*(range(len(levels)) for levels in FACTORS))))
    found = np.tile(rng.normal(0.0, ARM_SD, len(ARMS)), (len(CONTEXTS), 1))
    for factor, levels in enumerate(FACTORS):
        effects = rng.normal(0.0, FACTOR_SD, (len(levels), len(ARMS)))
        found = found + effects[places[:, factor]]
    return np.asarray(found + rng.normal(0.0, CONTEXT_SD, found.shape), dtype=np.float64)


def _logistic(log_odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)
