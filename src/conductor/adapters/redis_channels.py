"""Listening to channels of a Redis or Valkey server, also across outages."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio.client import PubSub
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as NoAnswer

from conductor.adapters.mailbox import Mailbox, matches
from conductor.adapters.redis_link import AWAY, Link
from conductor.domain.bus import Message
from conductor.errors import BusUnavailable

__all__ = ["Listener"]

_log = logging.getLogger(__name__)

QUIET_S = 5.0
"""A server from which nothing came for so long is asked whether it is there; after as long again the connection counts
as lost, also where nobody has said so."""


class Listener:
    """Puts what is said on some channels into a mailbox.

    Args:
        link: Where the channels are.
        patterns: Their names, `*` standing for anything.
        unread: How many messages the mailbox holds.
    """

    def __init__(self, link: Link, patterns: tuple[str, ...], unread: int) -> None:
        self._link = link
        # Names without a star cost the server nothing for each message, patterns do.
        self._plain = [each for each in dict.fromkeys(patterns) if "*" not in each]
        self._starred = {_glob(each): each for each in dict.fromkeys(patterns) if "*" in each}
        self._fits = {each: matches(each) for each in (*self._plain, *self._starred.values())}
        self._mailbox = Mailbox(unread)
        self._is_listening = asyncio.Event()

    @asynccontextmanager
    async def listening(self, wait_s: float) -> AsyncIterator[AsyncIterator[Message]]:
        """The messages said from now on, until the context or the link ends.

        Raises:
            BusUnavailable: The server is away for longer than `wait_s`, or the link is closed.
        """
        self._link.refuse_if_closed()
        reading = asyncio.create_task(self._read(), name=f"listener at {self._link.where}")
        try:
            await self._ready(wait_s)
            yield self._mailbox
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    async def _ready(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s):
                await self._is_listening.wait()
        except TimeoutError:
            message = f"{self._link.where} was away for {wait_s:g} s: see whether the server runs there"
            raise BusUnavailable(message, retry_after_s=wait_s) from None
        self._link.refuse_if_closed()

    async def _read(self) -> None:
        failures = 0
        try:
            # What is said may be long in coming: `_fill` knows how long an answer may take.
            async with self._link.client() as client:
                while not self._link.is_closed:
                    try:
                        async with client.pubsub() as channels:
                            await self._subscribe(channels)
                            failures = 0
                            await self._fill(channels)
                    except (*AWAY, RedisError) as error:
                        failures += 1
                        if failures == 1 and not self._link.is_closed:
                            _log.warning("channels at %s: %s; trying on", self._link.where, error)
                        await self._link.pause(failures)
        finally:
            self._mailbox.close()
            self._is_listening.set()

    async def _subscribe(self, channels: PubSub) -> None:
        if self._plain:
            await channels.subscribe(*self._plain)
        if self._starred:
            await channels.psubscribe(*self._starred)

    async def _fill(self, channels: PubSub) -> None:
        confirmed, is_asked = 0, False
        while not self._link.is_closed:
            heard = await channels.parse_response(block=False, timeout=QUIET_S)
            if heard is None:
                if is_asked:
                    raise NoAnswer(f"no answer for {QUIET_S:g} s")
                await channels.ping()
                is_asked = True
                continue
            is_asked = False
            kind, *said = heard
            if kind in {b"message", b"pmessage"}:
                self._put(*(each.decode(errors="surrogateescape") for each in said[:-1]), body=said[-1])
                continue
            confirmed += kind in {b"subscribe", b"psubscribe"}
            if confirmed == len(self._fits):
                self._is_listening.set()

    def _put(self, *heard: str, body: bytes) -> None:
        """Take a message that was heard by name, or by pattern and name: once, though several patterns may fit."""
        channel = heard[-1]
        by = channel if len(heard) == 1 else self._starred[heard[0]]
        if len(self._fits) == 1 or by == next(each for each, fits in self._fits.items() if fits(channel)):
            self._mailbox.put(Message(channel, body))


def _glob(pattern: str) -> str:
    """The pattern as the server reads it: a star stays, its other signs stand for themselves."""
    return re.sub(r"([?\[\]\\^])", r"\\\1", pattern)
