"""What is away is tried now and then, apart from ticks: these go on without it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from conductor.domain.outages import Component
from conductor.duty.orders import Orders
from conductor.duty.outages import Outages
from conductor.duty.outlet import Outlet
from conductor.errors import StoreUnavailable
from conductor.ports import Clock
from conductor.worker import Worker

AGAIN_S = 1.0
"""What is away is tried again so often."""

log = logging.getLogger(__name__)


class Mending:
    """Notices what is away, tells sessions so, and catches up once it is back.

    Args:
        outages: Knows what is away.
        worker: Has what the store does not have yet.
        outlet: Has what the bus does not have yet.
        orders: Reaches the desk, which lies in the database as well.
        clock: The time.
        is_speechless: Whether there are models, and none of them may be asked now.
    """

    def __init__(
        self,
        outages: Outages,
        worker: Worker,
        outlet: Outlet,
        orders: Orders,
        clock: Clock,
        is_speechless: Callable[[], bool],
    ) -> None:
        self._outages = outages
        self._worker = worker
        self._outlet = outlet
        self._orders = orders
        self._clock = clock
        self._is_speechless = is_speechless

    async def look(self, now: float) -> None:
        """See what is away, and tell it to sessions that do not know it yet."""
        self._outages.see(Component.BUS, now, is_gone=self._outlet.is_away)
        self._outages.see(Component.MODEL, now, is_gone=self._is_speechless())
        if self._worker.keeping.is_behind:
            self._outages.see(Component.DATABASE, now, is_gone=True)
        await self._outlet.tell(self._outages.news(self._worker.sessions, now))

    async def run(self) -> None:
        """Try what is away until it is there again, for ever."""
        while True:
            await self._outages.begins()
            await self._clock.sleep_until(self._clock.now() + AGAIN_S)
            await asyncio.gather(self._outlet.again(), self._try_database())

    async def _try_database(self) -> None:
        if not self._outages.has(Component.DATABASE):
            return
        try:
            await self._worker.keeping.replay()
            await self._orders.reach()
        except StoreUnavailable:
            return
        self._outages.see(Component.DATABASE, self._clock.now(), is_gone=False)
        log.warning("the database is back")
