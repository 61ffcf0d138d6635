"""The bus on a Redis or Valkey server (7 or later)."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from typing import Any

from redis.asyncio import Redis

from conductor.adapters.mailbox import UNREAD
from conductor.adapters.redis_channels import Listener
from conductor.adapters.redis_link import Link, ask
from conductor.adapters.redis_rewriting import remove, rewrite
from conductor.adapters.redis_streams import INDEX, INDEX_KEPT, LOOK_EVERY_S, Follower, raw, streams_of
from conductor.domain.bus import Changed, Entry, Kept, Message
from conductor.domain.timeline import REAL, Timeline

__all__ = ["RedisBus"]

Command = tuple[str | bytes | int, ...]

KEEP_IDLE_S = 7 * 86_400
"""A stream to which nothing was appended for so long goes, so that ended sessions do not fill the server's memory."""

REMEMBER_CALL_S = 60
"""How long the server remembers that a call was carried out; a call waits far less."""


class RedisBus:
    """A `Bus` for many processes. Make one with `RedisBus.open`.

    A call whose answer was lost is asked about before it is tried again, so that nothing is said or kept twice.

    Args:
        link: Where the server is.
        wait_s: How long a call waits for a server that is away.
        unread: How many messages a listener may be behind before it loses the oldest.
        look_every_s: How often followers look for streams to which other programs appended.
        timeline: The time in which followers hear when entries were appended, and say since when.
        keep_idle_s: After how many seconds without news a stream goes.
    """

    def __init__(
        self,
        link: Link,
        wait_s: float,
        unread: int,
        look_every_s: float,
        timeline: Timeline = REAL,
        keep_idle_s: int = KEEP_IDLE_S,
    ) -> None:
        self._link = link
        self._wait_s = wait_s
        self._unread = unread
        self._look_every_s = look_every_s
        self._timeline = timeline
        self._keep_idle_s = keep_idle_s

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        wait_s: float = 5.0,
        unread: int = UNREAD,
        look_every_s: float = LOOK_EVERY_S,
        timeline: Timeline = REAL,
        keep_idle_s: int = KEEP_IDLE_S,
    ) -> RedisBus:
        """Open the bus at this address.

        Args:
            url: `redis://[[user]:password@]host[:port][/database]`, `rediss://…` or `unix://path`.
            wait_s: How long each call, also this one, waits for a server that is away.
            unread: How many messages a listener may be behind before it loses the oldest.
            look_every_s: How often followers look for streams to which other programs appended.
            timeline: The time of this process, if it is not the server's.
            keep_idle_s: After how many seconds without news a stream goes.

        Raises:
            InvalidInput: The address is none.
            BusUnavailable: No server answered there in time, or it refused.
        """
        link = Link(url, wait_s)
        async with AsyncExitStack() as unless_opened:
            unless_opened.push_async_callback(link.close)
            await link.call(_ping)
            unless_opened.pop_all()
        return cls(link, wait_s, unread, look_every_s, timeline, keep_idle_s)

    async def publish(self, messages: Sequence[Message]) -> None:
        """Say these to whoever listens now, in this order.

        Raises:
            BusUnavailable: The server is away for longer than the bus waits, or the bus is closed.
        """
        await self._carry_out([("PUBLISH", each.channel, each.body) for each in messages])

    def subscribe(self, *patterns: str) -> AbstractAsyncContextManager[AsyncIterator[Message]]:
        """Listen to channels by name, `*` standing for anything.

        Raises:
            BusUnavailable: On entering: the server is away for longer than the bus waits, or the bus is closed.
        """
        return Listener(self._link, patterns, self._unread).listening(self._wait_s)

    async def append(self, entries: Sequence[Entry]) -> None:
        """Keep these, in this order.

        Raises:
            BusUnavailable: The server is away for longer than the bus waits, or the bus is closed.
        """
        commands = [_add(each.stream, each.keep, each.fields) for each in entries]
        streams = list(dict.fromkeys(each.stream for each in entries))
        commands += [("EXPIRE", stream, self._keep_idle_s) for stream in streams]
        if streams:
            commands.append(_add(INDEX, INDEX_KEPT, [("s", stream.encode()) for stream in streams]))
        await self._carry_out(commands)

    async def follow(self, prefix: str, since: float) -> AsyncIterator[Sequence[Kept]]:
        """Everything in all streams whose names begin so: what is kept since, an empty batch, then what comes.

        Raises:
            BusUnavailable: The bus is closed.
        """
        follower = Follower(self._link, prefix, since, self._look_every_s, self._timeline)
        async with aclosing(follower.batches()) as batches:
            async for batch in batches:
                yield batch

    async def rewrite(self, prefix: str, change: Changed, only: Collection[str] | None = None) -> Mapping[str, int]:
        """Change entries of streams whose names begin so, or `only` of these; how many were changed, by stream.

        Raises:
            BusUnavailable: The server is away for longer than the bus waits, or the bus is closed.
        """

        async def find(client: Redis, _: int) -> list[bytes]:
            return await streams_of(client, raw(prefix))

        if only is None:
            found = await self._link.call(find)
        else:
            found = [raw(name) for name in {*only} if name.startswith(prefix)]
        changed = {}
        for stream in sorted(found):

            async def work(client: Redis, _: int, stream: bytes = stream) -> int:
                return await rewrite(client, stream, change)

            changed[stream.decode(errors="surrogateescape")] = await self._link.call(work)
        return {stream: count for stream, count in changed.items() if count}

    async def remove(self, streams: Sequence[str]) -> int:
        """Delete streams, and say how many there were.

        Raises:
            BusUnavailable: The server is away for longer than the bus waits, or the bus is closed.
        """

        async def work(client: Redis, _: int) -> int:
            return await remove(client, [raw(stream) for stream in streams])

        return await self._link.call(work)

    async def close(self) -> None:
        """Let go of the bus; readers end. Closing again changes nothing."""
        await self._link.close()

    async def _carry_out(self, commands: Sequence[Command]) -> None:
        """Carry these out, all at once and once only."""
        self._link.refuse_if_closed()
        if not commands:
            return
        call = f"conductor:call:{uuid.uuid4().hex}"

        async def work(client: Redis, failures: int) -> None:
            # redis-py gives some methods of a pipeline no types.
            pipeline: Any
            async with client.pipeline(transaction=True) as pipeline:
                if failures:
                    # The first try may have been carried out, or may yet be: then this one fails, and the next sees it.
                    await pipeline.watch(call)
                    if await pipeline.exists(call):
                        return
                    pipeline.multi()
                pipeline.set(call, "", ex=REMEMBER_CALL_S)
                for command in commands:
                    pipeline.execute_command(*command)
                await pipeline.execute()

        await self._link.call(work)


async def _ping(client: Redis, failures: int) -> None:
    del failures
    await ask(client, "PING")


def _add(stream: str, keep: int, fields: Sequence[tuple[str, bytes]]) -> Command:
    """The command that appends an entry, with names that come several times (redis-py's own takes a dict)."""
    flat = [part for pair in fields for part in pair]
    return ("XADD", stream, "MAXLEN", "~", keep, "*", *flat)
