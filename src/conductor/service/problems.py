"""Every error in one shape (CONTRACTS §6), whoever raised it."""

from __future__ import annotations

import logging
import math
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from conductor.errors import Category, ConductorError, Conflict
from conductor.service.headers import CAREFUL, REQUEST_ID, request_id_of
from conductor.wire.rest_errors import (
    ANSWERED_ALREADY,
    NOBODY_ASKED,
    RECOVERED,
    TOO_LATE,
    DecidedDetails,
    Details,
    ErrorBody,
    Misfit,
    MisfitDetails,
    NoDetails,
    Problem,
    RecoveredDetails,
)

logger = logging.getLogger(__name__)

ERRORS_SHOWN = 20
"""Misfits of one body that are named; whoever mends these learns of the rest."""

AGAIN_S = 5.0
"""When to come back where something is away of which nobody knows how long: nothing of the request was done."""

CATEGORIES = {
    400: Category.VALIDATION,
    401: Category.AUTHENTICATION,
    403: Category.AUTHORIZATION,
    404: Category.NOT_FOUND,
    405: Category.VALIDATION,
    409: Category.CONFLICT,
    413: Category.VALIDATION,
    422: Category.VALIDATION,
    429: Category.RATE_LIMIT,
}
CODES = {400: "bad_request", 404: "no_such_route", 405: "method_not_allowed", 413: "too_large"}


class _Detailed(Conflict):
    """What is asked for cannot be done as things stand; `details` say how they do."""

    def __init__(self, message: str, details: DecidedDetails | RecoveredDetails) -> None:
        super().__init__(message)
        self.details = details


class Decided(_Detailed):
    """A decision does not wait for an answer; `details` say what became of it."""

    default_code = "decision_not_pending"


class Recovered(_Detailed):
    """The room that a decision is for has recovered, and whoever approves it may not know; `details` say how far."""

    default_code = "room_recovered"


STATUSES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": CATEGORIES.get(status, "INTERNAL or EXTERNAL_SERVICE")}
    for status in STATUSES
}
"""What every route of the API may answer besides what it is for."""


def _conflict(description: str, **examples: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    content = {"application/json": {"examples": examples}}
    return {409: {"model": Problem, "description": description, "content": content}}


_NOT_PENDING = {"answered": ANSWERED_ALREADY, "lapsed": TOO_LATE, "not_asked": NOBODY_ASKED}
NOT_PENDING = _conflict("CONFLICT: `decision_not_pending` says what became of it.", **_NOT_PENDING)
"""How a decision may be refused an answer."""
NOT_PENDING_OR_RECOVERED = _conflict(
    "CONFLICT: `decision_not_pending` says what became of it; after `room_recovered` it can be approved again.",
    **_NOT_PENDING,
    recovered=RECOVERED,
)
"""How a decision may be refused approval."""


def install(app: FastAPI) -> None:
    """Let the app answer errors of every kind in the one shape."""
    app.add_exception_handler(ConductorError, _ours)
    app.add_exception_handler(HTTPException, _starlette)
    app.add_exception_handler(RequestValidationError, _misfit)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ConductorError):
        return await _unexpected(request, error)
    if error.status >= 500:
        logger.warning("%s (request %s): %s", error.code, request_id_of(request.scope), error.message)
    details = error.details if isinstance(error, _Detailed) else None
    retry_after_s = AGAIN_S if error.status == 503 and error.retry_after_s is None else error.retry_after_s
    body = _body(request, error.category, error.code, error.message, details, retry_after_s)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if retry_after_s is not None:
        headers["Retry-After"] = str(math.ceil(retry_after_s))
    return JSONResponse(body, error.status, headers)


async def _starlette(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return await _unexpected(request, error)
    category = CATEGORIES.get(error.status_code, Category.INTERNAL)
    code = CODES.get(error.status_code, category.value.lower())
    message = f"{error.detail}: {request.method} {request.url.path}"
    return JSONResponse(_body(request, category, code, message), error.status_code, error.headers)


async def _misfit(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        return await _unexpected(request, error)
    # Without what was handed in: it may be a name, and it may not even be text.
    errors = [
        Misfit(where=_text(".".join(map(str, each["loc"]))), what=_text(str(each["msg"])), type=str(each["type"]))
        for each in error.errors()[:ERRORS_SHOWN]
    ]
    first = f"{errors[0].where}: {errors[0].what}" if errors else "the request does not fit"
    return JSONResponse(_body(request, Category.VALIDATION, "invalid_input", first, MisfitDetails(errors=errors)), 422)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    request_id = request_id_of(request.scope)
    logger.error("unexpected error (request %s)", request_id, exc_info=error)
    message = f"Something went wrong here, not with the request; when asking about it, name {request_id}."
    body = _body(request, Category.INTERNAL, "internal", message)
    # This answer is made outside of all middleware, so that it has to bring its headers itself.
    return JSONResponse(body, 500, CAREFUL | {REQUEST_ID: request_id})


def _body(
    request: Request,
    category: Category,
    code: str,
    message: str,
    details: Details | None = None,
    retry_after_s: float | None = None,
) -> dict[str, object]:
    error = ErrorBody(
        category=category,
        code=code,
        message=message,
        details=details or NoDetails(),
        retry_after_s=retry_after_s,
        request_id=request_id_of(request.scope),
    )
    return Problem(error=error).model_dump(mode="json")


def _text(raw: str) -> str:
    # A name of a field may hold half a character (a lone surrogate), which no answer can.
    return raw.encode(errors="replace").decode()
