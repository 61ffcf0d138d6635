"""Calibration as the service tells it, and not counted anew for everybody who looks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from conductor.learn.calibration import TENTHS, Calibration, Forecast, Tenth, calibration, forecasts_of
from conductor.learn.outcome import OutcomeParams
from conductor.ports import Archive
from conductor.wire.rest_calibration import CalibrationAnswer, TenthRow

FRESH_S = 60.0
"""Decisions come minutes apart, and all of them are read."""

ANSWERS_KEPT = 64


async def forecasts_in(
    archive: Archive, *, event_id: str | None, without: str, params: OutcomeParams
) -> Sequence[Forecast]:
    """What the agent said of its own decisions, and what came of them.

    Args:
        archive: What is kept.
        event_id: The only event to look at; None for all but one.
        without: That one: its rooms are simulated. Who asks for it by its name gets it.
        params: What counts as recovery.

    Raises:
        StoreUnavailable: The archive cannot be had.
    """
    confidences = await archive.confidences(event_id)
    trials, follow_ups = await archive.trials(event_id, None), await archive.follow_ups(event_id, None)
    is_asked = event_id is not None
    return forecasts_of(
        [each for each in trials if is_asked or each.event_id != without],
        [each for each in follow_ups if is_asked or each.event_id != without],
        confidences,
        params,
    )


class Calibrations:
    """What was found, for each event, for a minute."""

    def __init__(self) -> None:
        self._known: dict[str | None, tuple[float, CalibrationAnswer]] = {}
        self._counting = asyncio.Lock()

    async def of(
        self, archive: Archive, event_id: str | None, now: float, *, without: str, params: OutcomeParams
    ) -> CalibrationAnswer:
        """Of one event, or (None) of all but the one `without`.

        Raises:
            StoreUnavailable: The archive cannot be had.
        """
        async with self._counting:
            known = self._known.pop(event_id, None)
            if known is None or not 0.0 <= now - known[0] < FRESH_S:
                found = await forecasts_in(archive, event_id=event_id, without=without, params=params)
                known = (now, calibration_answer(await asyncio.to_thread(calibration, found)))
            self._known[event_id] = known
            if len(self._known) > ANSWERS_KEPT:
                del self._known[next(iter(self._known))]
            return known[1]


def calibration_answer(found: Calibration) -> CalibrationAnswer:
    """The whole answer."""
    return CalibrationAnswer(
        status=found.verdict.value,
        decisions=found.count,
        sessions=found.sessions,
        tenths=[_row(each) for each in found.tenths],
        error=found.error,
        error_by_chance=found.by_chance,
        error_by_chance_at_most=found.most_by_chance,
        too_sure_by=found.too_sure_by,
        low=found.low,
        high=found.high,
        decisions_needed=found.needed,
        sessions_needed=found.sessions_needed,
    )


def _row(tenth: Tenth) -> TenthRow:
    return TenthRow(
        from_confidence=tenth.number / TENTHS,
        to_confidence=(tenth.number + 1) / TENTHS,
        decisions=tenth.count,
        confidence=tenth.confidence,
        recovered=tenth.recovered,
        low=tenth.low,
        high=tenth.high,
    )
