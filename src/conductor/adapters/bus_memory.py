"""The bus within one process."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from conductor.adapters.mailbox import UNREAD, Mailbox, matches_any
from conductor.domain.bus import Changed, Entry, Kept, Message
from conductor.errors import BusUnavailable

__all__ = ["MemoryBus"]

_Stream = deque[tuple[int, Kept]]
"""Entries with their place in the order in which they came, over all streams."""


@dataclass(slots=True, eq=False)
class _Reader:
    """One follower: which streams have news for it, and up to which place it has read."""

    prefix: str
    read_to: int
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    news: set[str] = field(default_factory=set)


class MemoryBus:
    """A `Bus` that forgets everything when the program ends.

    Args:
        clock: Gives the time in epoch seconds at which an entry is appended.
        unread: How many messages a listener may be behind before it loses the oldest.
    """

    def __init__(self, clock: Callable[[], float] = time.time, *, unread: int = UNREAD) -> None:
        self._clock = clock
        self._unread = unread
        self._streams: dict[str, _Stream] = {}
        self._appended = 0
        self._readers: set[_Reader] = set()
        self._listeners: dict[Mailbox, Callable[[str], bool]] = {}
        self._is_closed = False

    async def publish(self, messages: Sequence[Message]) -> None:
        """Say these to whoever listens now, in this order.

        Raises:
            BusUnavailable: The bus is closed.
        """
        self._refuse_if_closed()
        for message in messages:
            for mailbox, hears in self._listeners.items():
                if hears(message.channel):
                    mailbox.put(message)

    @asynccontextmanager
    async def subscribe(self, *patterns: str) -> AsyncIterator[AsyncIterator[Message]]:
        """Listen to channels by name, `*` standing for anything.

        Raises:
            BusUnavailable: The bus is closed.
        """
        self._refuse_if_closed()
        mailbox = Mailbox(self._unread)
        self._listeners[mailbox] = matches_any(patterns)
        try:
            yield mailbox
        finally:
            del self._listeners[mailbox]

    async def append(self, entries: Sequence[Entry]) -> None:
        """Keep these, in this order.

        Raises:
            BusUnavailable: The bus is closed.
        """
        self._refuse_if_closed()
        now = self._clock()
        for entry in entries:
            self._keep(entry, now)

    async def follow(self, prefix: str, since: float) -> AsyncIterator[Sequence[Kept]]:
        """Everything in all streams whose names begin so: what is kept since, an empty batch, then what comes.

        Raises:
            BusUnavailable: The bus is closed.
        """
        self._refuse_if_closed()
        reader = _Reader(prefix, self._appended)
        self._readers.add(reader)
        try:
            kept = [pair for name in self._streams if name.startswith(prefix) for pair in self._streams[name]]
            if found := [each for _, each in sorted(kept, key=_place) if each.at >= since]:
                yield found
            yield []
            while not self._is_closed:
                if batch := self._take(reader):
                    yield batch
                else:
                    await reader.stirred.wait()
        finally:
            self._readers.discard(reader)

    async def rewrite(self, prefix: str, change: Changed, only: Collection[str] | None = None) -> Mapping[str, int]:
        """Change entries of streams whose names begin so, or `only` of these; how many were changed, by stream.

        Raises:
            BusUnavailable: The bus is closed.
        """
        self._refuse_if_closed()
        counts: dict[str, int] = {}
        for name in [name for name in self._streams if name.startswith(prefix) and (only is None or name in only)]:
            left: _Stream = deque()
            for place, kept in self._streams[name]:
                fields = change(kept.fields)
                counts[name] = counts.get(name, 0) + (fields is not None)
                if fields is None:
                    left.append((place, kept))
                elif fields:
                    names, values = zip(*fields, strict=True)
                    left.append((place, kept._replace(names=names, values=values)))
            self._streams[name] = left
        return {name: count for name, count in counts.items() if count}

    async def remove(self, streams: Sequence[str]) -> int:
        """Delete streams, and say how many there were.

        Raises:
            BusUnavailable: The bus is closed.
        """
        self._refuse_if_closed()
        there = [name for name in streams if name in self._streams]
        for name in there:
            del self._streams[name]
        return len(there)

    async def close(self) -> None:
        """Let go of the bus; readers end. Closing again changes nothing."""
        self._is_closed = True
        for mailbox in self._listeners:
            mailbox.close()
        for reader in self._readers:
            reader.stirred.set()

    def _keep(self, entry: Entry, now: float) -> None:
        self._appended += 1
        # The count alone tells entries apart and orders them, even if the clock stands still or is put back.
        names, values = tuple(name for name, _ in entry.fields), tuple(value for _, value in entry.fields)
        kept = Kept(entry.stream, names, values, now, f"{int(now * 1000)}-{self._appended}")
        stream = self._streams.setdefault(entry.stream, deque())
        stream.append((self._appended, kept))
        while len(stream) > entry.keep:
            stream.popleft()
        for reader in self._readers:
            if entry.stream.startswith(reader.prefix):
                reader.news.add(entry.stream)
                reader.stirred.set()

    def _take(self, reader: _Reader) -> list[Kept]:
        """What came since the reader last took something, as far as it is still kept."""
        names, reader.news = reader.news, set()
        reader.stirred.clear()
        found: list[tuple[int, Kept]] = []
        for name in names:
            for pair in reversed(self._streams.get(name, ())):
                if pair[0] <= reader.read_to:
                    break
                found.append(pair)
        reader.read_to = self._appended
        return [kept for _, kept in sorted(found, key=_place)]

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise BusUnavailable("the bus in this process is closed: open a new one")


def _place(pair: tuple[int, Kept]) -> int:
    return pair[0]
