"""How trials ended, for whoever asks whether it helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from conductor.domain.trials import FollowUp, Trial


class Trials(Protocol):
    """Knows how trials ended. Every archive does."""

    async def trials(self, event_id: str | None, since: float | None) -> Sequence[Trial]:
        """Trials that ended, known or not, of one event or of all, oldest first; `since` is when they ended."""

    async def follow_ups(self, event_id: str | None, since: float | None) -> Sequence[FollowUp]:
        """How decisions without a coin ended, known or not; the same choice and order."""

    async def confidences(self, event_id: str | None) -> Mapping[tuple[str, str], float]:
        """How sure the agent was of each of its own decisions, by session and decision, of one event or of all."""
