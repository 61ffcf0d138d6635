"""A decision whose coin was tossed, from the toss to its horizon."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.interventions import Decision
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
