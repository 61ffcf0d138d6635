"""`/api/v1/me`: who is asking, so that a page knows what to show."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Security

from conductor.access.rights import EVERY_EVENT, RIGHTS, Right
from conductor.service.deps import Caller, caller
from conductor.wire.rest_people import MeAnswer

router = APIRouter(tags=["people"])


@router.get("/me", summary="Who am I?")
async def get_me(who: Annotated[Caller, Security(caller, scopes=[Right.KNOW_ONESELF])]) -> MeAnswer:
    """Whom the caller's token is for, what it opens, and until when."""
    own = who.principal
    return MeAnswer(
        role=own.role.value,
        user_id=own.user_id,
        name=own.name,
        event_id=None if own.event_id == EVERY_EVENT else own.event_id,
        session_ids=sorted(own.session_ids),
        rights=sorted(RIGHTS[own.role]),
        expires_at=who.expires_at,
    )
