"""What happened, in the past tense. Store, sockets, metrics and audit only listen to these."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.budget import BudgetWindow
from conductor.domain.engagement import Anomaly, RoomSignals, RoomState, ScorePart
from conductor.domain.holds import Hold
from conductor.domain.interventions import Decision, Intervention, Mode, Outcome
from conductor.domain.sessions import SessionProfile
from conductor.domain.status import AgentStatus
from conductor.domain.trials import FollowUp, Trial
from conductor.domain.wording import Analysis


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """A session was seen for the first time."""

    session_id: str
    event_id: str
    at: float
    profile: SessionProfile


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """A session ended, and its memory was freed."""

    session_id: str
    event_id: str
    at: float


@dataclass(frozen=True, slots=True)
class EngagementUpdated:
    """A tick's score of one session.

    Attributes:
        evidence: Probability in [0, 1] that the room has fallen.
        unprompted: Once a minute, at its last tick, the score of that minute alone, without what the agent prompted;
            None at all other ticks, and while the feed is lost.
    """

    session_id: str
    event_id: str
    at: float
    score: float
    parts: tuple[ScorePart, ...]
    signals: RoomSignals
    state: RoomState
    evidence: float
    unprompted: float | None = None


@dataclass(frozen=True, slots=True)
class AnomalyDetected:
    """A room was found to be losing its people, or an earlier warning became critical."""

    anomaly: Anomaly


@dataclass(frozen=True, slots=True)
class AnomalyCleared:
    """The evidence of a fall is gone.

    Attributes:
        became_normal: Whether the fall stood so long that it counts as normal now; otherwise the room recovered, or
            its feed was lost.
    """

    anomaly_id: str
    session_id: str
    event_id: str
    at: float
    became_normal: bool = False


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """The agent decided to do something."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class DecisionWorded:
    """What a decision is to show came after it was made: a model had to be asked."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class ContextAnalysed:
    """A model said what it makes of the room, as advice to whoever is asked about a decision."""

    decision_id: str
    session_id: str
    event_id: str
    at: float
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class DecisionHeld:
    """The agent decided to let an anomaly pass."""

    hold: Hold


@dataclass(frozen=True, slots=True)
class DecisionLapsed:
    """A decision was not carried out: nobody was there to ask, it was rejected, or it came too late."""

    decision_id: str
    session_id: str
    event_id: str
    at: float
    why: str


@dataclass(frozen=True, slots=True)
class InterventionExecuted:
    """Something was delivered to the room."""

    intervention: Intervention


@dataclass(frozen=True, slots=True)
class OutcomeMeasured:
    """The outcome window of an intervention ended, and the posterior took it in."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """What became of a room will never be known: the feed was lost, or the session ended too soon.

    Where nothing was done, on purpose, the id is that which an intervention would have had.
    """

    intervention_id: str
    decision_id: str
    session_id: str
    event_id: str
    at: float
    why: str


@dataclass(frozen=True, slots=True)
class TrialEnded:
    """A decision whose coin was tossed has come to its horizon, or its room will never be known there."""

    trial: Trial


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """A decision without a coin, for an arm or for nothing, has come to its horizon, or its room is not known there."""

    follow_up: FollowUp


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The agent does something else now in a session, or may do more or less by itself."""

    session_id: str
    event_id: str
    at: float
    status: AgentStatus
    mode: Mode


@dataclass(frozen=True, slots=True)
class BudgetNearLimit:
    """Most of what models may cost in a window is spent or set aside; the session is the one whose question did it."""

    session_id: str
    event_id: str
    at: float
    window: BudgetWindow
    spent_usd: float
    limit_usd: float


Tellable = (
    SessionOpened
    | SessionClosed
    | EngagementUpdated
    | AnomalyDetected
    | AnomalyCleared
    | DecisionMade
    | DecisionWorded
    | ContextAnalysed
    | DecisionHeld
    | DecisionLapsed
    | InterventionExecuted
    | OutcomeMeasured
    | OutcomeUnknown
    | StatusChanged
    | BudgetNearLimit
)
"""What is told to whoever listens."""

Event = Tellable | TrialEnded | FollowedUp
"""Everything that happened; how a trial or a follow-up ended is kept only: as an outcome it is told."""
