"""Signals of the rooms on their way to the bus: gathered, and appended together."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable

from conductor.domain.bus import SIGNALS, SIGNALS_KEPT, Entry, Kept
from conductor.domain.signals import Signal
from conductor.errors import BusUnavailable
from conductor.ports import Bus
from conductor.wire import dump_signal
from conductor.wire.reading import json_bytes

MOST_WAITING = 50_000
"""Signals that wait while the bus is away: ten minutes of a room of a thousand. Then the oldest go."""

ECHOES_KEPT = 10_000
"""Entries that are recognised when they come back: far more than are under way at any time."""

Fields = tuple[tuple[str, bytes], ...]


class Publisher:
    """Appends signals to the streams of their sessions, one entry for each session and flush.

    Attributes:
        lost: How many signals were dropped because the bus was away for too long.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._waiting: deque[Signal] = deque(maxlen=MOST_WAITING)
        self._echoes: OrderedDict[int, None] = OrderedDict()
        self.lost = 0

    def add(self, signals: Iterable[Signal]) -> None:
        """Have these appended with the next flush."""
        for signal in signals:
            self.lost += len(self._waiting) == MOST_WAITING
            self._waiting.append(signal)

    async def flush(self) -> None:
        """Append what waits.

        Raises:
            BusUnavailable: The bus is away; the signals wait for the next flush.
        """
        if not self._waiting:
            return
        taken = tuple(self._waiting)
        self._waiting.clear()
        entries = _entries(taken)
        for entry in entries:
            self._remember(entry.fields)
        try:
            await self._bus.append(entries)
        except BusUnavailable:
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
        # Bodies hold ids and times to the microsecond, so that no two entries are alike.
        self._echoes[hash(fields)] = None
        if len(self._echoes) > ECHOES_KEPT:
            self._echoes.popitem(last=False)


def _entries(signals: Iterable[Signal]) -> list[Entry]:
    of_session: dict[str, list[tuple[str, bytes]]] = {}
    for signal in signals:
        channel, body = dump_signal(signal)
        of_session.setdefault(signal.session_id, []).append((channel, json_bytes(body)))
    return [Entry(SIGNALS + session_id, tuple(fields), SIGNALS_KEPT) for session_id, fields in of_session.items()]
