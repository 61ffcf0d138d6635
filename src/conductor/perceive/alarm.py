"""Evidence → anomaly, or nothing: thresholds, hysteresis, what kind of fall it is, and when it is over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.domain.engagement import Severity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NONE, WARNING, CRITICAL = 0, 1, 2
"""What stands in a room. Numbers, because they are compared and kept in arrays."""

SEVERITIES = {WARNING: Severity.WARNING, CRITICAL: Severity.CRITICAL}


@dataclass(frozen=True, slots=True)
class AlarmParams:
    """When an anomaly is raised and when it is over.

    Attributes:
        warning: Evidence from which it is a WARNING (`docs/math.md`, "Alarms").
        critical: Evidence from which it is CRITICAL (likewise).
        clear: Below this it is over: far below the warning, so that it doesn't flicker (stated guess).
        band: The score has to be so far below what is normal: tiny variances raise nothing (stated guess: a
            step that a person would see on the dashboard).
        cooldown_ticks: So long after one is over no warning is raised, only what is critical: 1 min.
        accept_ticks: A fall that has stood so long has become the room's normal: 10 min.
        freeze: Evidence from which nothing is learned, well before a warning.
        low_level: A room under this score for `low_ticks` that never fell is a room of LOW_ENGAGEMENT.
        low_ticks: See `low_level`: 5 min.
        low_cooldown_ticks: So long it is not said again: 20 min.
    """

    warning: float = 0.6
    critical: float = 0.8
    clear: float = 0.2
    band: float = 0.05
    cooldown_ticks: int = 12
    accept_ticks: int = 120
    freeze: float = 0.3
    low_level: float = 0.2
    low_ticks: int = 60
    low_cooldown_ticks: int = 240


class Alarms:
    """What stands in each room.

    Attributes:
        standing: `NONE`, `WARNING` or `CRITICAL`, shape (capacity,).
        onset: Tick in which the standing fall began, shape (capacity,).
    """

    def __init__(self, params: AlarmParams, capacity: int) -> None:
        self._params = params
        self.standing = np.zeros(capacity, dtype=np.int64)
        self.onset = np.zeros(capacity, dtype=np.int64)
        self._raised = np.zeros(capacity, dtype=np.int64)
        self._rest_until = np.zeros(capacity, dtype=np.int64)
        self._low_since = np.full(capacity, -1, dtype=np.int64)
        self._low_until = np.zeros(capacity, dtype=np.int64)

    def grow(self, capacity: int) -> None:
        """Make room for this many sessions."""
        for name, empty in _EMPTY.items():
            old = getattr(self, name)
            new = np.full(capacity, empty, dtype=np.int64)
            new[: len(old)] = old
            setattr(self, name, new)

    def clear(self, row: int) -> None:
        """Forget a session."""
        for name, empty in _EMPTY.items():
            getattr(self, name)[row] = empty

    def raised(self, tick: int, evidence: Floats, fallen: Mask, stretch_ticks: Ints) -> Mask:
        """Raise what the evidence calls for.

        Args:
            tick: The tick that has just ended.
            evidence: In [0, 1], shape (rooms,).
            fallen: Rooms that lie so far below normal that a person would see it, shape (rooms,).
            stretch_ticks: How long ago the fall began, shape (rooms,).

        Returns:
            Rooms in which an anomaly was raised or became critical now, shape (rooms,).
        """
        rooms = len(evidence)
        called = np.where(evidence >= self._params.critical, CRITICAL, WARNING)
        called = np.where((evidence >= self._params.warning) & fallen, called, NONE)
        standing = self.standing[:rooms]
        resting = (standing == NONE) & (tick < self._rest_until[:rooms])
        called[resting & (called < CRITICAL)] = NONE
        up = called > standing
        new = up & (standing == NONE)
        self.onset[:rooms][new] = (tick + 1 - stretch_ticks)[new]
        self._raised[:rooms][new] = tick
        self._low_since[:rooms][new] = -1
        self.standing[:rooms] = np.maximum(standing, called)
        return up

    def low(self, tick: int, score: Floats, judged: Mask) -> Mask:
        """Rooms that have been low for long without ever having fallen.

        Args:
            tick: The tick that has just ended.
            score: In [0, 1], shape (rooms,).
            judged: Rooms of which enough is known, shape (rooms,).

        Returns:
            Rooms in which LOW_ENGAGEMENT was raised now, shape (rooms,).
        """
        rooms = len(score)
        low = judged & (score < self._params.low_level)
        since = self._low_since[:rooms]
        stands = self.standing[:rooms] > NONE
        since[low & ~stands & (since < 0)] = tick
        # What stands as low is low until its score says otherwise, also while too little is known to judge.
        since[~low & (judged | ~stands)] = -1
        long: Mask = low & ~stands & (tick - since >= self._params.low_ticks) & (tick >= self._low_until[:rooms])
        self.standing[:rooms][long] = WARNING
        self.onset[:rooms][long] = since[long]
        self._raised[:rooms][long] = tick
        self._low_until[:rooms][long] = tick + self._params.low_cooldown_ticks
        return long

    def ended(self, tick: int, evidence: Floats, held: Mask, tried: Mask | None = None) -> tuple[Mask, Mask]:
        """End what is over.

        Args:
            tick: The tick that has just ended.
            evidence: In [0, 1], shape (rooms,).
            held: Rooms in which an intervention's effect is awaited: there it stays open, shape (rooms,).
            tried: Rooms in which no fall becomes normal now, shape (rooms,); None for none.

        Returns:
            Rooms in which it is over, and those of them in which the fall has become normal; shape (rooms,).
        """
        rooms = len(evidence)
        stands = (self.standing[:rooms] > NONE) & ~held
        accepted = stands & (tick - self._raised[:rooms] >= self._params.accept_ticks)
        if tried is not None:
            accepted &= ~tried
        # A low room that never fell gives no evidence of a fall: it is over when the room is no longer low.
        is_low = self._low_since[:rooms] >= 0
        calm = (evidence < self._params.clear) & ~is_low
        # What has become normal is not low any more, and is no reason to call it low later.
        self._low_since[:rooms][accepted] = -1
        self._low_until[:rooms][accepted] = tick + self._params.low_cooldown_ticks
        over = accepted | (stands & calm & (tick > self._raised[:rooms]))
        self.standing[:rooms][over] = NONE
        self._rest_until[:rooms][over] = tick + self._params.cooldown_ticks
        return over, accepted

    def drop(self, rows: Ints) -> Ints:
        """Take back what stands in these rooms: their feed was lost, so nothing can be said.

        Returns:
            Those of them in which something stood.
        """
        stood = rows[self.standing[rows] > NONE]
        self.standing[stood] = NONE
        return stood

    def snapshot(self, row: int) -> tuple[int, ...]:
        """Everything known of a session."""
        return tuple(int(getattr(self, name)[row]) for name in _EMPTY)

    def restore(self, row: int, state: tuple[int, ...]) -> None:
        """Put a snapshot back."""
        for name, value in zip(_EMPTY, state, strict=True):
            getattr(self, name)[row] = value


_EMPTY = {"standing": NONE, "onset": 0, "_raised": 0, "_rest_until": 0, "_low_since": -1, "_low_until": 0}
