"""Drift as the service tells it, and not looked up anew for everybody who asks."""

from __future__ import annotations

import asyncio

from conductor.learn.drift import WEEK_S, Drift, Shift, began, drift, means_of
from conductor.learn.driftwords import sentence
from conductor.ports import Archive
from conductor.wire.rest_strategies import DriftAnswer, ShiftRow, WeekRow

DAY_S = 86400.0

FRESH_S = 600.0
"""Weeks are compared: ten minutes change nothing, and reading all scores of two months takes a while."""

ANSWERS_KEPT = 64


async def drift_in(archive: Archive, *, event_id: str | None, without: str, weeks: int, now: float) -> Drift:
    """How sessions of the last weeks differ from those before.

    Args:
        archive: What is kept.
        event_id: The only event to look at; None for all but one.
        without: That one: its rooms are simulated. Who asks for it by its name gets it.
        weeks: How many count as of late, 1 or more.
        now: The end of the last of them, in epoch seconds.

    Raises:
        StoreUnavailable: The archive cannot be had.
    """
    since, means = began(now, weeks), []
    for opened in await archive.sessions(event_id):
        if since <= opened.at < now and (event_id is not None or opened.event_id != without):
            curve = await archive.curve(opened.session_id, opened.at, opened.at + DAY_S)
            if (of_session := means_of(opened, curve)) is not None:
                means.append(of_session)
    measured = await archive.outcomes(event_id, since - WEEK_S)
    outcomes = [each for each in measured if event_id is not None or each.event_id != without]
    return drift(means, outcomes, now, weeks)


class Drifts:
    """What was found, for each event and number of weeks, for ten minutes."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, int], tuple[float, DriftAnswer]] = {}
        self._looking = asyncio.Lock()

    async def of(self, archive: Archive, event_id: str | None, weeks: int, now: float, *, without: str) -> DriftAnswer:
        """Of one event, or (None) of all but the one `without`.

        Raises:
            StoreUnavailable: The archive cannot be had.
        """
        async with self._looking:
            known = self._known.pop((event_id, weeks), None)
            if known is None or not 0.0 <= now - known[0] < FRESH_S:
                found = await drift_in(archive, event_id=event_id, without=without, weeks=weeks, now=now)
                known = (now, drift_answer(found, weeks))
            self._known[event_id, weeks] = known
            if len(self._known) > ANSWERS_KEPT:
                del self._known[next(iter(self._known))]
            return known[1]


def drift_answer(found: Drift, weeks: int) -> DriftAnswer:
    """The answer: what was called out in words, and all that was compared."""
    return DriftAnswer(
        since=found.since,
        parted_at=found.parted_at,
        until=found.until,
        sessions=found.sessions,
        words=[sentence(each, weeks) for each in found.drifted],
        too_few=list(found.too_few),
        shifts=[_row(each, weeks) for each in found.shifts],
    )


def _row(shift: Shift, weeks: int) -> ShiftRow:
    return ShiftRow(
        measure=shift.measure.value,
        session_type=shift.kind,
        type=shift.arm,
        words=sentence(shift, weeks),
        before=shift.before,
        after=shift.after,
        count_before=shift.count_before,
        count_after=shift.count_after,
        p_value=shift.p,
        stability_index=shift.stability,
        is_drift=shift.is_drift,
        weeks=[WeekRow(at=each.at, value=each.value, count=each.count) for each in shift.weeks],
    )
