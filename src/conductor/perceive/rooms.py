"""The open sessions: which row of the arrays is whose, and since when its counts may be used."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from conductor.perceive.facts import Facts
from conductor.perceive.ledger import RING_TICKS, TICK_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

FIRST_CAPACITY = 16
"""Rows to begin with, and the least by which they grow."""

GROWTH = 8
"""When the rows are used up, one for so many is added."""


class Rooms:
    """Gives each open session a row, and a freed row to a later session.

    Attributes:
        capacity: Rows that all arrays have.
        used: One more than the highest row in use: arrays are worked on up to here.
        facts: What each open row's session is.
        has_chat: Whether anybody has written in the session so far, shape (capacity,).
        has_reactions: Whether anybody has reacted.
        has_presence: Whether its source tells who comes and goes.
        is_open: Whether the row belongs to an open session.
        opened_at: When the session began, in epoch seconds.
        phase_until: When the session's kind is to be looked at again, because its phase may be another; 0 for at once.
        size: Number of the bucket of its audience, by which its kind was told last.
        started: First tick of the session.
        since: First tick that the score may use.
        look_from: First tick that evidence may use.
        watched: Whether an intervention's effect is awaited.
        tried: Whether it shows what a decision comes to, carried out or not: what is normal stays as it is.
        present: People in the room at the end of the last tick.
        frozen: Ticks that must not be learned, shape (RING_TICKS, capacity).
    """

    has_chat: Mask
    has_reactions: Mask
    has_presence: Mask
    is_open: Mask
    opened_at: Floats
    phase_until: Floats
    size: Ints
    started: Ints
    since: Ints
    look_from: Ints
    watched: Mask
    tried: Mask
    present: Ints

    def __init__(self) -> None:
        self.capacity = FIRST_CAPACITY
        self.used = 0
        self.facts: dict[int, Facts] = {}
        self._row_of: dict[str, int] = {}
        self._free: list[int] = []
        for name, dtype in _COLUMNS.items():
            setattr(self, name, np.zeros(self.capacity, dtype=dtype))
        self.frozen = np.zeros((RING_TICKS, self.capacity), dtype=np.bool_)

    def find(self, session_id: str) -> int | None:
        """The session's row, if it is open."""
        return self._row_of.get(session_id)

    def row(self, session_id: str) -> int:
        """The session's row.

        Raises:
            KeyError: The session is not open.
        """
        return self._row_of[session_id]

    def names(self, rows: Iterable[int]) -> tuple[str, ...]:
        """The sessions of these rows."""
        return tuple(self.facts[int(row)].session_id for row in rows)

    def has_audience(self) -> Mask:
        """In which of the used rows anybody of the audience has been heard of, shape (used,)."""
        return (self.has_chat | self.has_reactions | self.has_presence)[: self.used]

    def open_rows(self) -> Mask:
        """Which of the used rows belong to an open session, shape (used,)."""
        return self.is_open[: self.used]

    def may_learn(self) -> Mask:
        """Which of the used rows are open, and show what is normal as far as the agent's doing goes, shape (used,)."""
        return (self.is_open & ~self.watched & ~self.tried)[: self.used]

    def open(self, facts: Facts, tick: int) -> int:
        """Give the session a row; if `capacity` has grown by it, the other arrays have to follow."""
        if self._free:
            row = self._free.pop()
        else:
            row = self.used
            self.used += 1
            if self.used > self.capacity:
                self._grow()
        self._row_of[facts.session_id] = row
        self.facts[row] = facts
        for name in _COLUMNS:
            getattr(self, name)[row] = 0
        self.is_open[row] = True
        self.opened_at[row] = facts.opened_at
        self.started[row] = self.since[row] = self.look_from[row] = tick
        self.frozen[:, row] = False
        return row

    def close(self, session_id: str) -> int:
        """Take the session's row back and say which it was."""
        row = self._row_of.pop(session_id)
        del self.facts[row]
        self.is_open[row] = False
        self._free.append(row)
        return row

    def reset_windows(self, rows: Ints | Mask, tick: int) -> None:
        """Something changed in these rooms that is no doing of the audience: look at nothing before this tick."""
        self.since[: self.used][rows] = tick
        self.look_from[: self.used][rows] = tick

    def freeze(self, rows: Ints, since: Floats, tick: int) -> None:
        """Let nothing be learned of these rooms from a moment on (in seconds, shape (capacity,)) up to this tick."""
        for row in rows.tolist():
            first = int(np.clip(since[row] // TICK_S, tick - RING_TICKS + 1, tick))
            self.frozen[np.arange(first, tick + 1) % RING_TICKS, row] = True

    def snapshot(self, row: int) -> dict[str, object]:
        """Columns of one session."""
        state: dict[str, object] = {name: getattr(self, name)[row].item() for name in _COLUMNS}
        return state | {"frozen": self.frozen[:, row].copy()}

    def restore(self, row: int, state: dict[str, object]) -> None:
        """Put a snapshot back, taken at the same tick."""
        for name in _COLUMNS:
            getattr(self, name)[row] = state[name]
        self.frozen[:, row] = state["frozen"]

    def _grow(self) -> None:
        before = self.capacity
        # A row costs 9 kB over all arrays: spare ones are dearer than copying the others more often.
        self.capacity += max(before // GROWTH, FIRST_CAPACITY)
        for name, dtype in _COLUMNS.items():
            column: NDArray[np.generic] = np.zeros(self.capacity, dtype=dtype)
            column[:before] = getattr(self, name)
            setattr(self, name, column)
        frozen = np.zeros((RING_TICKS, self.capacity), dtype=np.bool_)
        frozen[:, :before] = self.frozen
        self.frozen = frozen


_COLUMNS: dict[str, type] = {
    "has_chat": np.bool_,
    "has_reactions": np.bool_,
    "has_presence": np.bool_,
    "is_open": np.bool_,
    "opened_at": np.float64,
    "phase_until": np.float64,
    "size": np.int64,
    "started": np.int64,
    "since": np.int64,
    "look_from": np.int64,
    "watched": np.bool_,
    "tried": np.bool_,
    "present": np.int64,
}
