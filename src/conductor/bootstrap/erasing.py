"""Erasing, put together: the store, the streams, and what lies in the folder of this machine."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager

from conductor.adapters.desk_remembered import RememberingDesk
from conductor.adapters.store_sql import SqlStore
from conductor.bootstrap.aside import empty_journal
from conductor.bootstrap.bus import open_bus
from conductor.bootstrap.kept import kept_store
from conductor.domain.bus import ENGAGEMENT, HAPPENINGS, SIGNALS
from conductor.domain.erased import Erased
from conductor.duty.clock import SystemClock
from conductor.errors import Conflict, NotFound
from conductor.overview import Overview
from conductor.ports import Clock, Streams
from conductor.settings import Settings
from conductor.wire.erasing import without_person

PREFIXES = (SIGNALS, HAPPENINGS, ENGAGEMENT)
"""Streams of sessions."""

Open = Callable[[], Collection[str]]
"""Sessions that go on."""

Forget = Callable[[str], Awaitable[None]]
"""Lets this machine forget the settings of an event."""


class Eraser:
    """Erases (an `Erasing`) from a store and from streams that somebody else opens and closes.

    Args:
        store: Where rows lie.
        streams: Where entries lie.
        is_open: Which sessions go on, as far as is known here.
        forget: Lets this machine forget the settings of an event.
        clock: Epoch seconds.
    """

    def __init__(
        self, store: SqlStore, streams: Streams, is_open: Open, forget: Forget, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._streams = streams
        self._is_open = is_open
        self._forget = forget
        self._clock = clock

    async def attendee(self, user_id: str, event_id: str | None) -> Erased:
        """Take an attendee out of one event, or (None) of all; raises as `Erasing` says."""
        # The same in all that is kept, so that a session still counts one person, and kept nowhere itself.
        stand_in = f"erased-{secrets.token_hex(8)}"
        sessions = None if event_id is None else await self._store.erasing.sessions(event_id)
        rows = await self._store.erasing.person(user_id, event_id, stand_in)
        entries: dict[str, int] = {}
        for prefix in PREFIXES:
            # Names as they are: one of another event may begin with the name of a session of this one.
            only = None if sessions is None else {prefix + each for each in sessions}
            entries |= await self._streams.rewrite(
                prefix, lambda fields: without_person(fields, user_id, stand_in), only
            )
        found = {stream.partition(":")[2] for stream in entries}
        again = tuple(sorted(found & {*self._is_open()}))
        return Erased(rows, entries, await self._store.erasing.noted(user_id), again)

    async def event(self, event_id: str, by: str) -> Erased:
        """Delete all of an event but what was learned from it; raises as `Erasing` says."""
        sessions = await self._store.erasing.sessions(event_id)
        if going_on := sorted({*sessions} & {*self._is_open()}):
            raise Conflict(
                f"{', '.join(going_on[:5])} of the event {event_id!r} still goes on; end it first, and erase then",
                code="event_open",
            )
        # Streams first: without rows nobody would know any more whose they are, if this has to be asked for again.
        names = [prefix + each for prefix in PREFIXES for each in sessions]
        gone = await self._streams.remove(names)
        rows = await self._store.erasing.event(event_id, by, "erased on request", self._clock())
        await self._forget(event_id)
        if not rows and not gone:
            raise NotFound(f"there is nothing of the event {event_id!r}", code="event_unknown")
        return Erased(rows, {"streams": gone} if gone else {})


def open_sessions(overview: Overview, clock: Clock) -> Collection[str]:
    """Sessions that go on, as whoever looks on is told."""
    return [str(each["session_id"]) for each in overview.sessions(clock.now()) if each["is_open"] is True]


@asynccontextmanager
async def eraser(settings: Settings) -> AsyncIterator[Eraser]:
    """Erases from what is there, for the command line; agents may run meanwhile.

    Raises:
        NotFound: There is no store.
        UnreadableState: The store cannot be used.
        BusUnavailable: There is no bus.
    """
    clock = SystemClock(settings.clock_speed, settings.clock_since)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(kept_store(settings))
        await empty_journal(settings.home, store)
        bus = await open_bus(settings, clock)
        stack.push_async_callback(bus.close)
        going_on = await store.erasing.going_on(clock.now())
        desk = RememberingDesk(store.desk, settings.home / "settings.jsonl")
        yield Eraser(store, bus, lambda: going_on, desk.forget, clock.now)
