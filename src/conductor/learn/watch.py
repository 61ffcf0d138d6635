"""Waiting for what an intervention does."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.interventions import Decision
from conductor.learn.outcome import Disturbance


@dataclass(slots=True)
class Watch:
    """An intervention whose effect is awaited.

    Attributes:
        due_at: When its outcome is measured, in epoch seconds.
        answered_at: From here on the score is taken, when direct answers have died down.
        delivered_to: People who could see it.
        answered: Whether that moment has come.
        disturbance: What happened in the meantime so that nothing can be said; None so far.
    """

    decision: Decision
    intervention_id: str
    due_at: float
    answered_at: float
    delivered_to: int
    answered: bool = False
    disturbance: Disturbance | None = None
