"""The shapes of messages on the channels of signals, one class for each channel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct, field

from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.domain.signals import (
    Author,
    ChatDetail,
    Detail,
    HeartbeatDetail,
    JoinDetail,
    Kind,
    PhaseDetail,
    PollDetail,
    QuestionDetail,
    ReactionDetail,
    Signal,
    StartDetail,
)
from conductor.wire.ids import MAX_ID_CHARS

MAX_COUNT = 10_000
"""A bundle of reactions or a stretch of speech larger than this was not made by people in one message."""

MAX_SPEECH_S = 86_400.0
"""Nobody speaks for longer than a day."""

Id = Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARS)]
Moment = datetime | float
"""ISO 8601 or epoch seconds."""

_PERSON = Author.ATTENDEE


def asks(text: str) -> bool:
    """Whether a text has a question mark outside of links."""
    return "?" in text and any("?" in word and "://" not in word for word in text.split())


def epoch_s(moment: Moment) -> float:
    """Epoch seconds of a moment. Without an offset it is UTC: the contract has no other."""
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return float(moment)


class Body(Struct, rename="camel", kw_only=True):
    """What every message carries. `signal` makes a `Signal` of it, once the common fields are settled."""

    kind: ClassVar[Kind]

    session_id: Id | None = None
    event_id: Id | None = None
    timestamp: Moment | None = None
    user_id: Id | None = None

    def signal(self, session_id: str, event_id: str, at: float) -> Signal:
        """The signal; most only say who and when, and a detail."""
        return Signal(session_id, event_id, at, self.kind, self.user_id, detail=self.detail())

    def detail(self) -> Detail | None:
        """What only this kind carries; nothing by default."""
        return None


class ChatBody(Body):
    """`chat:message:new`. Where the platform does not say whether it is a question, its text does."""

    kind = Kind.CHAT

    message_id: Id | None = None
    content: str | None = None
    is_question: bool | None = None
    author: Author | None = None

    def signal(self, session_id: str, event_id: str, at: float) -> Signal:
        """A chat message; the author is an attendee unless said otherwise."""
        asked = self.is_question
        if asked is None:
            asked = self.content is not None and asks(self.content)
        detail = ChatDetail(self.message_id, self.content, asked)
        author = self.author or _PERSON
        return Signal(session_id, event_id, at, self.kind, self.user_id, 1, author, 0.0, detail)


PRESENCE_KINDS = {
    "join": Kind.JOIN,
    "leave": Kind.LEAVE,
    "heartbeat": Kind.HEARTBEAT,
    "focus": Kind.FOCUS,
    "blur": Kind.BLUR,
}


class PresenceBody(Body):
    """`session:{id}:presence`: presence is always somebody's, so `userId` has to be there."""

    user_id: Id
    type: Literal["join", "leave", "heartbeat", "focus", "blur"]
    is_first_session: bool | None = None

    def signal(self, session_id: str, event_id: str, at: float) -> Signal:
        """A join (with what is known of the person), a leave, or a sign of life."""
        kind = PRESENCE_KINDS[self.type]
        if kind is not Kind.JOIN or self.is_first_session is None:
            return Signal(session_id, event_id, at, kind, self.user_id)
        return Signal(session_id, event_id, at, kind, self.user_id, detail=JoinDetail(self.is_first_session))


class ReactionBody(Body):
    """`reaction:new`."""

    kind = Kind.REACTION

    emoji: Annotated[str, Meta(max_length=MAX_ID_CHARS)] | None = None
    count: Annotated[int, Meta(ge=1, le=MAX_COUNT)] | None = None

    def signal(self, session_id: str, event_id: str, at: float) -> Signal:
        """A reaction, or several of one emoji in one message."""
        count = self.count or 1
        detail = None if self.emoji is None else ReactionDetail(self.emoji)
        return Signal(session_id, event_id, at, self.kind, self.user_id, count, _PERSON, 0.0, detail)


class PollClosedBody(Body):
    """`poll:closed`."""

    kind = Kind.POLL_CLOSED

    poll_id: Id

    def detail(self) -> PollDetail:
        """The poll that it is about."""
        return PollDetail(self.poll_id)


class PollOpenedBody(Body):
    """`poll:opened`; `createdBy: agent` marks the agent's own."""

    kind = Kind.POLL_OPENED

    poll_id: Id
    question: str | None = None
    options: tuple[str, ...] | None = None
    created_by: str | None = None

    def detail(self) -> PollDetail:
        """The poll with its question and options."""
        return PollDetail(self.poll_id, self.question, self.options or (), by_agent=self.created_by == "agent")


