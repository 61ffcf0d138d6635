"""Words what a decision is to show: by a model where one can be asked, and otherwise from the templates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from conductor.act.audience import segment_for
from conductor.act.brief import Brief, Fall, Subject, shape_for
from conductor.act.content import draft, surfaced
from conductor.act.followed import Followed, Ready
from conductor.act.people import People
from conductor.act.redact import redact, redacted
from conductor.act.review import MESSAGE_MAX, review
from conductor.act.view import RoomView
from conductor.act.wording import headline
from conductor.act.writer import DEADLINE_S, Worded, Writer
from conductor.domain.budget import NearLimit
from conductor.domain.engagement import AnomalyType
from conductor.domain.events import BudgetNearLimit
from conductor.domain.interventions import Arm, Content, Decision, Generation, PollContent, PollTiming, QnaContent
from conductor.domain.wording import Analysis, Shape

READY_S = 180.0
"""What was worded in advance is of use for so long: a room changes (stated guess)."""


class Drafting:
    """Words decisions.

    Args:
        rng: Chance for choosing among templates.
        writer: Asks models; None where there are none.
        deadline_s: How long models may take.
    """

    def __init__(self, rng: Random, writer: Writer | None = None, deadline_s: float = DEADLINE_S) -> None:
        self._rng = rng
        self._writer = writer
        self._deadline_s = deadline_s
        self._warnings: list[BudgetNearLimit] = []

    def at_once(self, decision: Decision, room: RoomView, followed: Followed) -> Decision:
        """The decision with its content, if that can be had without waiting; otherwise as it is."""
        ready = self._ready(decision, room, followed)
        if ready is not None:
            return self._shown(decision, room, followed, ready.content, ready.generation)
        if self._writer is None or self._needs_no_words(decision, room, followed):
            return self._from_templates(decision, room, followed)
        return decision

    async def word(self, decision: Decision, room: RoomView, followed: Followed) -> Decision:
        """The decision with content, whatever fails; what it shows is not used again in this session."""
        if self._writer is not None and not self._needs_no_words(decision, room, followed):
            brief = brief_of(shape_for(decision.arm), decision.context.anomaly_type, decision.at, room, followed)
            brief = replace(brief, style=decision.style)
            about = (decision.session_id, decision.event_id, decision.at)
            found = await self._ask(self._writer, brief, about, room, followed)
            if found is not None:
                return self._shown(decision, room, followed, found.content, found.generation)
        return self._from_templates(decision, room, followed)

    async def prepare(self, arm: Arm, about: tuple[str, str, float], room: RoomView, followed: Followed) -> None:
        """Word in advance what will be needed if a fall becomes critical.

        Args:
            arm: What will be done.
            about: Session, event and time.
            room: As it is now.
            followed: What is known of the session for wording.
        """
        if self._writer is None or (arm is Arm.QNA_PROMOTE and followed.questions):
            return
        if arm in followed.ready and followed.ready[arm].style is room.style:
            return
        kind = AnomalyType.LOW_ENGAGEMENT if room.anomaly is None else room.anomaly.type
        brief = replace(brief_of(shape_for(arm), kind, about[2], room, followed), style=room.style)
        found = await self._ask(self._writer, brief, about, room, followed)
        if found is not None:
            followed.ready[arm] = Ready(found, about[2], room.style)

    async def analyse(self, decision: Decision, room: RoomView, followed: Followed) -> Analysis | None:
        """What a model makes of the room; None where none is asked, or none answers."""
        if self._writer is None:
            return None
        brief = brief_of(Shape.ANALYSIS, decision.context.anomaly_type, decision.at, room, followed)
        about = (decision.session_id, decision.event_id, decision.at)
        names = known_in(room, followed)
        return await self._writer.analyse(brief, names=names, deadline_s=self._deadline_s, warn=self._warner(*about))

    def warnings(self) -> list[BudgetNearLimit]:
        """Warnings since they were asked for last that models have cost most of what they may."""
        warnings, self._warnings = self._warnings, []
        return warnings

    async def _ask(
        self, writer: Writer, brief: Brief, about: tuple[str, str, float], room: RoomView, followed: Followed
    ) -> Worded | None:
        return await writer.word(
            brief,
            names=known_in(room, followed),
            seen=followed.shown,
            deadline_s=self._deadline_s,
            warn=self._warner(*about),
        )

    @staticmethod
    def _ready(decision: Decision, room: RoomView, followed: Followed) -> Worded | None:
        """What was worded in advance, if it is still of use: others may have come since, or the same been said."""
        ready = followed.ready.pop(decision.arm, None)
        if ready is None or decision.at - ready.at > READY_S or ready.style is not decision.style:
            return None
        findings = review(ready.worded.content, names=known_in(room, followed), seen=followed.shown)
        return None if findings else ready.worded

    @staticmethod
    def _needs_no_words(decision: Decision, room: RoomView, followed: Followed) -> bool:
        """Whether attendees' own questions are brought forward."""
        if decision.arm is not Arm.QNA_PROMOTE:
            return False
        return bool(surfaced(tuple(followed.questions.values()), decision.at, room.profile.topics, followed.promoted))

    def _shown(
        self, decision: Decision, room: RoomView, followed: Followed, content: Content, generation: Generation
    ) -> Decision:
        if isinstance(content, PollContent) and followed.shows_slides(decision.at) and not room.is_urgent:
            content = replace(content, timing=PollTiming.NEXT_TRANSITION)
        if isinstance(content, QnaContent):
            followed.promoted.extend(content.question_ids)
        followed.shown.append(headline(content))
        return replace(decision, content=content, generation=generation)

    def _from_templates(self, decision: Decision, room: RoomView, followed: Followed) -> Decision:
        drafted = draft(
            decision,
            room.profile,
            room.phase,
            followed.used,
            self._rng,
            questions=tuple(followed.questions.values()),
            promoted=followed.promoted,
            qna_in_use=followed.has_qna,
            people=room.people,
            seen=followed.shown,
            names=followed.names,
        )
        followed.used.append(drafted.template_id)
        return self._shown(decision, room, followed, drafted.content, drafted.generation)

    def _warner(self, session_id: str, event_id: str, at: float) -> Callable[[NearLimit], None]:
        def warn(near: NearLimit) -> None:
            self._warnings.append(
                BudgetNearLimit(session_id, event_id, at, near.window, near.spent_usd, near.limit_usd)
            )

        return warn


def brief_of(shape: Shape, kind: AnomalyType, at: float, room: RoomView, followed: Followed) -> Brief:
    """What a model may know of a room: aggregates, and chat only as far as it is followed, without whom it is of."""
    update, names = room.update, known_in(room, followed)
    return Brief(
        shape=shape,
        session_type=room.profile.type,
        phase=room.phase,
        subject=Subject.of(room.profile, names),
        elapsed_s=None if update is None else update.signals.elapsed_s,
        people=len(room.people),
        score=None if update is None else update.score,
        parts=() if update is None else update.parts,
        signals=None if update is None else update.signals,
        fall=None if room.anomaly is None else Fall.of(room.anomaly, at),
        segment=segment_for(kind, room.people) if shape is Shape.NUDGE else None,
        seen=tuple(redacted(wording, names=names, longest=MESSAGE_MAX) for wording in followed.shown),
        chat=redact(tuple(followed.lines), names=names, ids=[person.user_id for person in room.people]),
    )


def known_in(room: RoomView, followed: Followed) -> People:
    """Everybody whom a model may neither hear of nor name."""
    return People.named((*followed.names, room.profile.speaker))
