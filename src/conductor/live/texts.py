"""What people type, made fit to be shown to others."""

from __future__ import annotations

import unicodedata

from conductor.errors import InvalidInput
from conductor.live.emoji import is_emoji

CHAT_CHARS = 2000
QUESTION_CHARS = 500
NAME_CHARS = 60
EMOJI_CHARS = 16
"""Emoji of several people and skin tones have up to 15 code points."""
OPTION_CHARS = 200

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing: with them one name can be made to look like another."""


def cleaned(text: str, what: str, most: int, *, lines: bool = False) -> str:
    """The text without control characters, and without blanks at its ends.

    Args:
        text: As it was typed.
        what: What it is, for the error's sentence: "a message".
        most: Characters that it may have.
        lines: Whether it may have several lines; otherwise they become one.

    Raises:
        InvalidInput: Nothing is left, it is too long, or it holds half a character.
    """
    shown = "".join(_shown(each, lines=lines) for each in text.replace("\r\n", "\n")).strip()
    if not shown or not any(unicodedata.category(each)[0] in "LMNPS" for each in shown):
        raise InvalidInput(f"{what} needs a text that can be seen; this one is empty.", code="text_empty")
    if len(shown) > most:
        raise InvalidInput(
            f"{what} has at most {most} characters; this one has {len(shown)}, so shorten it.", code="text_too_long"
        )
    if any(unicodedata.category(each) == "Cs" for each in shown):
        raise InvalidInput(f"{what} holds half a character (a lone surrogate); send whole ones.", code="text_broken")
    return shown


def cleaned_emoji(emoji: str) -> str:
    """The emoji of a reaction.

    Raises:
        InvalidInput: It is anything else than one emoji of up to `EMOJI_CHARS`.
    """
    shown = emoji.strip()
    if len(shown) > EMOJI_CHARS or not is_emoji(shown):
        raise InvalidInput("A reaction is one emoji, such as 👏, and nothing else.", code="emoji_unfit")
    return shown


def _shown(each: str, *, lines: bool) -> str:
    if each in _TURNING:
        return ""
    if each == "\n" or unicodedata.category(each) in {"Zl", "Zp"}:
        return "\n" if lines else " "
    return " " if unicodedata.category(each) == "Cc" else each
