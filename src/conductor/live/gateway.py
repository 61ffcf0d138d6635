"""The door of the sockets: who comes in, what they emit, and what they are answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from typing import Any

import socketio
from engineio.packet import NOOP, Packet
from socketio.exceptions import ConnectionRefusedError as Refused

from conductor.access.tokens import Access
from conductor.errors import ConductorError, InvalidInput, NotFound, TooManyRequests, Unauthenticated
from conductor.limits import Bucket
from conductor.live.emits import EMITS
from conductor.live.fanout import NAMESPACE, Way, said
from conductor.live.hall import Hall
from conductor.live.lines import LineProtocol, line_of
from conductor.live.people import Connection, FloodParams

LOG = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 64_000
"""No emit of the contract reaches a tenth of this."""

CLOSED = "connection.closed"
"""What a socket is told before it is closed, with the error that says why."""

Answer = dict[str, object]


def refusal(error: ConductorError) -> Answer:
    """What somebody is answered whose emit was refused."""
    told = {"category": error.category.value, "code": error.code, "message": error.message}
    return {"ok": False, "error": {**told, "retry_after_s": error.retry_after_s}}


class Gateway:
    """Socket.IO for people.

    Args:
        floods: How much one connection may emit.
        most_bytes: A socket that has more than this waiting is dropped.
        connections_most: Connections of one person at once; one more closes the oldest.
        origins: Web origins that may connect; empty to leave that to whoever is in front.
        ready: Set once the rooms are as they were before a restart; until then nobody comes in.
    """

    def __init__(
        self,
        hall: Hall,
        access: Access,
        *,
        floods: FloodParams,
        most_bytes: int,
        connections_most: int,
        origins: Sequence[str],
        ready: asyncio.Event,
    ) -> None:
        self.hall = hall
        self._access = access
        self._floods = floods
        self._most_bytes = most_bytes
        self._connections_most = connections_most
        self._ready = ready
        self._lines: dict[str, LineProtocol] = {}
        self._until: list[tuple[float, str]] = []
        self._heeded = access.called_back.changes
        self._closing: set[asyncio.Task[None]] = set()
        self.watched_changed = asyncio.Event()
        # Emits of one socket are answered one after the other, so that a flood waits in its own socket.
        self.server = socketio.AsyncServer(
            async_mode="asgi",
            async_handlers=False,
            cors_allowed_origins=[*origins],
            max_http_buffer_size=MAX_MESSAGE_BYTES,
            namespaces=[NAMESPACE],
        )
        self.server.on("connect", self._connect, namespace=NAMESPACE)
        self.server.on("disconnect", self._disconnect, namespace=NAMESPACE)
        self.server.on("*", self._emitted, namespace=NAMESPACE)

    def has_line(self, engine_sid: str, line: LineProtocol) -> None:
        """A socket that polls is about to get this WebSocket."""
        self._lines[engine_sid] = line

    def lost_line(self, engine_sid: str) -> None:
        """That WebSocket is closed."""
        self._lines.pop(engine_sid, None)

    @asynccontextmanager
    async def letting_go(self, engine_sid: str | None) -> AsyncIterator[None]:
        """Serve a request of a socket that polls; where it closes the socket, the one that was held open ends too."""
        socket = self.server.eio.sockets.get(engine_sid)
        yield
        if socket is not None and socket.closed:
            # Engine.IO would leave it until a ping is overdue, and whoever left would wait for that long.
            socket.queue.put_nowait(Packet(NOOP))

    def settle(self) -> None:
        """Let sockets change over that got a WebSocket after polling."""
        for connection in self.hall.connections.values():
            if not connection.way.is_settled:
                connection.way.settle(self._lines.get(connection.engine_sid))

    def expire(self, now: float) -> None:
        """Close sockets whose token has run out by `now`, in epoch seconds, or was called back."""
        while self._until and self._until[0][0] <= now:
            connection = self.hall.connections.get(heappop(self._until)[1])
            if connection is not None:
                self._put_out(connection, Unauthenticated("the token has run out; sign in again", code="token_expired"))
        called_back = self._access.called_back
        if called_back.changes == self._heeded:
            return
        self._heeded = called_back.changes
        for connection in [*self.hall.connections.values()]:
            if called_back.has_any(connection.token_ids):
                why = Unauthenticated("the token was called back; ask for a new one", code="token_revoked")
                self._put_out(connection, why)

    async def _connect(self, sid: str, environ: Mapping[str, Any], auth: object = None) -> None:
        try:
            read = self._access.read_whole(_token(auth))
        except ConductorError as error:
            raise Refused(error.message, refusal(error)["error"]) from None
        await self._ready.wait()
        engine_sid = self.server.manager.eio_sid_from_sid(sid, NAMESPACE)
        socket = self.server.eio.sockets.get(engine_sid)
        if socket is None:
            # It went away while the rooms were rebuilt.
            raise Refused("gone")
        way = Way(socket, line_of(environ["asgi.scope"]), self._most_bytes)
        bucket = Bucket(self._floods.rate_per_s, self._floods.burst)
        connection = Connection(sid, engine_sid, read.principal, way, bucket, read.until, token_ids=read.ids)
        heappush(self._until, (read.until, sid))
        oldest = self.hall.come(connection, self._connections_most)
        if oldest is not None:
            most = self._connections_most
            text = f"you are here more than {most} times; this window, the oldest, was closed, so close others first"
            self._put_out(oldest, TooManyRequests(text, code="too_many_connections"))

    async def _disconnect(self, sid: str, _reason: str) -> None:
        connection = self.hall.connections.get(sid)
        if connection is not None:
            self._gone(connection)

    def _gone(self, connection: Connection) -> None:
        watched = bool(connection.watched)
        self.hall.gone(connection)
        if watched:
            self.watched_changed.set()

    def _put_out(self, connection: Connection, why: ConductorError) -> None:
        """Tell a socket why it is closed, and close it."""
        connection.way.send(said((CLOSED, refusal(why)["error"])))
        self._gone(connection)
        self._close_soon(connection.sid)

    async def _emitted(self, name: str, sid: str, *payload: object) -> Answer:
        connection = self.hall.connections.get(sid)
        if connection is None:
            return refusal(NotFound("this connection is closed; connect again", code="no_connection"))
        try:
            await self._slow_down(connection)
            return {"ok": True} | self._carry_out(connection, name, payload[0] if payload else {})
        except TooManyRequests as error:
            self._close_soon(sid)
            return refusal(error)
        except ConductorError as error:
            return refusal(error)
        except Exception:  # One person's emit must not end the service: it is told, and the next is served.
            LOG.exception("%s failed", name)
            return refusal(ConductorError("something went wrong here; it has been noted, try again later"))

    def _carry_out(self, connection: Connection, name: str, payload: object) -> Answer:
        rule = EMITS.get(name)
        if rule is None:
            raise InvalidInput(f"no event {name[:60]!r}; known are {', '.join(EMITS)}", code="unknown_event")
        watched = len(connection.watched)
        answer = rule.carry_out(self.hall, connection, payload)
        if len(connection.watched) != watched:
            self.watched_changed.set()
        return answer

    async def _slow_down(self, connection: Connection) -> None:
        wait_s = connection.bucket.take(self.hall.clock())
        if wait_s <= 0.0:
            connection.slowed = 0
            return
        connection.slowed += 1
        if connection.slowed > self._floods.patience:
            raise TooManyRequests(
                f"more than {self._floods.rate_per_s:g} messages a second for too long; connect again and send fewer",
                retry_after_s=wait_s,
            )
        # Loops may wake up a moment too early. Who went on then would not have paid, and the next emit would be free.
        while wait_s > 0.0:
            await asyncio.sleep(wait_s)
            wait_s = connection.bucket.take(self.hall.clock())

    def _close_soon(self, sid: str) -> None:
        # Soon and not now: the answer has to go out first.
        task = asyncio.create_task(self.server.disconnect(sid, namespace=NAMESPACE))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def _token(auth: object) -> str | None:
    token = auth.get("token") if isinstance(auth, dict) else None
    return token if isinstance(token, str) else None
