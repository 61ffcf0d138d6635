"""Lets go of what is too old, while the agent runs."""

from __future__ import annotations

import asyncio
import logging

from conductor.adapters.retention_sql import SqlRetention
from conductor.errors import StoreUnavailable
from conductor.ports import Clock
from conductor.settings import Settings

EVERY_S = 3_600.0

log = logging.getLogger(__name__)


async def let_go(retention: SqlRetention, settings: Settings, clock: Clock) -> None:
    """Delete what is older than the settings allow, at once and then every hour, until the task is ended."""
    days = settings.operation
    while True:
        try:
            gone = await retention.enforce(
                clock.now(),
                metrics_days=days.metrics_days,
                history_days=days.history_days,
                audit_days=days.audit_days,
            )
        except StoreUnavailable as error:
            log.warning("what is too old stays for another hour: %s", error)
        else:
            if gone:
                log.info("deleted %d rows that were too old", gone)
        await asyncio.sleep(EVERY_S)
