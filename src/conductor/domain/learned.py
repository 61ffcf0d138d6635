"""What the agent knows from earlier sessions."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.engagement import Norm
from conductor.domain.interventions import Arm, Context


@dataclass(frozen=True, slots=True)
class Tally:
    """What has been learned of one arm in one context: successes and failures, as weights (0 or more)."""

    context: Context
    arm: Arm
    successes: float
    failures: float


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that carries over from one session to the next.

    Attributes:
        tallies: Successes and failures of each arm in each context.
        norms: What sessions of each kind are like.
    """

    tallies: tuple[Tally, ...] = ()
    norms: tuple[Norm, ...] = ()
