"""`POST /api/v1/signals`: signals of other platforms, over HTTP instead of a bus."""

from __future__ import annotations

import json
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from conductor.access.rights import Principal, Right, Role, covers
from conductor.access.webhooks import verify_webhook
from conductor.domain.sessions import MOST_OPEN
from conductor.domain.signals import HeartbeatDetail, Signal
from conductor.errors import InvalidInput, TooLarge
from conductor.service.deps import Sources, address, caller
from conductor.service.parts import Parts, params_of
from conductor.wire import parse_signal
from conductor.wire.entries import signals_entry
from conductor.wire.rest_answers import ReceiptAnswer, Refusal
from conductor.wire.timely import check_timely

router = APIRouter(tags=["signals"])

REASONS_GIVEN = 100
"""Reasons in one answer: whoever has more mistakes than that makes the same one again and again."""

RECEIPTS_KEPT = 1_000
"""Signed messages that are remembered, so that one sent twice counts once."""

_BEARER = HTTPBearer(auto_error=False, scheme_name="bearer")


@dataclass(frozen=True, slots=True)
class Receipts:
    """What signed messages were answered, by their ids: senders repeat what they got no answer to."""

    _kept: OrderedDict[str, ReceiptAnswer] = field(default_factory=OrderedDict)

    def find(self, message_id: str) -> ReceiptAnswer | None:
        """What this message was answered, if it came before."""
        return self._kept.get(message_id)

    def keep(self, message_id: str, receipt: ReceiptAnswer) -> None:
        """Remember an answer; the oldest is forgotten."""
        self._kept[message_id] = receipt
        if len(self._kept) > RECEIPTS_KEPT:
            self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Sender:
    """A program that may send signals; `message_id` is that of its signed message, empty with a token."""

    principal: Principal
    message_id: str = ""


async def sender(
    request: Request,
    scopes: SecurityScopes,
    parts: Sources,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> Sender:
    """Who sends: by token, or by signature where there is none.

    Raises:
        Unauthenticated: Nobody knows.
        Forbidden: Their role may not send signals.
        TooManyRequests: They send too often.
    """
    secrets = params_of(request).webhook_secrets
    if bearer is not None or not secrets or "webhook-id" not in request.headers:
        who = await caller(request, scopes, parts, bearer, None)
        return Sender(who.principal)
    await parts.limiter.take(f"{address(request)}|signed")
    message_id = verify_webhook(secrets, request.headers, await request.body(), parts.clock())
    return Sender(Principal("webhook", Role.SERVICE), message_id)


_SCHEMA = {
    "type": "object",
    "required": ["channel", "data"],
    "properties": {
        "channel": {"type": "string", "examples": ["chat:message:new", "session:session-7:presence"]},
        "data": {"type": "object", "description": "The body of the channel; without `timestamp` it is now."},
    },
}
_EXAMPLE = {
    "channel": "chat:message:new",
    "data": {"sessionId": "session-7", "eventId": "event-1", "userId": "u1", "content": "Hello"},
}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"oneOf": [_SCHEMA, {"type": "array", "items": _SCHEMA}]},
            "example": _EXAMPLE,
        },
        "application/x-ndjson": {"schema": {"type": "string"}, "example": json.dumps(_EXAMPLE)},
    },
}


@router.post("/signals", status_code=202, summary="Send signals", openapi_extra={"requestBody": _BODY})
async def send_signals(
    request: Request, parts: Sources, who: Annotated[Sender, Security(sender, scopes=[Right.SEND_SIGNALS])]
) -> ReceiptAnswer:
    """One signal, a list of them, or one a line (`application/x-ndjson`).

    Either with a token of the role SERVICE, or signed as Standard Webhooks says (`webhook-id`, `webhook-timestamp`,
    `webhook-signature`). Those that do not fit are refused one by one, with reasons; the others are taken. Signals are
    of now: one that is more than a day old, or more than 10 minutes ahead, does not fit.
    """
    receipts: Receipts = request.app.state.receipts
    if who.message_id and (before := receipts.find(who.message_id)):
        return before
    items = _items(await request.body(), request.headers.get("content-type", ""), params_of(request).max_batch)
    taken, refused = _sorted_out(parts, who.principal, items)
    await parts.bus.append([signals_entry(*said) for said in _by_session(taken).items()])
    receipt = ReceiptAnswer(accepted=len(taken), rejected=len(refused), reasons=refused[:REASONS_GIVEN])
    if who.message_id:
        receipts.keep(who.message_id, receipt)
    return receipt


