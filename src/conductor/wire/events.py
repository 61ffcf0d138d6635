"""What happened, as it is told to everybody outside: one message for each event.

`{"type", "session_id", "event_id", "timestamp", "data"}`; scores have four digits, times are ISO 8601 in UTC to the
millisecond. Readers pass over types that they do not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from msgspec import Struct

from conductor.domain.bus import ENGAGEMENT, ENGAGEMENT_KEPT, HAPPENINGS, HAPPENINGS_KEPT, Entry, Kept, Message
from conductor.domain.engagement import Anomaly
from conductor.domain.events import (
    AnomalyCleared,
    AnomalyDetected,
    BudgetNearLimit,
    ContextAnalysed,
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    DecisionWorded,
    EngagementUpdated,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
    SessionClosed,
    SessionOpened,
    StatusChanged,
    Tellable,
)
from conductor.domain.holds import Hold
from conductor.domain.interventions import Decision, Intervention, Outcome
from conductor.domain.outages import AgentDegraded
from conductor.errors import InvalidInput
from conductor.wire.bodies import Id, Moment
from conductor.wire.reading import Json, json_bytes, moment_of, moment_text, read_as
from conductor.wire.signals import Fields
from conductor.wire.telling import (
    analysis_fields,
    anomaly_fields,
    decision_fields,
    hold_fields,
    intervention_fields,
    outcome_fields,
    profile_fields,
    update_fields,
)

ENGAGEMENT_UPDATE = "engagement.update"
ANOMALY_DETECTED = "anomaly.detected"
ANOMALY_CLEARED = "anomaly.cleared"
AGENT_STATUS = "agent.status"
AGENT_DECISION = "agent.decision"
AGENT_ANALYSIS = "agent.analysis"
AGENT_HOLD = "agent.hold"
DECISION_ANSWERED = "agent.decision.answered"
DECISION_LAPSED = "agent.decision.lapsed"
EXECUTED = "agent.intervention.executed"
AGENT_BUDGET = "agent.budget"
AGENT_DEGRADED = "agent.degraded"
AGENT_OUTCOME = "agent.outcome"
OUTCOME_UNKNOWN = "agent.outcome.unknown"
SESSION_OPENED = "session.opened"
SESSION_CLOSED = "session.closed"

OLD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        ENGAGEMENT_UPDATE: "engagement:update",
        ANOMALY_DETECTED: "anomaly:detected",
        AGENT_DECISION: "agent:action",
        EXECUTED: "agent:action",
        AGENT_OUTCOME: "agent:outcome",
    }
)
"""Under which names older clients of the sockets know these types."""

MESSAGE_FIELD = "message"
"""The field of a stream's entry that holds the whole message."""


class EventShape(Struct):
    """What every message of an event has; `data` differs by type."""

    type: Id
    session_id: Id
    event_id: Id
    timestamp: Moment
    data: dict[str, object]


class _Scored(Struct):
    score: float
    signals: dict[str, object]


class _ScoreShape(Struct):
    data: _Scored


def event_message(event: Tellable | AgentDegraded) -> Fields:
    """The message that tells this event: what `read_event` gives again after a journey as JSON."""
    kind, about, data = _told(event)
    return {
        "type": kind,
        "session_id": about.session_id,
        "event_id": about.event_id,
        "timestamp": moment_text(about.at),
        "data": data,
    }


def events_channel(session_id: str) -> str:
    """Where a session's events are told; `*` listens to all sessions."""
    return f"session:{session_id}:events"


def publication(message: Fields) -> Message:
    """The message as it is said to whoever listens now."""
    return Message(events_channel(str(message["session_id"])), json_bytes(message))


def entry(message: Fields) -> Entry:
    """The message as it is kept: scores in `engagement:{id}`, everything else in `events:{id}`."""
    session_id, whole = str(message["session_id"]), (MESSAGE_FIELD, json_bytes(message))
    if message["type"] != ENGAGEMENT_UPDATE:
        return Entry(HAPPENINGS + session_id, (whole,), HAPPENINGS_KEPT)
    return Entry(ENGAGEMENT + session_id, (*_score_fields(message), whole), ENGAGEMENT_KEPT)


def read_event(data: Json) -> Fields:
    """The message that this JSON is, with whatever else its writer put there.

    Raises:
        InvalidInput: What every message has is not there; the message names the field.
    """
    read_as(EventShape, data, "event")
    return data if isinstance(data, dict) else read_as(dict[str, object], data, "event")


def read_entry(kept: Kept) -> Fields:
    """The message that an entry of `engagement:{id}` or `events:{id}` holds.

    Raises:
        InvalidInput: It holds none, or one that does not fit.
    """
    for name, value in kept.fields:
        if name == MESSAGE_FIELD:
            return read_event(value)
    raise InvalidInput(f"entry {kept.entry_id} of stream {kept.stream}: field {MESSAGE_FIELD} is missing")


_About = (
    SessionOpened
    | SessionClosed
    | EngagementUpdated
    | AnomalyCleared
    | DecisionLapsed
    | OutcomeUnknown
    | StatusChanged
    | BudgetNearLimit
    | AgentDegraded
    | ContextAnalysed
    | Anomaly
    | Decision
    | Hold
    | Intervention
    | Outcome
)
"""What says of which session it is, and when it was."""


