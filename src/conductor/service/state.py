"""`/api/v1/agent/state`: what the agent learned, out of one installation and into another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Security

from conductor.access.rights import Right
from conductor.domain.learned import difference
from conductor.service.deps import Caller, Sources, caller
from conductor.wire.rest_erasing import DifferenceAnswer
from conductor.wire.rest_state import StateBody

router = APIRouter(prefix="/agent/state", tags=["state"])

Owner = Annotated[Caller, Security(caller, scopes=[Right.MANAGE_STATE])]


@router.get("", summary="Export what was learned", response_model_exclude_defaults=True)
async def export_state(parts: Sources, who: Owner) -> StateBody:
    """Successes and failures of each type in each context, what sessions are like, and how decisions ended."""
    who.check()
    return await _state(parts)


@router.post("", summary="Import what was learned elsewhere")
async def import_state(body: StateBody, parts: Sources, who: Owner) -> StateBody:
    """Put this in the place of what was known of the same contexts; others stay. A worker reads it when it starts.

    Nothing is added up: the same file twice changes nothing the second time. How decisions ended is added where it is
    not known yet, and teaches nothing again. Settings in it are left alone here. Where a body is too large,
    `conductor import` takes it.
    """
    who.check()
    await parts.store.record(body.ended(), body.learned())
    return await _state(parts)


@router.post("/compare", summary="See what an import would change")
async def compare_state(body: StateBody, parts: Sources, who: Owner) -> DifferenceAnswer:
    """What importing this would change, without doing it."""
    who.check()
    found = difference(await parts.store.load_learned(), body.learned())
    return DifferenceAnswer(new=found.new, changed=found.changed, same=found.same, staying=found.staying)


async def _state(parts: Sources) -> StateBody:
    trials, follow_ups = await parts.archive.trials(None, None), await parts.archive.follow_ups(None, None)
    return StateBody.of(await parts.store.load_learned(), trials, follow_ups)