def _items(body: bytes, content_type: str, max_batch: int) -> list[object]:
    """What was sent, one item a signal; a line that is no JSON is an item that does not fit."""
    if "ndjson" in content_type:
        items: list[object] = [_line(line) for line in body.splitlines() if line.strip()]
    else:
        whole = _json(body)
        items = whole if isinstance(whole, list) else [whole]
    if len(items) > max_batch:
        raise TooLarge(f"{len(items)} signals in one request; send at most {max_batch}")
    return items


def _line(line: bytes) -> object:
    try:
        return _json(line)
    except InvalidInput as error:
        return error


def _json(body: bytes) -> object:
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise InvalidInput("body: not JSON in UTF-8; send an object, a list, or lines as x-ndjson") from None


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _sorted_out(parts: Parts, principal: Principal, items: Iterable[object]) -> tuple[list[Signal], list[Refusal]]:
    taken: list[Signal] = []
    refused: list[Refusal] = []
    now, is_full = parts.clock(), parts.overview.open_count >= MOST_OPEN
    for index, item in enumerate(items):
        try:
            signal = _read(item, now)
            _let_through(parts, principal, signal, is_full=is_full)
            taken.append(signal)
        except InvalidInput as error:
            refused.append(Refusal(index=index, reason=error.message.encode(errors="replace").decode()))
    return taken, refused


def _read(item: object, now: float) -> Signal:
    if isinstance(item, InvalidInput):
        raise item
    channel, data = (item.get("channel"), item.get("data")) if isinstance(item, dict) else (None, None)
    if not isinstance(channel, str) or not isinstance(data, dict):
        raise InvalidInput('a signal is an object {"channel": text, "data": object}')
    return check_timely(parse_signal(channel, data, at=now), now)


def _let_through(parts: Parts, principal: Principal, signal: Signal, *, is_full: bool) -> None:
    """Refuse a signal of a session that the token is not for, is one too many, or belongs to another event."""
    for session_id in _sessions(signal):
        known_event = parts.overview.event_of(session_id)
        event_id = signal.event_id or known_event
        if known_event not in {None, event_id}:
            raise InvalidInput("the session belongs to another event")
        if not covers(principal, session_id=session_id, event_id=event_id):
            raise InvalidInput("the token is not for this session")
        if is_full and known_event is None:
            raise InvalidInput(f"{MOST_OPEN} sessions are open, and no more are watched at once; end some first")


def _sessions(signal: Signal) -> tuple[str, ...]:
    """Whose signal it is; a source's sign of life is one of all sessions that it speaks for."""
    named = signal.detail.session_ids if isinstance(signal.detail, HeartbeatDetail) else ()
    session_ids = named or ((signal.session_id,) if signal.session_id else ())
    if not session_ids:
        raise InvalidInput("source:heartbeat: field sessionIds is missing: over HTTP it has to name sessions")
    return session_ids


def _by_session(signals: Iterable[Signal]) -> dict[str, list[Signal]]:
    sessions: defaultdict[str, list[Signal]] = defaultdict(list)
    for signal in signals:
        for each in _copies(signal):
            sessions[each.session_id].append(each)
    return sessions


def _copies(signal: Signal) -> Iterator[Signal]:
    if not isinstance(signal.detail, HeartbeatDetail):
        yield signal
        return
    for session_id in dict.fromkeys(_sessions(signal)):
        detail = HeartbeatDetail(signal.detail.source, (session_id,))
        yield signal._replace(session_id=session_id, detail=detail)
