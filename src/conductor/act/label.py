"""Whatever the agent posts says that it comes from the assistant.

People have to be told that they are dealing with an AI system (Regulation (EU) 2024/1689, Article 50). The
wording is a setting; its absence is not: what is delivered is a `Labelled`, which cannot be made without one.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from conductor.act.wording import headline
from conductor.domain.interventions import DEFAULT_LABEL, Content
from conductor.errors import InvalidInput

LABEL_MAX = 60
"""Characters; as many as an option of a poll, which fits on one line of a phone."""


def checked_label(wording: str) -> str:
    """The wording of the label, trimmed.

    Raises:
        InvalidInput: It is empty, holds no letter that a reader could see, has a line break or other control
            character, or is longer than `LABEL_MAX` characters.
    """
    trimmed = wording.strip()
    if not any(_is_visible_letter(c) for c in trimmed):
        raise InvalidInput(
            "The label has to say in words that the assistant is speaking; it cannot be left empty.",
            code="label_empty",
        )
    if any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in trimmed):
        raise InvalidInput("The label has to be one line of plain text.", code="label_unreadable")
    if len(trimmed) > LABEL_MAX:
        raise InvalidInput(
            f"The label has {len(trimmed)} characters; at most {LABEL_MAX} are allowed.",
            code="label_too_long",
        )
    return trimmed


def _is_visible_letter(c: str) -> bool:
    # Hangul fillers are letters by category, but leave a blank.
    return c.isalpha() and "FILLER" not in unicodedata.name(c, "")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Content together with the label under which it is shown. It cannot be made without a label.

    Attributes:
        content: What is shown.
        label: Whom it comes from, as a reader sees it: trimmed, 1 to `LABEL_MAX` characters.

    Raises:
        InvalidInput: The label does not fit (see `checked_label`).
    """

    content: Content
    label: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", checked_label(self.label))

    @property
    def line(self) -> str:
        """Label and wording in one line, for a chat that has no other place for the label."""
        wording = headline(self.content)
        return f"{self.label}: {wording}" if wording else self.label


def labelled(content: Content, label: str = DEFAULT_LABEL) -> Labelled:
    """Put the label on the content.

    Raises:
        InvalidInput: The label does not fit (see `checked_label`).
    """
    return Labelled(content, label)
