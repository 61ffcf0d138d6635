"""Marks that are forgotten when the program ends."""

from __future__ import annotations


class MemoryMarks:
    """Marks (`Marks`) of this process."""

    def __init__(self) -> None:
        self._kept: set[str] = set()

    async def put(self, key: str) -> bool:
        """Leave a mark; True for whoever is the first to."""
        is_first = key not in self._kept
        self._kept.add(key)
        return is_first

    async def drop(self, key: str) -> None:
        """Take it away."""
        self._kept.discard(key)
