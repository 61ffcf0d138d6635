"""What a text has to be before anybody is shown it: visible, and for a label one line that says something.

One rule for every edge: what is taken where it comes in must never be refused where it is used.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LABEL_MAX = 60
"""Characters; as many as an option of a poll, which fits on one line of a phone."""

_BLANKS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Zl", "Zp", "Zs"})
"""Categories that leave no ink by themselves: spaces, controls, formats, marks without a letter, unassigned."""

_NOT_ON_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of characters, and breaks of lines and paragraphs."""

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of what follows (Unicode UAX 9), so that a reader sees another text than was written."""


@dataclass(frozen=True, slots=True)
class LabelFault:
    """What is wrong with a label. `sentence` is for a person, `code` for a program."""

    code: str
    sentence: str


def label_fault(label: str) -> LabelFault | None:
    """What is wrong with a label; None if it may be used, without the spaces around it.

    It has 1 to `LABEL_MAX` characters, at least one of them a letter that a reader can see, and is one line.
    """
    trimmed = label.strip()
    if not any(c.isalpha() and is_visible(c) for c in trimmed):
        return LabelFault(
            "label_empty", "The label has to say in words that the assistant is speaking; it cannot be left empty."
        )
    if any(c in _TURNS or unicodedata.category(c) in _NOT_ON_A_LINE for c in trimmed):
        return LabelFault("label_unreadable", "The label has to be one line of plain text.")
    if len(trimmed) > LABEL_MAX:
        sentence = f"The label has {len(trimmed)} characters; at most {LABEL_MAX} are allowed."
        return LabelFault("label_too_long", sentence)
    return None


def is_visible(text: str) -> bool:
    """Whether a reader sees anything of a text."""
    return any(_leaves_ink(c) for c in text)


def is_plain(text: str) -> bool:
    """Whether a text has no control characters but tabs and line breaks: others cannot be shown, nor NUL be kept."""
    return text.isprintable() or not any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\t\n\r" for c in text)


def _leaves_ink(c: str) -> bool:
    # Hangul fillers are letters by category and the blank Braille pattern is a sign, but they leave a blank.
    return unicodedata.category(c) not in _BLANKS and c != "\u2800" and "FILLER" not in unicodedata.name(c, "")
