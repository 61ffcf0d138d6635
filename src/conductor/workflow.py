"""From a decision to something the room has seen: draft, ask, wait for the right moment, deliver.

What becomes of it is watched by the loop. Nothing here knows the time but by being told.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from conductor.act.content import draft
from conductor.act.label import checked_label
from conductor.act.questions import OpenQuestion
from conductor.domain.audience import PersonFacts
from conductor.domain.interventions import (
    DEFAULT_LABEL,
    Autonomy,
    Content,
    Decision,
    Generation,
    GenerationMethod,
    Intervention,
    PollContent,
    PollTiming,
    QnaContent,
)
from conductor.domain.organisers import Answer, Verdict
from conductor.domain.sessions import Phase, SessionProfile
from conductor.domain.signals import Kind, QuestionDetail, Signal
from conductor.errors import NotDelivered
from conductor.ports import Platform

SLIDES_IN_USE_S = 300.0
"""Slides are in use if one changed within the long window of five minutes."""

TRANSITION_WAIT_S = 60.0
"""A poll waits no longer than this for the next slide: a room that falls cannot wait for ever (stated guess)."""


@dataclass(frozen=True, slots=True)
class RoomView:
    """What wording needs to know of a room.

    Attributes:
        people: Of each person present: id, seconds present, seconds idle, interactions, first session or not.
        is_urgent: Whether the fall is critical, so that nothing may wait for the next slide.
    """

    profile: SessionProfile
    phase: Phase
    people: tuple[tuple[str, float, float, int, bool], ...]
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class Lapse:
    """A decision that is not carried out, and why, as a part of a sentence for a person."""

    decision: Decision
    why: str


Step = Intervention | Lapse
"""What became of a decision."""


Settle = Callable[[Answer], Awaitable[Answer]]
"""Keeps an answer if it is the first, and says which one stands."""


async def first_stands(answer: Answer) -> Answer:
    """Where nobody else can answer, every answer stands."""
    return answer


@dataclass(slots=True)
class _Desk:
    """What is on the agent's desk for one session."""

    used: list[str] = field(default_factory=list)
    promoted: list[str] = field(default_factory=list)
    questions: dict[str, OpenQuestion] = field(default_factory=dict)
    has_qna: bool = False
    slide_at: float | None = None
    asked: Decision | None = None
    waiting: tuple[Decision, float] | None = None


