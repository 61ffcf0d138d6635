"""`/api/v1/audit`: the log of every decision, for those who have to answer for them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Security
from fastapi.responses import StreamingResponse

from conductor.access.rights import Right
from conductor.ports import AuditWanted
from conductor.service.audit_file import MEDIA_TYPES, FileFormat, audit_file
from conductor.service.deps import Caller, Sources, caller
from conductor.wire.audit import AuditAnswer, answer_of
from conductor.wire.rest import Id, Moment, epoch_s

router = APIRouter(prefix="/audit", tags=["audit"])

ENTRIES_AT_ONCE = 500
"""How many entries a file is written from at a time."""


def wanted(
    event_id: Annotated[Id | None, Query()] = None,
    session_id: Annotated[Id | None, Query()] = None,
    since: Annotated[Moment | None, Query(alias="from", description="From then on, inclusive.")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Until then, exclusive.")] = None,
) -> AuditWanted:
    """Which entries are asked for."""
    times = (None if each is None else epoch_s(each) for each in (since, until))
    return AuditWanted(event_id, session_id, *times)


@router.get(
    "",
    summary="Read the audit log",
    response_model=AuditAnswer,
    responses={200: {"content": {"text/csv": {}, "application/x-ndjson": {}}, "description": "A page, or a file."}},
)
async def read_audit(
    parts: Sources,
    who: Annotated[Caller, Security(caller, scopes=[Right.READ_AUDIT])],
    chosen: Annotated[AuditWanted, Depends(wanted)],
    limit: Annotated[int, Query(ge=1, le=ENTRIES_AT_ONCE, description="Of a page of JSON.")] = 50,
    cursor: Annotated[str | None, Query(max_length=1000, description="`next_cursor` of the page before.")] = None,
    file_format: Annotated[FileFormat, Query(alias="format", description="A page of JSON, or all as a file.")] = "json",
) -> AuditAnswer | StreamingResponse:
    """Who and what decided what and why, what was shown, and what came of it.

    One event after the other, each from its first entry on. `format=json` gives a page; `csv` and `ndjson` give
    everything from the cursor on. The entries of an event are a chain: every hash covers what its entry says and the
    hash before it, so that a change shows. The session's score and signals at a decision are in its body, under `room`.
    """
    who.check()
    if file_format == "json":
        page = await parts.audit.entries(chosen, limit, cursor)
        return AuditAnswer(entries=[answer_of(each) for each in page.entries], next_cursor=page.next_cursor)
    # The first page is asked for before anything is answered, so that a store that is away becomes an error.
    first = await parts.audit.entries(chosen, ENTRIES_AT_ONCE, cursor)
    pieces = audit_file(file_format, first, lambda after: parts.audit.entries(chosen, ENTRIES_AT_ONCE, after))
    disposition = f'attachment; filename="audit.{file_format}"'
    return StreamingResponse(pieces, media_type=MEDIA_TYPES[file_format], headers={"Content-Disposition": disposition})
