"""The audit log outside of the program: bodies of HTTP, and cells and lines of files. Each has all that was hashed."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from conductor.domain.audit import AuditEntry
from conductor.errors import UnreadableState
from conductor.wire.reading import json_bytes, plain_fields

COLUMNS = tuple(part.name for part in fields(AuditEntry))
"""Names of an entry's fields, in the order of a file's columns."""

HASH = "SHA-256 in hexadecimal of `previous`, a line break, and `[event_id,seq,session_id,at,kind,key,body]` as JSON."

EXAMPLE: dict[str, JsonValue] = {
    "event_id": "event-1",
    "seq": 1,
    "session_id": "session-7",
    "at": 1800000000.0,
    "kind": "ANSWER",
    "key": '{"ANSWER":["session-7","session-7-d1"]}',
    "body": '{"by":"user-3","content":null,"decision_id":"session-7-d1","reason":"","seen_score":0.41,'
    '"verdict":"APPROVED"}',
    "previous": "0" * 64,
    "hash": "4ca17a53e8d37dac4191468d8bbdbd4c0b1dd8f09bad505937bb5ebfe9c7193f",
}
"""An entry as it is shown to those who read the description of the API."""


class AuditEntryAnswer(BaseModel):
    """One entry of the log, exactly as it was hashed."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    event_id: Annotated[str, Field(description="The event that its chain is of.")]
    seq: int = Field(description="Its place in the chain of its event, from 1.")
    session_id: str = Field(description="Empty for what concerns the event as a whole.")
    at: float = Field(description="Seconds since 1970 (UTC); of a request when it is due.")
    kind: str = Field(description="DECISION, HOLD, ANSWER, LAPSE, INTERVENTION, OUTCOME, OUTCOME_UNKNOWN, REQUEST …")
    key: str = Field(description="Tells it from everything else in its event.")
    body: str = Field(description="What there is to say of it: JSON, as the text that was hashed.")
    previous: str = Field(description="Hash of the entry before it; 64 zeros for the first.")
    hash: str = Field(description=HASH)


class AuditAnswer(BaseModel):
    """Some entries: one event after the other, each from its first on; `next_cursor` is null at the end."""

    entries: Annotated[list[AuditEntryAnswer], Field(description="At most as many as were asked for.")]
    next_cursor: Annotated[str | None, Field(description="Where the next page begins; null at the end.")]


def answer_of(entry: AuditEntry) -> AuditEntryAnswer:
    """An entry as the service tells it.

    Raises:
        UnreadableState: Somebody put something into the store that is no entry.
    """
    try:
        return AuditEntryAnswer.model_validate(plain_fields(entry))
    except ValidationError as error:
        place = f"entry {entry.seq} of event {entry.event_id!r} in the audit log"
        raise UnreadableState(f"{place} was made unreadable; see `conductor audit verify`") from error


def line_of(entry: AuditEntry) -> bytes:
    """An entry as a line of NDJSON, without its end."""
    return json_bytes(plain_fields(entry))


def cells_of(entry: AuditEntry) -> tuple[str, ...]:
    """An entry as cells of CSV, in the order of `COLUMNS`."""
    return tuple(str(value) for value in astuple(entry))
