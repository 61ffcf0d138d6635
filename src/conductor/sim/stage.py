"""What the room goes through: its level over time, the lulls, the host's programme."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from conductor.domain.engagement import AnomalyType
from conductor.domain.sessions import Phase
from conductor.sim.people import NORMAL_LEVEL, Floats

TICK_S = 5.0
"""Attention is brought forward every 5 s, as often as the agent looks."""

WANDER_SD = 0.08
WANDER_S = 600.0
"""The level wanders by 8 % around normal, slowly (ten minutes): calibrated with the cascade (docs)."""

FALL_S = 6.0
"""A sudden lull is complete after 6 s."""

RISE_S = 25.0
"""Stated guess: a room that comes back, by itself or helped, is two thirds there after 25 s."""

DIP_NOTICED = 0.05
"""A dip below 5 % of the level is no lull: it lies within the wandering."""

PHASE_RATIO = 0.15
PHASE_MAX_S = 600.0
"""Opening and closing are each 15 % of the session, ten minutes at most."""


@dataclass(frozen=True, slots=True)
class Lull:
    """The room loses interest.

    Attributes:
        at_s: When it begins, in seconds from the start.
        depth: Share of the level that is lost, in [0, 1].
        self_recovery_s: When the room starts to come back by itself, in seconds from `at_s`; None for never.
        gradual_s: How long the fall takes; anything under 6 s is a sudden one.
        exit_ratio: Share of the people present who walk out within half a minute, in [0, 1].
    """

    at_s: float
    depth: float
    self_recovery_s: float | None = None
    gradual_s: float = 0.0
    exit_ratio: float = 0.0

    @property
    def type(self) -> AnomalyType:
        """What a perfect observer would call it. The agent may call it something else."""
        if self.exit_ratio >= 0.1:
            return AnomalyType.MASS_EXIT
        if self.gradual_s >= 60.0:
            return AnomalyType.GRADUAL_DECLINE
        return AnomalyType.SUDDEN_DROP if self.depth >= 0.5 else AnomalyType.LOW_ENGAGEMENT

    def dip(self, elapsed_s: Floats) -> Floats:
        """Share of the level that is missing at these moments if nobody helps, in [0, depth]."""
        since = np.maximum(elapsed_s - self.at_s, 0.0)
        fallen = np.minimum(since / max(self.gradual_s, FALL_S), 1.0)
        if self.self_recovery_s is None:
            return self.depth * fallen
        back = np.maximum(since - self.self_recovery_s, 0.0)
        return self.depth * fallen * np.exp(-back / RISE_S)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens to the room whatever the people are like; moments are in seconds from the start.

    Attributes:
        lulls: In the order of their beginning.
        host_polls_s: When the host opens a poll of their own.
        qa_from_s: When the questions and answers begin, or None.
        wander_sd: How much the level wanders around normal by itself, as a share of it.
    """

    lulls: tuple[Lull, ...] = ()
    host_polls_s: tuple[float, ...] = ()
    qa_from_s: float | None = None
    wander_sd: float = WANDER_SD


def random_scenario(
    rng: np.random.Generator,
    duration_s: float,
    *,
    lulls_per_hour: float = 2.0,
    never_ratio: float = 0.3,
    host_polls_per_hour: float = 0.5,
) -> Scenario:
    """Lulls at random moments, of random kinds.

    Seven in ten rooms come back by themselves after a log-normal time (median 150 s, heavy tail): who helps
    them at their lowest moment looks good without having done anything. The others never do. Lulls keep
    off the first five and last three minutes, and 8 minutes from each other.
    """
    room_s = duration_s - 480.0
    if room_s <= 0.0:
        return Scenario()
    starts = np.sort(300.0 + rng.random(rng.poisson(lulls_per_hour * room_s / 3600.0)) * room_s)
    kept = [float(at) for before, at in pairwise([-480.0, *starts]) if at - before >= 480.0]
    polls = np.sort(120.0 + rng.random(rng.poisson(host_polls_per_hour * duration_s / 3600.0)) * (duration_s - 300.0))
    return Scenario(
        lulls=tuple(_random_lull(rng, at, never_ratio) for at in kept),
        host_polls_s=tuple(float(at) for at in polls),
    )


