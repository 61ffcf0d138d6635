"""Requests over HTTP: counted, timed and logged by the route that answered, never by the address that was asked."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from structlog.contextvars import bound_contextvars

from conductor.telemetry.metrics import Metrics

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

NOWHERE = "(none)"
"""Where no route answered: addresses that do not exist must not become labels."""

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})

QUIET = ("/metrics", "/health")
"""What machines ask every few seconds is logged only where everything is."""

log = logging.getLogger(__name__)


def route_of(scope: Scope) -> str:
    """The route that answered, as it is written in the code, with all that is before it.

    What answers knows its own part only, and what is before it is the same for all addresses: the rest of the address.
    """
    route, given = scope.get("route"), scope.get("path_params", {})
    own, form = getattr(route, "path", None), getattr(route, "path_format", None)
    if not isinstance(own, str) or not isinstance(form, str):
        return NOWHERE
    try:
        tail = form.format(**given)
    except (KeyError, IndexError, ValueError):
        return own
    path, is_all = str(scope.get("path", "")), all(f"{{{name}}}" in form for name in given)
    return path[: len(path) - len(tail)] + own if is_all and path.endswith(tail) else own


class MeasuredApp:
    """An ASGI application each of whose answers is counted.

    Args:
        app: What answers.
        metrics: Where it is counted.
    """

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app = app
        self._ended = metrics.counter(
            "http_requests_total", "Requests, by method, route and status.", "method", "route", "status"
        )
        self._took = metrics.histogram(
            "http_request_duration_seconds", "Seconds to the end of the answer, by method and route.", "method", "route"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, took_s: float) -> None:
        route = route_of(scope)
        said = str(scope.get("method", ""))
        method = said if said in METHODS else "OTHER"
        self._ended.labels(method, route, str(status)).inc()
        self._took.labels(method, route).observe(took_s)
        level = logging.DEBUG if route.startswith(QUIET) else logging.INFO
        if log.isEnabledFor(level):
            about = {"method": method, "route": route, "status": status, "took_ms": round(took_s * 1000.0, 1)}
            request_id = (scope.get("state") or {}).get("request_id")
            with bound_contextvars(request_id=request_id, **about):
                log.log(level, "request answered")
