"""A decision, or a room left alone by choice, until its horizon; and what it teaches there."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.holds import Hold
from conductor.domain.interventions import Autonomy, Decision
from conductor.learn.outcome import Disturbance


@dataclass(slots=True)
class OpenTrial:
    """A decision whose end is awaited, whether or not a coin was tossed for it.

    Attributes:
        delivered: Whether anything has reached people so far.
        disturbance: What happened in the meantime so that nothing can be said; None so far.
    """

    decision: Decision
    delivered: bool = False
    disturbance: Disturbance | None = None


@dataclass(slots=True)
class OpenLeft:
    """A room in which nothing is done because nothing was chosen: what becomes of it shows what nothing comes to.

    Attributes:
        disturbance: What happened in the meantime so that nothing can be said; None so far.
    """

    hold: Hold
    disturbance: Disturbance | None = None


def teaches(autonomy: Autonomy, *, held_out: bool, delivered: bool) -> bool:
    """Whether a decision teaches anything at its horizon: of its arm, or of nothing if it was held out.

    What was to be done without asking teaches of its arm even if it was let be, as a room that recovers while a poll
    waits does: the same room, held out, teaches of nothing. Where somebody was to be asked, no coin decides who
    approves: what was delivered teaches of its arm, and what was refused or held out teaches nothing.
    """
    return autonomy is Autonomy.ACT or (delivered and not held_out)
