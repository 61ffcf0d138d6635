"""Alerts on their way: each thing once, not too many, and never in the way of whoever noticed it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from conductor.alerting.params import AlertingParams
from conductor.domain.alerts import Alert
from conductor.errors import NotDelivered
from conductor.ports import Alerts, Clock

KEYS_KEPT = 1_000
"""Things that are remembered to stand: far more than anybody is told of in a day."""

log = logging.getLogger(__name__)


def _note_nothing(_outcome: str) -> None:
    """Where nobody counts."""


class Outbox:
    """Takes alerts at once and sends them one after the other.

    Args:
        alerts: Who tells operators.
        clock: The time.
        params: Constants.
        note: Hears what became of each: `sent`, `failed`, `repeated` or `too_many`.
    """

    def __init__(
        self, alerts: Alerts, clock: Clock, params: AlertingParams, note: Callable[[str], None] = _note_nothing
    ) -> None:
        self._alerts = alerts
        self._clock = clock
        self._params = params
        self._note = note
        self._standing: dict[str, float] = {}
        self._sent_at: deque[float] = deque()
        self._waiting: deque[Alert] = deque()
        self._has_some = asyncio.Event()

    def put(self, alert: Alert) -> bool:
        """Have it told, unless it was told already; what is over is told once, and only if it was told to stand."""
        now = self._clock.now()
        if not self._is_news(alert, now):
            if not alert.is_over:
                self._note("repeated")
            return False
        while self._sent_at and now - self._sent_at[0] >= 60.0:
            self._sent_at.popleft()
        if len(self._sent_at) >= self._params.most_per_minute:
            self._note("too_many")
            return False
        self._remember(alert, now)
        self._sent_at.append(now)
        self._waiting.append(alert)
        if len(self._waiting) > self._params.most_waiting:
            self._waiting.popleft()
            self._note("too_many")
        self._has_some.set()
        return True

    async def run(self) -> None:
        """Send what comes, until cancelled."""
        while True:
            await self._has_some.wait()
            while self._waiting:
                await self._send(self._waiting.popleft())
            self._has_some.clear()

    async def _send(self, alert: Alert) -> None:
        pause_s = self._params.again_s
        for left in reversed(range(self._params.tries)):
            try:
                await self._alerts.send(alert)
            except NotDelivered as error:
                if not left:
                    log.warning("an alert is given up (%s): %s", alert.key, error.message)
                    self._note("failed")
                    return
                log.warning("an alert is tried again (%s): %s", alert.key, error.message)
                await self._clock.sleep_until(self._clock.now() + pause_s)
                pause_s *= 2.0
            else:
                self._note("sent")
                return

    def _is_news(self, alert: Alert, now: float) -> bool:
        told_at = self._standing.get(alert.key)
        if alert.is_over:
            return told_at is not None
        return told_at is None or now - told_at >= self._params.repeat_s

    def _remember(self, alert: Alert, now: float) -> None:
        self._standing.pop(alert.key, None)
        if not alert.is_over:
            self._standing[alert.key] = now
            if len(self._standing) > KEYS_KEPT:
                del self._standing[next(iter(self._standing))]
