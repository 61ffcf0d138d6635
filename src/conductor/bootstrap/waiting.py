"""Before the services begin: where the database or the bus cannot be had, the process waits for it, and says so.

Without the database nobody knows what was done in the last hours, nor what is on its way to the rooms: an agent that
began all the same could do it twice. So it begins when the database is there, by itself. Until then it is alive and not
ready.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import uvicorn

from conductor.adapters.store_sql import SqlStore
from conductor.bootstrap.ending import Server, asked_to_end
from conductor.domain.bus import Message
from conductor.domain.outages import Component
from conductor.duty.duty import Duty
from conductor.errors import BusUnavailable, StoreUnavailable
from conductor.ports import Bus
from conductor.service.headers import careful

AGAIN_S = 1.0
"""What is away is asked again so often."""

ALIVE = frozenset({"/health", "/health/live", "/health/ping"})
"""What is answered with 200 while the process waits."""

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)


async def until_there(places: Iterable[socket.socket], reach: Callable[[], Awaitable[None]]) -> bool:
    """Come back when everything is there; meanwhile answer at these places that it is not.

    Args:
        places: Where the services will answer.
        reach: Returns if everything is there.

    Returns:
        Whether it is; False if the process was asked to end first.
    """
    gone = await _gone(reach)
    if gone is None:
        return True
    log.warning("waiting: %s", gone)
    with asked_to_end() as asked:
        async with _saying(places):
            while not asked.is_set():
                try:
                    async with asyncio.timeout(AGAIN_S):
                        await asked.wait()
                except TimeoutError:
                    gone = await _gone(reach)
                    if gone is None:
                        log.warning("everything is there; beginning")
                        return True
    return False


async def reach_database(url: str) -> None:
    """Return if a server answers there, whatever it says: a wrong password is to be mended, and not to be waited for.

    A file is there, or is made.

    Raises:
        StoreUnavailable: None does.
    """
    from sqlalchemy.exc import DBAPIError

    from conductor.adapters.database import database_of, file_of, reason

    if file_of(url) is not None:
        return
    engine, where = database_of(url)
    try:
        async with engine.connect():
            pass
    except OSError as error:
        raise StoreUnavailable(f"{where}: {reason(error)}") from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _SOON:
            raise StoreUnavailable(f"{where}: {reason(error)}") from error
    finally:
        await engine.dispose()


async def reach_bus(url: str) -> None:
    """Return if a server answers there.

    Raises:
        BusUnavailable: None does.
    """
    from conductor.adapters.bus_redis import RedisBus

    await (await RedisBus.open(url, wait_s=AGAIN_S)).close()


def checks_of(store: SqlStore, duty: Duty, bus: Bus) -> dict[str, Callable[[], Awaitable[None]]]:
    """How to ask everything that a running agent goes on with, or without, whether it is there."""
    return {
        "database": store.archive.ping,
        "worker": duty.check,
        # It has to carry something out: who only looks whether it is open sees no outage.
        "bus": partial(bus.publish, [Message("conductor:ping", b"")]),
        "model": partial(duty.outages.check, Component.MODEL),
    }


_SOON = frozenset({"57P03", "57P01", "53300", "08006", "08001", "08003"})
"""What PostgreSQL says while it starts or ends, or where it has too many connections just now."""


async def _gone(reach: Callable[[], Awaitable[None]]) -> str | None:
    try:
        await reach()
    except (StoreUnavailable, BusUnavailable) as error:
        return error.message
    return None


@asynccontextmanager
async def _saying(places: Iterable[socket.socket]) -> AsyncIterator[None]:
    # Copies, since a server closes its sockets when it ends.
    server = Server(uvicorn.Config(careful(_not_yet), log_config=None, access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve([place.dup() for place in places]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


async def _not_yet(scope: Scope, receive: Callable[[], Awaitable[MutableMapping[str, Any]]], send: Send) -> None:
    """Answer that the process lives, and that it serves nobody yet."""
    if scope["type"] != "http":
        await receive()
        await send({"type": "websocket.close", "code": 1013})
        return
    is_alive = scope["path"] in ALIVE
    problem = {
        "category": "EXTERNAL_SERVICE",
        "code": "starting",
        "message": "waiting for the database or the bus; see the log",
        "details": {},
        "retry_after_s": AGAIN_S,
    }
    body: dict[str, object] = (
        {"status": "ok"} if is_alive else {"status": "unhealthy", "components": {}, "error": problem}
    )
    headers = [(b"content-type", b"application/json")]
    if not is_alive:
        headers.append((b"retry-after", str(math.ceil(AGAIN_S)).encode()))
    await send({"type": "http.response.start", "status": 200 if is_alive else 503, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
