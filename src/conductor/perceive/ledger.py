"""How much of what happened when: counts per session, kind and tick."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from conductor.domain.signals import COUNTED_KINDS, Kind

TICK_S = 5.0
"""Length of a tick. Every score is of whole ticks (a score every 5 s is what the product promises)."""

SHORT_TICKS = 12
"""The short window: 60 s."""

LONG_TICKS = 60
"""The long window: 5 min."""

RING_TICKS = 64
"""Ticks that are kept: the long window, the tick that is being filled, and slack for late signals."""

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Ledger:
    """Running totals at the end of each tick, so that any window is one subtraction.

    A total is 32 bits wide and may wrap around: differences stay right as long as a window holds fewer than
    2**32 of a kind. One session takes `RING_TICKS * COUNTED_KINDS * 4` bytes, 2.3 kB.

    Attributes:
        tick: The tick that is being filled; windows end where it begins.
    """

    def __init__(self, capacity: int, tick: int = 0) -> None:
        self.tick = tick
        self._totals = np.zeros((RING_TICKS, COUNTED_KINDS, capacity), dtype=np.uint32)

    def grow(self, capacity: int) -> None:
        """Make room for this many sessions."""
        grown = np.zeros((RING_TICKS, COUNTED_KINDS, capacity), dtype=np.uint32)
        grown[:, :, : self._totals.shape[2]] = self._totals
        self._totals = grown

    def clear(self, row: int) -> None:
        """Forget a session."""
        self._totals[:, :, row] = 0

    def count(self, rows: Ints, kinds: Ints, ticks: Ints, amounts: Ints) -> int:
        """Add what happened; all four arrays have one entry per signal.

        A late signal goes to the tick it belongs to, so that windows come out as if it had been in time; one
        that seems to come from the future goes to the tick that is being filled.

        Returns:
            How many signals were too late to be in any window, and were left out.
        """
        lateness = np.maximum(self.tick - ticks, 0)
        cells = kinds * self._totals.shape[2] + rows
        latest = int(lateness.max(initial=0))
        for late in range(min(latest + 1, RING_TICKS - 1)):
            chosen = np.flatnonzero(lateness == late)
            for slot in range(self.tick - late, self.tick + 1) if len(chosen) else ():
                totals = self._totals[slot % RING_TICKS].reshape(-1)
                np.add.at(totals, cells.take(chosen), amounts.take(chosen).astype(np.uint32))
        return int(np.count_nonzero(lateness >= RING_TICKS - 1))

    def has(self, kind: Kind, rooms: int) -> Mask:
        """In which of the first rooms something of this kind has been counted so far, shape (rooms,)."""
        counted: Mask = self._totals[self.tick % RING_TICKS, kind, :rooms] > 0
        return counted

    def advance(self) -> None:
        """End the tick that is being filled and begin the next."""
        self._totals[(self.tick + 1) % RING_TICKS] = self._totals[self.tick % RING_TICKS]
        self.tick += 1

    def window(self, ticks: int, *, ending: int = 0) -> NDArray[np.uint32]:
        """Counts of the last whole ticks.

        Args:
            ticks: Length of the window, from 0 to `LONG_TICKS`.
            ending: How many ticks before now it ends.

        Returns:
            Shape (kinds, capacity).
        """
        last = self._totals[(self.tick - 1 - ending) % RING_TICKS]
        before = self._totals[(self.tick - 1 - ending - ticks) % RING_TICKS]
        counts: NDArray[np.uint32] = last - before
        return counts

    def windows(self, ticks: Ints, kinds: list[int], rooms: int) -> NDArray[np.uint32]:
        """Counts of these kinds together in several windows up to now.

        Args:
            ticks: Lengths of the windows, each from 0 to `LONG_TICKS`, shape (n,).
            kinds: What is counted.
            rooms: In how many of the first rows.

        Returns:
            Shape (n, rooms).
        """
        slots = (self.tick - 1 - np.append(ticks, 0)) % RING_TICKS
        totals = self._totals[slots, kinds[0], :rooms]
        for kind in kinds[1:]:
            totals += self._totals[slots, kind, :rooms]
        counts: NDArray[np.uint32] = totals[-1] - totals[:-1]
        return counts

    def window_of(self, rows: Ints, ticks: Ints | int, ending: Ints | int = 0) -> NDArray[np.uint32]:
        """Counts of windows of different lengths.

        Args:
            rows: Sessions, shape (n,).
            ticks: For each its window's length, from 0 to `LONG_TICKS`, shape (n,).
            ending: For each how many ticks before now it ends, shape (n,).

        Returns:
            Shape (kinds, n).
        """
        last = self.tick - 1 - ending
        counts: NDArray[np.uint32] = self._totals_at(last, rows) - self._totals_at(last - ticks, rows)
        return counts

    def _totals_at(self, ticks: Ints | int, rows: Ints) -> NDArray[np.uint32]:
        """Totals at the end of one tick a row, shape (kinds, n)."""
        slots = np.asarray(ticks) % RING_TICKS
        # Nearly always all sessions ask for the same tick, whose totals lie side by side.
        if slots.size and (slots == slots.flat[0]).all():
            totals: NDArray[np.uint32] = self._totals[slots.flat[0]][:, rows]
        else:
            totals = self._totals[slots, :, rows].T
        return totals

    def snapshot(self, row: int) -> NDArray[np.uint32]:
        """The kept totals of one session, oldest tick first, shape (RING_TICKS, kinds)."""
        order = np.arange(self.tick - RING_TICKS + 1, self.tick + 1) % RING_TICKS
        return self._totals[order, :, row]

    def restore(self, row: int, totals: NDArray[np.uint32]) -> None:
        """Put a snapshot back, taken at the same tick."""
        order = np.arange(self.tick - RING_TICKS + 1, self.tick + 1) % RING_TICKS
        self._totals[order, :, row] = totals
