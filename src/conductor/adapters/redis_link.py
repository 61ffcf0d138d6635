"""How this process reaches a Redis or Valkey server, and what it does while the server is away."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import ReadOnlyError, RedisError, WatchError
from redis.exceptions import TimeoutError as NoAnswer

from conductor.errors import BusUnavailable, InvalidInput

__all__ = ["AWAY", "Link", "ask"]

T = TypeVar("T")

AWAY = (Unreachable, NoAnswer, ReadOnlyError, WatchError, OSError)
"""What passes by itself: no server, one that is loading or slow, or a replica until it is promoted. Within a
transaction redis-py says of all of them that what was watched may have changed."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 2.0
"""Pauses between tries double from the first to the longest, and are drawn from their upper half, so that many
processes do not come back in step."""

AS_THEY_COME = ("XREAD", "XREVRANGE")
"""Commands whose answers are taken as they come: redis-py would make a dict of every entry."""


class Link:
    """Clients of one server that share an end: closing the link ends whoever waits for an answer.

    Args:
        url: `redis://`, `rediss://` or `unix://`, as redis-py takes it.
        wait_s: How long a call waits for a server that is away.

    Raises:
        InvalidInput: The address is none.
    """

    def __init__(self, url: str, wait_s: float) -> None:
        self._url = url
        self._wait_s = wait_s
        self._is_closing = asyncio.Event()
        self._clients: set[Redis] = set()
        # Without name and password, since it is shown.
        self.where = urlsplit(url)._replace(netloc=urlsplit(url).netloc.rpartition("@")[2]).geturl()
        self._calls = self._client()

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._is_closing.is_set()

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Redis]:
        """A client of one's own, for as long as the context lasts. It waits for answers without end."""
        self.refuse_if_closed()
        client = self._client()
        try:
            yield client
        finally:
            self._clients.discard(client)
            await client.aclose()

    async def call(self, work: Callable[[Redis, int], Awaitable[T]]) -> T:
        """The result of some work, which is tried again while the server is away.

        Args:
            work: Gets a client and how many tries failed before this one.

        Raises:
            BusUnavailable: The server was away too long or refused, or the link is closed.
        """
        self.refuse_if_closed()
        failures, why = 0, "no answer"
        try:
            async with asyncio.timeout(self._wait_s):
                while not self.is_closed:
                    try:
                        return await work(self._calls, failures)
                    except AWAY as error:
                        failures, why = failures + 1, str(error)
                        await self.pause(failures)
        except TimeoutError:
            message = f"{self.where} was away for {self._wait_s:g} s ({why}): see whether the server runs there"
            raise BusUnavailable(message, retry_after_s=LONGEST_PAUSE_S) from None
        except RedisError as error:
            raise BusUnavailable(f"{self.where} refused: {error}") from error
        raise self._closed()

    async def pause(self, failures: int) -> None:
        """Wait before the next try; not at all once the link is closed."""
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(failures - 1, 10))
        try:
            async with asyncio.timeout(random.uniform(longest / 2, longest)):
                await self._is_closing.wait()
        except TimeoutError:
            return

    async def close(self) -> None:
        """End every client and whoever waits for one."""
        self._is_closing.set()
        clients, self._clients = self._clients, set()
        for client in clients:
            await client.aclose()

    def refuse_if_closed(self) -> None:
        """Raise `BusUnavailable` if the link is closed."""
        if self.is_closed:
            raise self._closed()

    def _closed(self) -> BusUnavailable:
        return BusUnavailable(f"the bus at {self.where} is closed: open a new one")

    def _client(self) -> Redis:
        try:
            # Who asks says how long to wait: given a time, redis-py writes by `asyncio.wait_for`, which before
            # Python 3.12 forgets that it is cancelled if that happens as the writing ends.
            client = Redis.from_url(
                self._url,
                protocol=2,
                decode_responses=False,
                retry=Retry(NoBackoff(), 0),
                socket_timeout=None,
                socket_connect_timeout=self._wait_s,
                socket_keepalive=True,
            )
        except ValueError as error:
            raise InvalidInput(f"bus address {self.where!r}: {error}") from None
        for command in AS_THEY_COME:
            client.set_response_callback(command, _as_it_comes)
        self._clients.add(client)
        return client


async def ask(client: Redis, *command: str | bytes | int, within_s: float | None = None) -> object:
    """The server's answer to one command; here, since redis-py gives its method for that no types.

    Raises:
        TimeoutError: That of redis-py: there was none for `within_s` seconds, and the connection counts as lost.
            Python's own: the system gave up the connection.
    """
    untyped: Any = client
    try:
        async with asyncio.timeout(within_s) as patience:
            answer: object = await untyped.execute_command(*command)
    except TimeoutError:
        if not patience.expired():
            raise
        raise NoAnswer(f"no answer for {within_s:g} s") from None
    return answer


def _as_it_comes(response: object, **_: object) -> object:
    return response
