"""Taking one person, or one event, out of a database. `SqlStore.erasing` does it.

Of the log of every decision nothing can be changed without its showing (decision 0007), and it holds no attendee. An
event goes with its whole chain, in the place of which stands one entry that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Table, Text, cast, delete, func, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from conductor.adapters.audit_sql import append, lock_of, tail
from conductor.adapters.sql import Database
from conductor.adapters.tables import (
    ANSWERS_TABLE,
    AUDIT_TABLE,
    DEADLINES_TABLE,
    EVENT_TABLES,
    META,
    REQUESTS_TABLE,
    SETTINGS_TABLE,
)
from conductor.adapters.threads_sql import drop_threads, threads_naming
from conductor.adapters.timescale import renew_minutes, unpack_all
from conductor.domain.audit import erased_note
from conductor.wire.erasing import IN_TEXT_FROM, json_without_person, spellings

SCORES = frozenset({"engagement_metrics"})
"""Numbers only: nobody is named there."""

LATELY_S = 300.0
"""A session that goes on has a score every five seconds."""

WHO_DECIDED = frozenset({"answered_by", "requested_by"})
"""Who acted for the organiser stays with what they did, as it does in the log."""


class SqlErasing:
    """Erases from a database that somebody else opens and closes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def person(self, user_id: str, event_id: str | None, stand_in: str) -> Mapping[str, int]:
        """Take a person out of every row, and say of how many, by table.

        Args:
            user_id: Whom.
            event_id: Where; None for everywhere.
            stand_in: Who they are from now on.

        Raises:
            StoreUnavailable: The database did not answer, or is closed. Nothing was changed then.
        """
        tables = [table for name, table in EVENT_TABLES.items() if name not in SCORES]
        counts = {}
        async with self._database.transaction(is_patient=True) as connection:
            await _leave_nothing_behind(connection)
            for table in (*tables, ANSWERS_TABLE, REQUESTS_TABLE):
                counts[table.name] = await _change(connection, table, user_id, event_id, stand_in)
            threads = await threads_naming(connection, user_id, event_id)
            counts["threads"] = await _drop_threads(connection, threads)
        await self._tidy()
        return {name: count for name, count in counts.items() if count}

    async def noted(self, user_id: str) -> int:
        """How many entries of the log name somebody, as one who decided.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        # A short id may be a word as well; between quotes it is nothing else.
        spelled = [each if len(user_id) >= IN_TEXT_FROM else f'"{each}"' for each in spellings(user_id)]
        named = _naming([AUDIT_TABLE.c.body], spelled)
        async with self._database.transaction(is_patient=True) as connection:
            return int(await connection.scalar(select(func.count()).select_from(AUDIT_TABLE).where(named)) or 0)

    async def sessions(self, event_id: str) -> Sequence[str]:
        """Every session of an event.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        async with self._database.transaction(is_patient=True) as connection:
            return await _sessions(connection, event_id)

    async def going_on(self, now: float) -> Sequence[str]:
        """Sessions that were looked at a moment ago and have not ended.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        scores, ends = EVENT_TABLES["engagement_metrics"].c, EVENT_TABLES["closed_sessions"].c
        latest = select(scores.session_id, func.max(scores.time).label("at"))
        looked_at = latest.where(scores.time > now - LATELY_S).group_by(scores.session_id).subquery()
        # Scores and ends are of different types on PostgreSQL, and compared here.
        asked = select(looked_at.c.session_id, looked_at.c.at)
        ended = select(ends.session_id, func.max(ends.time)).where(ends.time > now - LATELY_S).group_by(ends.session_id)
        async with self._database.transaction() as connection:
            over = {row[0]: row[1] for row in await connection.execute(ended)}
            return [row[0] for row in await connection.execute(asked) if row[1] > over.get(row[0], 0.0)]

    async def event(self, event_id: str, by: str, why: str, at: float) -> Mapping[str, int]:
        """Delete all of an event, and say how many rows that were, by table. Its chain becomes one entry.

        Args:
            event_id: Which.
            by: Who wants it so; empty if nobody does.
            why: In a few words.
            at: When, in epoch seconds.

        Raises:
            StoreUnavailable: The database did not answer, or is closed. Asking again goes on.
        """
        counts = {}
        async with self._database.transaction(locks=[lock_of(event_id)], is_patient=True) as connection:
            await _leave_nothing_behind(connection)
            sessions = await _sessions(connection, event_id)
            scores = EVENT_TABLES["engagement_metrics"].c
            span = select(func.min(scores.time), func.max(scores.time)).where(scores.event_id == event_id)
            since, until = (await connection.execute(span)).one()
            counts["threads"] = await _drop_threads(connection, await _threads_of(connection, event_id, sessions))
            for table in (*EVENT_TABLES.values(), REQUESTS_TABLE, SETTINGS_TABLE):
                counts[table.name] = await _delete(connection, table, table.c.event_id == event_id)
            counts["answers"] = await _delete(connection, ANSWERS_TABLE, ANSWERS_TABLE.c.session_id.in_(sessions))
            marks = META.c.key.startswith("mark:") & META.c.key.endswith(f":{event_id}", autoescape=True)
            counts["marks"] = await _delete(connection, META, marks)
            if await forget_chain(connection, event_id, by, why, at):
                counts["audit_log"] = 1
        if self._database.has_minutes:
            # Also where nothing was found: it may be asked again because this is what failed.
            async with self._database.patient() as connection:
                await renew_minutes(connection, since, until)
        await self._tidy()
        return {name: count for name, count in counts.items() if count}

    async def _tidy(self) -> None:
        """Have a file hold nothing of what was deleted: it would stay in its write-ahead log for a while."""
        async with self._database.patient() as connection:
            if connection.dialect.name == "sqlite":
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


async def forget_chain(connection: AsyncConnection, event_id: str, by: str, why: str, at: float) -> bool:
    """Put one entry in the place of a chain, whose lock is held; False if there is none, or it is that already."""
    length, head = await tail(connection, event_id)
    kinds = select(AUDIT_TABLE.c.kind).where(AUDIT_TABLE.c.event_id == event_id).limit(2)
    if not length or (await connection.execute(kinds)).scalars().all() == ["ERASED"]:
        return False
    await connection.execute(delete(AUDIT_TABLE).where(AUDIT_TABLE.c.event_id == event_id))
    await append(connection, [erased_note(event_id, by, why, at, length, head)])
    return True


async def _leave_nothing_behind(connection: AsyncConnection) -> None:
    """Overwrite what is deleted. PostgreSQL frees it with its next VACUUM, and may have to unpack it before."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("PRAGMA secure_delete = ON")
    await unpack_all(connection)


