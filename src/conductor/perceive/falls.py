"""What kind of fall it is: people leave, or they fall silent, at once or little by little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.domain.engagement import AnomalyType
from conductor.domain.signals import Kind
from conductor.perceive.baseline import EVENTS, Baseline
from conductor.perceive.ledger import LONG_TICKS, TICK_S, Ledger
from conductor.perceive.rooms import Rooms

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fall:
    """What is known of a fall when it is named.

    Attributes:
        before_ratio: Counts in the two minutes before its onset, as a share of normal.
        jump_gain: From `jump_gain`: whether it fell at once.
        left_ratio: People who left since the onset, as a share of those who were there.
        usual_left_ratio: What is normal for so long.
    """

    before_ratio: float
    jump_gain: float
    left_ratio: float
    usual_left_ratio: float


EXIT_RATIO = 0.15
"""A room that loses a seventh of its people at once is emptying: twice what a person would call a few leaving
(stated guess)."""

EXIT_FACTOR = 4.0
"""And it has to be so many times what is normal (stated guess)."""


SUDDEN_RATIO = 0.7
"""A fall from at least this share of normal is sudden, one from less was a decline (the documents' 0.7)."""

BEFORE_TICKS = 24
"""A fall is called a decline if the two minutes before it were low already …"""

JUMP_GAIN = 3.0
"""… or if one jump explains the last five minutes not even twenty times as well as an even decline: by convention
that is where evidence is called strong (Kass and Raftery 1995)."""

SLOPES = np.linspace(0.0, 1.0, 21)
"""Even declines that are tried, as shares lost from the first tick to the last."""


def name_fall(fall: Fall) -> AnomalyType:
    """Name a fall."""
    if fall.left_ratio >= max(EXIT_RATIO, EXIT_FACTOR * fall.usual_left_ratio):
        return AnomalyType.MASS_EXIT
    if fall.before_ratio >= SUDDEN_RATIO and fall.jump_gain >= JUMP_GAIN:
        return AnomalyType.SUDDEN_DROP
    return AnomalyType.GRADUAL_DECLINE


def jump_gain(counts: Floats) -> float:
    """Log of how much better one jump down explains counts of successive ticks than an even decline does.

    Both are the best of their kind for Poisson counts: the jump at any tick, the decline of any of `SLOPES`.

    Args:
        counts: Events in each tick, oldest first, at least two, shape (ticks,).
    """
    ticks, total = len(counts), counts.sum()
    before, first = np.cumsum(counts)[:-1], np.arange(1, ticks)
    after, last = total - before, ticks - first
    jumps = np.where(after * first <= before * last, _fit(before, first) + _fit(after, last), _fit(total, ticks))
    lines = 1.0 - SLOPES[:, None] * (np.arange(ticks) + 0.5) / ticks
    lines *= ticks / lines.sum(axis=1, keepdims=True)
    declines = _fit(total, ticks) + (counts * np.log(lines)).sum(axis=1)
    return float(jumps.max() - declines.max())


def _fit(events: Floats, ticks: NDArray[np.int64] | int) -> Floats:
    """Poisson log-likelihood of so many events in so many ticks at their mean rate, but for a constant."""
    fit: Floats = events * np.log(np.maximum(events, 1e-9) / ticks)
    return fit


def look_at_fall(
    ledger: Ledger, baseline: Baseline, rooms: Rooms, row: int, ticks: int, leaves_per_person_min: float
) -> Fall:
    """What the counts say of a fall in one room that began so many ticks ago (at least one)."""
    age = ledger.tick - int(rooms.started[row])
    earlier = min(BEFORE_TICKS, max(age - ticks, 1))
    before = float(ledger.window(earlier, ending=ticks)[EVENTS, row].sum())
    left = float(ledger.window(ticks)[Kind.LEAVE, row])
    people = float(rooms.present[row]) + left
    recent = np.arange(min(age, LONG_TICKS))[::-1]
    counts = ledger.window_of(np.full(len(recent), row), 1, recent)[EVENTS].sum(axis=0).astype(np.float64)
    normal = max(float(baseline.events_per_tick(rooms.used)[row]) * earlier, 1e-9)
    return Fall(
        before / normal, jump_gain(counts), left / max(people, 1.0), leaves_per_person_min * ticks * TICK_S / 60.0
    )
