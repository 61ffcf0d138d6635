"""Wording, reduced to what makes two texts the same to a reader."""

from __future__ import annotations

import re
import unicodedata

from conductor.domain.interventions import Content, NudgeContent, PollContent, PromptContent, QnaContent

_ACCENTS = re.compile("[\u0300-\u036f]")
"""Accents of Latin, Greek and Cyrillic letters (Unicode block "Combining Diacritical Marks"). Marks of other
scripts stay: there they are vowels."""


def readable(text: str) -> str:
    """The text as a reader sees it: compatibility forms made plain, invisible format characters removed."""
    if text.isascii():  # Most text is, and then there is nothing to do.
        return text
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if unicodedata.category(c) != "Cf")


def normalised(text: str) -> str:
    """The text without case, accents, punctuation and surplus spaces. Normalising twice changes nothing."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", readable(text).casefold()))
    composed = unicodedata.normalize("NFKC", bare).casefold()
    return " ".join("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in composed).split())


def words(text: str) -> tuple[str, ...]:
    """The normalised words of a text, in order."""
    return tuple(normalised(text).split())


def headline(content: Content) -> str:
    """What a reader would call the wording: the question of a poll, the message of anything else.

    Questions that are surfaced have no wording of the agent's, so theirs is empty.
    """
    match content:
        case PollContent():
            return content.question
        case PromptContent() | NudgeContent() | QnaContent():
            return content.message
