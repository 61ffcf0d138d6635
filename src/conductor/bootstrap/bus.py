"""The bus of this installation."""

from __future__ import annotations

from conductor.adapters.bus_memory import MemoryBus
from conductor.domain.timeline import Timeline
from conductor.ports import Clock, KeepingBus
from conductor.settings import Settings

DAY_S = 86_400


async def open_bus(settings: Settings, clock: Clock) -> KeepingBus:
    """The bus that is set: a Redis server, or within this process.

    Raises:
        BusUnavailable: The server cannot be had.
    """
    if not settings.redis_url:
        return MemoryBus(clock.now)
    from conductor.adapters.bus_redis import RedisBus

    timeline = Timeline(settings.clock_speed, settings.clock_since)
    keep_idle_s = settings.operation.stream_days * DAY_S
    return await RedisBus.open(settings.redis_url, timeline=timeline, keep_idle_s=keep_idle_s)
