"""Checks content before anybody sees it, whoever worded it: a template, a model or an organiser.

The answer is a list of findings in words. They never quote what they found, because findings are logged and
what was found may be somebody's name or address.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from conductor.act.people import Names, People
from conductor.act.traces import EMAIL, HANDLE, LINK, holds_phone
from conductor.act.wording import headline, normalised, readable
from conductor.domain.interventions import (
    Content,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
)

OPTIONS_MIN, OPTIONS_MAX = 3, 4
"""Options of a poll: with two it is a yes or no, with five it takes longer than 10 seconds."""

QUESTION_MAX = 140
OPTION_MAX = 60
MESSAGE_MAX = 280
"""Characters: a question fits on two lines of a phone, an option on one, a message on four to five."""

SURFACED_MAX = 3
"""Questions flagged to the speaker at once (the blueprint's count)."""


class FindingCode(StrEnum):
    """What can be wrong with content."""

    EMPTY = "EMPTY"
    TOO_LONG = "TOO_LONG"
    NOT_PLAIN = "NOT_PLAIN"
    OPTION_COUNT = "OPTION_COUNT"
    OPTIONS_ALIKE = "OPTIONS_ALIKE"
    QUESTION_COUNT = "QUESTION_COUNT"
    LINK = "LINK"
    EMAIL = "EMAIL"
    HANDLE = "HANDLE"
    PHONE = "PHONE"
    NAME = "NAME"
    PLACEHOLDER = "PLACEHOLDER"
    REPEAT = "REPEAT"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `sentence` is for a person, `code` for a program."""

    code: FindingCode
    sentence: str


@dataclass(frozen=True, slots=True)
class _Text:
    """One text that people will read. `place` is how a sentence calls it."""

    place: str
    raw: str
    longest: int
    placeholders_allowed: bool = False

    @property
    def without_placeholders(self) -> str:
        """As a reader sees it; in a nudge, with a mark in the place of what delivery will fill in."""
        text = readable(self.raw)
        return _FILLED_AT_DELIVERY.sub("…", text) if self.placeholders_allowed else text


_FILLED_AT_DELIVERY = re.compile(r"\{\{(?:name|action)\}\}")

_PLACEHOLDER = re.compile(r"[{}]|\[[^\W\d_][^\[\]]*\]|<[^\W\d_][^<>]*>|%s")
"""Slots as templates and models write them: {topic}, [topic], <topic>, %s."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def review(
    content: Content,
    *,
    names: Names = (),
    seen: Collection[str] = (),
    promoted: Collection[str] = (),
) -> tuple[Finding, ...]:
    """What is wrong with this content; empty if it may be used.

    Args:
        content: What is to be posted.
        names: Display names of the people in the room, none of whom may be named.
        seen: Wordings that this session has seen, from the agent or from anybody else.
        promoted: Ids of the questions that were surfaced before.
    """
    people = People.named(names)
    return (
        *_shape(content),
        *(finding for text in _texts(content) for finding in _wording(text, people)),
        *_repeats(content, seen, promoted),
    )


def _texts(content: Content) -> Iterator[_Text]:
    match content:
        case PollContent():
            yield _Text("The question", content.question, QUESTION_MAX)
            for n, option in enumerate(content.options, start=1):
                yield _Text(f"Option {n}", option, OPTION_MAX)
        case PromptContent():
            yield _Text("The message", content.message, MESSAGE_MAX)
        case NudgeContent():
            yield _Text("The message", content.message, MESSAGE_MAX, placeholders_allowed=True)
            yield _Text("The call to action", content.call_to_action, OPTION_MAX)
        case QnaContent() if content.message or content.strategy is not QnaStrategy.SURFACE_BEST:
            yield _Text("The message", content.message, MESSAGE_MAX)


def _shape(content: Content) -> Iterator[Finding]:
    match content:
        case PollContent():
            yield from _options(content.options)
        case QnaContent(strategy=QnaStrategy.SURFACE_BEST):
            ids = content.question_ids
            if not 1 <= len(ids) <= SURFACED_MAX or len(frozenset(ids)) < len(ids):
                yield Finding(
                    FindingCode.QUESTION_COUNT,
                    f"It has to bring forward 1 to {SURFACED_MAX} different questions.",
                )
        case QnaContent() if content.question_ids:
            yield Finding(FindingCode.QUESTION_COUNT, "Asking for questions and surfacing them are two things.")


def _options(options: tuple[str, ...]) -> Iterator[Finding]:
    if not OPTIONS_MIN <= len(options) <= OPTIONS_MAX:
        yield Finding(
            FindingCode.OPTION_COUNT,
            f"A poll has {OPTIONS_MIN} or {OPTIONS_MAX} options; this one has {len(options)}.",
        )
    # Options such as "C" and "C++" differ in signs alone, so signs count here.
    if len({" ".join(readable(option).casefold().rstrip(". ").split()) for option in options}) < len(options):
        yield Finding(FindingCode.OPTIONS_ALIKE, "Two options say the same.")


def _wording(text: _Text, people: People) -> Iterator[Finding]:
    bare = text.without_placeholders
    if not normalised(bare):
        yield Finding(FindingCode.EMPTY, f"{text.place} holds no words.")
        return
    if len(text.raw) > text.longest:
        yield Finding(
            FindingCode.TOO_LONG,
            f"{text.place} has {len(text.raw)} characters; at most {text.longest} are allowed.",
        )
        return  # It is refused anyway, and what follows takes longer the longer the text is.
    if _CONTROL.search(text.raw):
        yield Finding(FindingCode.NOT_PLAIN, f"{text.place} holds line breaks or control characters.")
    for code, found, what in _TRACES:
        if found(bare):
            yield Finding(code, f"{text.place} holds {what}.")
    if people.are_named_in(bare):
        yield Finding(FindingCode.NAME, f"{text.place} names somebody in the room.")


_TRACES = (
    (FindingCode.EMAIL, EMAIL.search, "an e-mail address"),
    (FindingCode.LINK, LINK.search, "a link"),
    (FindingCode.HANDLE, HANDLE.search, "a handle"),
    (FindingCode.PHONE, holds_phone, "what looks like a telephone number"),
    (FindingCode.PLACEHOLDER, _PLACEHOLDER.search, "a placeholder that nobody filled in"),
)


def _repeats(content: Content, seen: Collection[str], promoted: Collection[str]) -> Iterator[Finding]:
    wording = normalised(headline(content))
    if wording and wording in {normalised(earlier) for earlier in seen}:
        yield Finding(FindingCode.REPEAT, "This session has seen the same wording before.")
    if isinstance(content, QnaContent) and content.question_ids and set(content.question_ids) <= set(promoted):
        yield Finding(FindingCode.REPEAT, "These questions were brought forward before.")
