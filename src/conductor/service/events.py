"""`/api/v1/events`: which there are, and what an event allows the agent to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Security

from conductor.access.rights import Right, covers
from conductor.domain.organisers import AgentSettings
from conductor.service.agent import save_settings, settings_of
from conductor.service.deps import Caller, Sources, caller
from conductor.wire.desk import changed_settings, settings_fields
from conductor.wire.reading import moment_of
from conductor.wire.rest import EventName, SettingsBody, SettingsPatch
from conductor.wire.rest_answers import SettingsAnswer
from conductor.wire.rest_sums import EventAnswer, EventsAnswer
from conductor.wire.signals import Fields

router = APIRouter(prefix="/events", tags=["settings"])

EventId = Annotated[EventName, Path(description="The event's id.")]
Changer = Annotated[Caller, Security(caller, scopes=[Right.CHANGE_SETTINGS])]


@router.get("", summary="List events")
async def list_events(
    parts: Sources, who: Annotated[Caller, Security(caller, scopes=[Right.WATCH_AGENT])]
) -> EventsAnswer:
    """Events with sessions that the caller may watch, those that are over too, the most recently active first."""
    own, heard = who.principal, dict[str, dict[str, tuple[bool, float]]]()
    for kept in await parts.archive.sessions(None):
        heard.setdefault(kept.event_id, {})[kept.session_id] = (False, kept.at)
    for live in parts.overview.sessions(parts.clock()):
        said = (live["is_open"] is True, moment_of(live["updated_at"]) or 0.0)
        heard.setdefault(str(live["event_id"]), {})[str(live["session_id"])] = said
    events = [
        _event(event_id, seen)
        for event_id, sessions in heard.items()
        if (seen := [each for key, each in sessions.items() if covers(own, session_id=key, event_id=event_id)])
    ]
    return EventsAnswer(events=sorted(events, key=lambda each: (-each.last_activity_at, each.event_id)))


def _event(event_id: str, seen: Sequence[tuple[bool, float]]) -> EventAnswer:
    return EventAnswer(
        event_id=event_id,
        sessions=len(seen),
        open_sessions=sum(is_open for is_open, _ in seen),
        last_activity_at=max(at for _, at in seen),
    )


@router.post("/settings", summary="Put an event's settings")
async def put_settings(body: SettingsBody, parts: Sources, who: Changer) -> SettingsAnswer:
    """Settings of an event in the place of those it had; sessions keep modes of their own."""
    who.check(event_id=body.event_id)
    async with parts.changing:
        modes = (await settings_of(parts, body.event_id)).session_modes
        fresh = AgentSettings(body.event_id, session_modes=modes)
        return await _save(parts, changed_settings(fresh, _said(body)), who)


@router.get("/{event_id:path}/settings", summary="An event's settings")
async def get_settings(
    event_id: EventId, parts: Sources, who: Annotated[Caller, Security(caller, scopes=[Right.WATCH_AGENT])]
) -> SettingsAnswer:
    """What an event allows the agent to do; the defaults if nobody said anything yet."""
    who.check(event_id=event_id)
    return _answer(await settings_of(parts, event_id))


@router.patch("/{event_id:path}/settings", summary="Change some of an event's settings")
async def patch_settings(event_id: EventId, body: SettingsPatch, parts: Sources, who: Changer) -> SettingsAnswer:
    """Change what the body names; null and what is left out stay as they are."""
    who.check(event_id=event_id)
    async with parts.changing:
        return await _save(parts, changed_settings(await settings_of(parts, event_id), _said(body)), who)


async def _save(parts: Sources, settings: AgentSettings, who: Caller) -> SettingsAnswer:
    await save_settings(parts, settings, who)
    return _answer(settings)


def _said(body: SettingsPatch) -> Fields:
    return body.model_dump(mode="json", exclude_none=True, exclude={"event_id"})


def _answer(settings: AgentSettings) -> SettingsAnswer:
    return SettingsAnswer.model_validate(settings_fields(settings))
