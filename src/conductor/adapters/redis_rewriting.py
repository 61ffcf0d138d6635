"""Putting entries of streams of a Redis or Valkey server in the place of what they were.

A server has no way to change an entry. So the whole stream is written anew in one transaction, each entry under the id
that it had: who reads the stream stands where it stood. Where somebody appends meanwhile, it is tried again.
"""

from __future__ import annotations

from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import WatchError

from conductor.adapters.redis_link import ask
from conductor.adapters.redis_streams import INDEX, INDEX_KEPT
from conductor.domain.bus import Changed
from conductor.errors import BusUnavailable

TRIES = 50
"""A room appends four times a second, and to write a stream anew takes some hundredths of one."""


async def rewrite(client: Redis, stream: bytes, change: Changed) -> int:
    """Change the entries of a stream, and say how many were.

    Raises:
        BusUnavailable: So much is appended that there is no moment for it.
    """
    for _ in range(TRIES):
        # redis-py gives some methods of a pipeline no types.
        pipeline: Any
        async with client.pipeline(transaction=True) as pipeline:
            await pipeline.watch(stream)
            entries = cast("list[tuple[bytes, list[bytes]]]", await ask(client, "XREVRANGE", stream, "+", "-"))
            changed, left = _changed(entries[::-1], change)
            if not changed:
                return 0
            expires_ms = await client.pttl(stream)
            pipeline.multi()
            pipeline.delete(stream)
            for entry_id, flat in left:
                pipeline.execute_command("XADD", stream, entry_id, *flat)
            if left and expires_ms > 0:
                pipeline.pexpire(stream, expires_ms)
            try:
                await pipeline.execute()
            except WatchError:
                continue
            return changed
    raise BusUnavailable(
        f"{stream.decode(errors='replace')} is written to so often that it cannot be changed; try again when its "
        "session is over"
    )


async def remove(client: Redis, streams: list[bytes]) -> int:
    """Delete streams, with their names in the index, and say how many there were."""
    names = set(streams)
    gone = int(await client.delete(*streams)) if streams else 0
    # Everybody appends to the index all the time, so that there is no moment to write it anew.
    entries = cast("list[tuple[bytes, list[bytes]]]", await ask(client, "XREVRANGE", INDEX, "+", "-"))
    naming = {entry_id: flat[1::2] for entry_id, flat in reversed(entries) if not names.isdisjoint(flat[1::2])}
    # Whoever has not read yet which others had news is told so again: they only look there.
    if others := dict.fromkeys(name for named in naming.values() for name in named if name not in names):
        told = [part for name in others for part in (b"s", name)]
        await ask(client, "XADD", INDEX, "MAXLEN", "~", INDEX_KEPT, "*", *told)
    if naming:
        await client.xdel(INDEX, *naming)
    return gone


def _changed(entries: list[tuple[bytes, list[bytes]]], change: Changed) -> tuple[int, list[tuple[bytes, list[bytes]]]]:
    changed, left = 0, []
    for entry_id, flat in entries:
        names = [name.decode(errors="surrogateescape") for name in flat[::2]]
        fields = change(tuple(zip(names, flat[1::2], strict=True)))
        changed += fields is not None
        if fields is None:
            left.append((entry_id, flat))
        elif fields:
            pairs = ((name.encode(errors="surrogateescape"), value) for name, value in fields)
            left.append((entry_id, [part for pair in pairs for part in pair]))
    return changed, left
