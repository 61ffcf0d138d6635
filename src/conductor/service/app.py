"""The service as an ASGI app."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

import conductor
from conductor.service import (
    agent,
    analytics,
    audit,
    decisions,
    demo,
    described,
    erasing,
    events,
    health,
    interventions,
    invitations,
    me,
    problems,
    questions,
    signals,
    state,
    strategies,
    web,
)
from conductor.service.deps import COOKIE, Sources, take_by_address
from conductor.service.headers import REQUEST_ID, Envelope
from conductor.service.parts import Parts, ServiceParams, params_of
from conductor.wire.rest_messages import message_schemas

DESCRIPTION = """Watches live sessions, and acts or asks first where a room loses its people.

Every error has the shape of `Problem`. Every answer carries `X-Request-Id`, the caller's own if it sent one.

What sockets tell organisers is among the schemas too: each message is an `EventMessage`, and on subscribing comes an
`AgentSnapshot`.
"""

_sign_in = APIRouter(tags=["sign-in"])


class Described(FastAPI):
    """An app whose description holds what sockets tell as well, so that one client can be generated for both."""

    def openapi(self) -> dict[str, Any]:
        """The description of the API."""
        if self.openapi_schema is None:
            schemas = super().openapi()["components"]["schemas"]
            for name, schema in message_schemas().items():
                schemas.setdefault(name, schema)
        return super().openapi()


def create_app(parts: Parts, params: ServiceParams) -> FastAPI:
    """The service.

    Args:
        parts: What it speaks to. They are not closed here: whoever made them does.
        params: Limits and addresses.
    """
    app = _described()
    app.state.parts, app.state.params, app.state.receipts = parts, params, signals.Receipts()
    app.include_router(web.router())
    problems.install(app)
    if params.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=params.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", REQUEST_ID],
            expose_headers=[REQUEST_ID, "Retry-After"],
        )
    app.add_middleware(Envelope, max_body_bytes=params.max_body_bytes, is_secure=params.is_secure)
    return app


def description() -> dict[str, Any]:
    """The API in the form of OpenAPI: what clients are generated from."""
    return _described().openapi()


def _described() -> FastAPI:
    """All routes of the API, without what they speak to."""
    app = Described(
        title="Engagement Conductor",
        version=conductor.__version__,
        description=DESCRIPTION,
        generate_unique_id_function=_operation_id,
        # Their pages load scripts from elsewhere; ours is in `described`.
        docs_url=None,
        redoc_url=None,
    )
    api = APIRouter(prefix="/api/v1", responses=problems.RESPONSES)
    for part in (
        me,
        agent,
        decisions,
        questions,
        interventions,
        analytics,
        strategies,
        events,
        invitations,
        demo,
        state,
        erasing,
        audit,
        signals,
    ):
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(_sign_in, responses=problems.RESPONSES)
    app.include_router(described.router)
    app.include_router(health.router, responses=_unless_fine())
    return app


def _operation_id(route: APIRoute) -> str:
    """The function's name: what a generated client calls it."""
    return route.name


def _unless_fine() -> dict[int | str, dict[str, object]]:
    return {status: problems.RESPONSES[status] for status in (405, 429, 500, 503)}


@_sign_in.get(
    "/sign-in",
    summary="Sign in with a token",
    response_class=RedirectResponse,
    status_code=303,
    responses={
        200: {"content": {"text/html": {}}, "description": "A page of the web app, without a token."},
        404: {"content": {"text/html": {}}, "description": "The web app is not built here; the page says how to."},
    },
    dependencies=[Depends(take_by_address)],
)
async def sign_in(
    request: Request, parts: Sources, token: Annotated[str | None, Query(min_length=1, max_length=4000)] = None
) -> Response:
    """Keep the token in a cookie that scripts cannot read and other sites cannot send, and go on to the docs.

    Without a token in the query it is a page of the web app, which takes the token from the address's fragment.
    """
    if token is None:
        return web.page()
    parts.access.read(token)
    answer = RedirectResponse("/docs", 303)
    # Whoever ends TLS before us speaks plainly to us.
    is_secure = request.url.scheme == "https" or params_of(request).is_secure
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=is_secure, path="/")
    return answer
