"""Keeps every process knowing which tokens were called back: the store's list is read every few seconds and told on."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress

from conductor.access.revocation import CalledBack
from conductor.bootstrap.kept import kept_store
from conductor.bootstrap.signing import access_of
from conductor.bootstrap.tasks import Start
from conductor.domain.bus import Message
from conductor.duty.clock import SystemClock
from conductor.errors import BusUnavailable, StoreUnavailable
from conductor.ports import Bus, Clock
from conductor.ports.revoking import Revoked
from conductor.settings import Settings

CHANNEL = "tokens:revoked"
"""Where processes without a store hear of it."""

EVERY_S = 5.0
"""So long somebody stays in whose token was called back elsewhere. A list that cannot be had stays as it was."""

log = logging.getLogger(__name__)


async def begin_reading(start: Start, revoked: Revoked, called_back: CalledBack, bus: Bus, clock: Clock) -> None:
    """Read the list once before anybody is let in, and keep reading it.

    Raises:
        StoreUnavailable: It cannot be had.
    """
    called_back.replace(await revoked.all(clock.now()))
    start(keep_reading(revoked, called_back, bus, clock))


async def keep_reading(revoked: Revoked, called_back: CalledBack, bus: Bus, clock: Clock) -> None:
    """Read the list again and again, and tell it to processes that have no store, until the task is ended."""
    while True:
        changes = called_back.changes
        try:
            read = await revoked.all(clock.now())
            # What was called back here meanwhile may have come too late for what was read: it is in the next.
            called_back.replace(read if called_back.changes == changes else read | called_back.ids)
        except StoreUnavailable as error:
            log.warning("which tokens were called back is as it was: %s", error.message)
        with suppress(BusUnavailable):
            await bus.publish([Message(CHANNEL, json.dumps(sorted(called_back.ids)).encode())])
        await asyncio.sleep(EVERY_S)


async def keep_listening(called_back: CalledBack, bus: Bus) -> None:
    """Hear the list from a process that has it, until the task is ended."""
    while True:
        with suppress(BusUnavailable):
            async with bus.subscribe(CHANNEL) as messages:
                async for message in messages:
                    with suppress(ValueError):
                        said = json.loads(message.body)
                        if isinstance(said, list):
                            called_back.replace({str(each) for each in said})
        await asyncio.sleep(EVERY_S)


async def call_back(settings: Settings, token: str) -> None:
    """Call a token back: one that somebody lost, or should have no more.

    Raises:
        Unauthenticated: It is no token of ours, or ran out: then nobody gets in by it anyway.
        NotFound: There is no store.
    """
    clock = SystemClock(settings.clock_speed, settings.clock_since)
    read = access_of(settings, clock).read_whole(token)
    async with kept_store(settings) as store:
        await store.revoked.add(read.ids[0], read.until, clock.now())
