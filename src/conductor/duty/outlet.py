"""What happened, said on the bus: on channels for who listens now, in streams for who comes later."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence

from conductor.domain.bus import HAPPENINGS, Entry, Message
from conductor.domain.events import Event
from conductor.errors import BusUnavailable
from conductor.ports import Bus
from conductor.wire.events import entry, event_message, key_of, publication
from conductor.wire.reading import json_bytes

BACKLOG = 20_000
"""Messages that wait while the bus is away: ten minutes of 160 sessions. The oldest go first."""

log = logging.getLogger(__name__)


class Outlet:
    """Tells the bus what happened, in order; what it cannot take waits for the next time."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._waiting: deque[tuple[Message, Entry]] = deque(maxlen=BACKLOG)
        self._telling = asyncio.Lock()

    @property
    def backlog(self) -> int:
        """Messages that the bus has not taken yet."""
        return len(self._waiting)

    async def untold(self, events: Iterable[Event], since: float) -> list[Event]:
        """Those of these events, of any kind but scores, that no stream has kept since then.

        Raises:
            BusUnavailable: The bus is closed.
        """
        found = {key_of(json_bytes(event_message(event))): event for event in events}
        async for batch in self._bus.follow(HAPPENINGS, since):
            if not batch:
                break
            for kept in batch:
                for _, value in kept.fields:
                    found.pop(key_of(value), None)
        return list(found.values())

    async def tell(self, events: Sequence[Event]) -> None:
        """Say these and whatever still waits."""
        for event in events:
            message = event_message(event)
            self._waiting.append((publication(message), entry(message)))
        # A model's words are told while others may be telling something, too: each message is said once, in order.
        async with self._telling:
            if not await self._offer(tuple(self._waiting)):
                return
        # Who listens in this process hears of it before the work goes on that it leads to.
        await asyncio.sleep(0)

    async def _offer(self, offered: Sequence[tuple[Message, Entry]]) -> bool:
        """Say these, and say whether there were any that the bus has taken."""
        if not offered:
            return False
        try:
            # First what lasts: who hears of it and then asks for more finds it there.
            await self._bus.append([kept for _, kept in offered])
            await self._bus.publish([said for said, _ in offered])
        except BusUnavailable:
            log.warning("the bus is away; %d messages wait", len(offered))
            return False
        for each in offered:
            # While the bus was asked the oldest may have made room for what came since.
            if self._waiting and self._waiting[0] is each:
                self._waiting.popleft()
        return True
