"""Whether a room that somebody is asked about has recovered since: the one place that says what that means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conductor.domain.engagement import RoomState
from conductor.wire.events import ANOMALY_CLEARED, ANOMALY_DETECTED, Told, inside
from conductor.wire.signals import Fields

RISE = 0.1
"""From which rise on a score counts as recovered: what an outcome counts as a success."""

SEEN_WITHIN = 0.05
"""Scores that lie no further apart than this show the same room: less is the usual noise of five-second scores."""

ABOUT_FALLS = (ANOMALY_DETECTED, ANOMALY_CLEARED)
"""The types of messages that say whether a fall stands."""


@dataclass(frozen=True, slots=True)
class Situation:
    """How a room was at a moment after a decision.

    Attributes:
        score: Its last score by then, in [0, 1]; None if nobody knows it.
        is_lost: Whether its signals were lost, so that nothing can be said of it.
        is_over: Whether no fall stood any more; one that has come to count as normal is not over.
    """

    score: float | None = None
    is_lost: bool = False
    is_over: bool = False

    def has_recovered(self, seen_score: float | None, fine_from: float) -> bool:
        """Whether it was better than when its score was `seen_score`.

        It was if no fall stood any more, or if the score had risen by 0.1 or more and was fine again.

        Args:
            seen_score: In [0, 1]; None if nobody knows it.
            fine_from: From which score on a mere warning makes the agent do nothing, in [0, 1].
        """
        if self.is_lost:
            return False
        if self.is_over or self.score is None or seen_score is None:
            return self.is_over
        return self.score >= fine_from and _rise(seen_score, self.score) >= RISE

    def is_news_to(self, seen_score: float, fine_from: float) -> bool:
        """Whether it had recovered, and somebody who saw this score cannot know it."""
        if self.score is None or not self.has_recovered(seen_score, fine_from):
            return False
        return _rise(seen_score, self.score) > SEEN_WITHIN


def situation(update: Fields | None, falls: Sequence[Told], decided_at: float) -> Situation:
    """How a room was at a moment, from what had been told of it by then.

    Args:
        update: The last `engagement.update`; None if there was none.
        falls: Messages whose types are `ABOUT_FALLS`, oldest first.
        decided_at: When the decision was made, in epoch seconds.
    """
    data = {} if update is None else inside(update, "data")
    score, last = data.get("score"), falls[-1] if falls else None
    return Situation(
        score=float(score) if isinstance(score, int | float) else None,
        is_lost=data.get("state") == RoomState.SIGNAL_LOST,
        is_over=last is not None
        and last.type == ANOMALY_CLEARED
        and last.at >= decided_at
        and last.data.get("became_normal") is not True,
    )


def _rise(before: float, after: float) -> float:
    # Scores are told with four digits; what a float makes of their difference is not to decide.
    return round(after - before, 4)