class Workflow:
    """Carries out decisions.

    Args:
        platform: Where interventions are delivered.
        rng: Chance for choosing among templates.
        label: Under which everything is shown, where `relabel` says nothing else.
        settle: Where answers are kept, so that of several the first stands.

    Raises:
        InvalidInput: The label is empty, too long, or not plain text.
    """

    def __init__(
        self, platform: Platform, rng: Random, label: str = DEFAULT_LABEL, settle: Settle = first_stands
    ) -> None:
        self._platform = platform
        self._rng = rng
        self._label = checked_label(label)
        self._labels: dict[str, str] = {}
        self._settle = settle
        self._desks: dict[str, _Desk] = {}

    def receive(self, signal: Signal) -> None:
        """Follow what wording needs: questions that wait for an answer, and slides."""
        if signal.kind not in _FOLLOWED:
            return
        desk = self._desks.setdefault(signal.session_id, _Desk())
        if signal.kind is Kind.SLIDE:
            desk.slide_at = max(signal.at, desk.slide_at or signal.at)
        elif isinstance(signal.detail, QuestionDetail):
            desk.has_qna = True
            self._question(desk, signal, signal.detail)

    def relabel(self, event_id: str, label: str) -> None:
        """From now on what is posted in this event is shown under this label.

        Raises:
            InvalidInput: The label is empty, too long, or not plain text.
        """
        self._labels[event_id] = checked_label(label)

    def forget(self, session_id: str) -> None:
        """The session has ended."""
        self._desks.pop(session_id, None)

    def word(self, decision: Decision, room: RoomView, content: Content | None = None) -> Decision:
        """The decision with what is to be shown: what somebody wrote, or else a draft. Skipped ones stay bare."""
        if decision.autonomy is Autonomy.SKIP:
            return decision
        desk = self._desks.setdefault(decision.session_id, _Desk())
        if content is not None:
            return replace(decision, content=content, generation=_BY_ORGANISER)
        shows_slides = desk.slide_at is not None and decision.at - desk.slide_at <= SLIDES_IN_USE_S
        drafted = draft(
            decision,
            room.profile,
            room.phase,
            desk.used,
            self._rng,
            questions=tuple(desk.questions.values()),
            promoted=desk.promoted,
            qna_in_use=desk.has_qna,
            slides_in_use=shows_slides and not room.is_urgent,
            people=[PersonFacts(*person) for person in room.people],
        )
        desk.used.append(drafted.template_id)
        if isinstance(drafted.content, QnaContent):
            desk.promoted.extend(drafted.content.question_ids)
        return replace(decision, content=drafted.content, generation=drafted.generation)

    async def carry_out(self, decision: Decision) -> Sequence[Step]:
        """Do what a worded decision says, as far as it may be done now.

        Returns:
            What became of it; nothing yet if somebody is asked first or the next slide is waited for.
        """
        desk = self._desks.setdefault(decision.session_id, _Desk())
        if decision.autonomy is Autonomy.SKIP:
            return (Lapse(decision, "the agent was not sure enough to act by itself, and nobody was there to ask"),)
        if decision.autonomy is Autonomy.ASK:
            desk.asked = decision
            return ()
        return await self._act(desk, decision, decision.at)

    async def answer(self, answer: Answer) -> Sequence[Step]:
        """Somebody was asked and this is the answer that stands; answers to anything else change nothing."""
        desk = self._desks.get(answer.session_id)
        asked = desk.asked if desk is not None else None
        if desk is None or asked is None or asked.decision_id != answer.decision_id:
            return ()
        desk.asked = None
        if answer.verdict is Verdict.LAPSED:
            return (Lapse(asked, "nobody answered in time"),)
        if answer.verdict is Verdict.REJECTED:
            return (Lapse(asked, f"an organiser rejected it: {answer.reason}" if answer.reason else _REJECTED),)
        if answer.content is not None:
            asked = replace(asked, content=answer.content, generation=_BY_ORGANISER)
        return await self._act(desk, asked, answer.at)

    async def advance(self, now: float) -> Sequence[Step]:
        """Let go of questions that nobody answered, and launch what waited for the next slide."""
        steps: list[Step] = []
        # Signals may open a new desk while something is delivered.
        for desk in tuple(self._desks.values()):
            asked = desk.asked
            if asked is not None and asked.expires_at is not None and now >= asked.expires_at:
                lapsed = Answer(asked.decision_id, asked.session_id, now, Verdict.LAPSED)
                steps += await self.answer(replace(await self._settle(lapsed), at=now))
            if desk.waiting is not None:
                decision, latest = desk.waiting
                turned = desk.slide_at is not None and desk.slide_at > decision.at
                if turned or now >= latest:
                    desk.waiting = None
                    steps.append(await self._deliver(decision, now))
        return steps

    async def _act(self, desk: _Desk, decision: Decision, now: float) -> Sequence[Step]:
        content = decision.content
        if isinstance(content, PollContent) and content.timing is PollTiming.NEXT_TRANSITION:
            desk.waiting = (decision, now + TRANSITION_WAIT_S)
            return ()
        return (await self._deliver(decision, now),)

    async def _deliver(self, decision: Decision, now: float) -> Step:
        content, generation = decision.content, decision.generation
        if content is None or generation is None:
            raise ValueError(f"decision {decision.decision_id} has no content yet: word it first")
        if isinstance(content, PollContent):
            # The wait for the next slide is over: for the platform it is now.
            content = replace(content, timing=PollTiming.IMMEDIATE)
        intervention = Intervention(
            intervention_id=f"{decision.decision_id}-i",
            decision_id=decision.decision_id,
            session_id=decision.session_id,
            event_id=decision.event_id,
            at=now,
            arm=decision.arm,
            content=content,
            generation=generation,
            delivered_to=0,
            label=self._labels.get(decision.event_id, self._label),
        )
        try:
            return replace(intervention, delivered_to=await self._platform.deliver(intervention))
        except NotDelivered:
            return Lapse(decision, "the rooms did not take it in time")

    @staticmethod
    def _question(desk: _Desk, signal: Signal, detail: QuestionDetail) -> None:
        known = desk.questions.get(detail.question_id)
        if signal.kind is Kind.ANSWERED:
            desk.questions.pop(detail.question_id, None)
        elif signal.kind is Kind.QUESTION and known is None:
            question = OpenQuestion(detail.question_id, detail.content or "", signal.at, 0)
            desk.questions[detail.question_id] = question
        elif signal.kind is Kind.UPVOTE and known is not None:
            desk.questions[detail.question_id] = replace(known, upvotes=known.upvotes + 1)


_REJECTED = "an organiser rejected it"
_BY_ORGANISER = Generation(GenerationMethod.ORGANISER, "")
_FOLLOWED = frozenset({Kind.SLIDE, Kind.QUESTION, Kind.UPVOTE, Kind.ANSWERED})
