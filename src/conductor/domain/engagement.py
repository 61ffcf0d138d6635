"""How a room is doing: score with its parts, state, anomaly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conductor.domain.sessions import Phase, SessionType, SizeBucket


class RoomState(StrEnum):
    """What can be said of a room right now."""

    WARMING_UP = "WARMING_UP"
    HEALTHY = "HEALTHY"
    FALLING = "FALLING"
    SIGNAL_LOST = "SIGNAL_LOST"


class AnomalyType(StrEnum):
    """How a room is losing its people."""

    SUDDEN_DROP = "SUDDEN_DROP"
    GRADUAL_DECLINE = "GRADUAL_DECLINE"
    MASS_EXIT = "MASS_EXIT"
    LOW_ENGAGEMENT = "LOW_ENGAGEMENT"


class Severity(StrEnum):
    """How sure and how grave: WARNING from evidence 0.6, CRITICAL from 0.8."""

    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


PART_NAMES = ("chat", "polls", "active", "reactions", "staying")
"""The parts of the score, in the order in which arrays hold them."""


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of the score.

    Attributes:
        name: One of `PART_NAMES`.
        level: How the room does in this respect, in [0, 1]; 0.75 is what is normal for it.
        weight: Its share of the score in [0, 1]; 0 where the session has no such signal.
        contribution: `level * weight`; the contributions add up to the score.
    """

    name: str
    level: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True)
class RoomSignals:
    """What was counted in the room, as people read it. Rates are of the current window (60 s at most)."""

    chat_per_min: float
    questions_per_min: float
    reactions_per_min: float
    upvotes_per_min: float
    votes_per_min: float
    poll_participation: float
    present: int
    active: int
    joins_per_min: float
    leaves_per_min: float
    focus_ratio: float
    presence_s: float
    response_s: float
    words_per_min: float
    slides_per_min: float
    elapsed_s: float
    phase: Phase


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A room is losing its people.

    Attributes:
        at: When it was raised.
        onset: When the fall is thought to have begun.
        evidence: Probability in [0, 1] that the room has really fallen.
        current: Score since the onset.
        expected: What the score should be.
        deviation: How far the counts since the onset lie below what was expected, in standard deviations
            (negative below).
    """

    anomaly_id: str
    session_id: str
    event_id: str
    at: float
    onset: float
    type: AnomalyType
    severity: Severity
    evidence: float
    current: float
    expected: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Norm:
    """What sessions of one kind were like.

    Attributes:
        person_min: Over how many person-minutes (people times minutes) it was measured.
        sums: Messages, reactions, active share, leaves and voting share, each a person and minute times
            `person_min`.
    """

    session_type: SessionType
    session_size_bucket: SizeBucket
    phase: Phase
    person_min: float
    sums: tuple[float, ...]
