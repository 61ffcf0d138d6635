"""The real-time service: Socket.IO as an ASGI application, with the tasks that keep it going."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import socketio

from conductor.access.tokens import Access
from conductor.domain.bus import Message
from conductor.errors import BusUnavailable
from conductor.live.feed import Feed
from conductor.live.gateway import MAX_MESSAGE_BYTES, Gateway
from conductor.live.hall import Hall
from conductor.live.lines import LineProtocol, line_of
from conductor.live.outage import Outage
from conductor.live.params import LiveParams
from conductor.live.people import FloodParams
from conductor.live.publishing import Publisher
from conductor.live.rooms import Rooms
from conductor.overview import Overview
from conductor.ports import Bus
from conductor.wire.desk import organisers_channel
from conductor.wire.reading import json_bytes, moment_text

LOG = logging.getLogger(__name__)

GRACEFUL_S = 3
"""How long a server that stops waits for requests under way."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ServiceParams:
    """How the service runs; all times are seconds of its clock.

    Attributes:
        rooms: Times and bounds of a room.
        floods: How much one connection may emit.
        step_s: So often rooms go on and signals are appended to the bus; above 0.
        chat_flush_s: So often chat goes out, all of a room in one piece; a multiple of `step_s`.
        organisers_s: So often it is said how many organisers watch; what hears it forgets it after 30 s.
        retry_s: After so long a reader that lost the bus tries again.
        rebuild_s: So much of the signals is read after a restart: a long workshop.
        recall_s: So much of what the agent said is read after a restart.
        most_bytes: A socket that has more than this waiting does not keep up and is dropped: some seconds of a very
            busy room.
        origins: Web origins that may connect; empty to leave that to whoever is in front.
        speed: Seconds of its clock in a real one, above 0. Rooms that went on at the machine's pace beside a faster
            clock would give signs of life so rarely that the agent took silence for a fault.
    """

    rooms: LiveParams = field(default_factory=LiveParams)
    floods: FloodParams = field(default_factory=FloodParams)
    step_s: float = 0.25
    chat_flush_s: float = 0.25
    organisers_s: float = 10.0
    retry_s: float = 1.0
    rebuild_s: float = 14_400.0
    recall_s: float = 14_400.0
    most_bytes: int = 1_000_000
    origins: tuple[str, ...] = ()
    speed: float = 1.0


