"""Whatever the agent posts says that it comes from the assistant.

People have to be told that they are dealing with an AI system (Regulation (EU) 2024/1689, Article 50). The
wording is a setting; its absence is not: what is delivered is a `Labelled`, which cannot be made without one.
"""

from __future__ import annotations

from dataclasses import dataclass

from conductor.act.wording import headline
from conductor.domain.interventions import DEFAULT_LABEL, Content
from conductor.domain.shown import label_fault
from conductor.errors import InvalidInput


def checked_label(wording: str) -> str:
    """The wording of the label, trimmed.

    Raises:
        InvalidInput: It is empty, holds no letter that a reader could see, has a line break or other control
            character, or is longer than `domain.shown.LABEL_MAX` characters.
    """
    fault = label_fault(wording)
    if fault is not None:
        raise InvalidInput(fault.sentence, code=fault.code)
    return wording.strip()


@dataclass(frozen=True, slots=True)
class Labelled:
    """Content together with the label under which it is shown. It cannot be made without a label.

    Attributes:
        content: What is shown.
        label: Whom it comes from, as a reader sees it: trimmed, 1 to 60 characters.

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
