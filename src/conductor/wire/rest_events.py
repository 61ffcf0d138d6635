"""What messages to organisers tell, as schemas: the data of each type."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel

from conductor.domain.budget import BudgetWindow
from conductor.domain.engagement import AnomalyType, RoomState, Severity
from conductor.domain.holds import HoldReason
from conductor.domain.interventions import Arm, Mode
from conductor.domain.outages import Component
from conductor.domain.sessions import Phase, SessionType
from conductor.domain.status import AgentStatus
from conductor.wire.rest_content import ContentAnswer, GenerationAnswer
from conductor.wire.rest_decisions import DecisionAnswer
from conductor.wire.rest_fields import AnomalyId, DecisionId, InterventionId, MomentText, said

Score = Annotated[float, said("In [0, 1].", 0.62)]
Why = Annotated[str, said("Why, as a part of a sentence for a person.", "nobody answered in time")]
Planned = Annotated[str | None, said("As planned, in ISO 8601 (UTC); null where unknown.", "2027-01-15T08:00:00.000Z")]


class PartData(BaseModel):
    """One part of the score."""

    name: Annotated[str, said("chat, polls, active, reactions or staying.", "chat")]
    level: Annotated[float, said("How the room does in it, in [0, 1]; 0.75 is normal.", 0.4)]
    weight: Annotated[float, said("Its share of the score, in [0, 1].", 0.3)]
    contribution: Annotated[float, said("Level times weight; all of them make the score.", 0.12)]


class SignalsData(BaseModel):
    """What was counted in the current window, 60 s at most."""

    chat_per_min: Annotated[float, said("Messages a minute.", 12.0)]
    questions_per_min: Annotated[float, said("Questions a minute.", 0.5)]
    reactions_per_min: Annotated[float, said("Reactions a minute.", 3.5)]
    upvotes_per_min: Annotated[float, said("Upvotes of questions a minute.", 1.0)]
    votes_per_min: Annotated[float, said("Votes in polls a minute.", 4.0)]
    poll_participation: Annotated[float, said("Share of the people who vote, in [0, 1].", 0.33)]
    present: Annotated[int, said("People present.", 120)]
    active: Annotated[int, said("People who did something lately.", 61)]
    joins_per_min: Annotated[float, said("People who came, a minute.", 2.0)]
    leaves_per_min: Annotated[float, said("People who left, a minute.", 4.0)]
    focus_ratio: Annotated[float, said("Share of the people who look here, in [0, 1].", 0.8)]
    presence_s: Annotated[float, said("How long people have been here, in seconds, on average.", 900.0)]
    response_s: Annotated[float, said("How long people take to vote or answer, in seconds.", 7.5)]
    words_per_min: Annotated[float, said("How fast the speaker speaks, in words a minute.", 130.0)]
    slides_per_min: Annotated[float, said("Slides a minute.", 0.5)]
    elapsed_s: Annotated[float, said("Since the session began, in seconds.", 900.0)]
    phase: Annotated[Phase, said("Where the session stands.")]


class UpdateData(BaseModel):
    """Of `engagement.update`."""

    score: Score
    parts: Annotated[list[PartData], said("What it is made of.")]
    signals: Annotated[SignalsData, said("What was counted.")]
    state: Annotated[RoomState, said("What can be said of the room.")]
    unprompted: Annotated[
        float | None, said("Once a minute its score without what the agent prompted; else null.", 0.58)
    ]


class AnomalyData(BaseModel):
    """Of `anomaly.detected`."""

    anomaly_id: AnomalyId
    type: Annotated[AnomalyType, said("How the room is losing its people.")]
    severity: Annotated[Severity, said("How sure and how grave.")]
    evidence: Annotated[float, said("Probability in [0, 1] that the room has really fallen.", 0.86)]
    current: Annotated[float, said("Score in [0, 1] since the fall began.", 0.41)]
    expected: Annotated[float, said("What the score should be, in [0, 1].", 0.7)]
    deviation: Annotated[float, said("Standard deviations from what was expected; negative below.", -4.2)]


class ClearedData(BaseModel):
    """Of `anomaly.cleared`."""

    anomaly_id: AnomalyId
    became_normal: Annotated[bool, said("Whether the fall stood so long that it counts as normal now.")]


class StatusData(BaseModel):
    """Of `agent.status`."""

    status: Annotated[AgentStatus, said("What the agent is doing.")]
    mode: Annotated[Mode, said("How much it may do by itself.")]


class DecisionData(BaseModel):
    """Of `agent.decision`: told again once a model has worded it, and once an organiser has edited it."""

    decision: Annotated[DecisionAnswer, said("What it wants to do, or does.")]


class HoldData(BaseModel):
    """Of `agent.hold`: nothing is done about an anomaly, and why."""

    anomaly_id: AnomalyId
    reason: Annotated[HoldReason, said("Why, for programs.")]
    explanation: Annotated[str, said("Why, for a person.", "A poll is open; it asks again in 60 s.")]
    foreseen: Annotated[Arm | None, said("What it will do if the fall becomes critical; null for nothing.", "POLL")]
    propensity: Annotated[float | None, said("Probability of doing nothing; null if no coin was thrown.", 0.4)]


class AnsweredData(BaseModel):
    """Of `agent.decision.answered`: an organiser said yes or no, and that stands."""

    decision_id: DecisionId
    verdict: Annotated[Literal["APPROVED", "REJECTED"], said("What they said.")]
    by: Annotated[str, said("Their id.", "olga")]
    name: Annotated[str, said("How others see them; empty where nobody knows.", "Olga")]
    reason: Annotated[str, said("Why it was rejected; empty where nobody said so.", "We are about to break.")]
    at: MomentText


class LapsedData(BaseModel):
    """Of `agent.decision.lapsed`: it is not carried out."""

    decision_id: DecisionId
    why: Why


class ExecutedData(BaseModel):
    """Of `agent.intervention.executed`."""

    intervention_id: InterventionId
    decision_id: DecisionId
    type: Annotated[Arm, said("What was done.")]
    content: Annotated[ContentAnswer, said("What was shown.")]
    generation: Annotated[GenerationAnswer, said("How it was worded.")]
    delivered_to: Annotated[int, said("People who could see it.", 118)]


class OutcomeData(BaseModel):
    """Of `agent.outcome`: how the room went on."""

    intervention_id: InterventionId
    decision_id: DecisionId
    success: Annotated[bool, said("Whether it rose by as much as counts as success: 0.1.")]
    engagement_before: Annotated[float, said("The score at the decision, in [0, 1].", 0.41)]
    engagement_after: Annotated[float, said("The score 120 s after the delivery, in [0, 1].", 0.66)]
    delta: Annotated[float, said("After minus before.", 0.25)]
    held_out: Annotated[bool, said("Whether nothing was done, on purpose.")]


class UnknownData(BaseModel):
    """Of `agent.outcome.unknown`: how the room went on will never be known."""

    intervention_id: InterventionId
    decision_id: DecisionId
    why: Why


class BudgetData(BaseModel):
    """Of `agent.budget`: most of what models may cost is spent or set aside."""

    window: Annotated[BudgetWindow, said("In which stretch of time.")]
    spent_usd: Annotated[float, said("Spent or set aside, in US dollars.", 16.5)]
    limit_usd: Annotated[float, said("What may be spent, in US dollars.", 20.0)]


class MissingAnswer(BaseModel):
    """Something that the agent does without."""

    component: Annotated[Component, said("What is gone: the road of signals and news, the memory, or who words.")]
    since: Annotated[str, said("Since when, in ISO 8601.", "2026-11-21T09:30:00.000Z")]


class DegradedData(MissingAnswer):
    """Of `agent.degraded`: the agent does without something, or has it again."""

    until: Annotated[str | None, said("Until when; null as long as it is gone.", "2026-11-21T09:31:20.000Z")]


class ProfileData(BaseModel):
    """What is known of a session."""

    title: Annotated[str, said("Empty where unknown.", "Scaling live events")]
    description: Annotated[str, said("Empty where unknown.", "How we serve a million viewers")]
    type: Annotated[SessionType, said("Its format.")]
    topics: Annotated[list[str], said("What it is about.", ["video", "scale"])]
    speaker: Annotated[str, said("Empty where unknown.", "speaker-1")]
    starts_at: Planned
    ends_at: Planned


class OpenedData(BaseModel):
    """Of `session.opened`."""

    profile: Annotated[ProfileData, said("What is known of it.")]


class ClosedData(BaseModel):
    """Of `session.closed`: nothing."""
