"""Messages that sockets tell organisers, as schemas: one for each type, and what comes on subscribing.

Socket.IO has no description of its own, so that these stand among the schemas of the HTTP service. Readers pass over
types that they do not know.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, RootModel
from pydantic.json_schema import models_json_schema

from conductor.domain.engagement import RoomState
from conductor.domain.interventions import Mode
from conductor.domain.status import AgentStatus
from conductor.wire.rest_decisions import AnalysisAnswer, PendingDecision
from conductor.wire.rest_events import (
    AnomalyData,
    AnsweredData,
    BudgetData,
    ClearedData,
    ClosedData,
    DecisionData,
    DegradedData,
    ExecutedData,
    HoldData,
    LapsedData,
    MissingAnswer,
    OpenedData,
    OutcomeData,
    ProfileData,
    StatusData,
    UnknownData,
    UpdateData,
)
from conductor.wire.rest_fields import EventId, MomentText, SessionId, said
from conductor.wire.signals import Fields


class Message(BaseModel):
    """What every message has."""

    session_id: SessionId
    event_id: EventId
    timestamp: MomentText


class EngagementUpdateMessage(Message):
    """The score of a room, every five seconds."""

    type: Annotated[Literal["engagement.update"], said("What it tells.")]
    data: Annotated[UpdateData, said("What there is to tell.")]


class AnomalyDetectedMessage(Message):
    """A room is losing its people, or a warning became critical."""

    type: Annotated[Literal["anomaly.detected"], said("What it tells.")]
    data: Annotated[AnomalyData, said("What there is to tell.")]


class AnomalyClearedMessage(Message):
    """A fall is over."""

    type: Annotated[Literal["anomaly.cleared"], said("What it tells.")]
    data: Annotated[ClearedData, said("What there is to tell.")]


class AgentStatusMessage(Message):
    """The agent does something else now."""

    type: Annotated[Literal["agent.status"], said("What it tells.")]
    data: Annotated[StatusData, said("What there is to tell.")]


class AgentDecisionMessage(Message):
    """The agent decided to do something, or asks whether to."""

    type: Annotated[Literal["agent.decision"], said("What it tells.")]
    data: Annotated[DecisionData, said("What there is to tell.")]


class AgentAnalysisMessage(Message):
    """What a model makes of the room."""

    type: Annotated[Literal["agent.analysis"], said("What it tells.")]
    data: Annotated[AnalysisAnswer, said("What there is to tell.")]


class AgentHoldMessage(Message):
    """The agent lets an anomaly pass."""

    type: Annotated[Literal["agent.hold"], said("What it tells.")]
    data: Annotated[HoldData, said("What there is to tell.")]


class DecisionAnsweredMessage(Message):
    """An organiser approved or rejected what the agent asks; it may be told twice, and then is the same."""

    type: Annotated[Literal["agent.decision.answered"], said("What it tells.")]
    data: Annotated[AnsweredData, said("What there is to tell.")]


class DecisionLapsedMessage(Message):
    """A decision is not carried out."""

    type: Annotated[Literal["agent.decision.lapsed"], said("What it tells.")]
    data: Annotated[LapsedData, said("What there is to tell.")]


class InterventionExecutedMessage(Message):
    """Something was shown to the room."""

    type: Annotated[Literal["agent.intervention.executed"], said("What it tells.")]
    data: Annotated[ExecutedData, said("What there is to tell.")]


class AgentOutcomeMessage(Message):
    """How the room went on."""

    type: Annotated[Literal["agent.outcome"], said("What it tells.")]
    data: Annotated[OutcomeData, said("What there is to tell.")]


class OutcomeUnknownMessage(Message):
    """How the room went on will never be known."""

    type: Annotated[Literal["agent.outcome.unknown"], said("What it tells.")]
    data: Annotated[UnknownData, said("What there is to tell.")]


class AgentBudgetMessage(Message):
    """Models have cost most of what they may."""

    type: Annotated[Literal["agent.budget"], said("What it tells.")]
    data: Annotated[BudgetData, said("What there is to tell.")]


class AgentDegradedMessage(Message):
    """The agent does without something for a while, or has it again."""

    type: Annotated[Literal["agent.degraded"], said("What it tells.")]
    data: Annotated[DegradedData, said("What there is to tell.")]


class SessionOpenedMessage(Message):
    """The agent watches a session."""

    type: Annotated[Literal["session.opened"], said("What it tells.")]
    data: Annotated[OpenedData, said("What there is to tell.")]


class SessionClosedMessage(Message):
    """A session ended."""

    type: Annotated[Literal["session.closed"], said("What it tells.")]
    data: Annotated[ClosedData, said("What there is to tell.")]


AnyMessage = Annotated[
    EngagementUpdateMessage
    | AnomalyDetectedMessage
    | AnomalyClearedMessage
    | AgentStatusMessage
    | AgentDecisionMessage
    | AgentAnalysisMessage
    | AgentHoldMessage
    | DecisionAnsweredMessage
    | DecisionLapsedMessage
    | InterventionExecutedMessage
    | AgentOutcomeMessage
    | OutcomeUnknownMessage
    | AgentBudgetMessage
    | AgentDegradedMessage
    | SessionOpenedMessage
    | SessionClosedMessage,
    Field(discriminator="type"),
]


class EventMessage(RootModel[AnyMessage]):
    """Any message of a session's events, as sockets emit it under its type."""


class AskedDecision(PendingDecision):
    """A decision that waits for an answer, or was answered and is not carried out yet."""

    answered: Annotated[AnsweredData | None, said("Who answered it, and how; null while nobody has.")]


class AgentSnapshot(BaseModel):
    """`agent.snapshot`: what somebody sees who has just come to look."""

    session_id: SessionId
    timestamp: Annotated[MomentText, said("When it was made, by the service's clock.", "2027-01-15T08:00:30.000Z")]
    event_id: Annotated[str | None, said("The event of the session; null where nobody heard of it.", "event-1")]
    is_open: Annotated[bool, said("Whether the agent is watching it now.")]
    profile: Annotated[ProfileData | None, said("What is known of it; null where nothing is.")]
    status: Annotated[AgentStatus, said("What the agent is doing.")]
    mode: Annotated[Mode | None, said("How much it may do by itself; null before it said so.")]
    degraded: Annotated[list[MissingAnswer], said("What the agent does without at present; empty if nothing.")]
    score: Annotated[float | None, said("The last score, in [0, 1]; null before the first.", 0.62)]
    state: Annotated[RoomState | None, said("What can be said of the room; null before the first score.")]
    updates: Annotated[list[EngagementUpdateMessage], said("Scores of five minutes up to the last one, oldest first.")]
    pending: Annotated[AskedDecision | None, said("What the agent asks; null if nothing.")]
    history: Annotated[list[EventMessage], said("The last hundred other messages but `agent.status`, oldest first.")]


def message_schemas() -> Fields:
    """The schemas of all messages by their names, as components of the description of the API."""
    _, found = models_json_schema(
        [(EventMessage, "serialization"), (AgentSnapshot, "serialization")],
        ref_template="#/components/schemas/{model}",
    )
    schemas: Fields = found["$defs"]
    return schemas
