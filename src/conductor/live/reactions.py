"""Reactions of a room, counted by emoji until they are sent."""

from __future__ import annotations

from collections import Counter, deque

from conductor.live.params import LiveParams

FRESH_S = 5.0
"""Reactions that are told of later than this are over."""

EMOJI_MOST = 64
"""Different emoji in one tick; a screen shows a few."""

ECHOES_KEPT = 5_000
"""Reactions of this room that may still come back by the stream."""

Echo = tuple[str | None, float, str]


class Reactions:
    """Counts reactions, and lets nobody flood the room."""

    def __init__(self, params: LiveParams) -> None:
        self._params = params
        self._counts: Counter[str] = Counter()
        self._latest: dict[str, deque[tuple[float, str]]] = {}
        self._echoes: dict[Echo, None] = {}
        self._now = 0.0

    def react(self, user_id: str, emoji: str, now: float) -> bool:
        """Somebody reacts here; False if it comes too fast and is left out."""
        latest = self._latest.setdefault(user_id, deque())
        while latest and latest[0][0] <= now - 1.0:
            latest.popleft()
        too_soon = any(each == emoji and now - at < self._params.same_reaction_s for at, each in latest)
        if too_soon or len(latest) >= self._params.reactions_per_s:
            return False
        latest.append((now, emoji))
        self._echoes[user_id, now, emoji] = None
        if len(self._echoes) > ECHOES_KEPT:
            del self._echoes[next(iter(self._echoes))]
        self._count(emoji, 1)
        return True

    def apply(self, user_id: str | None, emoji: str, amount: int, at: float) -> None:
        """Somebody reacted elsewhere, or here and it comes back by the stream."""
        echo = (user_id, at, emoji)
        if echo in self._echoes:
            del self._echoes[echo]
        elif at >= self._now - FRESH_S:
            self._count(emoji, amount)

    def take(self, now: float) -> dict[str, int]:
        """Counts by emoji since this was asked last, most frequent first."""
        self._now = now
        counts = dict(self._counts.most_common())
        self._counts.clear()
        gone = [user for user, latest in self._latest.items() if latest[-1][0] <= now - 1.0]
        for user in gone:
            del self._latest[user]
        return counts

    def _count(self, emoji: str, amount: int) -> None:
        if emoji in self._counts or len(self._counts) < EMOJI_MOST:
            self._counts[emoji] += amount
