"""What a process of rooms alone answers over HTTP: whether it runs, whether it can serve, and its metrics."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from conductor.live.service import LiveApp, Receive, Scope, Send
from conductor.service.headers import careful
from conductor.telemetry.metrics import Metrics

App = Callable[[Scope, Receive, Send], Awaitable[None]]


def mounted(app: App | None, live: LiveApp | None, metrics: Metrics) -> App:
    """Both on one port: what begins with `/socket.io` is the rooms'. Every answer has careful headers."""
    return careful(_mounted(app, live, metrics))


def _mounted(app: App | None, live: LiveApp | None, metrics: Metrics) -> App:
    if live is None:
        if app is None:
            raise ValueError("nothing to serve")
        return app
    if app is None:
        return ExposedRooms(live, metrics)

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        chosen = live if str(scope.get("path", "")).startswith("/socket.io") else app
        await chosen(scope, receive, send)

    return both


class ExposedRooms:
    """The rooms, and beside them `/health`, `/health/live`, `/health/ready` and `/metrics`.

    Args:
        live: The rooms.
        metrics: Of this process.
    """

    def __init__(self, live: LiveApp, metrics: Metrics) -> None:
        self._live = live
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection or request."""
        path = str(scope.get("path", "")) if scope["type"] == "http" else ""
        if path == "/metrics":
            headers = {bytes(name).lower(): bytes(value) for name, value in scope.get("headers", ())}
            body, content_type = await self._metrics.exposition(headers.get(b"accept", b"").decode("latin-1"))
            await _answer(send, 200, body, content_type)
        elif path in {"/health", "/health/live"}:
            await _answer(send, 200, _json("ok"))
        elif path == "/health/ready":
            is_ready = self._live.ready.is_set()
            await _answer(send, 200 if is_ready else 503, _json("healthy" if is_ready else "unhealthy"))
        else:
            await self._live(scope, receive, send)


def _json(status: str) -> bytes:
    return json.dumps({"status": status}).encode()


async def _answer(send: Send, status: int, body: bytes, content_type: str = "application/json") -> None:
    headers = [
        (b"content-type", content_type.encode("latin-1")),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
