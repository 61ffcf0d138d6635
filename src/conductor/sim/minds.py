"""What goes on in the people of a crowd: attention, moods, boredom, leaving. Arrays, one entry a person."""

from __future__ import annotations

import math

import numpy as np

from conductor.sim.people import CrowdParams, Floats, Mask, People
from conductor.sim.stage import TICK_S, Stage

MOOD_SD = 0.12
MOOD_S = 180.0
"""Stated guess: everybody's attention strays by an eighth, for some minutes at a time."""

FOLLOW_S = 4.0
"""Stated guess: attention follows what happens within a few seconds."""

BOREDOM_S = 90.0
BORED_UNDER = 0.4
"""Stated guess: people leave when their attention has stayed under 0.4 for a minute or two, not at the
first dull sentence."""

HELP_RISE_S = 12.0
"""Stated guess: what works shows within a quarter of a minute, about as fast as people answer."""

BLUR_UNDER = 0.2
FOCUS_OVER = 0.3
"""Stated guess: at this attention another tab wins; the gap keeps people from flickering."""

ABSENT = -2.0

_FOLLOW = 1.0 - math.exp(-TICK_S / FOLLOW_S)
_KEEP_MOOD = math.exp(-TICK_S / MOOD_S)
_MOOD_STEP = MOOD_SD * math.sqrt(1.0 - _KEEP_MOOD * _KEEP_MOOD)
_BOREDOM = 1.0 - math.exp(-TICK_S / BOREDOM_S)


class Minds:
    """The state of a crowd's people.

    Attributes:
        attention: In [0, 1], one entry a person; meaningful for those present.
        present: Who is in the room.
        seen: The attention of those present and `ABSENT` for the others, as a list (quicker to look up).
        last_act_s: When each did something that counts as interaction, in seconds from the start; -1 for
            never.

    Args:
        people: Their traits.
        params: Hazards of leaving.
        stage: The level that their attention follows.
        world: Stream of random numbers; the same number is drawn at every tick, whoever is there.
    """

    def __init__(self, people: People, params: CrowdParams, stage: Stage, world: np.random.Generator) -> None:
        n = len(people.temperament)
        self._people, self._stage, self._world = people, stage, world
        loss_per_s = people.temperament * people.stamina_loss_per_h / 3600.0
        self._fresh, self._loss_per_s = people.temperament + loss_per_s * people.joins_s, loss_per_s
        self._base = params.base_leaves_per_min * TICK_S / 60.0
        self._bored = people.impatience * params.bored_leaves_per_min * TICK_S / 60.0
        self._hazard: Floats = np.zeros(n)
        self._mood: Floats = world.normal(0.0, MOOD_SD, n)
        self.attention: Floats = np.clip(float(stage.clear[0]) * people.temperament * (1.0 + self._mood), 0.0, 1.0)
        self._lately: Floats = self.attention.copy()
        self._away: Mask = np.zeros(n, dtype=np.bool_)
        self._relief: dict[int, list[tuple[float, Floats]]] = {}
        self.present: Mask = np.zeros(n, dtype=np.bool_)
        self.last_act_s: Floats = np.full(n, -1.0)
        self.seen: list[float] = [ABSENT] * n

    def join(self, person: int) -> None:
        """Somebody comes in."""
        self.present[person] = True
        self.seen[person] = float(self.attention[person])

    def leave(self, person: int) -> None:
        """Somebody goes, for good."""
        self.present[person] = False
        self.seen[person] = ABSENT

    def relieve(self, lull: int, at_s: float, share: Floats) -> None:
        """From `at_s` on, take this share (one entry a person, in [0, 1]) of a lull's dip away."""
        self._relief.setdefault(lull, []).append((at_s, share))

    def level(self, elapsed_s: float) -> Floats:
        """The room level in [0, 1] as every person has it, help included; shape (people,) or ()."""
        return self._level(elapsed_s, -1, 0.0)

    def cleared(self, lull: int, elapsed_s: float, share: Floats) -> Floats:
        """The attention that people would have if this share of the lull's dip were taken away now."""
        return self._target(self._level(elapsed_s, lull, share), elapsed_s)

    def advance(self, tick: int) -> None:
        """Bring everybody forward into a tick."""
        elapsed_s = (tick + 0.5) * TICK_S
        self._mood *= _KEEP_MOOD
        self._mood += self._world.normal(0.0, _MOOD_STEP, len(self._mood))
        self.attention += _FOLLOW * (self._target(self.level(elapsed_s), elapsed_s) - self.attention)
        self._lately += _BOREDOM * (self.attention - self._lately)
        self.seen = np.where(self.present, self.attention, ABSENT).tolist()

    def leavers(self) -> list[tuple[int, float]]:
        """Who will have enough during this tick, with the moment as a share of the tick. Call once a tick."""
        step = self._bored * np.maximum(1.0 - self._lately / BORED_UNDER, 0.0) + self._base
        self._hazard += step * self.present
        over = self._hazard - self._people.leave_at_hazard
        gone = np.flatnonzero(self.present & (over >= 0.0))
        return [(int(i), float(1.0 - min(over[i] / step[i], 1.0))) for i in gone]

    def turn(self) -> tuple[list[int], list[int]]:
        """Who turns to another tab during this tick, and who comes back. Call once a tick."""
        blurs = self.present & ~self._away & (self.attention < BLUR_UNDER)
        comes_back = self.present & self._away & (self.attention > FOCUS_OVER)
        if not blurs.any() and not comes_back.any():
            return [], []
        self._away ^= blurs | comes_back
        return np.flatnonzero(blurs).tolist(), np.flatnonzero(comes_back).tolist()

    def _unrelieved(self, lull: int, elapsed_s: float) -> Floats | float:
        left: Floats | float = 1.0
        for at_s, share in self._relief.get(lull, ()):
            if elapsed_s > at_s:
                left = left * (1.0 - share * -math.expm1((at_s - elapsed_s) / HELP_RISE_S))
        return left

    def remaining_dip(self, lull: int, elapsed_s: float) -> float:
        """Share of the level in [0, 1] that a lull still takes away, help included (mean over everybody)."""
        dip = self._stage.dips[lull, self._stage.tick_of(elapsed_s)]
        return float(np.mean(dip * self._unrelieved(lull, elapsed_s)))

    def _level(self, elapsed_s: float, lifted: int, share: Floats | float) -> Floats:
        tick = self._stage.tick_of(elapsed_s)
        level = np.asarray(self._stage.clear[tick])
        for lull in self._stage.active[tick]:
            dip = self._stage.dips[lull, tick] * self._unrelieved(lull, elapsed_s)
            level = level * (1.0 - (dip * (1.0 - share) if lull == lifted else dip))
        return level

    def _target(self, level: Floats, elapsed_s: float) -> Floats:
        tired = self._fresh - self._loss_per_s * elapsed_s
        target: Floats = tired * (1.0 + self._mood)
        target *= level
        return np.minimum(np.maximum(target, 0.0), 1.0)
