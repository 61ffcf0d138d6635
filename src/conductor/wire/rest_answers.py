"""Bodies that the HTTP service answers with; names are snake_case, times epoch seconds unless they say otherwise."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel

from conductor.domain.engagement import AnomalyType, RoomState, Severity
from conductor.domain.holds import HoldReason
from conductor.domain.interventions import Arm, Mode
from conductor.domain.organisers import Verdict
from conductor.domain.sessions import SessionType
from conductor.domain.status import AgentStatus
from conductor.domain.strategies import ContentStyle
from conductor.wire.rest_content import ContentAnswer, GenerationAnswer
from conductor.wire.rest_decisions import ContextAnswer, PendingDecision
from conductor.wire.rest_fields import (
    ALWAYS_THERE,
    EXPIRES,
    AnomalyId,
    DecisionId,
    Epoch,
    EventId,
    InterventionId,
    NextCursor,
    SessionId,
    said,
)

Status = Annotated[AgentStatus | None, said("What the agent does there; null before it said so.")]
CurrentScore = Annotated[float | None, said("The last score, in [0, 1]; null before the first.", 0.62)]
PendingId = Annotated[str | None, said("The decision that waits for an answer; null if none does.", "session-7-d1")]
ExpiresAt = Annotated[str | None, said(EXPIRES, "2027-01-15T08:01:00.000Z")]
Attempts = Annotated[int, said("Interventions whose outcome was measured.", 4)]
Successes = Annotated[int, said("Those after which the score rose by 0.1 or more.", 3)]
What = Annotated[Arm, said("The type of intervention.")]
Circumstances = Annotated[ContextAnswer, said("In which circumstances.")]


class SessionAnswer(BaseModel):
    """A session that the agent knows; null where nothing was said of it yet."""

    model_config = ALWAYS_THERE

    session_id: SessionId
    event_id: EventId
    title: Annotated[str, said("Empty where unknown.", "Scaling live events")]
    type: Annotated[SessionType | None, said("Its format; null where unknown.")]
    is_open: Annotated[bool, said("Whether the agent is watching it now.")]
    status: Status = None
    mode: Annotated[Mode | None, said("How much the agent may do by itself; null before it said so.")] = None
    score: CurrentScore = None
    pending_decision_id: PendingId = None
    expires_at: ExpiresAt = None
    updated_at: Annotated[str | None, said("When it was last heard of, in ISO 8601.", "2027-01-15T08:00:00.000Z")] = (
        None
    )


class SessionsAnswer(BaseModel):
    """Some sessions, by id."""

    sessions: Annotated[list[SessionAnswer], said("In the order of their ids.")]
    next_cursor: NextCursor


class RegisteredAnswer(BaseModel):
    """The session is watched from now on."""

    session_id: SessionId
    event_id: EventId
    is_new: Annotated[bool, said("False where this was known already.")]


class ModeAnswer(BaseModel):
    """The mode that is in force in a session."""

    session_id: SessionId
    mode: Annotated[Mode, said("How much the agent may do by itself there.")]


class StatusAnswer(BaseModel):
    """What the agent does in a session now; null where it has said nothing yet."""

    session_id: SessionId
    event_id: EventId
    status: Status
    mode: Annotated[Mode, said("How much it may do by itself there.")]
    own_mode: Annotated[Mode | None, said("The session's own; null where it follows its event.")]
    score: CurrentScore
    state: Annotated[RoomState | None, said("What can be said of the room; null before the first score.")]
    is_enabled: Annotated[bool, said("Whether it does anything in this event.")]
    pending_decision_id: PendingId
    expires_at: ExpiresAt


class PendingAnswer(BaseModel):
    """The decision that waits for an answer, if one does."""

    session_id: SessionId
    pending: Annotated[list[PendingDecision], said("Empty, or the one that waits.")]


class VerdictAnswer(BaseModel):
    """What became of a decision."""

    decision_id: DecisionId
    verdict: Annotated[Verdict, said("What stands.")]
    by: Annotated[str, said("Who answered.", "user-3")]
    at: Epoch


class ApprovedAnswer(VerdictAnswer):
    """What became of a decision that was approved, and how its room was then."""

    recovered: Annotated[bool, said("Whether the room had recovered by then; it is launched all the same.")]
    score: Annotated[float | None, said("The room's score then, in [0, 1]; null if nobody knows it.", 0.62)]


class RequestedAnswer(BaseModel):
    """A request that was taken; it is carried out at `at`."""

    request_id: Annotated[str, said("The request.", "req-5f0c7c9e5d3f4f0e")]
    session_id: SessionId
    decision_id: Annotated[str, said("The decision that comes of it.", "session-7-req-5f0c7c9e5d3f4f0e")]
    type: What
    at: Epoch


class InterventionAnswer(BaseModel):
    """Something the agent did."""

    intervention_id: InterventionId
    decision_id: DecisionId
    session_id: SessionId
    event_id: EventId
    at: Epoch
    type: What
    content: Annotated[ContentAnswer, said("What was shown.")]
    generation: Annotated[GenerationAnswer, said("How it was worded.")]
    delivered_to: Annotated[int, said("People who could see it.", 118)]
    label: Annotated[str, said("Under which it was shown.", "AI assistant")]


class InterventionsAnswer(BaseModel):
    """Some interventions."""

    interventions: Annotated[list[InterventionAnswer], said("Newest first.")]
    next_cursor: NextCursor


class CurvePoint(BaseModel):
    """A score, of a tick or of a minute."""

    at: Annotated[float, said("When it was, or when the minute begins, in epoch seconds.", 1_700_000_040.0)]
    score: Annotated[float, said("In [0, 1]; of a minute the mean.", 0.62)]
    lowest: Annotated[float | None, said("The lowest of the minute; null for a tick.", 0.55)]
    highest: Annotated[float | None, said("The highest of the minute; null for a tick.", 0.7)]
    state: Annotated[RoomState, said("What could be said of the room.")]
    parts: Annotated[dict[str, float], said("Levels in [0, 1] of what it is made of.", {"chat": 0.4, "active": 0.7})]
    unprompted: Annotated[
        float | None, said("Of a minute, the score without what the agent prompted; null where nobody knows it.", 0.58)
    ]


class CurveAnswer(BaseModel):
    """Scores of a session."""

    session_id: SessionId
    since: Epoch
    until: Epoch
    resolution: Annotated[Literal["raw", "minute"], said("What a point is: a tick, or a minute.", "raw")]
    points: Annotated[list[CurvePoint], said("Oldest first.")]


class HoldAnswer(BaseModel):
    """A time when the agent let an anomaly pass."""

    at: Epoch
    reason: Annotated[HoldReason, said("Why, for programs.")]
    explanation: Annotated[str, said("Why, for a person.", "A poll is open; it asks again in 60 s.")]
    foreseen: Annotated[Arm | None, said("What it meant to do if the fall became critical; null for nothing.", "POLL")]


class ProposalAnswer(BaseModel):
    """A decision that came of an anomaly, and what became of it."""

    decision_id: DecisionId
    at: Epoch
    type: What
    held_out: Annotated[bool, said("Whether nothing is done, on purpose, to learn what happens anyway.")]
    intervention_id: Annotated[str | None, said("What was done; null for nothing so far.", "session-7-d1-i")]
    lapsed: Annotated[str | None, said("Why it was not done; null unless it lapsed.", "nobody answered in time")]


class AnomalyAnswer(BaseModel):
    """A fall that was found, and what the agent made of it."""

    anomaly_id: AnomalyId
    at: Epoch
    onset: Annotated[float, said("When it is thought to have begun, in epoch seconds.", 1799999980.0)]
    type: Annotated[AnomalyType, said("How the room was losing its people.")]
    severity: Annotated[Severity, said("How sure and how grave.")]
    evidence: Annotated[float, said("Probability in [0, 1] that the room had really fallen.", 0.86)]
    current: Annotated[float, said("Score in [0, 1] since the onset.", 0.41)]
    expected: Annotated[float, said("What the score should have been, in [0, 1].", 0.7)]
    deviation: Annotated[float, said("Standard deviations from what was expected; negative below.", -4.2)]
    holds: Annotated[list[HoldAnswer], said("When it let the anomaly pass, oldest first.")]
    decisions: Annotated[list[ProposalAnswer], said("What it decided to do, oldest first.")]


class AnomaliesAnswer(BaseModel):
    """Anomalies of a session."""

    session_id: SessionId
    anomalies: Annotated[list[AnomalyAnswer], said("Oldest first; a warning that became critical is there twice.")]


class PerformanceRow(BaseModel):
    """How an arm did in a context."""

    type: What
    context: Circumstances
    attempts: Attempts
    successes: Successes
    success_rate: Annotated[float, said("Share of attempts that succeeded, in [0, 1].", 0.75)]
    mean_delta: Annotated[float, said("By how much the score rose, on average.", 0.12)]


class PerformanceAnswer(BaseModel):
    """How the arms did, in all and by context; moments left alone on purpose are not counted."""

    attempts: Attempts
    successes: Successes
    success_rate: Annotated[float | None, said("Share of attempts that succeeded; null without any.", 0.75)]
    rows: Annotated[list[PerformanceRow], said("One for each type and context.")]


class PosteriorRow(BaseModel):
    """What is believed of an arm in a context, or of doing nothing there."""

    type: Annotated[Arm | None, said("What is done; null for nothing.", "POLL")]
    context: Circumstances
    attempts: Annotated[float, said("How much was seen; old attempts weigh less.", 4.0)]
    successes: Annotated[float, said("How many of these rooms recovered, each by how probable that is.", 3.0)]
    alpha: Annotated[float, said("Of the Beta distribution that is believed; what is borrowed is in it.", 4.0)]
    beta: Annotated[float, said("Its other parameter.", 2.0)]
    mean: Annotated[float, said("Expected success, in (0, 1).", 0.67)]
    low: Annotated[float, said("Lower end of the 95 % interval.", 0.28)]
    high: Annotated[float, said("Upper end of the 95 % interval.", 0.95)]
    adds: Annotated[
        float | None, said("How much likelier success is expected to be than without it; null while unknown.", 0.12)
    ]


class PosteriorsAnswer(BaseModel):
    """What the agent believes of its arms."""

    posteriors: Annotated[list[PosteriorRow], said("One for each context and type that was tried.")]


class SettingsAnswer(BaseModel):
    """Settings of an event."""

    event_id: EventId
    agent_enabled: Annotated[bool, said("Whether the agent does anything in this event.")]
    agent_mode: Annotated[Mode, said("How much it may do by itself.")]
    auto_approve_threshold: Annotated[float, said("Confidence from which SEMI_AUTO acts by itself.", 0.75)]
    max_interventions_per_hour: Annotated[int, said("Interventions a session in any hour.", 3)]
    allowed_interventions: Annotated[list[Arm], said("What it may do; empty for nothing.")]
    label: Annotated[str, said("Under which everything is shown that it posts.", "AI assistant")]
    share_chat: Annotated[bool, said("Whether recent chat, redacted, may reach a model.")]
    quiet_end_s: Annotated[float, said("How long before its end a session is left alone, in seconds.", 120.0)]
    holdout_share: Annotated[float, said("Share of falls left alone on purpose, to learn what happens anyway.", 0.1)]
    style: Annotated[ContentStyle, said("In which tone things are worded.")]
    session_modes: Annotated[dict[str, Mode], said("Modes that sessions have of their own.", {"session-7": "AUTO"})]


class Refusal(BaseModel):
    """Why a signal was refused."""

    index: Annotated[int, said("Its place in the batch, from 0.", 3)]
    reason: Annotated[str, said("What does not fit.", "field userId is missing")]


class ReceiptAnswer(BaseModel):
    """How many signals were taken."""

    accepted: Annotated[int, said("Taken.", 120)]
    rejected: Annotated[int, said("Refused.", 1)]
    reasons: Annotated[list[Refusal], said("Of the first hundred that were refused.")]
