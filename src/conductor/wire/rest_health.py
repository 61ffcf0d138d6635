"""Answers about the service itself: whether it runs, can serve, and how the agent does in figures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel

from conductor.domain.interventions import Mode
from conductor.wire.rest_fields import ALWAYS_THERE, said


class HealthAnswer(BaseModel):
    """It runs."""

    model_config = ALWAYS_THERE

    status: Annotated[Literal["ok"], said("Whoever reads this knows that it runs.")] = "ok"


class Component(BaseModel):
    """One dependency and how long it took to answer."""

    status: Annotated[Literal["connected", "unavailable"], said("Whether it answered.")]
    latency_ms: Annotated[float, said("How long that took, in milliseconds.", 1.284)]


class ReadyAnswer(BaseModel):
    """Whether requests can be served, and each component's state."""

    status: Annotated[
        Literal["healthy", "degraded", "unhealthy"],
        said("Healthy if every component answered; degraded if requests are served all the same."),
    ]
    components: Annotated[dict[str, Component], said("Each by its name: database, worker, bus, model.")]


class PingAnswer(BaseModel):
    """An answer to a ping."""

    model_config = ALWAYS_THERE

    ping: Annotated[Literal["pong"], said("What is answered.")] = "pong"


class ModelCosts(BaseModel):
    """What language models have cost, with what is set aside, in US dollars; and how much they may."""

    hourly: Annotated[float, said("In the last 3600 s.", 2.45)]
    daily: Annotated[float, said("In the last 86400 s.", 18.3)]
    hourly_limit: Annotated[float, said("At most in any 3600 s.", 20.0)]
    daily_limit: Annotated[float, said("At most in any 86400 s.", 100.0)]


class MetricsAnswer(BaseModel):
    """The agent's performance in figures; null where nothing was measured yet."""

    total_interventions: Annotated[int, said("Interventions whose outcome was measured.", 40)]
    successful_interventions: Annotated[int, said("Those after which the score rose by 0.1 or more.", 24)]
    success_rate: Annotated[float | None, said("Share of them, in [0, 1].", 0.6)]
    average_delta: Annotated[float | None, said("By how much the score rose, on average.", 0.12)]
    active_sessions: Annotated[int, said("Sessions that are watched now.", 3)]
    agent_modes: Annotated[dict[Mode, int], said("How many of them are in each mode.", {"MANUAL": 0, "SEMI_AUTO": 3})]
    llm_costs: Annotated[ModelCosts | None, said("What language models cost; null where nobody counts it.")]
