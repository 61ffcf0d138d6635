"""What operators are told at once, wherever they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AlertLevel(StrEnum):
    """How much haste an alert wants."""

    INFO = "INFO"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that somebody has to know. It names no person and quotes nobody.

    Attributes:
        key: The same for everything that is said of one thing, and for nothing else.
        level: How much haste it wants.
        title: What it is, in a few words.
        text: What it means and what to do, in a sentence or two.
        link: Where to do it; empty for nowhere.
        is_over: Whether this says that it is over.
    """

    key: str
    level: AlertLevel
    title: str
    text: str
    link: str = ""
    is_over: bool = False
