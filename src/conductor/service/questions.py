"""`/api/v1/agent/sessions/{id}/questions`: what attendees asked, for who is to decide whether the speaker sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Security

from conductor.access.rights import Right
from conductor.domain.bus import SIGNALS, Kept
from conductor.domain.signals import Kind, QuestionDetail, Signal, signals_in
from conductor.errors import InvalidInput
from conductor.service.deps import SessionPlace, Sources, session_place
from conductor.wire import parse_signal
from conductor.wire.columns import COLUMNS, unpack
from conductor.wire.content import MAX_QUESTIONS
from conductor.wire.rest import Id
from conductor.wire.rest_sums import AskedQuestion, AskedQuestionsAnswer

router = APIRouter(prefix="/agent/sessions/{session_id:path}/questions", tags=["decisions"])

ASKED = "qna:question:new"


@router.get("", summary="Words of questions")
async def get_questions(
    parts: Sources,
    place: Annotated[SessionPlace, Security(session_place, scopes=[Right.WATCH_AGENT])],
    question_id: Annotated[list[Id], Query(min_length=1, max_length=MAX_QUESTIONS, description="Which ones.")],
) -> AskedQuestionsAnswer:
    """What was asked, in the order in which the ids are given: a decision that brings questions forward names ids.

    Questions that the stream of the session does not hold any more, or that came without words, are left out.
    """
    words: dict[str, str] = {}
    stream = SIGNALS + place.session_id
    # A prefix: streams of sessions whose ids go on after this one's are read too, and passed over.
    async for batch in parts.bus.follow(stream, 0.0):
        if not batch:
            break
        for kept in batch:
            if kept.stream == stream:
                words.update(_asked_in(kept, question_id))
    found = [AskedQuestion(question_id=each, content=words[each]) for each in question_id if words.get(each)]
    return AskedQuestionsAnswer(session_id=place.session_id, questions=found)


def _asked_in(kept: Kept, ids: list[str]) -> Iterator[tuple[str, str]]:
    for name, value in kept.fields:
        # Columns hold ids as they are, and most hold none of these: that is seen without reading them.
        if name == COLUMNS and not any(each.encode() in value for each in ids):
            continue
        for signal in _signals(name, value, kept.at):
            if signal.kind is Kind.QUESTION and isinstance(signal.detail, QuestionDetail):
                yield signal.detail.question_id, signal.detail.content or ""


def _signals(name: str, value: bytes, at: float) -> list[Signal]:
    """The signals of a field, none where it does not fit: the worker counts and says what it could not read."""
    try:
        if name == COLUMNS:
            return signals_in(unpack(value))
        return [parse_signal(name, value, at=at)] if name == ASKED else []
    except InvalidInput:
        return []
