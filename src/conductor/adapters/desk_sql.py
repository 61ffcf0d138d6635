"""The desk on SQLite or PostgreSQL. `SqlStore.desk` is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select, update

from conductor.adapters.audit_notes import answer_note, request_note, settings_note
from conductor.adapters.audit_sql import append, lock_of, tail
from conductor.adapters.rows import ANSWERS, REQUESTS, SETTINGS
from conductor.adapters.sql import Database
from conductor.adapters.tables import ANSWERS_TABLE, EVENT_TABLES, REQUESTS_TABLE, SETTINGS_TABLE
from conductor.domain.organisers import AgentSettings, Answer, Request


class SqlDesk:
    """Keeps what organisers decide in a database that somebody else opens and closes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settings(self, event_id: str) -> AgentSettings | None:
        """What this event allows; None if nobody said anything yet.

        Raises:
            UnreadableState: The row cannot be read.
            StoreUnavailable: The database did not answer, or is closed.
        """
        wanted = select(SETTINGS_TABLE).where(SETTINGS_TABLE.c.event_id == event_id)
        async with self._database.transaction() as connection:
            with self._database.readable(SETTINGS.table):
                row = (await connection.execute(wanted)).mappings().one_or_none()
                return None if row is None else SETTINGS.record_of(dict(row))

    async def save_settings(self, settings: AgentSettings, *, by: str = "", at: float = 0.0) -> None:
        """Put these in the place of the event's settings.

        Args:
            settings: What the event allows from now on.
            by: Who wants it so; empty if nobody knows.
            at: When, in epoch seconds.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The database did not take them, or is closed.
        """
        row = SETTINGS.row_of(settings)
        present = select(SETTINGS_TABLE).where(SETTINGS_TABLE.c.event_id == settings.event_id)
        async with self._database.transaction(locks=[lock_of(settings.event_id)]) as connection:
            before = (await connection.execute(present)).mappings().one_or_none()
            await connection.execute(self._database.insert_or_replace(SETTINGS_TABLE), row)
            if before is None or dict(before) != row:
                seq, _ = await tail(connection, settings.event_id)
                await append(connection, [settings_note(settings, by, at, seq + 1)])

    async def answer(self, answer: Answer) -> Answer:
        """Keep the answer if it is the decision's first, and say which one stands (maybe an earlier one).

        Raises:
            NotStorable: A field holds what its type does not allow.
            UnreadableState: The row of the one that stands cannot be read.
            StoreUnavailable: The database did not take it, or is closed.
        """
        row = ANSWERS.row_of(answer)
        standing = _standing(answer.session_id, answer.decision_id)
        event_id = await self._event_of(answer)
        async with self._database.transaction(locks=[lock_of(event_id)]) as connection:
            # Writing first: whoever answers at the same time waits here, and then finds the first one's row.
            await connection.execute(self._database.insert_new(ANSWERS_TABLE), row)
            with self._database.readable(ANSWERS.table):
                first = ANSWERS.record_of(dict((await connection.execute(standing)).mappings().one()))
            await append(connection, [answer_note(first, event_id)])
            return first

    async def answered(self, session_id: str, decision_id: str) -> Answer | None:
        """The answer that stands; None if nobody answered yet.

        Raises:
            UnreadableState: The row cannot be read.
            StoreUnavailable: The database did not answer, or is closed.
        """
        async with self._database.transaction() as connection:
            with self._database.readable(ANSWERS.table):
                row = (await connection.execute(_standing(session_id, decision_id))).mappings().one_or_none()
                return None if row is None else ANSWERS.record_of(dict(row))

    async def request(self, request: Request) -> None:
        """Keep a request until it is due. The same `request_id` again changes nothing.

        Raises:
            NotStorable: A field holds what its type does not allow.
            StoreUnavailable: The database did not take it, or is closed.
        """
        row = REQUESTS.row_of(request) | {"taken": False}
        async with self._database.transaction(locks=[lock_of(request.event_id)]) as connection:
            await connection.execute(self._database.insert_new(REQUESTS_TABLE), row)
            await append(connection, [request_note(request)])

    async def due(self, now: float, done: Sequence[Request] = ()) -> Sequence[Request]:
        """Requests due by `now` that are not done, earliest first; `done` are from now on.

        Raises:
            UnreadableState: A row cannot be read.
            StoreUnavailable: The database did not answer, or is closed.
        """
        columns = REQUESTS_TABLE.c
        names = [request.request_id for request in done]
        ending = update(REQUESTS_TABLE).where(columns.request_id.in_(names)).values(taken=True)
        waiting = select(REQUESTS_TABLE).where(columns.taken.is_(False), columns.time <= now)
        async with self._database.transaction() as connection:
            if names:
                await connection.execute(ending)
            found = await connection.execute(waiting)
            with self._database.readable(REQUESTS.table):
                due = [REQUESTS.record_of(dict(row)) for row in found.mappings()]
        return sorted(due, key=lambda request: (request.at, request.request_id))

    async def _event_of(self, answer: Answer) -> str:
        """The event of the decision, or else of its session; empty if nobody heard of either."""
        decisions, sessions = EVENT_TABLES["decisions"], EVENT_TABLES["sessions"]
        of_decision = select(decisions.c.event_id).where(
            decisions.c.session_id == answer.session_id, decisions.c.decision_id == answer.decision_id
        )
        of_session = select(sessions.c.event_id).where(sessions.c.session_id == answer.session_id)
        async with self._database.transaction() as connection:
            for wanted in (of_decision, of_session.order_by(sessions.c.time.desc())):
                found = (await connection.execute(wanted.limit(1))).scalar_one_or_none()
                if found is not None:
                    return str(found)
        return ""


def _standing(session_id: str, decision_id: str) -> Select[Any]:
    columns = ANSWERS_TABLE.c
    return select(ANSWERS_TABLE).where(columns.session_id == session_id, columns.decision_id == decision_id)
