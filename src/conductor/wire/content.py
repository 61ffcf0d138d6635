"""What the room is to see, as JSON: one shape for each arm.

The bounds keep out what no room could show. Whether a text is fit to be shown is for the review of content to
say, which is stricter.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from conductor.domain.interventions import (
    Arm,
    Content,
    NudgeContent,
    PollContent,
    PollTiming,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.shown import is_plain, is_visible
from conductor.errors import InvalidInput
from conductor.wire.reading import NOT_BLANK, Json, Word, plain_fields, read_as
from conductor.wire.signals import Fields

MAX_QUESTION_CHARS = 200
MAX_OPTION_CHARS = 80
MAX_MESSAGE_CHARS = 500
MAX_CALL_CHARS = 80
"""Somewhat above what review lets pass (140, 60, 280), so that its sentence about the length is what people read."""

MIN_OPTIONS, MAX_OPTIONS = 2, 6
"""A poll needs a choice, and on a phone six options fill the screen. Review asks for 3 or 4."""

MAX_QUESTIONS = 10
"""Questions brought forward at once; review lets 3 pass."""

MAX_USERS = 10_000
"""People named one by one; whoever means more of them means everybody."""

MIN_SHOWN_S, MAX_SHOWN_S = 1.0, 3600.0
"""How long a poll or nudge stands: long enough to be seen, and no longer than an hour."""

Question = Annotated[str, Meta(min_length=1, max_length=MAX_QUESTION_CHARS, pattern=NOT_BLANK)]
Option = Annotated[str, Meta(min_length=1, max_length=MAX_OPTION_CHARS, pattern=NOT_BLANK)]
Message = Annotated[str, Meta(min_length=1, max_length=MAX_MESSAGE_CHARS, pattern=NOT_BLANK)]
Shown = Annotated[float, Meta(ge=MIN_SHOWN_S, le=MAX_SHOWN_S)]
Users = Annotated[tuple[Word, ...], Meta(max_length=MAX_USERS)]


class PollShape(Struct):
    """The JSON of a `PollContent`."""

    question: Question
    options: Annotated[tuple[Option, ...], Meta(min_length=MIN_OPTIONS, max_length=MAX_OPTIONS)]
    timing: PollTiming = PollTiming.IMMEDIATE
    display_duration_s: Shown = 60.0
    show_results: bool = True

    def content(self) -> PollContent:
        """The poll.

        Raises:
            InvalidInput: A text of it cannot be shown, or two options are the same.
        """
        _check_shown(Arm.POLL, question=self.question)
        _check_shown(Arm.POLL, **{f"options[{n}]": option for n, option in enumerate(self.options)})
        if len({" ".join(option.split()).casefold() for option in self.options}) < len(self.options):
            raise InvalidInput("POLL: field options: two options are the same; word each differently")
        return PollContent(self.question, self.options, self.timing, self.display_duration_s, self.show_results)


class PromptShape(Struct):
    """The JSON of a `PromptContent`."""

    message: Message
    pinned: bool = True
    highlighted: bool = True
    target_users: Users = ()

    def content(self) -> PromptContent:
        """The prompt.

        Raises:
            InvalidInput: Its message cannot be shown.
        """
        _check_shown(Arm.CHAT_PROMPT, message=self.message)
        return PromptContent(self.message, self.pinned, self.highlighted, self.target_users)


class NudgeShape(Struct):
    """The JSON of a `NudgeContent`."""

    message: Message
    call_to_action: Annotated[str, Meta(max_length=MAX_CALL_CHARS)]
    segment: Segment
    expires_after_s: Shown = 300.0

    def content(self) -> NudgeContent:
        """The nudge.

        Raises:
            InvalidInput: A text of it cannot be shown.
        """
        _check_shown(Arm.NUDGE, message=self.message)
        if self.call_to_action:
            _check_shown(Arm.NUDGE, call_to_action=self.call_to_action)
        return NudgeContent(self.message, self.call_to_action, self.segment, self.expires_after_s)


class QnaShape(Struct):
    """The JSON of a `QnaContent`: either ids of questions or a message, as the strategy has it."""

    strategy: QnaStrategy
    question_ids: Annotated[tuple[Word, ...], Meta(max_length=MAX_QUESTIONS)] = ()
    message: Annotated[str, Meta(max_length=MAX_MESSAGE_CHARS)] = ""

    def content(self) -> QnaContent:
        """The questions, or the message that asks for or seeds one.

        Raises:
            InvalidInput: What the strategy needs is not there, or cannot be shown.
        """
        if self.strategy is QnaStrategy.SURFACE_BEST and not self.question_ids:
            raise InvalidInput("QNA_PROMOTE: field question_ids: SURFACE_BEST needs at least one question to surface")
        if self.strategy is not QnaStrategy.SURFACE_BEST and not self.message.strip():
            raise InvalidInput(f"QNA_PROMOTE: field message: {self.strategy} needs a text to show")
        if self.message:
            _check_shown(Arm.QNA_PROMOTE, message=self.message)
        return QnaContent(self.strategy, self.question_ids, self.message)


def _check_shown(arm: Arm, **texts: str) -> None:
    """Let texts pass that a reader would see, and that can be kept.

    Raises:
        InvalidInput: One is invisible, or holds control characters other than tabs and line breaks.
    """
    for name, text in texts.items():
        if not is_visible(text):
            raise InvalidInput(f"{arm}: field {name}: it must not be blank; write something that people can see")
        if not is_plain(text):
            raise InvalidInput(f"{arm}: field {name}: it holds control characters; leave them out")


Shape = PollShape | PromptShape | NudgeShape | QnaShape

SHAPES: dict[Arm, type[Shape]] = {
    Arm.POLL: PollShape,
    Arm.CHAT_PROMPT: PromptShape,
    Arm.NUDGE: NudgeShape,
    Arm.QNA_PROMOTE: QnaShape,
}
"""The shape of each arm's content."""


def read_content(arm: Arm, data: Json) -> Content:
    """The content that this JSON stands for.

    Raises:
        InvalidInput: It does not fit the arm; the message names the field.
    """
    shape: Shape = read_as(SHAPES[arm], data, arm.value)
    return shape.content()


def content_fields(content: Content) -> Fields:
    """The JSON of content: the inverse of `read_content`."""
    return plain_fields(content)


def arm_of(content: Content) -> Arm:
    """The arm that shows such content."""
    match content:
        case PollContent():
            return Arm.POLL
        case PromptContent():
            return Arm.CHAT_PROMPT
        case NudgeContent():
            return Arm.NUDGE
        case QnaContent():
            return Arm.QNA_PROMOTE
