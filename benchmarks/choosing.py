"""Lulls in which the product's own agent chooses the arm, by what it learned of the ones before."""

from __future__ import annotations

import numpy as np

from benchmarks.lulls import Falls, Lulls, tried
from conductor.decide.bandit import Bandit
from conductor.decide.choice import drawn
from conductor.decide.room import DecisionParams
from conductor.decide.stakes import stakes
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm, Context, EngagementBucket
from conductor.domain.sessions import Phase, SessionType, SizeBucket
from conductor.learn.outcome import OutcomeParams, recovery

TYPES = (SessionType.WORKSHOP, SessionType.PANEL, SessionType.TALK)
ANOMALY, SIZE = next(iter(AnomalyType)), next(iter(SizeBucket))
CONTEXTS = tuple(Context(ANOMALY, Phase.MIDDLE, kind, SIZE, EngagementBucket.LOW) for kind in TYPES)
"""One for each of the circumstances (`benchmarks/lulls.py`)."""

BATCH = 25
"""Falls that are decided by the same beliefs: outcomes come minutes later, when other rooms have fallen too."""

ARMS = tuple(Arm)


def chosen(falls: Falls, share: float, dice: np.random.Generator) -> Lulls:
    """What is seen of these falls, in their order, by an agent that begins without having seen any.

    Those that it lets pass, since nothing has shown lift there, teach it what nothing comes to and are no lulls.
    """
    bandit, count = Bandit(), len(falls.coin)
    arm, chances = np.full(count, -1), dice.random((count, 2))
    for start in range(0, count, BATCH):
        rows = range(start, min(start + BATCH, count))
        plans = {kind: _plan(bandit, CONTEXTS[kind]) for kind in set(falls.kind[start : start + BATCH].tolist())}
        for row in rows:
            alone, propensities = plans[int(falls.kind[row])]
            if chances[row, 0] >= alone:
                arm[row] = ARMS.index(drawn(propensities, float(chances[row, 1])))
        for row in rows:
            _learn(bandit, falls, row, int(arm[row]), share)
    answered = np.flatnonzero(arm >= 0)
    return tried(falls, np.maximum(arm, 0), share).at(answered)


def _plan(bandit: Bandit, context: Context) -> tuple[float, dict[Arm, float]]:
    """With which probability nothing is done, and else each arm."""
    at_stake = stakes(bandit, context, ARMS, DecisionParams().interruption_cost)
    return (0.0 if at_stake is None else at_stake.alone), bandit.propensities(context, ARMS)


def _learn(bandit: Bandit, falls: Falls, row: int, arm: int, share: float) -> None:
    is_left = arm < 0 or falls.coin[row] < share
    after = falls.without[row] if is_left else falls.treated[row, arm]
    recovered = recovery(float(falls.before[row]), float(after), OutcomeParams())
    bandit.learn(CONTEXTS[int(falls.kind[row])], None if is_left else ARMS[arm], recovered)
