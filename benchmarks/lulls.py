"""Worlds of lulls in which the effect of every arm is known: what lift is measured in.

Rooms fall and mostly recover by themselves; whether something was done decides little of how they go on. All numbers
are stated guesses, laid down before anything was measured in these worlds, and are not to be changed to suit a figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.learn.adjusted import Moments

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

ARMS = 4
ARM_SHARES = (0.4, 0.3, 0.2, 0.1)
"""How often each arm is chosen: a bandit has its preferences."""

WORKS = (0.40, 0.30, 0.20, 0.0)
"""Chance that an arm ends the lull, in circumstances of the middle kind; the last one never does, and annoys."""

ANNOYS = (0.0, 0.0, 0.0, 0.08)
"""What an arm takes off the score whether or not it works."""

CIRCUMSTANCES = (1.5, 1.0, 0.5)
"""Factor on the chance, by where in what session."""

RECOVERS = 0.45
"""Chance that a lull ends by itself before the horizon, whatever is done."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """How rooms differ from each other.

    Attributes:
        lulls: In each of them.
        receptive_sd: How much the chance that an arm works differs, as a share of it.
        recovers_sd: How much the chance to recover by itself differs.
        taste_sd: By how much each arm is liked or disliked in a room, in points of score: what helps here harms there.
    """

    lulls: int = 3
    receptive_sd: float = 0.5
    recovers_sd: float = 0.0
    taste_sd: float = 0.0


ALIKE, VARIED = Rooms(), Rooms(lulls=12, receptive_sd=0.8, recovers_sd=0.2, taste_sd=0.1)
"""Rooms much alike, with three lulls each; and rooms that differ in everything, each of which counts twelve times."""


@dataclass(frozen=True, slots=True)
class Falls:
    """Moments at which a room had fallen, and what would come of whatever could be done.

    Attributes:
        kind: Of which circumstances, from 0.
        preferred: The arm of one who prefers by `ARM_SHARES`, from 0.
        before: Score as it is seen then.
        without: Score after, if nothing is done.
        treated: The same with each arm; shape (falls, ARMS).
        coin: Uniform in [0, 1): held out if it lies under the share.
    """

    kind: Numbers
    preferred: Numbers
    before: Floats
    without: Floats
    treated: Floats
    coin: Floats


@dataclass(frozen=True, slots=True)
class Lulls:
    """Moments at which a room had fallen, an arm was chosen and a coin was tossed.

    Attributes:
        moments: As the agent sees them.
        arm: Which arm was chosen, from 0.
        kind: Of which circumstances, from 0.
        effect: What doing something changed, or would have: score with minus score without.
    """

    moments: Moments
    arm: Numbers
    kind: Numbers
    effect: Floats

    def at(self, rows: Numbers) -> Lulls:
        """Those of these rows."""
        return Lulls(self.moments.at(rows), self.arm[rows], self.kind[rows], self.effect[rows])


def fall(rng: np.random.Generator, count: int, *, works: bool, rooms: Rooms = ALIKE) -> Falls:
    """So many falls; with `works` false nothing that is done changes anything."""
    several = -(-count // rooms.lulls)
    room = np.repeat(np.arange(several), rooms.lulls)[:count]
    level = np.clip(rng.normal(0.62, 0.1, several), 0.3, 0.9)[room]
    kind = rng.integers(len(CIRCUMSTANCES), size=several)[room]
    receptive = np.clip(rng.normal(1.0, rooms.receptive_sd, several), 0.0, 2.0)[room]
    preferred = rng.choice(ARMS, size=count, p=ARM_SHARES)
    depth = 0.8 * rng.beta(2.0, 2.0, count)
    # What is seen at the decision is partly bad luck, and luck does not last.
    before = np.clip(level * (1.0 - depth) + rng.normal(0.0, 0.06, count), 0.0, 1.0)
    recovers, taste = _differences(rng, several, rooms)
    alone = np.where(rng.random(count) < recovers[room], rng.beta(8.0, 2.0, count), rng.beta(1.0, 6.0, count))
    lifted = np.maximum(alone, rng.beta(10.0, 2.0, count))
    chance = np.array(WORKS) * (np.array(CIRCUMSTANCES)[kind] * receptive)[:, None]
    helped = np.where(rng.random(count)[:, None] < chance, lifted[:, None], alone[:, None])
    # Lopsided: mostly a little less than usual, now and then a burst of chat.
    noise = rng.gamma(2.0, 0.05, count) - 0.1
    without = np.clip(level * (1.0 - depth * (1.0 - alone)) + noise, 0.0, 1.0)
    scores = (level[:, None] * (1.0 - depth[:, None] * (1.0 - helped))) + noise[:, None] - np.array(ANNOYS)
    treated = np.clip(scores + taste[room], 0.0, 1.0) if works else np.repeat(without[:, None], ARMS, axis=1)
    return Falls(kind, preferred, before, without, treated, rng.random(count))


def _differences(rng: np.random.Generator, several: int, rooms: Rooms) -> tuple[Floats, Floats]:
    """Of each room: how likely it recovers by itself, how it likes each arm; nothing is drawn where they are alike."""
    recovers, taste = np.full(several, RECOVERS), np.zeros((several, ARMS))
    if rooms.recovers_sd > 0.0:
        recovers = np.clip(rng.normal(RECOVERS, rooms.recovers_sd, several), 0.0, 1.0)
    if rooms.taste_sd > 0.0:
        taste = rng.normal(0.0, rooms.taste_sd, (several, ARMS))
    return recovers, taste


def tried(falls: Falls, arm: Numbers, share: float) -> Lulls:
    """What is seen if these arms are chosen, and so many held out."""
    effect = np.take_along_axis(falls.treated, arm[:, None], axis=1)[:, 0] - falls.without
    held_out = falls.coin < share
    after = np.where(held_out, falls.without, falls.without + effect)
    moments = Moments(falls.before, after, held_out, np.full(len(arm), share))
    return Lulls(moments, arm, falls.kind, effect)


def draw(rng: np.random.Generator, count: int, share: float, *, works: bool, rooms: Rooms = ALIKE) -> Lulls:
    """So many lulls in which the preferred arm is chosen."""
    falls = fall(rng, count, works=works, rooms=rooms)
    return tried(falls, falls.preferred, share)
