"""Alerts and the summary of the day, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from conductor.adapters.alerts import AppriseAlerts
from conductor.adapters.store_sql import SqlStore
from conductor.alerting.checking import Check, Checking
from conductor.alerting.daily import Daily
from conductor.alerting.lookout import Lookout
from conductor.alerting.outbox import Outbox
from conductor.alerting.params import AlertingParams
from conductor.bootstrap.tasks import Start
from conductor.domain.alerts import Alert
from conductor.ports import Alerts, Archive, Clock
from conductor.service.lifted import Lifts
from conductor.service.parts import DEMO_EVENT
from conductor.settings import Settings
from conductor.telemetry.metrics import Metrics
from conductor.telemetry.worker import WorkerMetrics


class Alerting:
    """Who is told what, in this process. Nobody, where no address is set; what works is counted all the same.

    Args:
        settings: Where alerts go.
        clock: The time.
        metrics: Where alerts are counted.
        params: Constants.

    Attributes:
        lookout: Hears what the worker tells.

    Raises:
        InvalidInput: An address cannot be used.
    """

    def __init__(
        self, settings: Settings, clock: Clock, metrics: Metrics, params: AlertingParams | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._params = params or AlertingParams()
        told = metrics.counter("alerts_total", "Alerts, by what became of them.", "outcome")
        for outcome in ("sent", "failed", "repeated", "too_many"):
            told.labels(outcome)
        self._alerts: Alerts | None = None
        self._outbox: Outbox | None = None
        tell: Callable[[Alert], object] = _nobody
        operation = settings.operation
        if operation.alert_urls:
            self._alerts = AppriseAlerts(operation.alert_urls, may_be_private=operation.may_alert_privately)
            self._outbox = Outbox(self._alerts, clock, self._params, lambda outcome: told.labels(outcome).inc())
            tell = self._outbox.put
        self._tell = tell
        self.lookout = Lookout(tell, settings.public_url)

    def start(
        self, start: Start, store: SqlStore, checks: Mapping[str, Check], counts: WorkerMetrics, lifts: Lifts
    ) -> None:
        """Begin to ask whether everything works, and to tell of it."""
        checking = Checking(
            checks,
            self._tell,
            self._clock,
            self._params,
            lambda name, works: counts.degraded.labels(name).set(0 if works else 1),
        )
        start(checking.run())
        if self._alerts is not None and self._outbox is not None:
            start(self._outbox.run())
            operation = self._settings.operation
            daily = Daily(
                store.archive,
                store.marks,
                self._alerts,
                self._clock,
                hour=operation.summary_hour,
                zone=operation.time_zone,
                but=[DEMO_EVENT],
                lift=partial(_lift, lifts, store.archive, self._clock),
            )
            start(daily.run())


async def _lift(lifts: Lifts, archive: Archive, clock: Clock, event_id: str) -> str:
    """What is known of an event's lift, with a warning where figures are not to be gone by."""
    found = await lifts.of(archive, event_id, clock.now())
    return f"{found.overall.words} {found.warning or ''}".rstrip()


def _nobody(_alert: Alert) -> None:
    """Nobody wants to be told."""
