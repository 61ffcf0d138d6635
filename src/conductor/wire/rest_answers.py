"""Bodies that the HTTP service answers with; names are snake_case, times epoch seconds."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from conductor.domain.engagement import AnomalyType, RoomState, Severity
from conductor.domain.interventions import AgentStatus, Arm, Mode
from conductor.domain.organisers import Verdict
from conductor.errors import Category


class ErrorBody(BaseModel):
    """What went wrong, where, and how to mend it."""

    category: Category
    code: str = Field(description="A stable name of the exact case, for programs.", examples=["not_found"])
    message: str
    details: dict[str, Any]
    retry_after_s: float | None
    request_id: str


class Problem(BaseModel):
    """The shape of every error."""

    error: ErrorBody


class SessionAnswer(BaseModel):
    """A session that the agent knows; null where nothing was said of it yet."""

    session_id: str
    event_id: str
    title: str
    type: str | None
    is_open: bool = Field(description="Whether the agent is watching it now.")
    status: AgentStatus | None = None
    mode: Mode | None = None
    score: float | None = None
    pending_decision_id: str | None = None
    updated_at: str | None = None


class SessionsAnswer(BaseModel):
    """Some sessions, by id; `next_cursor` is null at the end."""

    sessions: list[SessionAnswer]
    next_cursor: str | None


class RegisteredAnswer(BaseModel):
    """The session is watched from now on; `is_new` is false where this was known already."""

    session_id: str
    event_id: str
    is_new: bool


class ModeAnswer(BaseModel):
    """The session's own mode."""

    session_id: str
    mode: Mode


class StatusAnswer(BaseModel):
    """What the agent does in a session now; null where it has said nothing yet."""

    session_id: str
    event_id: str
    status: AgentStatus | None
    mode: Mode
    score: float | None
    state: str | None
    is_enabled: bool


class PendingAnswer(BaseModel):
    """The decision that waits for an answer (the body of `agent.decision`), if one does."""

    session_id: str
    pending: list[dict[str, Any]]


class VerdictAnswer(BaseModel):
    """What became of a decision."""

    decision_id: str
    verdict: Verdict
    by: str
    at: float


class RequestedAnswer(BaseModel):
    """A request that was taken; it is carried out at `at`."""

    request_id: str
    session_id: str
    type: Arm
    at: float


class InterventionAnswer(BaseModel):
    """Something the agent did."""

    intervention_id: str
    decision_id: str
    session_id: str
    event_id: str
    at: float
    type: Arm
    content: dict[str, Any]
    generation: dict[str, Any]
    delivered_to: int
    label: str


class InterventionsAnswer(BaseModel):
    """Some interventions, newest first; `next_cursor` is null at the end."""

    interventions: list[InterventionAnswer]
    next_cursor: str | None


class CurvePoint(BaseModel):
    """A score; `parts` are levels in [0, 1] of what it is made of."""

    at: float
    score: float
    state: RoomState
    parts: dict[str, float]


class CurveAnswer(BaseModel):
    """Scores of a session, oldest first."""

    session_id: str
    since: float
    until: float
    points: list[CurvePoint]


class AnomalyAnswer(BaseModel):
    """A fall that was found; `onset` is when it is thought to have begun."""

    anomaly_id: str
    at: float
    onset: float
    type: AnomalyType
    severity: Severity
    evidence: float
    current: float
    expected: float
    deviation: float


class AnomaliesAnswer(BaseModel):
    """Anomalies of a session, oldest first."""

    session_id: str
    anomalies: list[AnomalyAnswer]


class PerformanceRow(BaseModel):
    """How an arm did in a context; `success_rate` is in [0, 1]."""

    type: Arm
    context: dict[str, str]
    attempts: int
    successes: int
    success_rate: float
    mean_delta: float


class PerformanceAnswer(BaseModel):
    """How the arms did, in all and by context; moments left alone on purpose are not counted."""

    attempts: int
    successes: int
    success_rate: float | None
    rows: list[PerformanceRow]


class PosteriorRow(BaseModel):
    """What is believed of an arm in a context from the attempts there alone: Beta(successes + 1, failures + 1)."""

    type: Arm
    context: dict[str, str]
    attempts: float
    mean: float
    low: float = Field(description="Lower end of the 95 % interval.")
    high: float = Field(description="Upper end of the 95 % interval.")


class PosteriorsAnswer(BaseModel):
    """What the agent believes of its arms."""

    posteriors: list[PosteriorRow]


class LiftAnswer(BaseModel):
    """How much better rooms fare that something was done for."""

    status: Literal["not_measured"]
    why: str


class SettingsAnswer(BaseModel):
    """Settings of an event."""

    event_id: str
    agent_enabled: bool
    agent_mode: Mode
    auto_approve_threshold: float
    max_interventions_per_hour: int
    allowed_interventions: list[Arm]
    label: str
    share_chat: bool
    quiet_end_s: float
    session_modes: dict[str, Mode]


class Refusal(BaseModel):
    """Why a signal was refused; `index` is its place in the batch, from 0."""

    index: int
    reason: str


class ReceiptAnswer(BaseModel):
    """How many signals were taken; at most the first hundred reasons are given."""

    accepted: int
    rejected: int
    reasons: list[Refusal]


class HealthAnswer(BaseModel):
    """It runs."""

    status: Literal["ok"] = "ok"


class Component(BaseModel):
    """One dependency and how long it took to answer."""

    status: Literal["connected", "unavailable"]
    latency_ms: float


class ReadyAnswer(BaseModel):
    """Whether requests can be served, and each component's state."""

    status: Literal["healthy", "unhealthy"]
    components: dict[str, Component]


class PingAnswer(BaseModel):
    """An answer to a ping."""

    ping: Literal["pong"] = "pong"


class MetricsAnswer(BaseModel):
    """The agent's performance in figures; null where nothing was measured yet."""

    total_interventions: int = Field(description="Interventions whose outcome was measured.")
    successful_interventions: int
    success_rate: float | None
    average_delta: float | None
    active_sessions: int
    agent_modes: dict[Mode, int]