async def _change(connection: AsyncConnection, table: Table, user_id: str, event_id: str | None, stand_in: str) -> int:
    may_name = [column for column in table.c if _may_name(column)]
    if not may_name:
        return 0
    wanted = select(table).where(_naming(may_name, spellings(user_id)), *_in_event(table, event_id))
    changed = 0
    for row in (await connection.execute(wanted)).mappings().all():
        new = {column.name: json_without_person(row[column.name], user_id, stand_in) for column in may_name}
        values = {name: value for name, value in new.items() if value != row[name]}
        if values:
            key = [column == row[column.name] for column in table.primary_key.columns]
            await connection.execute(update(table).where(*key).values(**values))
            changed += 1
    return changed


def _may_name(column: ColumnElement[Any]) -> bool:
    is_key = getattr(column, "primary_key", False) or getattr(column, "name", "").endswith("_id")
    return isinstance(column.type, Text | JSON) and not is_key and getattr(column, "name", "") not in WHO_DECIDED


def _naming(columns: Iterable[ColumnElement[Any]], spelled: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(cast(column, Text).contains(each, autoescape=True) for column in columns for each in spelled))


def _in_event(table: Table, event_id: str | None) -> list[ColumnElement[bool]]:
    if event_id is None:
        return []
    if "event_id" in table.c:
        return [table.c.event_id == event_id]
    opened = EVENT_TABLES["sessions"].c
    return [table.c.session_id.in_(select(opened.session_id).where(opened.event_id == event_id))]


async def _sessions(connection: AsyncConnection, event_id: str) -> list[str]:
    tables = (*EVENT_TABLES.values(), REQUESTS_TABLE, AUDIT_TABLE)
    found = union(*(select(table.c.session_id).where(table.c.event_id == event_id) for table in tables))
    return sorted(each for each in (await connection.execute(found)).scalars() if each)


async def _threads_of(connection: AsyncConnection, event_id: str, sessions: Sequence[str]) -> list[str]:
    made = EVENT_TABLES["decisions"].c
    ids = union(
        select(made.decision_id).where(made.event_id == event_id),
        select(DEADLINES_TABLE.c.decision_id).where(DEADLINES_TABLE.c.session_id.in_(sessions)),
    )
    return list((await connection.execute(ids)).scalars())


async def _drop_threads(connection: AsyncConnection, threads: Sequence[str]) -> int:
    await connection.execute(delete(DEADLINES_TABLE).where(DEADLINES_TABLE.c.decision_id.in_(threads)))
    return await drop_threads(connection, threads)


async def _delete(connection: AsyncConnection, table: Table, those: ColumnElement[bool]) -> int:
    return (await connection.execute(delete(table).where(those))).rowcount
