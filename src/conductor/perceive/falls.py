"""What kind of fall it is: people leave, or they fall silent, at once or little by little."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.engagement import AnomalyType
from conductor.domain.signals import Kind
from conductor.perceive.baseline import EVENTS, Baseline
from conductor.perceive.ledger import TICK_S, Ledger
from conductor.perceive.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Fall:
    """What is known of a fall when it is named.

    Attributes:
        before_ratio: Counts in the two minutes before its onset, as a share of normal.
        left_ratio: People who left since the onset, as a share of those who were there.
        usual_left_ratio: What is normal for so long.
    """

    before_ratio: float
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
"""A fall is called a decline if the two minutes before it were low already."""


def name_fall(fall: Fall) -> AnomalyType:
    """Name a fall."""
    if fall.left_ratio >= max(EXIT_RATIO, EXIT_FACTOR * fall.usual_left_ratio):
        return AnomalyType.MASS_EXIT
    if fall.before_ratio >= SUDDEN_RATIO:
        return AnomalyType.SUDDEN_DROP
    return AnomalyType.GRADUAL_DECLINE


def look_at_fall(
    ledger: Ledger, baseline: Baseline, rooms: Rooms, row: int, ticks: int, leaves_per_person_min: float
) -> Fall:
    """What the counts say of a fall in one room that began so many ticks ago (at least one)."""
    age = ledger.tick - int(rooms.started[row])
    earlier = min(BEFORE_TICKS, max(age - ticks, 1))
    before = float(ledger.window(earlier, ending=ticks)[EVENTS, row].sum())
    left = float(ledger.window(ticks)[Kind.LEAVE, row])
    people = float(rooms.present[row]) + left
    normal = max(float(baseline.events_per_tick(rooms.used)[row]) * earlier, 1e-9)
    return Fall(before / normal, left / max(people, 1.0), leaves_per_person_min * ticks * TICK_S / 60.0)
