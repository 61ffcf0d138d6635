"""What rooms keep, on its way to the bus: gathered, and appended together."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterable

from conductor.domain.bus import Entry, Kept
from conductor.domain.signals import Signal
from conductor.errors import BusUnavailable
from conductor.ports import Bus
from conductor.wire.entries import signals_entry
from conductor.wire.rooms import Note

MOST_WAITING = 50_000
"""Signals and notes that wait while the bus is away: ten minutes of a room of a thousand. Then the oldest go."""

ECHOES_KEPT = 10_000
"""Entries that are recognised when they come back: far more than are under way at any time."""

Fields = tuple[tuple[str, bytes], ...]


class Publisher:
    """Appends signals and notes to the streams of their sessions, one entry for each session and flush.

    Attributes:
        lost: How many of them were dropped because the bus was away for too long.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._waiting: deque[Note | Signal] = deque(maxlen=MOST_WAITING)
        self._appending = asyncio.Lock()
        self._echoes: OrderedDict[int, None] = OrderedDict()
        self.lost = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, kept: Iterable[Note | Signal]) -> None:
        """Have these appended with the next flush."""
        for each in kept:
            self.lost += len(self._waiting) == MOST_WAITING
            self._waiting.append(each)

    async def flush(self) -> None:
        """Append what waits; afterwards all that was added before the call is kept.

        Raises:
            BusUnavailable: The bus is away; what was added waits for the next flush.
        """
        async with self._appending:
            if self._waiting:
                await self._append()

    async def _append(self) -> None:
        taken = tuple(self._waiting)
        self._waiting.clear()
        entries = _entries(taken)
        for entry in entries:
            self._remember(entry.fields)
        try:
            await self._bus.append(entries)
        except (BusUnavailable, asyncio.CancelledError):
            newer = tuple(self._waiting)
            self._waiting.clear()
            self.add((*taken, *newer))
            raise

    def is_echo(self, kept: Kept) -> bool:
        """Whether this entry is one of ours coming back; each does so once."""
        key = hash(kept.fields)
        if key not in self._echoes:
            return False
        del self._echoes[key]
        return True

    def _remember(self, fields: Fields) -> None:
        # Fields hold ids and times to the microsecond, so that no two entries are alike.
        self._echoes[hash(fields)] = None
        if len(self._echoes) > ECHOES_KEPT:
            self._echoes.popitem(last=False)


def _entries(kept: Iterable[Note | Signal]) -> list[Entry]:
    of_session: dict[str, list[Note | Signal]] = {}
    for each in kept:
        of_session.setdefault(each.session_id, []).append(each)
    return [signals_entry(session_id, those) for session_id, those in of_session.items()]
