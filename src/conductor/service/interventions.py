"""`/api/v1/interventions`: what was done, and what organisers want done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Security
from fastapi.responses import StreamingResponse

from conductor.access.rights import Right
from conductor.domain.bus import Message
from conductor.domain.interventions import Arm, Intervention
from conductor.domain.organisers import Request
from conductor.ports import Wanted
from conductor.service.deps import Caller, Sources, caller, event_of, known
from conductor.service.export import MEDIA_TYPES, written
from conductor.service.scope import narrowed
from conductor.wire.desk import request_fields, requests_channel
from conductor.wire.reading import json_bytes
from conductor.wire.rest import Id, ManualBody, Moment, epoch_s
from conductor.wire.rest_answers import InterventionAnswer, InterventionsAnswer, RequestedAnswer
from conductor.wire.rest_content import content_answer, content_for, generation_answer

router = APIRouter(prefix="/interventions", tags=["interventions"])

Reader = Annotated[Caller, Security(caller, scopes=[Right.READ_HISTORY])]


async def wanted(
    parts: Sources,
    who: Reader,
    session_id: Annotated[Id | None, Query()] = None,
    event_id: Annotated[Id | None, Query()] = None,
    arm: Annotated[Arm | None, Query(alias="type")] = None,
    since: Annotated[Moment | None, Query(alias="from", description="From then on, inclusive.")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Until then, exclusive.")] = None,
) -> Wanted:
    """Which interventions are asked for, within what the caller may see."""
    scope = await narrowed(parts, who, session_id, event_id)
    times = (None if each is None else epoch_s(each) for each in (since, until))
    return Wanted(scope.session_id, scope.event_id, arm, *times)


Chosen = Annotated[Wanted, Depends(wanted)]


@router.post("/manual", status_code=202, summary="Ask for an intervention")
async def request_intervention(
    body: ManualBody, parts: Sources, who: Annotated[Caller, Security(caller, scopes=[Right.INTERVENE])]
) -> RequestedAnswer:
    """Have something done now, or at a time to come: nobody is asked, and nothing that holds the agent back counts.

    Neither mode nor settings, caps, cooldowns, an open poll or a phase that is not to be interrupted keep an organiser
    from it, and it is done beside what the agent is doing; it counts toward the agent's own caps and cooldowns. Without
    `content` the agent words it, with a model where there is one. A poll with `timing` NEXT_TRANSITION waits for the
    next slide, 60 s at most. If the session is not open when it is due, it lapses, and `agent.decision.lapsed` says so.
    """
    event_id = await event_of(parts, body.session_id)
    who.check(session_id=body.session_id, event_id=event_id)
    now = parts.clock()
    request = Request(
        request_id=f"req-{uuid.uuid4().hex}",
        session_id=body.session_id,
        event_id=known(body.session_id, event_id),
        arm=body.type,
        at=now if body.at is None else max(now, epoch_s(body.at)),
        by=who.principal.user_id,
        content=content_for(body.type, body.content),
    )
    await parts.desk.request(request)
    told = Message(requests_channel(request.session_id), json_bytes(request_fields(request)))
    await parts.bus.publish([told])
    return RequestedAnswer(
        request_id=request.request_id,
        session_id=request.session_id,
        decision_id=request.decision_id,
        type=request.arm,
        at=request.at,
    )


@router.get("", summary="List interventions")
async def list_interventions(
    parts: Sources,
    chosen: Chosen,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")] = None,
) -> InterventionsAnswer:
    """What was done, newest first."""
    page = await parts.archive.interventions(chosen, limit, cursor)
    return InterventionsAnswer(interventions=answers(page.interventions), next_cursor=page.next_cursor)


@router.get(
    "/export",
    summary="Export interventions",
    response_class=StreamingResponse,
    responses={200: {"content": {name: {} for name in MEDIA_TYPES.values()}, "description": "A file."}},
)
async def export_interventions(
    parts: Sources,
    chosen: Chosen,
    file_format: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv",
) -> StreamingResponse:
    """Everything that was done, newest first, as a file. Cells that a spreadsheet would run get an apostrophe."""
    # The first page is asked for before anything is answered, so that a store that is away becomes an error.
    first = await parts.archive.interventions(chosen, 500, None)
    pages, history = parts.archive.interventions, parts.store.history
    lines = written(file_format, first, lambda cursor: pages(chosen, 500, cursor), history)
    disposition = f'attachment; filename="interventions.{file_format}"'
    return StreamingResponse(lines, media_type=MEDIA_TYPES[file_format], headers={"Content-Disposition": disposition})


def answers(interventions: Sequence[Intervention]) -> list[InterventionAnswer]:
    """Interventions as the service tells them."""
    return [
        InterventionAnswer(
            intervention_id=each.intervention_id,
            decision_id=each.decision_id,
            session_id=each.session_id,
            event_id=each.event_id,
            at=each.at,
            type=each.arm,
            content=content_answer(each.arm, each.content),
            generation=generation_answer(each.generation),
            delivered_to=each.delivered_to,
            label=each.label,
        )
        for each in interventions
    ]
