"""How many sessions are watched at once: each takes memory, and whoever may send signals can name any number."""

from __future__ import annotations

from collections.abc import Container

from conductor.domain.bus import SIGNALS
from conductor.domain.sessions import MOST_OPEN

SETTLED_S = 60.0
"""A session that was let in is open a few ticks later, or its signals did not open one."""


class Door:
    """Lets streams of sessions in until so many are open; whoever is in stays in.

    Args:
        opened: Sessions that are open now.
        most: How many may be.
    """

    def __init__(self, opened: Container[str] = (), most: int = MOST_OPEN) -> None:
        self._opened = opened
        self._most = most
        self._let_in: dict[str, float] = {}
        self._looked_at = 0.0

    def admits(self, stream: str, at: float) -> bool:
        """Whether to heed what came in this stream at this moment, in epoch seconds of the bus."""
        if stream in self._let_in:
            return True
        if len(self._let_in) >= self._most:
            self._look(at)
            if len(self._let_in) >= self._most:
                return False
        self._let_in[stream] = at
        return True

    def _look(self, at: float) -> None:
        """See who has gone; not for each that is turned away, as these may be many."""
        if 0.0 <= at - self._looked_at < 1.0:
            return
        self._looked_at = at
        self._let_in = {
            stream: since
            for stream, since in self._let_in.items()
            if at - since < SETTLED_S or stream.removeprefix(SIGNALS) in self._opened
        }
