"""What happened, said on the bus: on channels for who listens now, in streams for who comes later."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence

from conductor.domain.bus import ENGAGEMENT, HAPPENINGS, Entry, Message
from conductor.domain.events import EngagementUpdated, Event, FollowedUp, TrialEnded
from conductor.domain.outages import AgentDegraded
from conductor.errors import BusUnavailable
from conductor.ports import Bus
from conductor.wire.events import entry, event_message, key_of, publication
from conductor.wire.reading import json_bytes

BACKLOG = 20_000
"""Messages that wait while the bus is away: eight minutes of 200 sessions. The oldest scores go first."""

AT_ONCE = 500
"""Messages that the bus is given together."""

log = logging.getLogger(__name__)

Told = tuple[Message, Entry]


class Outlet:
    """Tells the bus what happened, in order; what it cannot take waits until it can.

    While the bus is away nobody waits for it: `again` tries it now and then.

    Attributes:
        is_away: Whether the bus did not take what it was given last.
        lost: How many messages went because too many waited.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._waiting: deque[Told] = deque()
        self._telling = asyncio.Lock()
        self.is_away = False
        self.lost = 0

    @property
    def backlog(self) -> int:
        """Messages that the bus has not taken yet."""
        return len(self._waiting)

    async def untold(self, events: Iterable[Event], since: float) -> list[Event]:
        """Those of these events that no stream has kept since then.

        Raises:
            BusUnavailable: The bus is closed.
        """
        tellable = [event for event in events if not isinstance(event, TrialEnded | FollowedUp)]
        found: dict[object, Event] = {key_of(json_bytes(event_message(event))): event for event in tellable}
        scores = [event.at for event in found.values() if isinstance(event, EngagementUpdated)]
        ways = [(HAPPENINGS, since)] if len(scores) < len(found) else []
        ways += [(ENGAGEMENT, min(scores))] if scores else []
        for prefix, begin in ways:
            async for batch in self._bus.follow(prefix, begin):
                if not batch:
                    break
                for kept in batch:
                    for name, value in kept.fields:
                        if name == "message":
                            found.pop(key_of(value), None)
        return list(found.values())

    async def tell(self, events: Sequence[Event | AgentDegraded]) -> None:
        """Say these and whatever still waits; how a trial or a follow-up ended is kept, and not said."""
        for event in events:
            if isinstance(event, TrialEnded | FollowedUp):
                continue
            message = event_message(event)
            self._waiting.append((publication(message), entry(message)))
        self._make_room()
        if not self.is_away and await self._offer_all():
            # Who listens in this process hears of it before the work goes on that it leads to.
            await asyncio.sleep(0)

    async def again(self) -> None:
        """Say what waits, if the bus takes it now."""
        await self._offer_all()

    async def _offer_all(self) -> bool:
        """Say what waits, and say whether there was anything that the bus has taken."""
        # A model's words are told while others may be telling something, too: each message is said once, in order.
        async with self._telling:
            has_said = False
            while self._waiting:
                if not await self._offer([self._waiting[place] for place in range(min(AT_ONCE, len(self._waiting)))]):
                    return False
                has_said = True
            return has_said

    async def _offer(self, offered: Sequence[Told]) -> bool:
        try:
            # First what lasts: who hears of it and then asks for more finds it there.
            await self._bus.append([kept for _, kept in offered])
            await self._bus.publish([said for said, _ in offered])
        except BusUnavailable as error:
            if not self.is_away:
                log.warning("%s; what is to be told waits", error.message)
            self.is_away = True
            return False
        if self.is_away:
            log.warning("the bus is back")
        self.is_away = False
        for each in offered:
            # While the bus was asked the oldest may have made room for what came since.
            if self._waiting and self._waiting[0] is each:
                self._waiting.popleft()
        return True

    def _make_room(self) -> None:
        """Let go of the oldest scores, a tenth of all at once, and where there are none of the oldest of all."""
        if len(self._waiting) <= BACKLOG:
            return
        excess = BACKLOG // 10
        left: deque[Told] = deque()
        for each in self._waiting:
            if excess and each[1].stream.startswith(ENGAGEMENT):
                excess -= 1
            else:
                left.append(each)
        while len(left) > BACKLOG:
            left.popleft()
        self.lost += len(self._waiting) - len(left)
        log.warning("the bus has been away for long: %d messages are lost so far", self.lost)
        self._waiting = left
