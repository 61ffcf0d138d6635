"""The summary of the day, one for each event that had sessions."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from conductor.domain.alerts import Alert, AlertLevel
from conductor.domain.events import EngagementUpdated
from conductor.domain.interventions import Intervention, Outcome
from conductor.errors import NotDelivered, StoreUnavailable
from conductor.ports import Alerts, Archive, Clock, Marks, Wanted

PAGE = 200
DAY_S = 86_400.0

LATE_S = 3600.0
"""Whoever was away at the hour may still tell within an hour of it; after that the day is over."""

AGAIN_S = 60.0
"""What could not be told is tried again after so long."""

log = logging.getLogger(__name__)

Lift = Callable[[str], Awaitable[str]]
"""Says in a few words how much better rooms of an event fared than rooms left alone; empty if nobody knows."""


async def _unknown(_event_id: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Day:
    """What there was in an event within 24 hours.

    Attributes:
        sessions: How many were heard of.
        scores: Of all of them.
        interventions: What was delivered.
        outcomes: What came of it, as far as that was measured.
        lift: How much it helped, where known.
    """

    event_id: str
    sessions: int
    scores: Sequence[float]
    interventions: Sequence[Intervention]
    outcomes: Sequence[Outcome]
    lift: str = ""


class Daily:
    """Tells once a day how each event went, at a set hour.

    Args:
        archive: What is known.
        marks: Remember what was told, across restarts and among several processes.
        alerts: Who tells operators.
        clock: The time.
        hour: 0 to 23.
        zone: In which zone that hour is.
        but: Events that nobody wants to hear of.
        lift: Says how much it helped.
    """

    def __init__(
        self,
        archive: Archive,
        marks: Marks,
        alerts: Alerts,
        clock: Clock,
        *,
        hour: int,
        zone: str,
        but: Iterable[str] = (),
        lift: Lift = _unknown,
    ) -> None:
        self._archive = archive
        self._marks = marks
        self._alerts = alerts
        self._clock = clock
        self._hour = hour
        self._zone = ZoneInfo(zone)
        self._but = frozenset(but)
        self._lift = lift

    async def run(self) -> None:
        """Tell when it is time, until cancelled."""
        while True:
            now = self._clock.now()
            due_at = latest_hour(now, self._hour, self._zone)
            is_told = now - due_at >= LATE_S or await self.tell(due_at)
            following = next_hour(now, self._hour, self._zone)
            await self._clock.sleep_until(following if is_told else now + AGAIN_S)

    async def tell(self, due_at: float) -> bool:
        """Tell of the 24 hours before this moment what was not told yet, and say whether that is all.

        A mark is left first: two processes, or two lives of one, must not both tell. Whoever is killed between mark and
        telling loses that one summary.
        """
        try:
            opened = await self._opened(due_at)
            days = [await self._day(event_id, opened[event_id], due_at) for event_id in sorted(opened)]
            told = [await self._tell_once(day, due_at) for day in days if day.sessions]
        except StoreUnavailable as error:
            log.warning("the summary of the day waits for the store: %s", error.message)
            return False
        return all(told)

    async def _tell_once(self, day: Day, due_at: float) -> bool:
        key = f"summary:{datetime.fromtimestamp(due_at, UTC):%Y-%m-%dT%H}:{day.event_id}"
        if not await self._marks.put(key):
            return True
        try:
            await self._alerts.send(summed_up(day))
        except NotDelivered as error:
            log.warning("the summary of the day is tried again: %s", error.message)
            await self._marks.drop(key)
            return False
        return True

    async def _opened(self, until: float) -> dict[str, list[str]]:
        """Sessions that may have been live within the day, by event: whatever opened before the day before is over."""
        found: dict[str, list[str]] = {}
        for each in await self._archive.sessions(None):
            if until - 2 * DAY_S <= each.at < until and each.event_id not in self._but:
                found.setdefault(each.event_id, []).append(each.session_id)
        return found

    async def _day(self, event_id: str, session_ids: Sequence[str], until: float) -> Day:
        since = until - DAY_S
        curves = [await self._archive.curve(session_id, since, until) for session_id in session_ids]
        heard: list[Sequence[EngagementUpdated]] = [curve for curve in curves if curve]
        if not heard:
            return Day(event_id, 0, (), (), ())
        outcomes = await self._archive.outcomes(event_id, since)
        return Day(
            event_id=event_id,
            sessions=len(heard),
            scores=[update.score for curve in heard for update in curve],
            interventions=await self._interventions(Wanted(event_id=event_id, since=since, until=until)),
            outcomes=[each for each in outcomes if each.at < until and not each.held_out],
            lift=await self._lift(event_id),
        )

    async def _interventions(self, wanted: Wanted) -> list[Intervention]:
        found: list[Intervention] = []
        cursor: str | None = None
        while True:
            page = await self._archive.interventions(wanted, PAGE, cursor)
            found += page.interventions
            cursor = page.next_cursor
            if cursor is None:
                return found


def summed_up(day: Day) -> Alert:
    """The day in a few lines."""
    successes = sum(each.success for each in day.outcomes)
    cost_usd = sum(each.generation.cost_usd for each in day.interventions)
    lines = [
        f"Sessions: {day.sessions}",
        f"Score: {fmean(day.scores):.2f} on average, {min(day.scores):.2f} at the lowest",
        f"Interventions: {len(day.interventions)}",
        f"Success: {successes} of {len(day.outcomes)} measured" if day.outcomes else "Success: none measured",
        f"Lift: {day.lift}" if day.lift else "Lift: not known",
        f"Models: {cost_usd:.2f} US dollars for what was shown",
    ]
    title = f"The day of event {day.event_id}"
    return Alert(f"summary:{day.event_id}", AlertLevel.INFO, title, "\n".join(lines))


def latest_hour(now: float, hour: int, zone: ZoneInfo) -> float:
    """When it was last that o'clock there, in epoch seconds; an hour that a clock change skips comes a bit later."""
    today = datetime.fromtimestamp(now, zone).date()
    days = (datetime.combine(today - timedelta(days=back), time(hour), zone).timestamp() for back in (0, 1))
    return next(at for at in days if at <= now)


def next_hour(now: float, hour: int, zone: ZoneInfo) -> float:
    """When it will next be that o'clock there, in epoch seconds."""
    today = datetime.fromtimestamp(now, zone).date()
    days = (datetime.combine(today + timedelta(days=ahead), time(hour), zone).timestamp() for ahead in (0, 1))
    return next(at for at in days if at > now)
