"""What the agent does for a room: arm, proposal, content, approval, outcome."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conductor.domain.engagement import AnomalyType
from conductor.domain.sessions import Phase, SessionType, SizeBucket
from conductor.domain.strategies import ContentStyle, Dealt


class Arm(StrEnum):
    """The four things the agent can do."""

    POLL = "POLL"
    CHAT_PROMPT = "CHAT_PROMPT"
    NUDGE = "NUDGE"
    QNA_PROMOTE = "QNA_PROMOTE"


class Mode(StrEnum):
    """How much the agent may do by itself."""

    MANUAL = "MANUAL"
    SEMI_AUTO = "SEMI_AUTO"
    AUTO = "AUTO"


class EngagementBucket(StrEnum):
    """The score in three steps: the dashboard's colours."""

    LOW = "low"
    FAIR = "fair"
    HIGH = "high"


def engagement_bucket(score: float) -> EngagementBucket:
    """Low under 0.5, high over 0.7 (the thresholds of the dashboard), fair between."""
    if score < 0.5:
        return EngagementBucket.LOW
    return EngagementBucket.HIGH if score > 0.7 else EngagementBucket.FAIR


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances in which a decision is made; the first four tell posteriors apart."""

    anomaly_type: AnomalyType
    phase: Phase
    session_type: SessionType
    session_size_bucket: SizeBucket
    engagement_bucket: EngagementBucket


@dataclass(frozen=True, slots=True)
class PastPerformance:
    """How an arm has done in a context so far, and whether it was chosen to learn rather than as the best known.

    The rate of success, in [0, 1], is the mean of how probably its rooms recovered; 0 without attempts.
    """

    success_rate: float
    attempts: int
    is_exploring: bool


class Autonomy(StrEnum):
    """What the mode allows the agent to do with a proposal."""

    ACT = "ACT"
    ASK = "ASK"
    SKIP = "SKIP"


class Origin(StrEnum):
    """Whose idea an intervention was."""

    AGENT = "AGENT"
    ORGANISER = "ORGANISER"


@dataclass(frozen=True, slots=True)
class Decision:
    """The agent's answer to an anomaly: do this, and why.

    Attributes:
        confidence: Probability in (0, 1) that the arm succeeds here (mean of its posterior).
        propensity: Probability in (0, 1] with which this arm was chosen among those allowed, given that one is used.
        propensity_alone: Probability in [0, 1) with which the room would have been left alone instead.
        adds: How much likelier success is expected to be with this arm than without, in (-1, 1); None while unknown.
        expires_at: When an unanswered question lapses; None if nobody is asked.
        origin: Whose idea it was. What an organiser wants teaches nothing: no coin chose it.
        content: What is to be shown, and how it came about (`generation`); both None until it is worded.
        coin: In [0, 1), None if none was tossed; under `holdout_share` it is `held_out`: nothing is done, on purpose.
        trial_ends_at: When the room is scored after it, held out or not; None where nothing is learned from it.
        style: In which tone it is worded.
        variant: What a strategy test had dealt to the room at that moment; None without a test.
    """

    decision_id: str
    anomaly_id: str
    session_id: str
    event_id: str
    at: float
    arm: Arm
    confidence: float
    propensity: float
    reasoning: str
    context: Context
    past: PastPerformance
    autonomy: Autonomy
    score_before: float
    expires_at: float | None = None
    origin: Origin = Origin.AGENT
    content: Content | None = None
    generation: Generation | None = None
    held_out: bool = False
    holdout_share: float = 0.0
    coin: float | None = None
    trial_ends_at: float | None = None
    adds: float | None = None
    propensity_alone: float = 0.0
    style: ContentStyle = ContentStyle.FRIENDLY
    variant: Dealt | None = None


class PollTiming(StrEnum):
    """When a poll appears."""

    IMMEDIATE = "IMMEDIATE"
    NEXT_TRANSITION = "NEXT_TRANSITION"


@dataclass(frozen=True, slots=True)
class PollContent:
    """A poll as attendees see it: a question with 3 or 4 options."""

    question: str
    options: tuple[str, ...]
    timing: PollTiming = PollTiming.IMMEDIATE
    display_duration_s: float = 60.0
    show_results: bool = True


@dataclass(frozen=True, slots=True)
class PromptContent:
    """A message in the chat that invites discussion. `target_users` empty means everybody."""

    message: str
    pinned: bool = True
    highlighted: bool = True
    target_users: tuple[str, ...] = ()


class Segment(StrEnum):
    """Whom a nudge is for."""

    DISENGAGED = "DISENGAGED"
    LURKERS = "LURKERS"
    FIRST_TIME = "FIRST_TIME"


@dataclass(frozen=True, slots=True)
class NudgeContent:
    """A private reminder. `{{name}}` and `{{action}}` are filled in at delivery, person by person."""

    message: str
    call_to_action: str
    segment: Segment
    expires_after_s: float = 300.0


class QnaStrategy(StrEnum):
    """How questions are brought forward."""

    SURFACE_BEST = "SURFACE_BEST"
    REQUEST_NEW = "REQUEST_NEW"
    SEED_QUESTION = "SEED_QUESTION"


@dataclass(frozen=True, slots=True)
class QnaContent:
    """Questions for the speaker (ids, best first), or a message that asks for or seeds one."""

    strategy: QnaStrategy
    question_ids: tuple[str, ...] = ()
    message: str = ""


Content = PollContent | PromptContent | NudgeContent | QnaContent


class GenerationMethod(StrEnum):
    """Who worded the content."""

    ORGANISER = "ORGANISER"
    SONNET = "SONNET"
    HAIKU = "HAIKU"
    OPENAI = "OPENAI"
    TEMPLATE = "TEMPLATE"


@dataclass(frozen=True, slots=True)
class Generation:
    """How the content came about; `model` names the template where no model was asked."""

    method: GenerationMethod
    model: str
    latency_ms: float = 0.0
    cost_usd: float = 0.0


DEFAULT_LABEL = "AI assistant"
"""Says in two words who is speaking, in rooms of every kind (Regulation (EU) 2024/1689, Article 50)."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something the agent did.

    Attributes:
        delivered_to: People who could see it.
        label: Under which it is shown, so that everybody knows who is speaking; never empty.
    """

    intervention_id: str
    decision_id: str
    session_id: str
    event_id: str
    at: float
    arm: Arm
    content: Content
    generation: Generation
    delivered_to: int
    label: str = DEFAULT_LABEL


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the room after an intervention; it is a success if delta reached what counts as one (0.1).

    Attributes:
        after: Score at the end of the outcome window, without the votes in the agent's own poll; less `before`: delta.
        held_out: Whether nothing was done, on purpose, to measure what happens anyway.
    """

    intervention_id: str
    decision_id: str
    session_id: str
    event_id: str
    at: float
    arm: Arm
    context: Context
    before: float
    after: float
    delta: float
    success: bool
    held_out: bool = False
