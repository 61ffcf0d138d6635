"""From a decision to something the room has seen: draft, ask, wait for the right moment, deliver.

What becomes of it is watched by the loop. Nothing here knows the time but by being told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from conductor.act.audience import PersonFacts
from conductor.act.content import Draft, draft
from conductor.act.label import checked_label
from conductor.act.questions import OpenQuestion
from conductor.domain.interventions import (
    DEFAULT_LABEL,
    Autonomy,
    Decision,
    Intervention,
    PollContent,
    PollTiming,
    QnaContent,
)
from conductor.domain.sessions import Phase, SessionProfile
from conductor.domain.signals import Kind, QuestionDetail, Signal
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


@dataclass(slots=True)
class _Desk:
    """What is on the agent's desk for one session."""

    used: list[str] = field(default_factory=list)
    promoted: list[str] = field(default_factory=list)
    questions: dict[str, OpenQuestion] = field(default_factory=dict)
    has_qna: bool = False
    slide_at: float | None = None
    asked: Decision | None = None
    waiting: tuple[Decision, Draft, float] | None = None


class Workflow:
    """Carries out decisions.

    Args:
        platform: Where interventions are delivered.
        rng: Chance for choosing among templates.
        label: Under which everything is shown.

    Raises:
        InvalidInput: The label is empty, too long, or not plain text.
    """

    def __init__(self, platform: Platform, rng: Random, label: str = DEFAULT_LABEL) -> None:
        self._platform = platform
        self._rng = rng
        self._label = checked_label(label)
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

    def forget(self, session_id: str) -> None:
        """The session has ended."""
        self._desks.pop(session_id, None)

    async def carry_out(self, decision: Decision, room: RoomView) -> Sequence[Step]:
        """Do what the decision says, as far as it may be done now.

        Returns:
            What became of it; nothing yet if somebody is asked first or the next slide is waited for.
        """
        desk = self._desks.setdefault(decision.session_id, _Desk())
        if decision.autonomy is Autonomy.SKIP:
            return (Lapse(decision, "the agent was not sure enough to act by itself, and nobody was there to ask"),)
        if decision.autonomy is Autonomy.ASK:
            desk.asked = decision
            return ()
        drafted = self._draft(desk, decision, room)
        if isinstance(drafted.content, PollContent) and drafted.content.timing is PollTiming.NEXT_TRANSITION:
            desk.waiting = (decision, drafted, decision.at + TRANSITION_WAIT_S)
            return ()
        return (await self._deliver(decision, drafted, decision.at),)

    async def advance(self, now: float) -> Sequence[Step]:
        """Let go of questions that nobody answered, and launch what waited for the next slide."""
        steps: list[Step] = []
        # Signals may open a new desk while something is delivered.
        for desk in tuple(self._desks.values()):
            asked = desk.asked
            if asked is not None and asked.expires_at is not None and now >= asked.expires_at:
                desk.asked = None
                steps.append(Lapse(asked, "nobody answered in time"))
            if desk.waiting is not None:
                decision, drafted, latest = desk.waiting
                turned = desk.slide_at is not None and desk.slide_at > decision.at
                if turned or now >= latest:
                    desk.waiting = None
                    steps.append(await self._deliver(decision, drafted, now))
        return steps

    def _draft(self, desk: _Desk, decision: Decision, room: RoomView) -> Draft:
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
        return drafted

    async def _deliver(self, decision: Decision, drafted: Draft, now: float) -> Intervention:
        content = drafted.content
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
            generation=drafted.generation,
            delivered_to=0,
            label=self._label,
        )
        return replace(intervention, delivered_to=await self._platform.deliver(intervention))

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


_FOLLOWED = frozenset({Kind.SLIDE, Kind.QUESTION, Kind.UPVOTE, Kind.ANSWERED})
