"""What goes into the course of an intervention, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from conductor.act.view import RoomView
from conductor.domain.events import BudgetNearLimit
from conductor.domain.interventions import Decision, Intervention
from conductor.domain.wording import Analysis


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a thread goes on. Room and time are asked for again after whatever took a while.

    Attributes:
        look: How the room is by now; None if the session is not open any more.
        now: The time in epoch seconds.
    """

    look: Callable[[], RoomView | None]
    now: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Worded:
    """What a decision is to show is known now."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class Analysed:
    """What a model makes of the room, as advice to the organiser who is asked."""

    decision: Decision
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Lapse:
    """A decision that is not carried out, and why, as a part of a sentence for a person."""

    decision: Decision
    why: str


Step = Worded | Analysed | Intervention | Lapse | BudgetNearLimit
"""What became of a decision, and what else its course brought about."""


class Wait(StrEnum):
    """What a thread can wait for."""

    ANSWER = "ANSWER"
    SLIDE = "SLIDE"
    OUTCOME = "OUTCOME"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A thread of an earlier life.

    Attributes:
        waits_for: None if it was interrupted while it did something.
        done: What was delivered; None before that.
    """

    decision: Decision
    waits_for: Wait | None
    done: Intervention | None
