"""The audit log in a database. `SqlStore.audit` reads it.

Store and desk write it, each note in the transaction of what it is about: either both are kept or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from math import inf
from typing import Any

from sqlalchemy import ColumnElement, insert, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from conductor.adapters.audit_notes import note_of, seen_at
from conductor.adapters.audit_pages import page_of, place_at, refuse_empty
from conductor.adapters.rows import event_of, shape_of
from conductor.adapters.sql import Database
from conductor.adapters.tables import AUDIT_TABLE, EVENT_TABLES
from conductor.domain.audit import BEGINNING, AuditEntry, AuditNote, sealed
from conductor.domain.events import EngagementUpdated, Event
from conductor.ports import AuditPage, AuditWanted

_COLUMNS = AUDIT_TABLE.c
_METRICS = EVENT_TABLES["engagement_metrics"]


def lock_of(event_id: str) -> int:
    """What whoever adds to the chain of an event has to hold: `Database.transaction(locks=…)`.

    Two events may share one by chance; they only wait for each other then.
    """
    return int.from_bytes(sha256(f"audit {event_id}".encode()).digest()[:8], "big", signed=True)


class SqlAudit:
    """Reads the log from a database that somebody else opens and closes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def entries(self, wanted: AuditWanted, limit: int, cursor: str | None) -> AuditPage:
        """A page of at most `limit` (1 or more) entries.

        Raises:
            InvalidInput: The cursor is none of ours, or the limit less than 1.
            StoreUnavailable: The database did not answer, or is closed.
        """
        refuse_empty(limit)
        place = (_COLUMNS.event_id, _COLUMNS.seq)
        asked = select(AUDIT_TABLE).where(*_that_are(wanted))
        if cursor is not None:
            asked = asked.where(tuple_(*place) > tuple_(*map(literal, place_at(cursor))))
        async with self._database.transaction() as connection:
            rows = (await connection.execute(asked.order_by(*place).limit(limit + 1))).mappings().all()
        return page_of([_entry(dict(row)) for row in rows], limit)


async def append_events(connection: AsyncConnection, events: Iterable[Event]) -> None:
    """Note those of these events that the log notes. They are kept already, and the locks of their chains held."""
    notes = [note_of(event, await _seen(connection, event)) for event in events]
    await append(connection, [note for note in notes if note is not None])


async def append(connection: AsyncConnection, notes: Sequence[AuditNote]) -> None:
    """Put notes at the end of their chains, unless they are noted already. The locks of the chains are held."""
    for event_id in sorted({note.event_id for note in notes}):
        own = {note.key: note for note in reversed(notes) if note.event_id == event_id}
        in_chain = _COLUMNS.event_id == event_id
        known = await connection.execute(select(_COLUMNS.key).where(in_chain, _COLUMNS.key.in_(own)))
        fresh = own.keys() - set(known.scalars())
        seq, previous = await tail(connection, event_id)
        rows = []
        for note in notes:
            if note.event_id == event_id and note.key in fresh:
                fresh.discard(note.key)
                entry = sealed(note, seq + 1, previous)
                seq, previous = entry.seq, entry.hash
                rows.append(_row(entry))
        if rows:
            await connection.execute(insert(AUDIT_TABLE), rows)


async def tail(connection: AsyncConnection, event_id: str) -> tuple[int, str]:
    """Number and hash of the last entry of a chain."""
    last = select(_COLUMNS.seq, _COLUMNS.hash).where(_COLUMNS.event_id == event_id)
    row = (await connection.execute(last.order_by(_COLUMNS.seq.desc()).limit(1))).one_or_none()
    return (0, BEGINNING) if row is None else (row.seq, row.hash)


async def _seen(connection: AsyncConnection, event: Event) -> EngagementUpdated | None:
    """The session's latest score at that moment."""
    where = seen_at(event)
    if where is None:
        return None
    session_id, at = where
    wanted = select(_METRICS).where(_METRICS.c.session_id == session_id, _METRICS.c.time <= at)
    row = (await connection.execute(wanted.order_by(_METRICS.c.time.desc()).limit(1))).mappings().one_or_none()
    try:
        update = None if row is None else event_of(shape_of(EngagementUpdated), dict(row))
    except (KeyError, TypeError, ValueError):
        # A damaged score must not keep a decision out of the log.
        return None
    return update if isinstance(update, EngagementUpdated) else None


def _that_are(wanted: AuditWanted) -> list[ColumnElement[bool]]:
    bounds = []
    if wanted.event_id is not None:
        bounds.append(_COLUMNS.event_id == wanted.event_id)
    if wanted.session_id is not None:
        bounds.append(_COLUMNS.session_id == wanted.session_id)
    if wanted.since is not None and wanted.since != -inf:
        bounds.append(_COLUMNS.time >= wanted.since)
    if wanted.until is not None and wanted.until != inf:
        bounds.append(_COLUMNS.time < wanted.until)
    return bounds


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "event_id": entry.event_id,
        "seq": entry.seq,
        "session_id": entry.session_id,
        "time": entry.at,
        "kind": entry.kind,
        "key": entry.key,
        "body": entry.body,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _entry(row: dict[str, Any]) -> AuditEntry:
    """The entry as it lies there, whatever somebody made of it: whether it is whole is for a check to say."""
    return AuditEntry(at=row.pop("time"), **row)
