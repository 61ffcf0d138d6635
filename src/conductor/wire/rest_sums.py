"""Bodies and answers about events, demos, and how a session went."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from conductor.domain.engagement import Severity
from conductor.domain.interventions import Arm, GenerationMethod, Mode
from conductor.wire.rest import Taken
from conductor.wire.rest_fields import Epoch, EventId, InterventionId, SessionId, said


class EventAnswer(BaseModel):
    """An event that has sessions, as far as the caller may see them."""

    event_id: Annotated[str, said("The event.", "event-1")]
    sessions: Annotated[int, said("Its sessions, those that are over too.", 12)]
    open_sessions: Annotated[int, said("Of these, how many the agent is watching now.", 3)]
    last_activity_at: Annotated[float, said("When something was last heard of any, in epoch seconds.", 1800000000.0)]


class EventsAnswer(BaseModel):
    """Events, the most recently active first."""

    events: Annotated[list[EventAnswer], said("Those that the caller may see.")]


class DemoBody(Taken):
    """How much the agent may do by itself in the demo."""

    mode: Mode = Field(Mode.AUTO, description="MANUAL and SEMI_AUTO ask first.", examples=["AUTO"])


class DemoAnswer(BaseModel):
    """A demo that is being shown; it ends by itself."""

    session_id: SessionId
    event_id: EventId
    title: Annotated[str, said("The title of its session.", "Building with language models")]
    mode: Annotated[Mode, said("How much the agent may do by itself there.")]
    ends_at: Annotated[float, said("When it ends at the latest, in epoch seconds.", 1800000100.0)]


class ScoreSummary(BaseModel):
    """How the score went."""

    peak: Annotated[float, said("The highest, in [0, 1].", 0.91)]
    peak_at: Epoch
    low: Annotated[float, said("The lowest, in [0, 1].", 0.22)]
    low_at: Epoch
    average: Annotated[float, said("Every moment counts alike; in [0, 1].", 0.68)]
    last: Annotated[float, said("The last, in [0, 1].", 0.74)]


class SummedOutcome(BaseModel):
    """What became of the room after an intervention."""

    success: Annotated[bool, said("Whether the score rose by as much as counts as success: 0.1.")]
    before: Annotated[float, said("The score at the decision, in [0, 1].", 0.41)]
    after: Annotated[float, said("The score at the end of the outcome window, in [0, 1].", 0.66)]
    delta: Annotated[float, said("After minus before.", 0.25)]
    measured_at: Epoch


class SummedIntervention(BaseModel):
    """Something that was done, and its outcome."""

    intervention_id: InterventionId
    at: Epoch
    type: Annotated[Arm, said("What was done.")]
    method: Annotated[GenerationMethod, said("Who worded it.")]
    delivered_to: Annotated[int, said("People who could see it.", 118)]
    outcome: Annotated[SummedOutcome | None, said("How the room went on; null where that was not measured (yet).")]


class SummaryAnswer(BaseModel):
    """How a session went since it was last opened."""

    session_id: SessionId
    event_id: EventId
    title: Annotated[str, said("Empty where unknown.", "Scaling live events")]
    opened_at: Annotated[float | None, said("When it was opened, in epoch seconds; null if unknown.", 1800000000.0)]
    last_score_at: Annotated[
        float | None, said("When it was last scored, in epoch seconds; null for never.", 1800003600.0)
    ]
    scored_s: Annotated[float, said("Seconds for which there are scores.", 3600.0)]
    under_half_s: Annotated[float, said("Seconds of these in which the score was under 0.5.", 240.0)]
    score: Annotated[ScoreSummary | None, said("How the score went; null where there is none.")]
    anomalies: Annotated[
        dict[Severity, int], said("Falls, each by the worst that it became.", {"WARNING": 1, "CRITICAL": 2})
    ]
    interventions: Annotated[list[SummedIntervention], said("What was done, oldest first.")]
    measured: Annotated[int, said("Interventions whose outcome was measured.", 2)]
    successes: Annotated[int, said("Those of them that count as a success.", 1)]


class AskedQuestion(BaseModel):
    """What somebody asked in the Q&A."""

    question_id: Annotated[str, said("The question's id.", "q-4")]
    content: Annotated[str, said("As it was asked.", "What does it cost to run this?")]


class AskedQuestionsAnswer(BaseModel):
    """Some questions of a session."""

    session_id: SessionId
    questions: Annotated[list[AskedQuestion], said("In the order in which they were asked for.")]


class ArmSoFar(BaseModel):
    """What had been seen of an arm when another outcome of it was measured."""

    at: Epoch
    attempts: Annotated[int, said("Outcomes until then, this one too.", 5)]
    successes: Annotated[float, said("How many of these rooms had recovered, each by how probable that is.", 3.2)]


class Narrowing(BaseModel):
    """What was seen of an arm, outcome by outcome."""

    type: Annotated[Arm, said("What was done.")]
    points: Annotated[list[ArmSoFar], said("Oldest first; empty where it was not tried.")]


class NarrowingAnswer(BaseModel):
    """How what is believed of each arm narrowed."""

    arms: Annotated[list[Narrowing], said("One for each type of intervention.")]