class VoteBody(Body):
    """`poll:vote:new`; in an anonymous poll without `userId`."""

    kind = Kind.VOTE

    poll_id: Id
    option_id: Id

    def detail(self) -> PollDetail:
        """The poll and the option chosen."""
        return PollDetail(self.poll_id, option_id=self.option_id)


class QuestionBody(Body):
    """`qna:question:new`."""

    kind = Kind.QUESTION

    question_id: Id
    content: str | None = None
    author: Author | None = None

    def signal(self, session_id: str, event_id: str, at: float) -> Signal:
        """The question that was put, upvoted or answered; by an attendee unless said otherwise."""
        detail = QuestionDetail(self.question_id, self.content)
        author = self.author or _PERSON
        return Signal(session_id, event_id, at, self.kind, self.user_id, 1, author, 0.0, detail)


class UpvoteBody(QuestionBody):
    """`qna:question:upvoted`."""

    kind = Kind.UPVOTE


class AnsweredBody(QuestionBody):
    """`qna:question:answered`."""

    kind = Kind.ANSWERED


class SlideBody(Body):
    """`content:slide`; which slide it is does not matter to engagement, that it changed does."""

    kind = Kind.SLIDE


class SpeechBody(Body):
    """`content:speech`: how many words somebody spoke in how many seconds."""

    kind = Kind.SPEECH

    words: Annotated[int, Meta(ge=0, le=MAX_COUNT)]
    duration_s: Annotated[float, Meta(ge=0, le=MAX_SPEECH_S)] = field(default=0.0, name="duration_s")

    def signal(self, session_id: str, event_id: str, at: float) -> Signal:
        """A stretch of speech; `at` is where it begins."""
        return Signal(session_id, event_id, at, self.kind, self.user_id, self.words, _PERSON, self.duration_s)


class PhaseBody(Body):
    """`content:phase`; the session may be interrupted unless it says otherwise."""

    kind = Kind.PHASE

    phase: Phase | None = None
    interruptible: bool | None = None

    def detail(self) -> PhaseDetail:
        """Where the session is."""
        return PhaseDetail(self.phase, self.interruptible is not False)


def _kept(text: str | None) -> str:
    return (text or "").replace("\0", "")  # PostgreSQL cannot keep NUL.


class StartedBody(Body):
    """`session:started`."""

    kind = Kind.STARTED

    title: str | None = None
    description: str | None = None
    type: SessionType | None = None
    topics: tuple[str, ...] | None = None
    speaker: str | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None

    def detail(self) -> StartDetail:
        """The session's profile."""
        return StartDetail(self.profile())

    def profile(self) -> SessionProfile:
        """What the platform says of the session."""
        return SessionProfile(
            _kept(self.title),
            _kept(self.description),
            self.type or SessionType.TALK,
            tuple(map(_kept, self.topics or ())),
            _kept(self.speaker),
            self.starts_at if self.starts_at is None else epoch_s(self.starts_at),
            self.ends_at if self.ends_at is None else epoch_s(self.ends_at),
        )


class EndedBody(Body):
    """`session:ended`."""

    kind = Kind.ENDED


class HeartbeatBody(Body):
    """`source:heartbeat`: a sign of life of a source for its sessions."""

    kind = Kind.SOURCE_HEARTBEAT

    source: Id
    session_ids: tuple[Id, ...] | None = None

    def detail(self) -> HeartbeatDetail:
        """The source and the sessions that it speaks for."""
        return HeartbeatDetail(self.source, self.session_ids or ())


BODIES: dict[str, type[Body]] = {
    "chat:message:new": ChatBody,
    "poll:opened": PollOpenedBody,
    "poll:vote:new": VoteBody,
    "poll:closed": PollClosedBody,
    "reaction:new": ReactionBody,
    "qna:question:new": QuestionBody,
    "qna:question:upvoted": UpvoteBody,
    "qna:question:answered": AnsweredBody,
    "content:slide": SlideBody,
    "content:speech": SpeechBody,
    "content:phase": PhaseBody,
    "session:started": StartedBody,
    "session:ended": EndedBody,
    "source:heartbeat": HeartbeatBody,
}
"""The shape of each channel with a fixed name; `session:{id}:presence` has `PresenceBody`."""
