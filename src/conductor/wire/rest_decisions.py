"""Decisions as the service and the sockets tell them; names are camelCase, as the platform's clients have them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm, Autonomy, EngagementBucket, Origin
from conductor.domain.sessions import Phase, SessionType, SizeBucket
from conductor.domain.strategies import ContentStyle
from conductor.wire.rest_content import ContentAnswer, GenerationAnswer
from conductor.wire.rest_fields import EXPIRES, AnomalyId, DecisionId, MomentText, SessionId, said

Worded = Annotated[GenerationAnswer | None, said("How it was worded; null while nobody has.")]


class Camel(BaseModel):
    """A body whose names are camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, serialize_by_alias=True)


class ContextAnswer(BaseModel):
    """The circumstances of a decision."""

    anomaly_type: Annotated[AnomalyType, said("How the room is losing its people.")]
    phase: Annotated[Phase, said("Where the session stands.")]
    session_type: Annotated[SessionType, said("The format of the session.")]
    session_size_bucket: Annotated[SizeBucket, said("How large the audience is.")]
    engagement_bucket: Annotated[EngagementBucket, said("The score in three steps.")]


class PastAnswer(Camel):
    """How the arm did in this context so far."""

    success_rate: Annotated[
        float, said("Share of its rooms that recovered, each by how probable that is; 0 without any.", 0.5)
    ]
    total_attempts: Annotated[int, said("How often it was tried here.", 4)]
    is_exploring: Annotated[bool, said("Whether it was chosen to learn, though another one is the best known.")]


class AnalysisAnswer(Camel):
    """Of `agent.analysis`: what a model makes of the room, as advice about a decision."""

    decision_id: Annotated[str, said("The decision that it is about.", "session-7-d1"), Field(alias="decision_id")]
    topic: Annotated[str, said("What the session seems to be about now.", "How hives are kept")]
    hypotheses: Annotated[
        list[str], said("Why the room may be falling, likeliest first.", ["The slide has stood for nine minutes."])
    ]
    suggested_intervention: Annotated[Arm | None, said("What the model would do; null for nothing.", "POLL")]
    generation: Annotated[GenerationAnswer | None, said("Who wrote it, and what it took.")]


class DealtAnswer(Camel):
    """What a strategy test had dealt to a room."""

    test_id: Annotated[str, said("The test.", "tones-1")]
    name: Annotated[str, said("The variant.", "playful")]


class DecisionAnswer(Camel):
    """What the agent wants to do, or does, and why."""

    id: DecisionId
    session_id: SessionId
    anomaly_id: AnomalyId
    intervention_type: Annotated[Arm, said("What is to be done.")]
    confidence: Annotated[float, said("Probability in (0, 1) that it succeeds here.", 0.62)]
    reasoning: Annotated[str, said("Why, for a person.", "The chat fell silent; polls worked here before.")]
    context: Annotated[ContextAnswer, said("The circumstances.")]
    historical_performance: Annotated[PastAnswer, said("How it did here so far.")]
    auto_approved: Annotated[bool, said("Whether the agent acts by itself.")]
    autonomy: Annotated[Autonomy, said("Whether it acts, asks first, or lets it be.")]
    origin: Annotated[Origin, said("Whose idea it was.")]
    propensity: Annotated[float, said("Probability in (0, 1] with which this arm was chosen.", 0.41)]
    propensity_alone: Annotated[float, said("Probability with which nothing would have been done; 0 for never.", 0.2)]
    adds: Annotated[
        float | None, said("How much likelier success is expected to be than without; null while unknown.", 0.12)
    ]
    score_before: Annotated[float, said("The score at the decision, in [0, 1].", 0.41)]
    content: Annotated[ContentAnswer | None, said("What is to be shown; null while a model writes it.")]
    generation: Worded
    held_out: Annotated[bool, said("Whether nothing is done, on purpose, to learn what happens anyway.")]
    style: Annotated[ContentStyle, said("In which tone it is worded.")]
    variant: Annotated[DealtAnswer | None, said("Under which variant of a test it was made; null without a test.")]
    holdout_share: Annotated[float, said("Probability with which it was left alone; 0 for never.", 0.1)]
    expires_at: Annotated[str | None, said(EXPIRES, "2027-01-15T08:01:00.000Z")]
    timestamp: MomentText


class PendingDecision(DecisionAnswer):
    """A decision that waits for an answer."""

    analysis: Annotated[AnalysisAnswer | None, said("What a model makes of the room; null while none said it.")]
