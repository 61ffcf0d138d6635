"""Deadlines that forget everything when the program ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conductor.ports import Deadline


def _never() -> None:
    """What is never closed refuses nothing."""


class MemoryDeadlines:
    """`Deadlines` in memory.

    Args:
        refuse_if_closed: Raises `StoreUnavailable` once the store is closed that they belong to.
    """

    def __init__(self, refuse_if_closed: Callable[[], None] = _never) -> None:
        self._refuse_if_closed = refuse_if_closed
        self._deadlines: dict[str, Deadline] = {}

    async def put(self, deadline: Deadline) -> None:
        """Keep this one in the place of an earlier one of the same decision."""
        self._refuse_if_closed()
        self._deadlines[deadline.decision_id] = deadline

    async def drop(self, decision_id: str) -> None:
        """Forget it. Forgetting it again changes nothing."""
        self._refuse_if_closed()
        self._deadlines.pop(decision_id, None)

    async def all(self) -> Sequence[Deadline]:
        """All of them, earliest first."""
        self._refuse_if_closed()
        return sorted(self._deadlines.values(), key=lambda each: (each.at, each.decision_id))
