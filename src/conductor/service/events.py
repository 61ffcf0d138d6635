"""`/api/v1/events/…/settings`: what an event allows the agent to do."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Security

from conductor.access.rights import Right
from conductor.domain.organisers import AgentSettings
from conductor.service.agent import save_settings, settings_of
from conductor.service.deps import Caller, Sources, caller
from conductor.wire.desk import changed_settings, settings_fields
from conductor.wire.rest import Id, SettingsBody, SettingsPatch
from conductor.wire.rest_answers import SettingsAnswer
from conductor.wire.signals import Fields

router = APIRouter(prefix="/events", tags=["settings"])

EventId = Annotated[Id, Path(description="The event's id.")]
Changer = Annotated[Caller, Security(caller, scopes=[Right.CHANGE_SETTINGS])]


@router.post("/settings", summary="Put an event's settings")
async def put_settings(body: SettingsBody, parts: Sources, who: Changer) -> SettingsAnswer:
    """Settings of an event in the place of those it had; sessions keep modes of their own."""
    who.check(event_id=body.event_id)
    async with parts.changing:
        modes = (await settings_of(parts, body.event_id)).session_modes
        fresh = AgentSettings(body.event_id, session_modes=modes)
        return await _save(parts, changed_settings(fresh, _said(body)), who)


@router.get("/{event_id}/settings", summary="An event's settings")
async def get_settings(
    event_id: EventId, parts: Sources, who: Annotated[Caller, Security(caller, scopes=[Right.WATCH_AGENT])]
) -> SettingsAnswer:
    """What an event allows the agent to do; the defaults if nobody said anything yet."""
    who.check(event_id=event_id)
    return _answer(await settings_of(parts, event_id))


@router.patch("/{event_id}/settings", summary="Change some of an event's settings")
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
