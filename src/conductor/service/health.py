"""Whether the service runs and can serve, and the agent's performance in figures.

These take no token: probes have none, and nothing of any session is told. `/metrics` is JSON as the platform's
documents have it, or what Prometheus reads, for whoever asks as Prometheus does.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from statistics import fmean
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response

from conductor.domain.interventions import Mode
from conductor.errors import ConductorError
from conductor.service.deps import Sources, take_by_address
from conductor.service.parts import DEMO_EVENT, Check, Parts, params_of, parts_of
from conductor.wire.rest_health import Component, HealthAnswer, MetricsAnswer, ModelCosts, PingAnswer, ReadyAnswer

router = APIRouter(tags=["health"])

VITAL = frozenset({"worker"})
"""Without these nobody can be served; without others that is done as well as it goes."""

_TEXT_FORMS = ("text/plain", "application/openmetrics-text")
"""What Prometheus says it accepts; browsers, and programs that take anything, get JSON."""


@router.get("/health", summary="Does it run?")
async def get_health() -> HealthAnswer:
    """Answers as long as the process runs."""
    return HealthAnswer()


@router.get("/health/live", summary="Does it run? (liveness probe)")
async def get_live() -> HealthAnswer:
    """Answers as long as the process runs."""
    return HealthAnswer()


@router.get("/health/ping", summary="Ping")
async def get_ping() -> PingAnswer:
    """Answers pong."""
    return PingAnswer()


async def asked(request: Request) -> ReadyAnswer:
    """Ask every dependency at once whether it is there."""
    parts, within_s = parts_of(request), params_of(request).check_within_s
    components = await asyncio.gather(*(_ask(check, within_s) for check in parts.checks.values()))
    found = dict(zip(parts.checks, components, strict=True))
    missing = {name for name, each in found.items() if each.status != "connected"}
    status: Literal["healthy", "degraded", "unhealthy"] = "degraded" if missing else "healthy"
    return ReadyAnswer(status="unhealthy" if missing & VITAL else status, components=found)


async def _ask(check: Check, within_s: float) -> Component:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(within_s):
            await check()
        is_there = True
    except (ConductorError, OSError, TimeoutError):
        is_there = False
    latency_ms = (time.perf_counter() - began) * 1000.0
    return Component(status="connected" if is_there else "unavailable", latency_ms=round(latency_ms, 3))


Asked = Annotated[ReadyAnswer, Depends(asked)]
_DOWN: dict[int | str, dict[str, Any]] = {
    503: {"model": ReadyAnswer, "description": "The agent does not keep the time."}
}


@router.get(
    "/health/ready",
    summary="Can it serve? (readiness probe)",
    responses=_DOWN,
    dependencies=[Depends(take_by_address)],
)
async def get_ready(found: Asked, response: Response) -> ReadyAnswer:
    """200 if requests can be served, also where something else is gone (`degraded`); 503 if they cannot be.

    Without its bus, its database or its models the agent goes on as well as it can, and no other process of the same
    service would do better: whoever sends requests elsewhere for that would have nowhere to send them.
    """
    response.status_code = 503 if found.status == "unhealthy" else 200
    return found


@router.get("/health/detailed", summary="Every component", dependencies=[Depends(take_by_address)])
async def get_detailed(found: Asked) -> ReadyAnswer:
    """State and latency of every component; 200 also where one is down."""
    return found


_AS_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {}, "application/openmetrics-text": {}}, "description": "The agent in figures."}
}


@router.get(
    "/metrics",
    summary="The agent in figures",
    response_model=MetricsAnswer,
    responses=_AS_TEXT,
    dependencies=[Depends(take_by_address)],
)
async def get_metrics(request: Request, parts: Sources) -> MetricsAnswer | Response:
    """Interventions whose outcome was measured, and the sessions that are watched now.

    Whoever accepts `text/plain` or `application/openmetrics-text` gets all metrics of this process, as Prometheus reads
    them.
    """
    accept = request.headers.get("Accept", "")
    if parts.exposition is not None and any(form in accept for form in _TEXT_FORMS):
        text, content_type = await parts.exposition(accept)
        return Response(text, media_type=content_type)
    measured = await parts.archive.outcomes(None, None)
    outcomes = [each for each in measured if not each.held_out and each.event_id != DEMO_EVENT]
    successes = sum(each.success for each in outcomes)
    watched = [each for each in parts.overview.sessions(parts.clock()) if each["is_open"]]
    modes = Counter(str(each["mode"]) for each in watched)
    return MetricsAnswer(
        total_interventions=len(outcomes),
        successful_interventions=successes,
        success_rate=successes / len(outcomes) if outcomes else None,
        average_delta=fmean(each.delta for each in outcomes) if outcomes else None,
        active_sessions=len(watched),
        agent_modes={mode: modes[mode.value] for mode in Mode},
        llm_costs=await _costs(parts),
    )


async def _costs(parts: Parts) -> ModelCosts | None:
    if parts.spending is None:
        return None
    spent = await parts.spending(parts.clock())
    return ModelCosts(
        hourly=spent.hour_usd, daily=spent.day_usd, hourly_limit=spent.hour_limit_usd, daily_limit=spent.day_limit_usd
    )
