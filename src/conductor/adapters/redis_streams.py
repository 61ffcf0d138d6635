"""Reading streams of a Redis or Valkey server: what is kept, and then what comes, each entry once.

Nobody can wait for streams by the beginning of their names, and waiting for thousands by name costs the server much.
So whoever appends also names the streams in one index stream; a reader waits for the index alone, and then asks those
streams that have news. What other programs append without naming it is found by looking through all streams now and
then.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
from bisect import bisect_right
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from typing import TypeAlias, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from conductor.adapters.redis_link import AWAY, Link, ask
from conductor.domain.bus import Kept
from conductor.domain.timeline import REAL, Timeline

__all__ = ["INDEX", "INDEX_KEPT", "Follower", "raw", "streams_of"]

_log = logging.getLogger(__name__)

INDEX = "conductor:index"
INDEX_KEPT = 10_000
"""The stream that names streams with news, and about how many calls it remembers. A reader that is further behind finds
its streams when it looks through all."""

LOOK_EVERY_S = 30.0
"""How often it looks through all streams."""

FORGET_S = 3600.0
"""A stream with nothing new for so long is no longer held in mind."""

BLOCK_S = 5.0
"""How long one question for news waits at the server."""

ANSWER_S = 2.0 * BLOCK_S
"""After so long without an answer the connection counts as lost."""

AT_ONCE = 1000
"""Entries of one stream, or names of the index, in one answer; keys that one step of a search looks at."""

TOGETHER = 100
"""Streams in one question."""

IN_HAND = 100_000
"""About how many entries are held while those of many streams are put in order."""

_LAST = 2**64 - 1
"""The highest second part of an id."""

_END = (_LAST, _LAST)
"""Beyond all ids."""

Entries: TypeAlias = list[tuple[bytes, list[bytes]]]
Answer: TypeAlias = list[tuple[bytes, Entries]]
Order: TypeAlias = tuple[int, int]


class _Names(dict[bytes, str]):
    """Names as text, each decoded once; a few thousand differ, so that it starts anew at many more."""

    def __missing__(self, raw: bytes) -> str:
        if len(self) > AT_ONCE * TOGETHER:
            self.clear()
        name = self[raw] = raw.decode(errors="surrogateescape")
        return name


class Follower:
    """Reads all streams whose names begin so, from a moment on.

    Args:
        link: Where they are.
        prefix: How their names begin.
        since: Epoch seconds of `timeline`; entries from then on are read.
        look_every_s: How often to look for streams that the index does not name.
        timeline: The time in which it is said when entries were appended; the server knows the real one.
    """

    def __init__(
        self,
        link: Link,
        prefix: str,
        since: float,
        look_every_s: float = LOOK_EVERY_S,
        timeline: Timeline = REAL,
    ) -> None:
        self._link = link
        self._prefix = raw(prefix)
        self._timeline = timeline
        self._from_ms = max(0, math.ceil(timeline.to_real(since) * 1000))
        self._look_every_s = look_every_s
        self._index = b"0-0"
        self._last: dict[bytes, bytes] = {}
        self._names = _Names()

    async def batches(self) -> AsyncGenerator[Sequence[Kept], None]:
        """What is kept in order, one empty batch, then what comes, until the link is closed."""
        self._link.refuse_if_closed()
        is_first, failures = True, 0
        async with self._link.client() as client:
            while not self._link.is_closed:
                try:
                    async for batch in self._kept(client):
                        yield batch
                    failures = 0
                    if is_first:
                        is_first = False
                        yield []
                    async for batch in self._coming(client):
                        yield batch
                except (*AWAY, RedisError) as error:
                    failures += 1
                    if failures == 1 and not self._link.is_closed:
                        _log.warning("streams %s* at %s: %s; trying on", self._prefix.decode(), self._link.where, error)
                    await self._link.pause(failures)

    async def _kept(self, client: Redis) -> AsyncIterator[list[Kept]]:
        """Everything in all streams beyond what was read, in the order of its ids."""
        # The index is marked first, so that what is appended during the search is asked for afterwards.
        newest = cast("Entries", await ask(client, "XREVRANGE", INDEX, "+", "-", "COUNT", 1, within_s=ANSWER_S))
        self._index = newest[0][0] if newest else b"0-0"
        reached = {name: self._last.get(name, self._start) for name in await self._find(client)}
        at_once = max(10, min(AT_ONCE, IN_HAND // max(1, len(reached))))
        unread, horizon = set(reached), _END
        held: list[Kept] = []
        while unread:
            asked = [name for name in unread if _order(reached[name]) <= horizon]
            for some in _parts(asked):
                answer = await _read(client, {name: reached[name] for name in some}, at_once)
                reached |= {name: entries[-1][0] for name, entries in answer}
                unread -= set(some) - {name for name, entries in answer if len(entries) >= at_once}
                held += self._entries(answer)
            held.sort(key=_place)
            # What is read of a stream with more to come says nothing of what lies beyond.
            horizon = min((_order(reached[name]) for name in unread), default=_END)
            ready = bisect_right(held, horizon, key=_place)
            batch, held = held[:ready], held[ready:]
            self._last |= {raw(each.stream): each.entry_id.encode() for each in batch}
            if batch:
                yield batch
        self._last |= reached
        self._forget()

    async def _coming(self, client: Redis) -> AsyncIterator[list[Kept]]:
        """What comes, until it is time to look through all streams again."""
        clock = asyncio.get_running_loop().time
        until = clock() + self._look_every_s
        while (left_s := until - clock()) > 0:
            block_ms = max(1, round(1000 * min(BLOCK_S, left_s)))
            streams = await self._news(client, block_ms)
            while streams:
                more: list[bytes] = []
                for some in _parts(streams):
                    positions = {name: self._last.get(name, self._start) for name in some}
                    answer = await _read(client, positions, AT_ONCE)
                    self._last |= {name: entries[-1][0] for name, entries in answer}
                    more += [name for name, entries in answer if len(entries) >= AT_ONCE]
                    if answer:
                        yield self._entries(answer)
                streams = more

    async def _news(self, client: Redis, block_ms: int) -> list[bytes]:
        """Names of streams with news, once there are any or the time is over."""
        options = ("COUNT", AT_ONCE, "BLOCK", block_ms)
        answer = await ask(client, "XREAD", *options, "STREAMS", INDEX, self._index, within_s=ANSWER_S)
        named: dict[bytes, None] = {}
        for _, entries in cast("Answer | None", answer) or []:
            self._index = entries[-1][0]
            named |= {name: None for _, fields in entries for name in fields[1::2] if name.startswith(self._prefix)}
        return list(named)

    async def _find(self, client: Redis) -> list[bytes]:
        """Names of all streams that begin so."""
        found = await streams_of(client, self._prefix, ANSWER_S)
        return [name for name in found if name != INDEX.encode()]

    @property
    def _start(self) -> bytes:
        """The id after which a stream that is not known is read."""
        return b"0-0" if self._from_ms == 0 else b"%d-%d" % (self._from_ms - 1, _LAST)

    def _forget(self) -> None:
        """Let go of idle streams. If one of them comes back, it is read from the moment on at which it was idle."""
        newest_ms = max((_order(last)[0] for last in self._last.values()), default=0)
        idle_ms = newest_ms - round(1000 * FORGET_S)
        if idle_ms > self._from_ms:
            self._from_ms = idle_ms
            self._last = {name: last for name, last in self._last.items() if _order(last)[0] >= idle_ms}

    def _entries(self, answer: Answer) -> list[Kept]:
        """The entries of an answer, stream by stream."""
        name_of, moment_of, make = self._names.__getitem__, self._timeline.of_real, tuple.__new__
        found: list[Kept] = []
        for raw_stream, entries in answer:
            stream = name_of(raw_stream)
            for raw_id, flat in entries:
                entry_id = raw_id.decode()
                at = moment_of(int(entry_id.partition("-")[0]) / 1000)
                found.append(make(Kept, (stream, tuple(map(name_of, flat[::2])), flat[1::2], at, entry_id)))
        return found


async def streams_of(client: Redis, prefix: bytes, within_s: float | None = None) -> list[bytes]:
    """Names of all streams that begin so; raises as `ask` does."""
    pattern = re.sub(rb"([*?\[\]\\^])", rb"\\\1", prefix) + b"*"
    cursor, found = 0, dict[bytes, None]()
    while True:
        options = ("MATCH", pattern, "COUNT", AT_ONCE, "TYPE", "stream")
        answer = await ask(client, "SCAN", cursor, *options, within_s=within_s)
        cursor, names = cast("tuple[int, list[bytes]]", answer)
        found |= dict.fromkeys(names)
        if cursor == 0:
            return list(found)


def raw(name: str) -> bytes:
    """A name as the server has it."""
    return name.encode(errors="surrogateescape")


async def _read(client: Redis, positions: dict[bytes, bytes], at_once: int) -> Answer:
    """What each stream has beyond its position, up to so many entries each."""
    asked = (*positions, *positions.values())
    answer = await ask(client, "XREAD", "COUNT", at_once, "STREAMS", *asked, within_s=ANSWER_S)
    return cast("Answer | None", answer) or []


def _parts(names: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(names), TOGETHER):
        yield names[start : start + TOGETHER]


def _order(entry_id: bytes | str) -> Order:
    """An id as two numbers: milliseconds of the server, and a count within them."""
    ms, count = entry_id.split(b"-") if isinstance(entry_id, bytes) else entry_id.split("-")
    return int(ms), int(count)


def _place(kept: Kept) -> Order:
    return _order(kept.entry_id)
