"""The archive on SQLite or PostgreSQL. `SqlStore.archive` is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from math import inf
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Select, exists, func, literal, select, tuple_
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from conductor.adapters.cursor import page_of, place_at, refuse_empty
from conductor.adapters.minutes_sql import minutes
from conductor.adapters.rows import event_of, oldest_first, shape_of
from conductor.adapters.sql import Database
from conductor.adapters.tables import EVENT_TABLES
from conductor.domain.events import (
    EngagementUpdated,
    Event,
    FollowedUp,
    InterventionExecuted,
    OutcomeMeasured,
    SessionOpened,
    TrialEnded,
)
from conductor.domain.interventions import Origin, Outcome
from conductor.domain.trials import FollowUp, Trial
from conductor.ports import Page, Wanted
from conductor.ports.curves import Minute

E = TypeVar("E", bound=Event)


class SqlArchive:
    """Answers questions from a database that somebody else opens and closes.

    Every question raises `UnreadableState` if a row cannot be read.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sessions(self, event_id: str | None) -> Sequence[SessionOpened]:
        """The latest opening of each session, of one event or of all, newest first.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        table = EVENT_TABLES["sessions"]
        later = table.alias()
        has_later = exists().where(later.c.session_id == table.c.session_id, later.c.time > table.c.time)
        wanted = select(table).where(~has_later).order_by(table.c.time.desc(), table.c.session_id)
        if event_id is not None:
            wanted = wanted.where(table.c.event_id == event_id)
        return await self._ask(wanted, SessionOpened)

    async def curve(self, session_id: str, since: float, until: float) -> Sequence[EngagementUpdated]:
        """Scores of a session in [since, until), oldest first.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        table = EVENT_TABLES["engagement_metrics"]
        wanted = select(table).where(table.c.session_id == session_id, *_between(table.c.time, since, until))
        return await self._ask(wanted.order_by(table.c.time), EngagementUpdated)

    async def minutes(self, session_id: str, since: float, until: float) -> Sequence[Minute]:
        """Each minute of a session that has scores and begins in [since, until), oldest first; whole minutes only.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        return await minutes(self._database, session_id, since, until)

    async def interventions(self, wanted: Wanted, limit: int, cursor: str | None) -> Page:
        """A page of at most `limit` (1 or more) interventions.

        Raises:
            InvalidInput: The cursor is none of ours, or the limit less than 1.
            StoreUnavailable: The database did not answer, or is closed.
        """
        refuse_empty(limit)
        columns = EVENT_TABLES["interventions"].c
        place = (columns.time, columns.intervention_id, columns.session_id)
        asked = select(EVENT_TABLES["interventions"]).where(*_that_are(wanted, columns))
        if cursor is not None:
            last = place_at(cursor)
            asked = asked.where(tuple_(*place) < tuple_(*map(literal, astuple(last))))
        newest_first = asked.order_by(*(column.desc() for column in place)).limit(limit + 1)
        executed = await self._ask(newest_first, InterventionExecuted)
        return page_of([event.intervention for event in executed], limit)

    async def outcomes(self, event_id: str | None, since: float | None) -> Sequence[Outcome]:
        """Measured outcomes, of one event or of all, oldest first.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        return [event.outcome for event in await self._ended(OutcomeMeasured, event_id, since)]

    async def trials(self, event_id: str | None, since: float | None) -> Sequence[Trial]:
        """Trials that ended, of one event or of all, oldest first.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        return [event.trial for event in await self._ended(TrialEnded, event_id, since)]

    async def follow_ups(self, event_id: str | None, since: float | None) -> Sequence[FollowUp]:
        """How decisions without a coin ended, of one event or of all, oldest first.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        return [event.follow_up for event in await self._ended(FollowedUp, event_id, since)]

    async def confidences(self, event_id: str | None) -> Mapping[tuple[str, str], float]:
        """How sure the agent was of each of its own decisions, by session and decision, of one event or of all.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        columns = EVENT_TABLES["decisions"].c
        wanted = select(columns.session_id, columns.decision_id, columns.confidence)
        wanted = wanted.where(columns.origin == Origin.AGENT.value)
        if event_id is not None:
            wanted = wanted.where(columns.event_id == event_id)
        async with self._database.transaction() as connection:
            rows = (await connection.execute(wanted)).all()
        with self._database.readable("decisions"):
            return {(session_id, decision_id): float(confidence) for session_id, decision_id, confidence in rows}

    async def scored_until(self) -> float | None:
        """When the latest score was made that is kept, in epoch seconds; None if none is.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        latest = select(func.max(EVENT_TABLES["engagement_metrics"].c.time))
        async with self._database.transaction() as connection:
            found = (await connection.execute(latest)).scalar_one_or_none()
            return None if found is None else float(found)

    async def ping(self) -> None:
        """Return if the database answers.

        Raises:
            StoreUnavailable: It did not, or is closed.
        """
        async with self._database.transaction() as connection:
            await connection.execute(select(literal(1)))

    async def _ended(self, kind: type[E], event_id: str | None, since: float | None) -> list[E]:
        """Events of this kind, of one event or of all, oldest first."""
        table = EVENT_TABLES[shape_of(kind).table]
        wanted = select(table).where(*_between(table.c.time, since, None))
        if event_id is not None:
            wanted = wanted.where(table.c.event_id == event_id)
        return oldest_first(await self._ask(wanted, kind))

    async def _ask(self, wanted: Select[Any], event: type[E]) -> list[E]:
        """The events of this kind that a query finds."""
        shape = shape_of(event)
        async with self._database.transaction() as connection:
            rows = (await connection.execute(wanted)).mappings().all()
        with self._database.readable(shape.table):
            found = [event_of(shape, dict(row)) for row in rows]
        return [each for each in found if isinstance(each, event)]


def _between(time: Column[Any], since: float | None, until: float | None) -> list[ColumnElement[bool]]:
    """In [since, until); an end at infinity is none, as PostgreSQL has no moment for it."""
    bounds = []
    if since is not None and since != -inf:
        bounds.append(time >= since)
    if until is not None and until != inf:
        bounds.append(time < until)
    return bounds


def _that_are(wanted: Wanted, columns: ReadOnlyColumnCollection[str, Column[Any]]) -> list[ColumnElement[bool]]:
    named = {"session_id": wanted.session_id, "event_id": wanted.event_id, "type": wanted.arm}
    same = [columns[name] == value for name, value in named.items() if value is not None]
    return same + _between(columns.time, wanted.since, wanted.until)
