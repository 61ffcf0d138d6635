"""A silent feed is not a silent room: knows when a session's source, and not its audience, has gone quiet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.perceive.ledger import TICK_S

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
        overdue: After so many times its usual interval without any sign of life, or after a tick, a source that
            sends heartbeats may be dead, and silence is not held against the room until it is heard again.
        stampede_ratio: So large a share of the people leaving or joining within one second is no decision of
            theirs.
        stampede_people: And so many of them at least.
        settle_s: After the feed is back, or after a stampede of joins, so long nothing is concluded.
        arrival_s: In a session's first moments everybody joins at once; that is no stampede.
    """

    timeout_s: float = 15.0
    missed: float = 3.0
    overdue: float = 1.5
    stampede_ratio: float = 0.5
    stampede_people: int = 3
    settle_s: float = 30.0
    arrival_s: float = 120.0


class Feed:
    """What is known of each session's feed.

    Attributes:
        lost: Whether the feed is lost, shape (capacity,).
        back_at: When it came back: nothing before counts, shape (capacity,).
        alive_at: When its source last gave a sign of life, shape (capacity,).
    """

    def __init__(self, params: FeedParams, capacity: int) -> None:
        self._params = params
        self.lost = np.zeros(capacity, dtype=np.bool_)
        self.back_at = np.full(capacity, NEVER)
        self._beat_at = np.full(capacity, NEVER)
        self._interval_s = np.zeros(capacity)
        self._emptied_at = np.full(capacity, NEVER)
        self._rushing = np.zeros(capacity, dtype=np.bool_)
        self.alive_at = np.full(capacity, NEVER)

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

    def left(self, rows: Ints, times: Floats, before: Ints, now: float) -> None:
        """People left; where half did within a second the connection broke, or the session is over.

        Args:
            rows: Room of each leave, shape (n,).
            times: When, shape (n,).
            before: People in each room before, shape (rooms,).
            now: End of the tick.
        """
        gone = self._stampedes(rows, times, before)
        last = np.full(len(before), NEVER)
        np.maximum.at(last, rows, times)
        self._emptied_at[gone] = last[gone]
        # Half of the people in a tick, at the pace of its last second: a stampede that may go on in the next.
        pace = np.bincount(rows[times >= now - 1.0], minlength=len(before)) * TICK_S
        self._rushing = pace >= np.maximum(self._params.stampede_ratio * before, self._params.stampede_people * TICK_S)

    def joined(self, rows: Ints, times: Floats, present: Ints, now: float, opened_at: Floats) -> None:
        """People joined; where half of those who are there now did within a second, they were there all along.

        Args:
            rows: Room of each join, shape (n,).
            times: When, shape (n,).
            present: People in each room after, shape (rooms,).
            now: End of the tick.
            opened_at: When each session began, shape (rooms,).
        """
        came = self._stampedes(rows, times, present)
        late = came[now - opened_at[came] > self._params.arrival_s]
        self.back_at[late] = now

    def advance(self, now: float, heard_at: Floats, shown_at: Floats) -> tuple[Mask, Mask]:
        """Judge all feeds at the end of a tick.

        Args:
            now: End of the tick.
            heard_at: When anything but a leave last came from each room in this tick, `NEVER` if nothing did,
                shape (rooms,).
            shown_at: The same of the audience alone: when somebody last did something or joined, shape (rooms,).

        Returns:
            Rooms of which all begins anew, because their feed came back or everybody joined at once; and rooms
            whose feed was lost in this tick.
        """
        rooms = len(heard_at)
        alive_at, emptied_at = self.alive_at[:rooms], self._emptied_at[:rooms]
        np.maximum(alive_at, np.maximum(heard_at, self._beat_at[:rooms]), out=alive_at)
        # Only who shows up after the others were gone is a sign that the room can be seen again.
        emptied_at[shown_at > emptied_at] = NEVER
        patience = np.maximum(self._params.timeout_s, self._params.missed * self._interval_s[:rooms])
        # A source whose heartbeat is late but which still delivers is not lost.
        silent = self._beats(rooms) & (now - self._beat_at[:rooms] > patience) & (heard_at == NEVER)
        was_lost = self.lost[:rooms].copy()
        self.lost[:rooms] = silent | (emptied_at > NEVER)
        self.back_at[:rooms][was_lost & ~self.lost[:rooms]] = now
        return self.back_at[:rooms] == now, self.lost[:rooms] & ~was_lost

    def audible(self, rooms: int, now: float) -> Mask:
        """In which of the first rooms silence, or leaving, would be the audience's.

        A source that sends heartbeats may be dead since its last sign of life: until the next one, silence proves
        nothing. Without heartbeats a silent source is not told from a silent audience, and is trusted. Where people
        are rushing out it may be a stampede of which only the beginning was seen.
        """
        interval_s = self._interval_s[:rooms]
        # Of a slow heart the silence of a tick is believed, or no fall would be seen within 10 s.
        usual_s = np.where(interval_s > 0, np.minimum(self._params.overdue * interval_s, TICK_S), TICK_S)
        audible: Mask = ~self._beats(rooms) | (now - self.alive_at[:rooms] <= usual_s)
        return audible & ~self._rushing[:rooms]

    def _beats(self, rooms: int) -> Mask:
        beats: Mask = np.isfinite(self._beat_at[:rooms])
        return beats

    def _stampedes(self, rows: Ints, times: Floats, present: Ints) -> Ints:
        """Rooms in which so many left (or joined) within one second that it was no decision of theirs."""
        limit = np.maximum(self._params.stampede_ratio * present, self._params.stampede_people)
        # Hardly ever do so many in a whole tick: only then are the seconds looked at.
        many = (np.bincount(rows, minlength=len(present)) >= limit)[rows]
        if not many.any():
            return rows[:0]
        pairs, counts = np.unique(np.stack([rows, times.astype(np.int64)])[:, many], axis=1, return_counts=True)
        return np.unique(pairs[0][counts >= limit[pairs[0]]])

    def settled_ticks(self, rooms: int, now: float) -> Floats:
        """How many ticks ago each of the first rooms' feeds had settled; 0 while it is lost or settling."""
        ticks = np.floor((now - self.back_at[:rooms] - self._params.settle_s) / TICK_S)
        return np.where(self.lost[:rooms], 0.0, np.maximum(ticks, 0.0))

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
    "_emptied_at": NEVER,
    "alive_at": NEVER,
}
