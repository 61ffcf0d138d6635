"""A real server on a free port of this machine, and real Socket.IO clients that wait for what they hear."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import socketio
import uvicorn

from conductor.access.rights import Principal, Role
from conductor.access.tokens import Access
from conductor.adapters.bus_memory import MemoryBus
from conductor.adapters.platform_bus import BusPlatform, DeliveryParams
from conductor.live.fanout import NAMESPACE
from conductor.live.service import LiveApp, ServiceParams, create_live_app, uvicorn_options
from conductor.ports import Bus

SIGNED_WITH = "what signs tokens of tests on this machine only"
EVENT, SESSION = "summit", "keynote"
PATIENCE_S = 10.0
"""After so long a test that waits has failed."""


class Client:
    """Somebody's browser: what it heard can be waited for, in any order."""

    def __init__(self, http: aiohttp.ClientSession | None = None) -> None:
        self.io = socketio.AsyncClient(reconnection=False, http_session=http)
        self.heard: list[tuple[str, Any]] = []
        self._stirred = asyncio.Event()
        self.gone = asyncio.Event()
        self.io.on("*", self._hear, namespace=NAMESPACE)
        self.io.on("disconnect", self._left, namespace=NAMESPACE)

    async def emit(self, name: str, payload: object = None) -> dict[str, Any]:
        """Emit and return the answer."""
        answer = await self.io.call(name, {} if payload is None else payload, namespace=NAMESPACE, timeout=PATIENCE_S)
        assert isinstance(answer, dict)
        return answer

    async def hears(self, name: str, **fields: object) -> Any:
        """The first payload of this name with these fields, once it was heard."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for heard, payload in self.heard:
                    if heard == name and all(payload.get(key) == value for key, value in fields.items()):
                        return payload
                await self.stirs()

    async def stirs(self) -> None:
        """Wait for whatever is heard next."""
        self._stirred.clear()
        await self._stirred.wait()

    def _hear(self, name: str, payload: object) -> None:
        self.heard.append((name, payload))
        self._stirred.set()

    def _left(self, *_reason: object) -> None:
        self.gone.set()


class Watch:
    """A clock that is set by hand."""

    def __init__(self, at: float) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


class House:
    """The live service on a bus of its own, and clients of it."""

    def __init__(self, app: LiveApp, bus: Bus, access: Access, url: str, http: aiohttp.ClientSession) -> None:
        self.app = app
        self.bus = bus
        self.access = access
        self.url = url
        # Closed last: whoever polls leaves without reading the whole answer to their last request.
        self.http = http
        self.clock = app.hall.clock
        self.clients: list[Client] = []

    def token(self, user_id: str, role: Role, event_id: str = EVENT, session_ids: frozenset[str] = frozenset()) -> str:
        return self.access.issue(Principal(user_id, role, event_id, session_ids), 3600.0)

    async def connect(
        self, user_id: str, role: Role = Role.ATTENDEE, *, transports: tuple[str, ...] = ("websocket",), **where: Any
    ) -> Client:
        """Somebody connects."""
        client = Client(self.http)
        self.clients.append(client)
        auth = {"token": self.token(user_id, role, **where)}
        await client.io.connect(self.url, auth=auth, namespaces=[NAMESPACE], transports=[*transports])
        return client

    async def join(
        self, user_id: str, role: Role = Role.ATTENDEE, *, saying: dict[str, object] | None = None, **how: Any
    ) -> Client:
        """Somebody connects and joins the session, perhaps saying more than their name."""
        said = {"sessionId": SESSION, "displayName": user_id.title()} | (saying or {})
        if role is Role.ATTENDEE:
            how.setdefault("session_ids", frozenset({said["sessionId"]}))
        client = await self.connect(user_id, role, **how)
        answer = await client.emit("session:join", said)
        assert answer["ok"], answer
        return client


@asynccontextmanager
async def agent_on(bus: Bus) -> AsyncIterator[BusPlatform]:
    """The agent's way to the rooms."""
    platform, listens = BusPlatform(bus, DeliveryParams(deadline_s=PATIENCE_S)), asyncio.Event()
    running = asyncio.create_task(platform.run(listens))
    await listens.wait()
    try:
        yield platform
    finally:
        running.cancel()


@asynccontextmanager
async def opened(
    bus: Bus | None = None, params: ServiceParams | None = None, clock: Callable[[], float] = time.time
) -> AsyncIterator[House]:
    """A live service that answers on a free port, at a time of its own if need be."""
    bus = bus or MemoryBus(clock)
    access = Access([SIGNED_WITH], clock)
    app = create_live_app(bus, access, params or ServiceParams(step_s=0.02, chat_flush_s=0.02), clock)
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        app, log_level="error", lifespan="on", **(uvicorn_options() | {"timeout_graceful_shutdown": 1})
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
    house = House(app, bus, access, url, http)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await app.ready.wait()
        yield house
    finally:
        for client in house.clients:
            await client.io.disconnect()
        server.should_exit = True
        await serving
        listening.close()
        await http.close()
