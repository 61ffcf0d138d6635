"""How much anybody may ask for at a time, as the settings say."""

from __future__ import annotations

from contextlib import AsyncExitStack

from conductor.limits import Limiter
from conductor.live.params import LiveParams
from conductor.live.service import ServiceParams as LiveServiceParams
from conductor.settings import Settings


def limiter(settings: Settings, stack: AsyncExitStack, at_least: int = 1) -> Limiter:
    """Bounds how often somebody asks for something, as the settings say, but lets `at_least` through a minute."""
    opened = Limiter(max(at_least, settings.max_requests_per_minute), redis_url=settings.redis_url)
    stack.push_async_callback(opened.close)
    return opened


def live_params(settings: Settings) -> LiveServiceParams:
    """How the rooms run."""
    rooms = LiveParams(tick_s=settings.reaction_tick_s, connections_most=settings.max_connections)
    return LiveServiceParams(
        rooms=rooms,
        chat_flush_s=settings.chat_flush_s,
        origins=settings.cors_origins,
        speed=settings.clock_speed,
    )
