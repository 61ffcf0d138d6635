"""A worker on duty: it reads signals, keeps the time, heeds organisers, and tells everybody what happened.

After a restart it plays the signals of the last hours again without doing anything, so that it knows each room as if it
had never been away, closes what its earlier life left open, and goes on.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from conductor.domain.bus import SIGNALS, Kept, Message
from conductor.domain.events import DecisionLapsed, Event, SessionClosed, SessionOpened
from conductor.domain.organisers import AgentSettings, Answer, Request
from conductor.domain.outages import Component
from conductor.duty.clicks import CLICK_CHANNELS, Looking, RequestsWaiting, read_click
from conductor.duty.door import Door
from conductor.duty.heard import Heard
from conductor.duty.inlet import PLATFORM_CHANNELS, Sieve, entries_of, signals_of
from conductor.duty.mending import Mending
from conductor.duty.onlooker import Onlooker, nobody
from conductor.duty.orders import Orders
from conductor.duty.outages import Outages
from conductor.duty.outlet import Outlet
from conductor.duty.params import DutyParams
from conductor.duty.told import unended
from conductor.errors import (
    BusUnavailable,
    ConductorError,
    Fault,
    InvalidInput,
    NotWorking,
    StoreUnavailable,
)
from conductor.ports import Answers, Bus, Clock, Desk
from conductor.worker import Tell, Turn, Worker

log = logging.getLogger(__name__)


class Duty:
    """One worker with a bus, a desk and a clock.

    Args:
        make_worker: Makes the worker, which tells what happens to whom it is given, and takes its turns as it is given.
        bus: Where signals come from and news go.
        desk: Where organisers leave what they decide.
        answers: Where their answers are kept.
        clock: The time.
        params: Constants.
        since: From when on signals are lived through again, in epoch seconds: when the worker's first tick begins.
        earlier: Sessions that the store knows, by their latest openings; what was left open in them is closed.
        onlooker: Hears of each tick and of everything that is told.
        kept_until: The store has every score up to this moment; later ones are told and kept now.
        is_speechless: Whether there are models, and none of them may be asked now.

    Attributes:
        sieve: How many signals were accepted and rejected.
        ticked_at: When the last tick ended, or the past was known; None before that.
    """

    def __init__(
        self,
        make_worker: Callable[[Tell, Turn], Worker],
        bus: Bus,
        desk: Desk,
        answers: Answers,
        clock: Clock,
        params: DutyParams,
        *,
        since: float,
        earlier: Sequence[SessionOpened] = (),
        onlooker: Onlooker = nobody,
        kept_until: float = math.inf,
        is_speechless: Callable[[], bool] = bool,
    ) -> None:
        self._worker = make_worker(self._tell, self._on_time)
        self._bus = bus
        self._clock = clock
        self._params = params
        self._outlet = Outlet(bus)
        self._since = since
        self._earlier = earlier
        self._onlooker = onlooker
        self._kept_until = kept_until
        self._began_at = since
        self._at_work = asyncio.Lock()
        self._at_desk = asyncio.Lock()
        self._knows = asyncio.Event()
        self._orders = Orders(desk, answers, params)
        self._looking: dict[str, float] = {}
        self._heard = Heard()
        self.outages = Outages()
        self._mending = Mending(self.outages, self._worker, self._outlet, self._orders, clock, is_speechless)
        self.sieve = Sieve(clock.now, self._worker.name, Door(self._worker.sessions))
        self.ticked_at: float | None = None

    async def run(self, ready: asyncio.Event) -> None:
        """Do all of it until cancelled; `ready` is set once signals and clicks are heeded."""
        async with (
            self._bus.subscribe(*CLICK_CHANNELS) as clicks,
            self._bus.subscribe(*PLATFORM_CHANNELS) as platforms,
            asyncio.TaskGroup() as tasks,
        ):
            tasks.create_task(self._read())
            await self._knows.wait()
            tasks.create_task(self._heed(clicks))
            tasks.create_task(self._hear(platforms))
            tasks.create_task(self._hand_over())
            tasks.create_task(self._tick())
            tasks.create_task(self._mending.run())
            ready.set()

    async def check(self) -> None:
        """Return if the worker keeps the time.

        Raises:
            NotWorking: It has not ended a tick for so long that it does not see what happens.
        """
        ticked_at = self.ticked_at
        if ticked_at is None or self._clock.now() - ticked_at > self._params.late_s:
            raise NotWorking("the worker has not ended a tick lately; see its log, and restart it")

    @property
    def backlog(self) -> int:
        """Messages that the bus has not taken yet."""
        return self._outlet.backlog

    async def close(self) -> None:
        """End what is being done, keep what was learned and is not written yet, and do nothing any more."""
        # Never released: a tick that began in between would be told, and kept by nobody.
        await self._at_work.acquire()
        await self._worker.close()

    async def _tell(self, events: Sequence[Event]) -> None:
        self._orders.heed(events)
        await self._outlet.tell(events)
        self._onlooker.told(events, self._clock.now() - self._began_at)

    async def _read(self) -> None:
        """Signals from the streams, for ever: first what was, without doing anything, then what is."""
        # Whatever came later than this may still be on its way when the past has been read.
        asked_at = self._clock.now()
        async for batch in self._bus.follow(SIGNALS, self._since):
            if self._knows.is_set():
                if batch and batch[0].at - self._params.lag_s >= self._worker.next_tick_at:
                    # A tick that is late sees only what had come by its time, as it would after a restart.
                    async with self._on_time():
                        pass
                for signals in signals_of(batch, self.sieve):
                    self._worker.receive(signals)
            elif batch:
                await self._relive(batch)
            else:
                await self._worker.relive(asked_at - self._params.lag_s, self._params.lag_s, self._kept_until)
                await self._wake(self._clock.now())
                self.ticked_at = self._clock.now()
                self._knows.set()

    async def _relive(self, batch: Sequence[Kept]) -> None:
        """Each tick sees again what it saw then: what had come by the time it ended."""
        lag_s = self._params.lag_s
        for kept in batch:
            if self._worker.next_tick_at <= kept.at - lag_s:
                await self._worker.relive(kept.at - lag_s, lag_s, self._kept_until)
            self._worker.receive(self.sieve.read_entries((kept,)))

    async def _wake(self, now: float) -> None:
        await self._guarded(self._settings_of_events(now))
        told = await unended(self._bus, now)
        lately = [opened.session_id for opened in self._earlier if opened.at >= self._since]
        await self._guarded(self._worker.wake(now, lately, self._missed(), self._untold, told))
        await self._guarded(self._worker.recall(now))
        await self._guarded(self._orders.answer_what_lapsed())

    def _missed(self) -> list[Event]:
        """Sessions that began or ended in the past and that the store may lack, whether or not that was told."""
        known = {opened.session_id for opened in self._earlier}
        passed = self._worker.passed
        return [each for each in passed if isinstance(each, SessionClosed) or each.session_id not in known]

    async def _untold(self, events: Sequence[Event]) -> list[Event]:
        return await self._outlet.untold(events, self._since) if events else []

    async def _tick(self) -> None:
        # The ticks that fell due while the past was read want what came in the meantime: it is being read now.
        await self._clock.sleep_until(self._clock.now() + self._params.lag_s)
        while True:
            due_at = self._worker.next_tick_at + self._params.lag_s
            await self._clock.sleep_until(due_at)
            now = self._began_at = self._clock.now()
            self._overlook(now)
            has_desk = not self.outages.has(Component.DATABASE)
            if has_desk:
                await self._guarded(self._settings_of_events(now))
                async with self._at_work:
                    await self._guarded(self._worker.recall(now))
            async with self._on_time():
                pass
            if has_desk:
                await self._guarded(self._requests())
                await self._guarded(self._orders.answer_what_lapsed())
            await self._mending.look(now)
            self.ticked_at = now
            self._onlooker.ticked(self._clock.now() - now, now - due_at, now)

    async def _heed(self, clicks: AsyncIterator[Message]) -> None:
        async for message in clicks:
            try:
                click = read_click(message)
            except InvalidInput as error:
                log.warning("%s: %s", message.channel, error.message)
                continue
            match click:
                case Answer():
                    async with self._on_time() as now:
                        await self._guarded(self._worker.answer(replace(click, at=now)))
                case AgentSettings():
                    await self._guarded(self._allow(click))
                case Looking(session_id, organisers):
                    self._looking[session_id] = self._clock.now()
                    self._worker.welcome(session_id, organisers)
                case RequestsWaiting():
                    await self._guarded(self._requests())

    async def _hear(self, platforms: AsyncIterator[Message]) -> None:
        async for message in platforms:
            self._heard.add(message)

    async def _hand_over(self) -> None:
        """Keep in the streams what platforms said; from there it comes back as everything does."""
        while True:
            await self._heard.wait()
            await self._clock.sleep_until(self._clock.now() + self._params.gather_s)
            entries = entries_of(self._heard.take(), self.sieve, self._clock.now())
            while not await self._guarded(self._bus.append(entries)):
                await self._clock.sleep_until(self._clock.now() + self._params.again_s)

    async def _settings_of_events(self, now: float) -> None:
        """Heed what is set in events that are new, and now and then in all."""
        async for settings in self._orders.settings(self._worker.sessions.values(), now):
            await self._guarded(self._allow(settings))

    async def _allow(self, settings: AgentSettings) -> None:
        self._orders.know(settings)
        async with self._at_work:
            await self._worker.allow(settings, self._clock.now())

    async def _requests(self) -> None:
        """Do what is due, and tell the desk only of what is done and kept: a crash in between loses nothing."""
        async with self._at_desk:
            for request in await self._orders.due(self._clock.now()):
                async with self._on_time() as now:
                    if await self._guarded(self._request(request, now)):
                        self._orders.done(request)

    async def _request(self, request: Request, now: float) -> None:
        try:
            await self._worker.request(request, now)
        except KeyError:
            about = (request.decision_id, request.session_id, request.event_id)
            await self._outlet.tell([DecisionLapsed(*about, now, "the session was not open when it was due")])

    @asynccontextmanager
    async def _on_time(self) -> AsyncIterator[float]:
        """Nobody else is at work, and every tick that is over has ended; gives the time.

        So a later life, that only reads when things were done, knows in which tick that was.
        """
        async with self._at_work:
            now = self._began_at = self._clock.now()
            await self._guarded(self._worker.advance(now - self._params.lag_s))
            yield now

    def _overlook(self, now: float) -> None:
        for session_id, heard_at in tuple(self._looking.items()):
            if now - heard_at > self._params.looking_s:
                del self._looking[session_id]
                self._worker.welcome(session_id, 0)

    async def _guarded(self, doing: Awaitable[object]) -> bool:
        """Do it, and say whether that is settled; what cannot be had now the worker goes on without."""
        try:
            await doing
        except (StoreUnavailable, BusUnavailable) as error:
            if isinstance(error, StoreUnavailable):
                self.outages.see(Component.DATABASE, self._clock.now(), is_gone=True)
            log.warning("%s", error.message)
            return False
        except ConductorError as error:
            # Where it is nobody's fault but ours, somebody will want to know how it came to this.
            log.warning("refused: %s", error.message, exc_info=error.fault is Fault.OURS)
        return True
