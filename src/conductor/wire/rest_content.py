"""What a room is shown, in bodies of HTTP: as an organiser may send it, and as it is told."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, JsonValue, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from conductor.domain.interventions import Arm, Content, GenerationMethod, PollTiming, QnaStrategy, Segment
from conductor.wire.content import (
    MAX_CALL_CHARS,
    MAX_MESSAGE_CHARS,
    MAX_OPTION_CHARS,
    MAX_OPTIONS,
    MAX_QUESTION_CHARS,
    MAX_QUESTIONS,
    MAX_SHOWN_S,
    MAX_USERS,
    MIN_OPTIONS,
    MIN_SHOWN_S,
    content_fields,
    read_content,
)
from conductor.wire.reading import plain_fields
from conductor.wire.rest_fields import said

_POLL = {"question": "What should we look at next?", "options": ["Costs", "Scale", "Safety"]}

Question = Annotated[str, said("What is asked.", _POLL["question"]), Field(min_length=1, max_length=MAX_QUESTION_CHARS)]
Option = Annotated[str, Field(min_length=1, max_length=MAX_OPTION_CHARS)]
Options = Annotated[
    list[Option],
    said("What can be chosen, each another.", _POLL["options"]),
    Field(min_length=MIN_OPTIONS, max_length=MAX_OPTIONS),
]
Timing = Annotated[PollTiming, said("IMMEDIATE, or with the NEXT_TRANSITION: the next slide, or after 60 s.")]
PollShown = Annotated[float, said("How long it stands, in seconds.", 60.0), Field(ge=MIN_SHOWN_S, le=MAX_SHOWN_S)]
ShowResults = Annotated[bool, said("Whether people see the results.")]
Words = Annotated[str, said("What is said.", "What would you try first?"), Field(max_length=MAX_MESSAGE_CHARS)]
Pinned = Annotated[bool, said("Whether it stays at the top of the chat.")]
Highlighted = Annotated[bool, said("Whether it stands out in the chat.")]
TargetUsers = Annotated[
    list[str], said("Ids of the only people who see it; empty for all.", []), Field(max_length=MAX_USERS)
]
Call = Annotated[str, said("What its button says; may be empty.", "Join in"), Field(max_length=MAX_CALL_CHARS)]
Whom = Annotated[Segment, said("Whom it is for.")]
NudgeShown = Annotated[float, said("How long it stands, in seconds.", 300.0), Field(ge=MIN_SHOWN_S, le=MAX_SHOWN_S)]
Strategy = Annotated[
    QnaStrategy, said("SURFACE_BEST shows open questions to the speaker, the others put a message into the Q&A.")
]
QuestionIds = Annotated[
    list[str], said("Questions to show, best first; of SURFACE_BEST only.", ["q-4"]), Field(max_length=MAX_QUESTIONS)
]


class PollBody(BaseModel):
    """A poll that an organiser words."""

    question: Question
    options: Options
    timing: Timing = PollTiming.IMMEDIATE
    display_duration_s: PollShown = 60.0
    show_results: ShowResults = True


class PromptBody(BaseModel):
    """A message in the chat that an organiser words."""

    message: Words
    pinned: Pinned = True
    highlighted: Highlighted = True
    target_users: TargetUsers = []


class NudgeBody(BaseModel):
    """A private reminder that an organiser words; `{{name}}` and `{{action}}` are filled in person by person."""

    message: Words
    call_to_action: Call
    segment: Whom
    expires_after_s: NudgeShown = 300.0


class QnaBody(BaseModel):
    """Questions that an organiser brings forward, or a message that asks for or seeds one."""

    strategy: Strategy
    question_ids: QuestionIds = []
    message: Words = ""


class PollContentAnswer(BaseModel):
    """What a POLL shows."""

    question: Question
    options: Options
    timing: Timing
    display_duration_s: PollShown
    show_results: ShowResults


class PromptContentAnswer(BaseModel):
    """What a CHAT_PROMPT shows."""

    message: Words
    pinned: Pinned
    highlighted: Highlighted
    target_users: TargetUsers


class NudgeContentAnswer(BaseModel):
    """What a NUDGE shows; `{{name}}` and `{{action}}` are filled in person by person."""

    message: Words
    call_to_action: Call
    segment: Whom
    expires_after_s: NudgeShown


class QnaContentAnswer(BaseModel):
    """What a QNA_PROMOTE shows."""

    strategy: Strategy
    question_ids: QuestionIds
    message: Words


ContentAnswer = PollContentAnswer | PromptContentAnswer | NudgeContentAnswer | QnaContentAnswer

CONTENT_ANSWERS: dict[Arm, type[ContentAnswer]] = {
    Arm.POLL: PollContentAnswer,
    Arm.CHAT_PROMPT: PromptContentAnswer,
    Arm.NUDGE: NudgeContentAnswer,
    Arm.QNA_PROMOTE: QnaContentAnswer,
}


class _InTheShapeOfItsArm:
    """Describes the four shapes; which of them it has to be, only the arm says, so that it is checked with it."""

    def __get_pydantic_json_schema__(self, _core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        bodies = (PollBody, PromptBody, NudgeBody, QnaBody)
        return {"anyOf": [handler(TypeAdapter(each).core_schema) for each in bodies]}


ContentBody = Annotated[dict[str, JsonValue], _InTheShapeOfItsArm()]
"""What is to be shown, in the shape of its type."""


def content_for(arm: Arm, body: dict[str, JsonValue] | None) -> Content | None:
    """What is to be shown, if anything was said.

    Raises:
        InvalidInput: It does not fit what the arm shows.
    """
    return None if body is None else read_content(arm, dict(body))


def content_answer(arm: Arm, content: Content) -> ContentAnswer:
    """Content as the service tells it."""
    return CONTENT_ANSWERS[arm].model_validate(content_fields(content))


class GenerationAnswer(BaseModel):
    """How content came about."""

    model_config = ConfigDict(protected_namespaces=())

    method: Annotated[GenerationMethod, said("Who worded it.")]
    model: Annotated[str, said("The model's id, or the template's; empty where an organiser worded it.", "poll-1")]
    latency_ms: Annotated[float, said("How long it took, in milliseconds.", 840.0)]
    cost_usd: Annotated[float, said("What it cost, in US dollars.", 0.0021)]


def generation_answer(generation: object) -> GenerationAnswer:
    """How content came about, as the service tells it."""
    return GenerationAnswer.model_validate(plain_fields(generation))
