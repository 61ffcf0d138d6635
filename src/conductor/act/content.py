"""From a decision to what the room will see, without asking a model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from random import Random
from typing import TypeVar

from conductor.act.audience import segment_for
from conductor.act.people import Names, People
from conductor.act.questions import OpenQuestion, rank
from conductor.act.review import SURFACED_MAX, review
from conductor.act.templates import (
    Filled,
    Filling,
    Subject,
    Template,
    TemplateKind,
    base_id,
    general,
    numbered,
    plain,
    specific,
    templates,
)
from conductor.domain.audience import PersonFacts
from conductor.domain.interventions import (
    Arm,
    Content,
    Decision,
    Generation,
    GenerationMethod,
    NudgeContent,
    PollContent,
    PollTiming,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.domain.strategies import ContentStyle

T = TypeVar("T")

POLL_DISPLAY_S = 60.0
"""Seconds a poll stays open: six times what it takes to answer, so that latecomers can vote too."""

SURFACED_ID = "qna.surface_best"
"""The id of content that surfaces attendees' questions and has no wording of its own."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Content that is ready to be shown, and how it came about."""

    content: Content
    template_id: str
    generation: Generation


@dataclass(frozen=True, slots=True)
class _Moment:
    """What a template has to suit."""

    session_type: SessionType
    phase: Phase
    subject: Subject
    used: frozenset[str]
    style: ContentStyle


def draft(
    decision: Decision,
    profile: SessionProfile,
    phase: Phase,
    used: Collection[str],
    rng: Random,
    *,
    questions: Sequence[OpenQuestion] = (),
    promoted: Collection[str] = (),
    qna_in_use: bool = False,
    slides_in_use: bool = False,
    people: Sequence[PersonFacts] = (),
    seen: Collection[str] = (),
    names: Names = (),
) -> Draft:
    """Content for this decision from the templates; never empty, never twice the same in a session.

    Looks in this order, and in each step takes one at random that passes `review`:

    1. templates of the decision's tone not used before, with a topic or the title of the session;
    2. the same as they are; and if they are all used, both again with templates of the usual tone;
    3. templates used before, with a topic or title that they were not used with;
    4. the general template of its kind, with a number that was not used.

    Args:
        decision: Its arm says what kind of content, its anomaly whom to nudge, its style in which tone; its time is
            now.
        profile: What is known of the session; may be empty.
        phase: Where the session stands now.
        used: Template ids of earlier drafts in this session, in any order; ids of anything else are ignored.
        rng: The same state gives the same draft.
        questions: Unanswered questions; if there are any not in `promoted`, QNA_PROMOTE surfaces the best.
        promoted: Ids of questions that were surfaced before.
        qna_in_use: Whether the session has a Q&A in which people ask; if so they are asked for questions,
            otherwise a question is asked for them.
        slides_in_use: Whether slides are shown; a poll then waits for the next one.
        people: Who is in the room, to choose whom a nudge is for.
        seen: Wordings that the session has seen from others, such as a model or a host.
        names: Display names of people in the room. A topic that holds one is not used.
    """
    if decision.arm is Arm.QNA_PROMOTE:
        best = surfaced(questions, decision.at, profile.topics, promoted)
        if best:
            return _drafted(QnaContent(QnaStrategy.SURFACE_BEST, question_ids=best), SURFACED_ID)
    kind = _kind(decision.arm, qna_in_use=qna_in_use)
    segment = segment_for(decision.context.anomaly_type, people)
    timing = PollTiming.NEXT_TRANSITION if slides_in_use else PollTiming.IMMEDIATE
    known = People.named(names)
    moment = _Moment(profile.type, phase, Subject.of(profile), frozenset(used), decision.style)
    # The candidates never end and the numbered ones hold nothing to object to, so there always is a next one.
    return next(
        _drafted(content, filled.template_id)
        for filled in _candidates(kind, segment, moment, rng)
        if not review(content := _content(kind, filled, segment, timing), names=known, seen=seen)
    )


def surfaced(
    questions: Sequence[OpenQuestion], now: float, topics: Sequence[str], promoted: Collection[str]
) -> tuple[str, ...]:
    """The ids of the best questions that were not surfaced before, neither themselves nor in other words."""
    ranked = rank(questions, now, topics, top=len(questions))
    earlier = frozenset(promoted)
    new = (r.question_id for r in ranked if earlier.isdisjoint((r.question_id, *r.folded)))
    return tuple(islice(new, SURFACED_MAX))


def _kind(arm: Arm, *, qna_in_use: bool) -> TemplateKind:
    match arm:
        case Arm.POLL:
            return TemplateKind.POLL
        case Arm.CHAT_PROMPT:
            return TemplateKind.PROMPT
        case Arm.NUDGE:
            return TemplateKind.NUDGE
        case Arm.QNA_PROMOTE:
            return TemplateKind.REQUEST if qna_in_use else TemplateKind.SEED


def _candidates(kind: TemplateKind, segment: Segment, moment: _Moment, rng: Random) -> Iterator[Filled]:
    """Everything that could be shown, best step first, shuffled within a step. It never ends."""
    spent = frozenset(base_id(template_id) for template_id in moment.used)
    old: list[Template] = []
    for style in dict.fromkeys((moment.style, ContentStyle.FRIENDLY)):
        suited = _suited(kind, style, segment, moment)
        new = [template for template in suited if template.template_id not in spent]
        old += [template for template in suited if template.template_id in spent]
        yield from _filled(_shuffled(_with_topic(new, moment), rng))
        yield from _shuffled([filled for template in new if (filled := plain(template))], rng)
    yield from _filled(_shuffled(_with_topic(old, moment), rng))
    for n in count(1):
        filled = numbered(general(kind), n)
        if filled.template_id not in moment.used:
            yield filled


def _suited(kind: TemplateKind, style: ContentStyle, segment: Segment, moment: _Moment) -> list[Template]:
    return [
        template
        for template in templates(kind, style)
        if template.suits(moment.phase, moment.session_type) and template.segment in {None, segment}
    ]


def _with_topic(pool: Sequence[Template], moment: _Moment) -> list[Filling]:
    return [
        filling
        for template in pool
        for filling in specific(template, moment.subject)
        if filling.template_id not in moment.used
    ]


def _filled(pool: Sequence[Filling]) -> Iterator[Filled]:
    # Each only when it is looked at: mostly the first will do.
    return (filling.filled() for filling in pool)


def _shuffled(pool: list[T], rng: Random) -> list[T]:
    return rng.sample(pool, len(pool))


def _content(kind: TemplateKind, filled: Filled, segment: Segment, timing: PollTiming) -> Content:
    match kind:
        case TemplateKind.POLL:
            return PollContent(filled.text, filled.options, timing, POLL_DISPLAY_S)
        case TemplateKind.PROMPT:
            return PromptContent(filled.text)
        case TemplateKind.NUDGE:
            return NudgeContent(filled.text, filled.call_to_action, segment)
        case TemplateKind.REQUEST:
            return QnaContent(QnaStrategy.REQUEST_NEW, message=filled.text)
        case TemplateKind.SEED:
            return QnaContent(QnaStrategy.SEED_QUESTION, message=filled.text)


def _drafted(content: Content, template_id: str) -> Draft:
    return Draft(content, template_id, Generation(GenerationMethod.TEMPLATE, template_id))
