"""A journal that ends with the process."""

from __future__ import annotations

from collections.abc import Iterable

from conductor.domain.events import EngagementUpdated, Event
from conductor.domain.learned import Learned
from conductor.ports import Waiting


class MemoryJournal:
    """A `Journal` for tests, and where there is no disk: it ends with the process.

    Args:
        most: How many events it holds; then the oldest scores go, and where there are none the oldest of all.
    """

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._lines: list[Event | Learned] = []
        self._handed = 0
        self.dropped_scores = self.dropped_others = 0

    @property
    def waiting(self) -> int:
        """How many lines the store does not have yet."""
        return len(self._lines)

    def append(self, events: Iterable[Event], learned: Learned | None = None) -> None:
        """Keep these for the store, after what waits already."""
        self._lines += events
        if learned is not None:
            self._lines.append(learned)
        while len(self._lines) > max(self._most, self._handed):
            del self._lines[self._oldest()]

    def first(self, most: int) -> Waiting:
        """The oldest, up to so many; they stay until `drop` says that the store has them."""
        handed = self._lines[:most]
        self._handed = len(handed)
        lessons = [each for each in handed if isinstance(each, Learned)]
        events = tuple(each for each in handed if not isinstance(each, Learned))
        return Waiting(events, lessons[-1] if lessons else None, len(handed))

    def drop(self, count: int) -> None:
        """The store has so many of the oldest."""
        del self._lines[:count]
        self._handed = 0

    def close(self) -> None:
        """There is nothing to let go of."""

    def _oldest(self) -> int:
        """The place of what goes first."""
        free = range(self._handed, len(self._lines))
        scores = (place for place in free if isinstance(self._lines[place], EngagementUpdated))
        place = next(scores, None)
        if place is None:
            self.dropped_others += 1
            return self._handed
        self.dropped_scores += 1
        return place
