"""A silent feed is not a silent room: knows when a session's source, and not its audience, has gone quiet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NEVER = -np.inf


@dataclass(frozen=True, slots=True)
class FeedParams:
    """When a feed is taken to be lost; stated guesses, erring towards not blaming the room.

    Attributes:
        timeout_s: A source that sends heartbeats is lost after so long without one, or after `missed` times
            its usual interval, whichever is longer.
        missed: See `timeout_s`.
        stampede_ratio: So large a share of the people leaving or joining within one second is no decision of
            theirs.
        stampede_people: And so many of them at least.
        settle_s: After the feed is back, or after a stampede of joins, so long nothing is concluded.
        arrival_s: In a session's first moments everybody joins at once; that is no stampede.
    """

    timeout_s: float = 15.0
    missed: float = 3.0
    stampede_ratio: float = 0.5
    stampede_people: int = 3
    settle_s: float = 30.0
    arrival_s: float = 120.0


class Feed:
    """What is known of each session's feed.

    Attributes:
        lost: Whether the feed is lost, shape (capacity,).
        back_at: When it came back (or the session began): nothing before counts, shape (capacity,).
    """

    def __init__(self, params: FeedParams, capacity: int) -> None:
        self._params = params
        self.lost = np.zeros(capacity, dtype=np.bool_)
        self.back_at = np.full(capacity, NEVER)
        self._beat_at = np.full(capacity, NEVER)
        self._interval_s = np.zeros(capacity)
        self._emptied = np.zeros(capacity, dtype=np.bool_)

    def grow(self, capacity: int) -> None:
        """Make room for this many sessions."""
        for name, empty in _EMPTY.items():
            old = getattr(self, name)
            new = np.full(capacity, empty, dtype=old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)

    def open(self, row: int) -> None:
        """Begin a session."""
        for name, empty in _EMPTY.items():
            getattr(self, name)[row] = empty

    def beat(self, row: int, at: float) -> None:
        """The session's source says that it is alive."""
        gap = at - self._beat_at[row]
        if gap <= 0:
            return
        if np.isfinite(gap) and not self.lost[row]:
            self._interval_s[row] = max(gap, 0.9 * self._interval_s[row])
        self._beat_at[row] = at

    def stampedes(self, rows: Ints, times: Floats, present: Ints) -> Ints:
        """Rooms in which half of the people left (or joined) within one second.

        Args:
            rows: Room of each leave (or join), shape (n,).
            times: When, shape (n,).
            present: People in each room before (or, of joins, after), shape (rooms,).

        Returns:
            Rows, without repetition.
        """
        pairs, counts = np.unique(np.stack([rows, times.astype(np.int64)]), axis=1, return_counts=True)
        limit = np.maximum(self._params.stampede_ratio * present[pairs[0]], self._params.stampede_people)
        return np.unique(pairs[0][counts >= limit])

    def emptied(self, rows: Ints) -> None:
        """Everybody "left" these rooms within a second: the connection broke, or the session is over."""
        self.lost[rows] = True
        self._emptied[rows] = True

    def refilled(self, rows: Ints, now: float, opened_at: Floats) -> None:
        """Everybody "joined" these rooms within a second: they were there all along."""
        late = rows[now - opened_at[rows] > self._params.arrival_s]
        self.back_at[late] = now

    def advance(self, now: float, heard: Mask) -> Mask:
        """Judge all feeds at the end of a tick.

        Args:
            now: End of the tick.
            heard: Rooms in which somebody did something or joined in this tick, shape (rooms,).

        Returns:
            Rooms whose feed came back in this tick, shape (rooms,).
        """
        rooms = len(heard)
        patience = np.maximum(self._params.timeout_s, self._params.missed * self._interval_s[:rooms])
        beats = np.isfinite(self._beat_at[:rooms])
        silent = beats & (now - self._beat_at[:rooms] > patience)
        self._emptied[:rooms] &= ~heard
        was_lost = self.lost[:rooms].copy()
        # A source whose heartbeat is late but which still delivers is not lost.
        self.lost[:rooms] = (silent & ~heard) | self._emptied[:rooms]
        back = was_lost & ~self.lost[:rooms]
        self.back_at[:rooms][back] = now
        return back

    def settled(self, rooms: int, now: float) -> Mask:
        """Which of the first rooms' feeds have been there long enough to conclude anything."""
        return ~self.lost[:rooms] & (now - self.back_at[:rooms] >= self._params.settle_s)

    def snapshot(self, row: int) -> tuple[float, ...]:
        """Everything known of a session's feed."""
        return tuple(float(getattr(self, name)[row]) for name in _EMPTY)

    def restore(self, row: int, state: tuple[float, ...]) -> None:
        """Put a snapshot back."""
        for name, value in zip(_EMPTY, state, strict=True):
            getattr(self, name)[row] = value


_EMPTY: dict[str, float] = {
    "lost": False,
    "back_at": NEVER,
    "_beat_at": NEVER,
    "_interval_s": 0.0,
    "_emptied": False,
}