def _random_lull(rng: np.random.Generator, at_s: float, never_ratio: float) -> Lull:
    kind, depth, own, never = rng.random(), rng.random(), rng.lognormal(math.log(150.0), 1.0), rng.random()
    recovery = None if never < never_ratio else float(own)
    if kind < 0.5:
        return Lull(at_s, 0.55 + 0.35 * depth, recovery)
    if kind < 0.75:
        # Its own recovery cannot begin before the fall is over.
        gradual_s = 90.0 + 150.0 * rng.random()
        own_s = None if recovery is None else recovery + gradual_s
        return Lull(at_s, 0.5 + 0.35 * depth, own_s, gradual_s)
    if kind < 0.9:
        return Lull(at_s, 0.35 + 0.14 * depth, recovery)
    return Lull(at_s, 0.4 + 0.3 * depth, recovery, exit_ratio=0.15 + 0.2 * rng.random())


def phase_at(elapsed_s: float, duration_s: float, qa_from_s: float | None) -> Phase:
    """Where a session stands: the programme's word for questions and answers, else the clock."""
    if qa_from_s is not None and elapsed_s >= qa_from_s:
        return Phase.QA
    edge_s = min(PHASE_RATIO * duration_s, PHASE_MAX_S)
    if elapsed_s < edge_s:
        return Phase.OPENING
    return Phase.CLOSING if elapsed_s >= duration_s - edge_s else Phase.MIDDLE


class Stage:
    """The level of a room at every tick, as the world has it: without anybody's help.

    Args:
        rng: Draws the wandering; a fixed number of draws for a given duration.
        scenario: The lulls.
        duration_s: Length of the session.
    """

    def __init__(self, rng: np.random.Generator, scenario: Scenario, duration_s: float) -> None:
        self.scenario = scenario
        self.duration_s = duration_s
        ticks = int(duration_s // TICK_S) + 2
        middle_s = np.array([(tick + 0.5) * TICK_S for tick in range(ticks)])
        self.clear: Floats = np.minimum(NORMAL_LEVEL * np.exp(_wander(rng, ticks, scenario.wander_sd)), 1.0)
        self.dips: Floats = np.array([lull.dip(middle_s) for lull in scenario.lulls]).reshape(-1, ticks)
        lulled = self.dips > 1e-3
        self.active: list[list[int]] = [np.flatnonzero(lulled[:, k]).tolist() for k in range(ticks)]

    def tick_of(self, elapsed_s: float) -> int:
        """The tick in which this moment lies; the first or last one for moments outside the session."""
        return min(max(int(elapsed_s // TICK_S), 0), len(self.clear) - 1)

    def dip(self, elapsed_s: float) -> float:
        """Share of the level that all lulls together take away if nobody helps, in [0, 1]."""
        return float(1.0 - np.prod(1.0 - self.dips[:, self.tick_of(elapsed_s)]))

    def level(self, elapsed_s: float) -> float:
        """The level in [0, 1] if nobody helps."""
        return float(self.clear[self.tick_of(elapsed_s)]) * (1.0 - self.dip(elapsed_s))


def _wander(rng: np.random.Generator, ticks: int, sd: float) -> Floats:
    # A stationary AR(1): the discrete form of an Ornstein-Uhlenbeck process.
    keep = math.exp(-TICK_S / WANDER_S)
    steps = rng.normal(0.0, sd * math.sqrt(1.0 - keep * keep), ticks).tolist()
    at = float(rng.normal(0.0, sd))
    path = []
    for step in steps:
        at = keep * at + step
        path.append(at)
    return np.array(path)
