"""Questions to the speaker, and how many people want each answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor.domain.signals import Author
from conductor.errors import NotFound
from conductor.live.effects import Payload

SHOWN = 100
"""Open questions that somebody who comes gets; nobody reads on further."""


@dataclass(slots=True)
class Question:
    """One question.

    Attributes:
        user_id: Who asked; None for the agent, and where a platform does not say.
        asked_at: As all times here, in epoch seconds.
        label: What the agent's questions are shown under; None for people's.
        upvoters: Who wants it answered.
        nameless: Upvotes of which nobody knows whose they are.
        answered_at: When it was answered; None while it is open.
        promoted: Whether it was brought to the speaker's attention.
    """

    question_id: str
    user_id: str | None
    content: str
    asked_at: float
    author: Author = Author.ATTENDEE
    label: str | None = None
    upvoters: set[str] = field(default_factory=set)
    nameless: int = 0
    answered_at: float | None = None
    promoted: bool = False

    @property
    def upvotes(self) -> int:
        """How many want it answered, apart from who asked."""
        return len(self.upvoters) + self.nameless

    def payload(self, name: str | None) -> Payload:
        """What sockets get of it, under the name of who asked."""
        return {
            "questionId": self.question_id,
            "userId": self.user_id,
            "displayName": self.label or name,
            "content": self.content,
            "author": self.author.value,
            "label": self.label,
            "upvotes": self.upvotes,
            "answered": self.answered_at is not None,
            "promoted": self.promoted,
            "timestamp": self.asked_at,
        }


class Questions:
    """The last questions of a room; those that were answered are forgotten first."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._questions: dict[str, Question] = {}
        self._changed: dict[str, None] = {}

    def add(self, question: Question) -> bool:
        """Take in a question; False if it is known already."""
        if question.question_id in self._questions:
            return False
        if len(self._questions) >= self._kept:
            oldest = next(iter(self._questions))
            answered = (each.question_id for each in self._questions.values() if each.answered_at is not None)
            del self._questions[next(answered, oldest)]
        self._questions[question.question_id] = question
        self.change(question)
        return True

    def change(self, question: Question) -> None:
        """Note that a question is to be sent again."""
        self._changed[question.question_id] = None

    def take_changed(self) -> list[Question]:
        """Questions that changed since this was asked last."""
        changed = [self._questions[each] for each in self._changed if each in self._questions]
        self._changed.clear()
        return changed

    def find(self, question_id: str) -> Question | None:
        """The question of this id; None if there is no such one (any more)."""
        return self._questions.get(question_id)

    def known(self, question_id: str) -> Question:
        """The question of this id.

        Raises:
            NotFound: There is no such one.
        """
        question = self._questions.get(question_id)
        if question is None:
            raise NotFound(f"There is no question {question_id!r} in this session.", code="no_question")
        return question

    def upvote(self, question: Question, user_id: str | None) -> bool:
        """Count an upvote, once each; False if it changes nothing."""
        if user_id is None:
            question.nameless += 1
        elif user_id in question.upvoters:
            return False
        else:
            question.upvoters.add(user_id)
        self.change(question)
        return True

    def answer(self, question: Question, at: float) -> bool:
        """A question was answered; False if it was before."""
        if question.answered_at is not None:
            return False
        question.answered_at = at
        self.change(question)
        return True

    def best(self) -> list[Question]:
        """Open questions, those that most people want answered first, of these the oldest first."""
        still_open = [each for each in self._questions.values() if each.answered_at is None]
        return sorted(still_open, key=lambda each: (-each.upvotes, each.asked_at, each.question_id))[:SHOWN]
