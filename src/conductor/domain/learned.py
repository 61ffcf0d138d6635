"""What the agent knows from earlier sessions."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.engagement import Norm
from conductor.domain.interventions import Tally


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that carries over from one session to the next.

    Attributes:
        tallies: Successes and failures of each arm in each context.
        norms: What sessions of each kind are like.
    """

    tallies: tuple[Tally, ...] = ()
    norms: tuple[Norm, ...] = ()
