"""Constants of the whole agent."""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor.decide.bandit import BanditParams
from conductor.decide.room import DecisionParams
from conductor.learn.outcome import OutcomeParams
from conductor.perceive.perception import PerceiveParams


@dataclass(frozen=True, slots=True)
class LoopParams:
    """Constants of the agent.

    Attributes:
        retry_s: How often a fall that stands is decided on anew while something passing holds it back.
        rest_s: How long the same fall is left alone after a decision that came to nothing, or one that helped
            (stated guess: long enough not to nag, short enough for a fall that stands ten minutes).
        silence_s: A session in which nothing was heard for so long has ended (stated guess: longer than any
            break).
    """

    perceive: PerceiveParams = field(default_factory=PerceiveParams)
    decide: DecisionParams = field(default_factory=DecisionParams)
    outcome: OutcomeParams = field(default_factory=OutcomeParams)
    bandit: BanditParams = field(default_factory=BanditParams)
    retry_s: float = 15.0
    rest_s: float = 300.0
    silence_s: float = 1800.0
