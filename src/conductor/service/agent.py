"""`/api/v1/agent/sessions`: what the agent watches, and how much it may do there."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Security

from conductor.access.rights import Right, covers
from conductor.domain.bus import Message
from conductor.domain.events import SessionOpened
from conductor.domain.organisers import AgentSettings, SessionMode
from conductor.domain.signals import Kind, Signal, StartDetail
from conductor.errors import Conflict
from conductor.service.deps import Caller, SessionPlace, Sources, caller, session_place
from conductor.service.parts import Parts
from conductor.service.pending import pending_in
from conductor.wire.desk import settings_channel, settings_fields
from conductor.wire.entries import signals_entry
from conductor.wire.reading import json_bytes
from conductor.wire.rest import Id, ModeBody, RegisterBody
from conductor.wire.rest_answers import (
    ModeAnswer,
    RegisteredAnswer,
    SessionAnswer,
    SessionsAnswer,
    StatusAnswer,
)
from conductor.wire.telling import profile_fields

router = APIRouter(prefix="/agent/sessions", tags=["sessions"])


@router.post("/register", summary="Register a session")
async def register_session(
    body: RegisterBody, parts: Sources, who: Annotated[Caller, Security(caller, scopes=[Right.REGISTER])]
) -> RegisteredAnswer:
    """Let the agent watch a session of this kind, from now on. Registering the same again changes nothing."""
    who.check(session_id=body.session_id, event_id=body.event_id)
    kept = {each.session_id: each for each in await parts.archive.sessions(None)}.get(body.session_id)
    event_id = parts.overview.event_of(body.session_id) or (kept.event_id if kept else body.event_id)
    if event_id != body.event_id:
        raise Conflict(f"session {body.session_id!r} belongs to another event; choose another id", code="other_event")
    now = parts.clock()
    is_new = not _is_watched(parts, body, kept)
    if is_new:
        await parts.bus.append([signals_entry(body.session_id, [_started(body, now)])])
        # The worker tells of it within a tick; whoever asks meanwhile is not told that there is no such session.
        parts.overview.expect(body.session_id, body.event_id, profile_fields(body.profile()), now)
    return RegisteredAnswer(session_id=body.session_id, event_id=body.event_id, is_new=is_new)


def _is_watched(parts: Parts, body: RegisterBody, kept: SessionOpened | None) -> bool:
    seen = parts.overview.snapshot(body.session_id, parts.clock())
    profile = body.profile()
    is_same = seen["profile"] == profile_fields(profile) or (kept is not None and kept.profile == profile)
    return seen["is_open"] is True and is_same


def _started(body: RegisterBody, now: float) -> Signal:
    return Signal(body.session_id, body.event_id, now, Kind.STARTED, detail=StartDetail(body.profile()))


@router.get("", summary="List sessions")
async def list_sessions(
    parts: Sources,
    who: Annotated[Caller, Security(caller, scopes=[Right.WATCH_AGENT])],
    event_id: Annotated[Id | None, Query(description="Of this event only.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[Id | None, Query(description="`next_cursor` of the page before.")] = None,
) -> SessionsAnswer:
    """Sessions that the caller may watch, those that are over too, in the order of their ids."""
    found = {each.session_id: _kept(each) for each in await parts.archive.sessions(event_id)}
    live = [SessionAnswer.model_validate(each) for each in parts.overview.sessions(parts.clock(), event_id)]
    found |= {each.session_id: each for each in live}
    places = [found[key] for key in sorted(found) if cursor is None or key > cursor]
    seen = [each for each in places if covers(who.principal, session_id=each.session_id, event_id=each.event_id)]
    next_cursor = seen[limit - 1].session_id if len(seen) > limit else None
    return SessionsAnswer(sessions=seen[:limit], next_cursor=next_cursor)


def _kept(opened: SessionOpened) -> SessionAnswer:
    profile = opened.profile
    return SessionAnswer(
        session_id=opened.session_id, event_id=opened.event_id, title=profile.title, type=profile.type, is_open=False
    )


@router.put("/{session_id:path}/mode", summary="Set a session's mode")
async def set_mode(
    body: ModeBody, parts: Sources, place: Annotated[SessionPlace, Security(session_place, scopes=[Right.SET_MODE])]
) -> ModeAnswer:
    """Let the agent do more or less by itself in this session, whatever its event says."""
    return await _with_modes(parts, place, (SessionMode(place.session_id, body.mode),))


@router.delete("/{session_id:path}/mode", summary="Give a session its event's mode again")
async def delete_mode(
    parts: Sources, place: Annotated[SessionPlace, Security(session_place, scopes=[Right.SET_MODE])]
) -> ModeAnswer:
    """Let this session follow its event again, now and whenever the event's mode changes."""
    return await _with_modes(parts, place, ())


async def _with_modes(parts: Parts, place: SessionPlace, own: tuple[SessionMode, ...]) -> ModeAnswer:
    """Put this in the place of what the session has of its own."""
    async with parts.changing:
        settings = await settings_of(parts, place.event_id)
        others = tuple(each for each in settings.session_modes if each.session_id != place.session_id)
        changed = replace(settings, session_modes=(*others, *own))
        await save_settings(parts, changed, place.caller)
    return ModeAnswer(session_id=place.session_id, mode=changed.mode_of(place.session_id))


@router.get("/{session_id:path}/status", summary="What the agent does in a session")
async def get_status(
    parts: Sources, place: Annotated[SessionPlace, Security(session_place, scopes=[Right.WATCH_AGENT])]
) -> StatusAnswer:
    """The agent's status and mode in a session, the room's score, and the decision that waits for an answer."""
    told = parts.overview.snapshot(place.session_id, parts.clock())
    pending = await pending_in(parts, place.session_id) or {}
    settings = await settings_of(parts, place.event_id)
    return StatusAnswer.model_validate(
        {
            **told,
            "event_id": place.event_id,
            "mode": settings.mode_of(place.session_id),
            "own_mode": settings.own_mode_of(place.session_id),
            "is_enabled": settings.enabled,
            "pending_decision_id": pending.get("id"),
            "expires_at": pending.get("expiresAt"),
        }
    )


async def settings_of(parts: Parts, event_id: str) -> AgentSettings:
    """The settings of an event: the defaults if nobody said anything yet."""
    return await parts.desk.settings(event_id) or AgentSettings(event_id)


async def save_settings(parts: Parts, settings: AgentSettings, who: Caller) -> None:
    """Keep settings that somebody wants, and tell the agent of them."""
    await parts.desk.save_settings(settings, by=who.principal.user_id, at=parts.clock())
    body = json_bytes(settings_fields(settings))
    await parts.bus.publish([Message(settings_channel(settings.event_id), body)])
