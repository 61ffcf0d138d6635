"""A decision whose coin was tossed, or one for nothing, until its horizon."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.interventions import Context, Decision
from conductor.learn.outcome import Disturbance


@dataclass(slots=True)
class OpenTrial:
    """A trial whose end is awaited.

    Attributes:
        delivered: Whether anything has reached people so far.
        disturbance: What happened in the meantime so that nothing can be said; None so far.
    """

    decision: Decision
    delivered: bool = False
    disturbance: Disturbance | None = None


@dataclass(slots=True)
class LeftAlone:
    """A room in which nothing is done because nothing was chosen: what becomes of it shows what nothing comes to.

    Attributes:
        before: Score in [0, 1] when that was chosen.
        ends_at: When it is scored again, in epoch seconds.
        lost: Whether something happened in the meantime so that nothing can be said.
    """

    session_id: str
    context: Context
    before: float
    ends_at: float
    lost: bool = False
