"""What is told of a process that serves: its metrics and logs."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import conductor
from conductor.act.calls import Called
from conductor.live.service import LiveApp
from conductor.ports import Budget
from conductor.settings import Settings
from conductor.telemetry.logs import LogFormat, open_logs
from conductor.telemetry.metrics import CountedRecords, Metrics
from conductor.telemetry.rooms import RoomCounts, RoomMetrics
from conductor.telemetry.worker import ModelMetrics


def begin_observing(settings: Settings) -> Metrics:
    """Let everything that this process logs be written as the settings say, and counted; gives its metrics."""
    metrics = Metrics(conductor.__version__)
    operation = settings.operation
    open_logs(LogFormat(operation.log_format.value), operation.log_level, sys.stderr, CountedRecords(metrics))
    logging.captureWarnings(capture=True)
    return metrics


def note_of(models: ModelMetrics) -> Callable[[Called], None]:
    """Counts each question to a model."""

    def note(called: Called) -> None:
        models.called(called.model, called.result.value, called.latency_ms / 1000.0, called.cost_usd)

    return note


def watch_spending(metrics: Metrics, models: ModelMetrics, budget: Budget, clock: Callable[[], float]) -> None:
    """Ask for what models cost whenever metrics are read."""

    async def read() -> None:
        spent = await budget.spending(clock())
        models.spent("hour", spent.hour_usd, spent.hour_limit_usd)
        models.spent("day", spent.day_usd, spent.day_limit_usd)

    metrics.before_reading(read)


def watch_rooms(metrics: Metrics, live: LiveApp) -> None:
    """Count what goes on in the rooms."""
    hall = live.hall

    def read() -> RoomCounts:
        waiting, lost = len(hall.publisher), hall.publisher.lost
        return RoomCounts(len(hall.connections), len(hall.rooms.session_ids()), hall.frames_sent, waiting, lost)

    metrics.registry.register(RoomMetrics(read))
