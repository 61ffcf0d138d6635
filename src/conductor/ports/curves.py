"""Scores of a session by the minute, for whoever looks at days rather than at ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from conductor.domain.engagement import RoomState


@dataclass(frozen=True, slots=True)
class Minute:
    """What the ticks of a minute come to.

    Attributes:
        at: When the minute begins, in epoch seconds; a multiple of 60.
        score: The mean of its scores, in [0, 1].
        lowest: The lowest of them.
        highest: The highest of them.
        ticks: How many there are, 1 or more.
        state: What could be said of the room at the last of them.
        parts: The mean level of each part of the score, in [0, 1], by its name.
        unprompted: The score of the minute without what the agent prompted; None if nobody knows it.
    """

    at: float
    score: float
    lowest: float
    highest: float
    ticks: int
    state: RoomState
    parts: Mapping[str, float]
    unprompted: float | None = None


class Minutes(Protocol):
    """Sums scores by the minute. Every archive does."""

    async def minutes(self, session_id: str, since: float, until: float) -> Sequence[Minute]:
        """Each minute of a session that has scores and begins in [since, until), oldest first; whole minutes only.

        Raises:
            StoreUnavailable: The store cannot be had.
        """
