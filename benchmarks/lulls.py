"""A world of lulls in which the effect of every arm is known: what lift is measured in.

Rooms fall and mostly recover by themselves; whether something was done decides little of how they go on. All numbers
are stated guesses, laid down before anything was measured in this world, and are not to be changed to suit a figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.learn.adjusted import Moments

Floats = NDArray[np.float64]

ARMS = 4
ARM_SHARES = (0.4, 0.3, 0.2, 0.1)
"""How often each arm is chosen: a bandit has its preferences."""

WORKS = (0.40, 0.30, 0.20, 0.0)
"""Chance that an arm ends the lull, in circumstances of the middle kind; the last one never does, and annoys."""

ANNOYS = (0.0, 0.0, 0.0, 0.08)
"""What an arm takes off the score whether or not it works."""

CIRCUMSTANCES = (1.5, 1.0, 0.5)
"""Factor on the chance, by where in what session."""

ROOM_SD = 0.5
"""How much rooms differ, as a share of the chance."""

LULLS_A_ROOM = 3
RECOVERS = 0.45
"""Chance that a lull ends by itself before the horizon, whatever is done."""


@dataclass(frozen=True, slots=True)
class Lulls:
    """Moments at which a room had fallen and a coin was tossed.

    Attributes:
        moments: As the agent sees them.
        arm: Which arm was chosen, from 0.
        effect: What doing something changed, or would have: score with minus score without.
    """

    moments: Moments
    arm: NDArray[np.int64]
    effect: Floats


def draw(rng: np.random.Generator, count: int, share: float, *, works: bool) -> Lulls:
    """So many lulls in rooms that have several each; with `works` false nothing that is done changes anything."""
    rooms = -(-count // LULLS_A_ROOM)
    room = np.repeat(np.arange(rooms), LULLS_A_ROOM)[:count]
    level = np.clip(rng.normal(0.62, 0.1, rooms), 0.3, 0.9)[room]
    kind = rng.integers(len(CIRCUMSTANCES), size=rooms)[room]
    receptive = np.clip(rng.normal(1.0, ROOM_SD, rooms), 0.0, 2.0)[room]
    arm = rng.choice(ARMS, size=count, p=ARM_SHARES)
    depth = 0.8 * rng.beta(2.0, 2.0, count)
    # What is seen at the decision is partly bad luck, and luck does not last.
    before = np.clip(level * (1.0 - depth) + rng.normal(0.0, 0.06, count), 0.0, 1.0)
    alone = np.where(rng.random(count) < RECOVERS, rng.beta(8.0, 2.0, count), rng.beta(1.0, 6.0, count))
    lifted = np.maximum(alone, rng.beta(10.0, 2.0, count))
    chance = np.array(WORKS)[arm] * np.array(CIRCUMSTANCES)[kind] * receptive
    helped = np.where(rng.random(count) < chance, lifted, alone)
    # Lopsided: mostly a little less than usual, now and then a burst of chat.
    noise = rng.gamma(2.0, 0.05, count) - 0.1
    without = np.clip(level * (1.0 - depth * (1.0 - alone)) + noise, 0.0, 1.0)
    treated = np.clip(level * (1.0 - depth * (1.0 - helped)) + noise - np.array(ANNOYS)[arm], 0.0, 1.0)
    held_out = rng.random(count) < share
    effect = treated - without if works else np.zeros(count)
    after = np.where(held_out, without, without + effect)
    return Lulls(Moments(before, after, held_out, np.full(count, share)), arm, effect)
