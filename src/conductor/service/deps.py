"""Who is asking, whether they may, and what place they ask about: the one door that every route of the API has.

A route names its `Right` as the scope of its dependency, `Security(caller, scopes=[…])` or
`Security(session_place, scopes=[…])`; the generated API description shows it, and a test walks all routes by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from structlog.contextvars import bind_contextvars

from conductor.access.rights import Principal, Right, check
from conductor.access.tokens import LEEWAY_S
from conductor.errors import NotFound, Unauthenticated
from conductor.service.parts import Parts, parts_of
from conductor.wire.rest import Id

COOKIE = "conductor_token"
_BEARER = HTTPBearer(auto_error=False, scheme_name="bearer", description="A token of `conductor token`.")
_COOKIE = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="cookie", description="Set by `GET /sign-in`.")

Sources = Annotated[Parts, Depends(parts_of)]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may do what the route does, though maybe not everywhere.

    Attributes:
        expires_at: When their token runs out, in epoch seconds.
    """

    principal: Principal
    right: Right
    expires_at: float

    def check(self, *, session_id: str | None = None, event_id: str | None = None) -> None:
        """Let them through if they may do it there.

        Raises:
            Forbidden: They may not.
        """
        check(self.principal, self.right, session_id=session_id, event_id=event_id)


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """A session that the caller may do something in."""

    session_id: str
    event_id: str
    caller: Caller


async def caller(
    request: Request,
    scopes: SecurityScopes,
    parts: Sources,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    cookie: Annotated[str | None, Security(_COOKIE)],
) -> Caller:
    """Who is asking.

    Raises:
        Unauthenticated: Nobody knows.
        Forbidden: Their role may not do this at all.
        TooManyRequests: They ask too often.
    """
    principal, until = await _principal(request, parts, bearer.credentials if bearer else cookie)
    await parts.limiter.take(f"{principal.user_id}|{request.method}|{_route(request)}")
    right = Right(scopes.scopes[-1])
    check(principal, right)
    return Caller(principal, right, until - LEEWAY_S)


async def _principal(request: Request, parts: Parts, token: str | None) -> tuple[Principal, float]:
    try:
        return parts.access.read_until(token)
    except Unauthenticated:
        # Whoever guesses tokens does not get on fast.
        await parts.limiter.take(f"{address(request)}|unauthenticated")
        raise


async def session_place(
    session_id: Annotated[Id, Path(description="The session's id.")],
    parts: Sources,
    who: Annotated[Caller, Security(caller)],
) -> SessionPlace:
    """The session that the path names.

    Raises:
        Forbidden: The caller may not do this there; a token of one event is not told which others there are.
        NotFound: Nobody heard of it.
    """
    event_id = await event_of(parts, session_id)
    bind_contextvars(session_id=session_id)
    who.check(session_id=session_id, event_id=event_id)
    return SessionPlace(session_id, known(session_id, event_id), who)


async def event_of(parts: Parts, session_id: str) -> str | None:
    """The event of a session, from what goes on now or else from what was kept."""
    event_id = parts.overview.event_of(session_id)
    if event_id is not None:
        return event_id
    kept = await parts.archive.sessions(None)
    return next((each.event_id for each in kept if each.session_id == session_id), None)


def known(session_id: str, event_id: str | None) -> str:
    """The event of a session that somebody heard of.

    Raises:
        NotFound: Nobody did.
    """
    if event_id is None:
        raise NotFound(f"no session {session_id!r}; register it, or send signals of it", code="session_unknown")
    return event_id


def address(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "unknown"


async def take_by_address(request: Request, parts: Sources) -> None:
    """Bound how often one address asks a route that takes no token.

    Raises:
        TooManyRequests: It does so too often.
    """
    await parts.limiter.take(f"{address(request)}|{_route(request)}")


async def take_as_guest(request: Request, parts: Sources) -> None:
    """Bound how many invitations one address accepts, which may be that of a whole hall.

    Raises:
        TooManyRequests: It does so too often.
    """
    await parts.guests.take(f"{address(request)}|{_route(request)}")


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", "unknown"))
