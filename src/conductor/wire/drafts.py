"""What a language model is to answer, as JSON: one shape for each thing that can be asked of it.

Providers hold a model to the schema as far as they can; what comes back is checked all the same. Nothing that is said
about an answer quotes it, as it may repeat what people wrote.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from conductor.domain.interventions import Arm, Content, QnaStrategy, Segment
from conductor.domain.shown import is_plain, is_visible
from conductor.domain.wording import Analysis, Shape
from conductor.errors import InvalidInput
from conductor.wire.content import MAX_CALL_CHARS, Message, Option, Question, read_content
from conductor.wire.reading import NOT_BLANK, Json, read_as

MAX_TOPIC_CHARS = 200
MAX_HYPOTHESIS_CHARS = 300
"""A topic is a line on the organiser's screen, a hypothesis a sentence or two."""

NO_ARM = "NONE"
"""What an analysis suggests that would do nothing."""

Hypothesis = Annotated[str, Meta(min_length=1, max_length=MAX_HYPOTHESIS_CHARS, pattern=NOT_BLANK)]


class PollDraft(Struct):
    """A question with options, as many as the review lets pass."""

    question: Question
    options: Annotated[tuple[Option, ...], Meta(min_length=3, max_length=4)]

    def answer(self) -> Content:
        """The poll.

        Raises:
            InvalidInput: A text of it cannot be shown, or two options are the same.
        """
        return read_content(Arm.POLL, {"question": self.question, "options": [*self.options]})


class PromptDraft(Struct):
    """A message to everybody."""

    message: Message

    def answer(self) -> Content:
        """The prompt.

        Raises:
            InvalidInput: Its message cannot be shown.
        """
        return read_content(Arm.CHAT_PROMPT, {"message": self.message})


class NudgeDraft(Struct):
    """A private message. Without a segment it is for whoever is disengaged: most of a room that falls."""

    message: Message
    call_to_action: Annotated[str, Meta(max_length=MAX_CALL_CHARS)]
    segment: str | None = None

    def answer(self) -> Content:
        """The nudge.

        Raises:
            InvalidInput: A text of it cannot be shown, or there is no such segment.
        """
        segment = self.segment or Segment.DISENGAGED
        if segment not in {*Segment}:
            raise InvalidInput(f"NUDGE: field segment: it may be {', '.join(Segment)}")
        fields = {"message": self.message, "call_to_action": self.call_to_action, "segment": segment}
        return read_content(Arm.NUDGE, {**fields})


class SeedDraft(Struct):
    """A question that starts the questions."""

    message: Message

    def answer(self) -> Content:
        """The question.

        Raises:
            InvalidInput: It cannot be shown.
        """
        return read_content(Arm.QNA_PROMOTE, {"strategy": QnaStrategy.SEED_QUESTION.value, "message": self.message})


class AnalysisDraft(Struct):
    """What a model makes of a room."""

    topic: Annotated[str, Meta(min_length=1, max_length=MAX_TOPIC_CHARS, pattern=NOT_BLANK)]
    hypotheses: Annotated[tuple[Hypothesis, ...], Meta(min_length=2, max_length=3)]
    suggested_intervention: str

    def answer(self) -> Analysis:
        """The analysis.

        Raises:
            InvalidInput: A text of it cannot be shown, or there is no such arm.
        """
        for text in (self.topic, *self.hypotheses):
            if not (is_visible(text) and is_plain(text)):
                raise InvalidInput("ANALYSIS: a text of it is blank or holds control characters")
        suggested = self.suggested_intervention
        if suggested not in {*Arm, NO_ARM}:
            raise InvalidInput(f"ANALYSIS: field suggested_intervention: it may be {', '.join(Arm)} or {NO_ARM}")
        return Analysis(self.topic, self.hypotheses, None if suggested == NO_ARM else Arm(suggested))


Draft = PollDraft | PromptDraft | NudgeDraft | SeedDraft | AnalysisDraft

DRAFTS: dict[Shape, type[Draft]] = {
    Shape.POLL: PollDraft,
    Shape.CHAT_PROMPT: PromptDraft,
    Shape.NUDGE: NudgeDraft,
    Shape.SEED_QUESTION: SeedDraft,
    Shape.ANALYSIS: AnalysisDraft,
}
"""What each shape has to look like."""

CHOICES: dict[str, list[str]] = {
    "segment": [*Segment],
    "suggested_intervention": [*Arm, NO_ARM],
}
"""Fields that hold one of a few words. They are checked in `answer`, whose errors do not quote what came."""


def schema_of(shape: Shape) -> dict[str, Any]:
    """The JSON schema of an answer, in what all providers understand of the language.

    Every object is closed and has all its fields, as strict modes ask. Lengths of texts are left to the prompt, since
    strict modes refuse the keywords for them.
    """
    (_,), parts = msgspec.json.schema_components((DRAFTS[shape],), ref_template="{name}")
    whole = parts[DRAFTS[shape].__name__]
    fields = {name: _plain(name, field) for name, field in whole["properties"].items()}
    return {"type": "object", "properties": fields, "required": [*fields], "additionalProperties": False}


def _plain(name: str, field: dict[str, Any]) -> dict[str, Any]:
    if name in CHOICES:
        return {"type": "string", "enum": CHOICES[name]}
    if field["type"] == "array":
        bounds = {"minItems": field["minItems"], "maxItems": field["maxItems"]}
        return {"type": "array", "items": _plain("", field["items"]), **bounds}
    return {"type": "string"}


def read_draft(shape: Shape, fields: Json) -> Content | Analysis:
    """The answer that this JSON stands for; nobody has reviewed it yet.

    Raises:
        InvalidInput: It does not fit the shape; the message names the field and quotes nothing.
    """
    draft: Draft = read_as(DRAFTS[shape], fields, shape.value)
    return draft.answer()
