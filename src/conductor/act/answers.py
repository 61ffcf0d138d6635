"""Whether what a model answered may be used."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from conductor.act.brief import Brief
from conductor.act.content import POLL_DISPLAY_S
from conductor.act.people import Names
from conductor.act.prompts import HYPOTHESES_MAX, HYPOTHESES_MIN, TOPIC_MAX
from conductor.act.review import Finding, FindingCode, review
from conductor.domain.interventions import (
    Content,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
)
from conductor.domain.wording import Analysis, Shape

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Judged(Generic[T]):
    """What may be used of an answer.

    Attributes:
        value: None if it may not be used.
        findings: Why not; empty though there is no value if it is not what was asked for.
    """

    value: T | None
    findings: tuple[Finding, ...] = ()


Judge = Callable[[Content | Analysis], Judged[T]]
"""Says what may be used of an answer."""


def content_judge(brief: Brief, *, names: Names = (), seen: Collection[str] = ()) -> Judge[Content]:
    """Judges content by the review. Only its words are the model's; whom it is for and how it is shown is ours."""
    said = (*brief.seen, *seen)

    def judge(answer: Content | Analysis) -> Judged[Content]:
        content = _worded(brief, answer)
        if content is None:
            return Judged(None)
        findings = review(content, names=names, seen=said)
        return Judged(None, findings) if findings else Judged(content)

    return judge


def analysis_judge(*, names: Names = ()) -> Judge[Analysis]:
    """Judges an analysis: two or three hypotheses, without names, links and the rest of what the review finds."""

    def judge(answer: Content | Analysis) -> Judged[Analysis]:
        if not isinstance(answer, Analysis):
            return Judged(None)
        topic, hypotheses = _line(answer.topic), tuple(map(_line, answer.hypotheses[:HYPOTHESES_MAX]))
        if len(hypotheses) < HYPOTHESES_MIN:
            return Judged(None)
        findings = [found for text in (topic, *hypotheses) for found in review(PromptContent(text), names=names)]
        if len(topic) > TOPIC_MAX:
            findings.append(Finding(FindingCode.TOO_LONG, f"The topic has over {TOPIC_MAX} characters."))
        return (
            Judged(None, tuple(findings)) if findings else Judged(replace(answer, topic=topic, hypotheses=hypotheses))
        )

    return judge


def _worded(brief: Brief, answer: Content | Analysis) -> Content | None:
    """Content of the shape that was asked for, with nothing of the model's but its words; None for another shape."""
    match brief.shape, answer:
        case Shape.POLL, PollContent():
            return PollContent(
                _line(answer.question), tuple(map(_line, answer.options)), display_duration_s=POLL_DISPLAY_S
            )
        case Shape.CHAT_PROMPT, PromptContent():
            return PromptContent(_line(answer.message))
        case Shape.NUDGE, NudgeContent():
            segment = brief.segment or answer.segment
            return NudgeContent(_line(answer.message), _line(answer.call_to_action), segment)
        case Shape.SEED_QUESTION, QnaContent(strategy=QnaStrategy.SEED_QUESTION):
            return QnaContent(QnaStrategy.SEED_QUESTION, message=_line(answer.message))
    return None


def _line(text: str) -> str:
    """Models like to end with a line break; that is no reason to send their words back."""
    return " ".join(text.split())
