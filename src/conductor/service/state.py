"""`/api/v1/agent/state`: what the agent learned, out of one installation and into another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Security

from conductor.access.rights import Right
from conductor.service.deps import Caller, Sources, caller
from conductor.wire.rest import StateBody

router = APIRouter(prefix="/agent/state", tags=["state"])

Owner = Annotated[Caller, Security(caller, scopes=[Right.MANAGE_STATE])]


@router.get("", summary="Export what was learned")
async def export_state(parts: Sources, who: Owner) -> StateBody:
    """Successes and failures of each type in each context, and what sessions of each kind are like."""
    who.check()
    return StateBody.of(await parts.store.load_learned())


@router.post("", summary="Import what was learned elsewhere")
async def import_state(body: StateBody, parts: Sources, who: Owner) -> StateBody:
    """Put this in the place of what was known of the same contexts; others stay. A worker reads it when it starts."""
    who.check()
    await parts.store.save_learned(body.learned())
    return StateBody.of(await parts.store.load_learned())