class LiveApp:
    """An ASGI application; `run` keeps its rooms going, and so does its lifespan where a server runs that.

    Attributes:
        ready: Set once the rooms are as they were before a restart.
    """

    def __init__(self, bus: Bus, access: Access, params: ServiceParams, clock: Callable[[], float]) -> None:
        self._bus = bus
        self._params = params
        self._clock = clock
        self._publisher = Publisher(bus)
        self.ready = asyncio.Event()
        self.hall = Hall(Rooms(params.rooms), Overview(), self._publisher, clock, lambda: uuid.uuid4().hex)
        self.feed = Feed(bus, self.hall)
        self._outage = Outage(self.hall)
        self.gateway = Gateway(
            self.hall,
            access,
            floods=params.floods,
            most_bytes=params.most_bytes,
            connections_most=params.rooms.connections_most,
            origins=params.origins,
            ready=self.ready,
        )
        self._sockets = socketio.ASGIApp(self.gateway.server)
        self._counted: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection or request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        line, engine_sid = line_of(scope), _engine_sid(scope)
        if line is None or engine_sid is None:
            async with self.gateway.letting_go(engine_sid):
                await self._sockets(scope, receive, send)
            return
        self.gateway.has_line(engine_sid, line)
        try:
            await self._sockets(scope, receive, send)
        finally:
            self.gateway.lost_line(engine_sid)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the rooms going until `stop` is set; then append what is left to the bus."""
        caught_up = [asyncio.Event() for _ in range(2)]
        now = self._clock()
        rebuild, recall = now - self._params.rebuild_s, now - self._params.recall_s
        tasks = [
            asyncio.create_task(self._again("signals", lambda: self.feed.signals(rebuild, caught_up[0]))),
            asyncio.create_task(self._again("events", lambda: self.feed.events(recall, caught_up[1]))),
            asyncio.create_task(self._again("actions", self.feed.actions)),
            asyncio.create_task(self._again("rooms", lambda: self._step(caught_up))),
            asyncio.create_task(self._again("signals to the bus", self._append)),
            asyncio.create_task(self._again("organisers", self._count_organisers)),
        ]
        try:
            await stop.wait()
        finally:
            self.ready.clear()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.gateway.server.shutdown()
            await self._flush()
            if self._publisher:
                LOG.error("%d signals are lost: the service ends, and the bus is away", len(self._publisher))

    async def _again(self, name: str, read: Callable[[], Awaitable[None]]) -> None:
        """Do it for as long as the service runs, whatever happens to it."""
        while True:
            try:
                await read()
            except Exception:  # A task of the service must not end while the service goes on.
                LOG.exception("%s stopped; trying again in %g s", name, self._params.retry_s)
            await self._pause(self._params.retry_s)

    async def _step(self, caught_up: Sequence[asyncio.Event]) -> None:
        for each in caught_up:
            await each.wait()
        self.ready.set()
        steps_to_flush = max(1, round(self._params.chat_flush_s / self._params.step_s))
        step = 0
        while True:
            await self._pause(self._params.step_s)
            step += 1
            self.hall.advance(self._clock())
            if step % steps_to_flush == 0:
                self.hall.flush_chat()
            self.gateway.settle()
            self.gateway.expire(self._clock())

    async def _append(self) -> None:
        # Apart from the rooms, which go on while the bus is away.
        while True:
            await self._pause(self._params.step_s)
            await self._flush()

    async def _flush(self) -> None:
        if not self._publisher:
            return
        try:
            await self._publisher.flush()
            self._outage.ended()
        except BusUnavailable as error:
            self._outage.began()
            LOG.warning("signals wait for the bus: %s (%d given up so far)", error.message, self._publisher.lost)

    async def _count_organisers(self) -> None:
        while True:
            counts = self.hall.organisers()
            gone = {session_id: 0 for session_id in self._counted if session_id not in counts}
            messages = [self._count_message(*each) for each in (counts | gone).items()]
            try:
                await self._bus.publish(messages)
                self._counted = counts
                if messages:
                    self._outage.ended()
            except BusUnavailable as error:
                self._outage.began()
                LOG.warning("the agent is not told who watches it: %s", error.message)
            changed = self.gateway.watched_changed
            try:
                async with asyncio.timeout(self._organisers_again_s() / self._params.speed):
                    await changed.wait()
            except TimeoutError:
                continue
            changed.clear()

    def _organisers_again_s(self) -> float:
        # While the bus is away it is asked more often: organisers want to know when it is back.
        return self._params.retry_s if self._outage.is_on else self._params.organisers_s

    async def _pause(self, pause_s: float) -> None:
        await asyncio.sleep(pause_s / self._params.speed)

    def _count_message(self, session_id: str, count: int) -> Message:
        event_id = self.hall.event_of(session_id)
        body = {"count": count, "sessionId": session_id, "eventId": event_id, "timestamp": moment_text(self._clock())}
        return Message(organisers_channel(session_id), json_bytes(body))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        stop = asyncio.Event()
        running = asyncio.create_task(self.run(stop))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        stop.set()
        await running
        await send({"type": "lifespan.shutdown.complete"})


def create_live_app(bus: Bus, access: Access, params: ServiceParams, clock: Callable[[], float]) -> LiveApp:
    """The service as an ASGI application.

    Args:
        bus: Where signals go and from where actions and events come.
        access: Reads tokens.
        params: How it runs.
        clock: Gives the time in epoch seconds.
    """
    return LiveApp(bus, access, params, clock)


def uvicorn_options() -> dict[str, Any]:
    """What uvicorn has to be given to serve this fast: prepared frames need its protocol and no compression."""
    return {
        "ws": LineProtocol,
        "ws_max_size": MAX_MESSAGE_BYTES,
        "ws_per_message_deflate": False,
        # Whoever polls holds a request open, for which uvicorn would wait without end.
        "timeout_graceful_shutdown": GRACEFUL_S,
    }


def _engine_sid(scope: Mapping[str, Any]) -> str | None:
    """The socket of Engine.IO for which a WebSocket is opened, if it polled before."""
    query: bytes = scope.get("query_string", b"")
    return next(iter(parse_qs(query.decode("latin-1")).get("sid", [])), None)
