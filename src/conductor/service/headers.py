"""What every request and answer has: an id, a bounded body, and headers that keep browsers careful."""

from __future__ import annotations

import re
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

REQUEST_ID = "X-Request-Id"
SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""A request id is written to logs and answers, so it may hold nothing that means something there."""

HSTS = "max-age=31536000"
"""For a year; hosts below this one are not ours to speak for."""

CAREFUL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    # An answer of the API is data: opened as a page, nothing in it runs. Pages bring a policy of their own.
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def request_id_of(scope: Scope) -> str:
    """The id of a request; it is made when first asked for."""
    state = scope.setdefault("state", {})
    if "request_id" not in state:
        given = Headers(scope=scope).get(REQUEST_ID, "")
        state["request_id"] = given if SANE_ID.fullmatch(given) else uuid.uuid4().hex
    return str(state["request_id"])


def careful(app: ASGIApp) -> ASGIApp:
    """The app, with careful headers on every answer that does not bring its own."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in CAREFUL.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, marked)

    return answer


class Envelope:
    """Puts the id and careful headers on every answer, and stops bodies that are too large.

    Args:
        app: What answers.
        max_body_bytes: Largest body, whether its length was announced or not.
        is_secure: Whether people reach this over TLS, and are to over nothing else.
    """

    def __init__(self, app: ASGIApp, max_body_bytes: int, *, is_secure: bool = False) -> None:
        self._app = app
        self._is_secure = is_secure
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max_body_bytes:
                raise HTTPException(413, f"The body has more than {self._max_body_bytes} bytes; send less at a time")
            return message

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                if self._is_secure:
                    headers["Strict-Transport-Security"] = HSTS
            await send(message)

        # Whatever is logged on the way to the answer names it.
        with bound_contextvars(request_id=request_id):
            await careful(self._app)(scope, bounded, marked)
