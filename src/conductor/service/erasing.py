"""Erasing people and events over HTTP (GDPR, Art. 17)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Security

from conductor.access.rights import Right
from conductor.domain.erased import Erased
from conductor.errors import NotFound
from conductor.ports.erasing import Erasing
from conductor.service.deps import Caller, Sources, caller
from conductor.service.parts import Parts
from conductor.wire.rest import EventName, Id
from conductor.wire.rest_erasing import ErasedAnswer

router = APIRouter(tags=["erasing"])

Owner = Annotated[Caller, Security(caller, scopes=[Right.ERASE])]


@router.delete("/attendees/{user_id:path}", summary="Erase an attendee")
async def erase_attendee(
    user_id: Annotated[Id, Path(description="The opaque id under which the person took part.")],
    parts: Sources,
    who: Owner,
    event_id: Annotated[EventName | None, Query(description="Only there; everywhere if left out.")] = None,
) -> ErasedAnswer:
    """Take a person out of everything that is kept: what they wrote goes, what they did stays as nobody's.

    Where `again` names sessions that still go on, ask once more when they are over. Backups are not reached.
    """
    who.check()
    return _answer(await _erasing(parts).attendee(user_id, event_id))


@router.delete("/events/{event_id:path}", summary="Erase an event")
async def erase_event(
    event_id: Annotated[EventName, Path(description="The event's id.")], parts: Sources, who: Owner
) -> ErasedAnswer:
    """Delete all of an event whose sessions are over, with its settings and its log; what was learned from it stays.

    In the place of its log stands one entry that says so, with how long the log was and its last hash.
    """
    who.check()
    return _answer(await _erasing(parts).event(event_id, who.principal.user_id))


def _erasing(parts: Parts) -> Erasing:
    if parts.erasing is None:
        raise NotFound("nothing is kept here that could be erased", code="nothing_kept")
    return parts.erasing


def _answer(erased: Erased) -> ErasedAnswer:
    return ErasedAnswer(
        rows=dict(erased.rows), entries=dict(erased.entries), noted=erased.noted, again=list(erased.again)
    )