def _told(event: Tellable | AgentDegraded) -> tuple[str, _About, Fields]:
    """Type, what it is about, and data."""
    match event:
        case EngagementUpdated():
            return ENGAGEMENT_UPDATE, event, update_fields(event)
        case AnomalyDetected(anomaly):
            return ANOMALY_DETECTED, anomaly, anomaly_fields(anomaly)
        case DecisionMade() | DecisionWorded() | DecisionHeld() | InterventionExecuted() | OutcomeMeasured():
            return _told_done(event)
        case StatusChanged() | ContextAnalysed() | BudgetNearLimit() | AgentDegraded():
            return _told_of_agent(event)
        case _:
            return _told_shortly(event)


_OfAgent = StatusChanged | ContextAnalysed | BudgetNearLimit | AgentDegraded


def _told_of_agent(event: _OfAgent) -> tuple[str, _About, Fields]:
    match event:
        case StatusChanged():
            return AGENT_STATUS, event, {"status": event.status.value, "mode": event.mode.value}
        case ContextAnalysed():
            return AGENT_ANALYSIS, event, {"decision_id": event.decision_id, **analysis_fields(event.analysis)}
        case BudgetNearLimit():
            spent = {"spent_usd": event.spent_usd, "limit_usd": event.limit_usd}
            return AGENT_BUDGET, event, {"window": event.window.value, **spent}
        case AgentDegraded():
            gone = {"component": event.component.value, "since": moment_text(event.since)}
            return AGENT_DEGRADED, event, gone | {"until": moment_text(event.at) if event.is_over else None}


_Done = DecisionMade | DecisionWorded | DecisionHeld | InterventionExecuted | OutcomeMeasured


def _told_done(event: _Done) -> tuple[str, _About, Fields]:
    match event:
        case DecisionMade(decision) | DecisionWorded(decision):
            return AGENT_DECISION, decision, {"decision": decision_fields(decision)}
        case DecisionHeld(hold):
            return AGENT_HOLD, hold, hold_fields(hold)
        case InterventionExecuted(intervention):
            return EXECUTED, intervention, intervention_fields(intervention)
        case OutcomeMeasured(outcome):
            return AGENT_OUTCOME, outcome, outcome_fields(outcome)


_Short = SessionOpened | SessionClosed | AnomalyCleared | DecisionLapsed | OutcomeUnknown


def _told_shortly(event: _Short) -> tuple[str, _About, Fields]:
    match event:
        case SessionOpened():
            return SESSION_OPENED, event, {"profile": profile_fields(event.profile)}
        case SessionClosed():
            return SESSION_CLOSED, event, {}
        case AnomalyCleared():
            return ANOMALY_CLEARED, event, {"anomaly_id": event.anomaly_id, "became_normal": event.became_normal}
        case DecisionLapsed():
            return DECISION_LAPSED, event, {"decision_id": event.decision_id, "why": event.why}
        case OutcomeUnknown():
            ids = {"intervention_id": event.intervention_id, "decision_id": event.decision_id}
            return OUTCOME_UNKNOWN, event, {**ids, "why": event.why}


def key_of(value: bytes) -> tuple[object, ...] | None:
    """What tells a message of a stream from all but its repetitions; None if it is none of ours."""
    try:
        told = take_apart(read_event(value))
    except InvalidInput:
        return None
    return None if told is None else (told.session_id, *told.key)


def _score_fields(message: Fields) -> tuple[tuple[str, bytes], ...]:
    """What a reader of the stream `engagement:{id}` finds beside the whole message."""
    data = read_as(_ScoreShape, message, "event").data
    timestamp = str(message["timestamp"]).encode()
    return ("score", json_bytes(data.score)), ("signals", json_bytes(data.signals)), ("timestamp", timestamp)


@dataclass(frozen=True, slots=True)
class Told:
    """A message, taken apart."""

    type: str
    session_id: str
    event_id: str
    at: float
    data: Fields
    message: Fields

    @property
    def key(self) -> tuple[object, ...]:
        """The same for a message and its repetition, and for no others."""
        decision = inside(self.data, "decision")
        ids = tuple(str(self.data.get(name)) for name in _TELLING)
        # One decision may be told of one moment as a question without and with its words, and as approved.
        said = (str(decision.get("id")), str(decision.get("autonomy")), decision.get("content") is not None)
        return self.type, self.at, *ids, *said


_TELLING = ("anomaly_id", "intervention_id", "decision_id", "status", "mode", "window", "component")


def take_apart(message: Fields) -> Told | None:
    """The message by its parts; None if it lacks what every message has."""
    kind, session_id, event_id = (message.get(name) for name in ("type", "session_id", "event_id"))
    at, data = moment_of(message.get("timestamp")), message.get("data")
    if not (isinstance(kind, str) and isinstance(session_id, str) and isinstance(event_id, str)):
        return None
    if at is None or not isinstance(data, dict):
        return None
    return Told(kind, session_id, event_id, at, data, message)


def inside(data: Fields, name: str) -> Fields:
    """The object under a name; empty if there is none."""
    found = data.get(name)
    return found if isinstance(found, dict) else {}
