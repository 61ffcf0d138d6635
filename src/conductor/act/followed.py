"""What wording follows of a session: slides, questions that wait for an answer, and what was shown already."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from conductor.act.questions import OpenQuestion
from conductor.act.writer import Worded
from conductor.domain.interventions import Arm
from conductor.domain.signals import Author, ChatDetail, Kind, QuestionDetail, Signal
from conductor.domain.strategies import ContentStyle

SLIDES_IN_USE_S = 300.0
"""Slides are in use if one changed within the long window of five minutes."""

RECENT_LINES = 20
"""Lines of chat that are remembered, for events that share them with a model: about a phone's screen."""

NAMES_MOST = 10_000
"""Names of a session that are known at once: as many as people in the largest rooms."""

FOLLOWED_KINDS = frozenset({Kind.CHAT, Kind.SLIDE, Kind.QUESTION, Kind.UPVOTE, Kind.ANSWERED})
"""Signals of other kinds change nothing here."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Something that was worded in advance, when, and in which tone."""

    worded: Worded
    at: float
    style: ContentStyle


@dataclass(slots=True)
class Followed:
    """What is known of one session for wording.

    Attributes:
        used: Ids of templates that were used, in order.
        shown: Wordings that the session has seen from the agent.
        promoted: Questions that were surfaced.
        questions: Those that wait for an answer, by id.
        has_qna: Whether people ask there at all.
        slide_at: When the last slide came, in epoch seconds.
        names: Under which people were seen here, the latest last; only in memory, and only so that nobody is named.
        lines: What attendees wrote last, oldest first, as they wrote it; empty unless the event shares its chat.
        ready: What was worded in advance, by arm.
    """

    used: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    promoted: list[str] = field(default_factory=list)
    questions: dict[str, OpenQuestion] = field(default_factory=dict)
    has_qna: bool = False
    slide_at: float | None = None
    names: dict[str, None] = field(default_factory=dict)
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=RECENT_LINES))
    ready: dict[Arm, Ready] = field(default_factory=dict)

    def receive(self, signal: Signal) -> None:
        """Follow what wording needs."""
        if signal.kind is Kind.SLIDE:
            self.slide_at = max(signal.at, self.slide_at or signal.at)
        elif isinstance(signal.detail, ChatDetail):
            if signal.detail.content and signal.author in _PEOPLE:
                self.lines.append(signal.detail.content)
        elif isinstance(signal.detail, QuestionDetail):
            self._question(signal, signal.detail)

    def name(self, display_name: str) -> None:
        """Somebody is seen under this name. Earlier names stay known: others may still call them so."""
        self.names.pop(display_name, None)
        self.names[display_name] = None
        if len(self.names) > NAMES_MOST:
            del self.names[next(iter(self.names))]

    def share_nothing(self) -> None:
        """Forget what was written, and what a model made of it in advance."""
        self.lines.clear()
        self.ready.clear()

    def shows_slides(self, at: float) -> bool:
        """Whether the next slide is to be expected."""
        return self.slide_at is not None and at - self.slide_at <= SLIDES_IN_USE_S

    def has_turned(self, since: float) -> bool:
        """Whether a slide came after this moment."""
        return self.slide_at is not None and self.slide_at > since

    def _question(self, signal: Signal, detail: QuestionDetail) -> None:
        self.has_qna = True
        known = self.questions.get(detail.question_id)
        if signal.kind is Kind.ANSWERED:
            self.questions.pop(detail.question_id, None)
        elif signal.kind is Kind.QUESTION and known is None:
            self.questions[detail.question_id] = OpenQuestion(detail.question_id, detail.content or "", signal.at, 0)
        elif signal.kind is Kind.UPVOTE and known is not None:
            self.questions[detail.question_id] = replace(known, upvotes=known.upvotes + 1)


_PEOPLE = frozenset({Author.ATTENDEE, Author.HOST})
