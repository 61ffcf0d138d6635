"""What a model may know of a room when it is asked for words."""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor.act.people import Names, People
from conductor.act.redact import Redacted, redacted
from conductor.domain.engagement import Anomaly, AnomalyType, RoomSignals, ScorePart, Severity
from conductor.domain.interventions import Arm, Segment
from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.domain.strategies import ContentStyle
from conductor.domain.wording import Shape

TITLE_MAX = 200
DESCRIPTION_MAX = 600
TOPIC_MAX = 80
TOPICS_MAX = 10
"""Characters, and how many: enough to know what a session is about, and little enough to be read at once."""

_SHAPES = {
    Arm.POLL: Shape.POLL,
    Arm.CHAT_PROMPT: Shape.CHAT_PROMPT,
    Arm.NUDGE: Shape.NUDGE,
    Arm.QNA_PROMOTE: Shape.SEED_QUESTION,
}


def shape_for(arm: Arm) -> Shape:
    """The shape of what a model words for this arm; for QNA_PROMOTE a question, as surfacing needs no words."""
    return _SHAPES[arm]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a session is about, without names, addresses and links."""

    title: Redacted = field(default=Redacted(""))
    description: Redacted = field(default=Redacted(""))
    topics: tuple[Redacted, ...] = ()

    @classmethod
    def of(cls, profile: SessionProfile, names: Names = ()) -> Subject:
        """The subject of this session, without the names of its speaker and of these people, wherever they stand."""
        people = People.named((profile.speaker,)).and_also(People.named(names))
        topics = (redacted(topic, names=people, longest=TOPIC_MAX) for topic in profile.topics[:TOPICS_MAX])
        return cls(
            redacted(profile.title, names=people, longest=TITLE_MAX),
            redacted(profile.description, names=people, longest=DESCRIPTION_MAX),
            tuple(topic for topic in topics if topic),
        )


@dataclass(frozen=True, slots=True)
class Fall:
    """How a room has fallen.

    Attributes:
        for_s: Seconds since the fall is thought to have begun.
        current: Score since then, in [0, 1].
        expected: What the score should be, in [0, 1].
        deviation: Standard deviations between what was counted and what was expected (negative below).
    """

    type: AnomalyType
    severity: Severity
    for_s: float
    current: float
    expected: float
    deviation: float

    @classmethod
    def of(cls, anomaly: Anomaly, now: float) -> Fall:
        """The fall as it looks at this time (epoch seconds)."""
        return cls(
            anomaly.type,
            anomaly.severity,
            max(0.0, now - anomaly.onset),
            anomaly.current,
            anomaly.expected,
            anomaly.deviation,
        )


@dataclass(frozen=True, slots=True)
class Brief:
    """What a model is told. Everything but `chat` is the organiser's, the agent's or an aggregate of the room.

    Attributes:
        shape: What it is asked for.
        subject: What the session is about.
        elapsed_s: Seconds since the session began; None if unknown.
        people: How many are present; None if unknown.
        score: Of the room now, in [0, 1]; None if unknown.
        parts: Of the score; a level of 0.75 is what is normal for the room.
        signals: What was counted; None if unknown.
        fall: How the room has fallen; None where somebody asks for words without a fall.
        segment: Whom a nudge is for; None for anything else.
        seen: Wordings that this session has seen before, oldest first.
        chat: What attendees wrote last, oldest first; empty unless the event shares its chat.
        style: In which tone it is to be worded.
    """

    shape: Shape
    session_type: SessionType
    phase: Phase
    subject: Subject = field(default=Subject())
    elapsed_s: float | None = None
    people: int | None = None
    score: float | None = None
    parts: tuple[ScorePart, ...] = ()
    signals: RoomSignals | None = None
    fall: Fall | None = None
    segment: Segment | None = None
    seen: tuple[str, ...] = ()
    chat: tuple[Redacted, ...] = ()
    style: ContentStyle = ContentStyle.FRIENDLY
