"""An arm, and how it came to be chosen, by whichever rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conductor.decide.context import Scope
from conductor.domain.interventions import Arm, PastPerformance

ARM_ORDER = tuple(Arm)
"""The order in which arms are counted and ties are broken."""


@dataclass(frozen=True, slots=True)
class Record:
    """What an arm has to show in the narrowest scope in which it was ever tried.

    Attributes:
        is_here: Whether that scope is the context of the choice itself.
    """

    scope: Scope
    successes: float
    attempts: float
    is_here: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """An arm, and how it came to be chosen.

    Attributes:
        propensity: Probability in (0, 1] of this choice, exactly as it was drawn.
        confidence: Probability in (0, 1) that the arm succeeds here, as far as is known.
        is_exploring: Whether another arm is better as far as is known.
        past: How the arm has done in this very context.
        record: What it has to show here or in wider circumstances; None if it was never tried.
        is_only_arm: Whether there was nothing else to choose from.
    """

    arm: Arm
    propensity: float
    confidence: float
    is_exploring: bool
    past: PastPerformance
    record: Record | None
    is_only_arm: bool


def in_order(arms: Iterable[Arm]) -> list[Arm]:
    """These arms, each once, in the order of `ARM_ORDER`.

    Raises:
        ValueError: There are none.
    """
    listed = tuple(arms)
    if not listed:
        raise ValueError("there is no arm to choose from")
    return [arm for arm in ARM_ORDER if arm in listed]


def drawn(propensities: Mapping[Arm, float], chance: float) -> Arm:
    """The arm that a number uniform in [0, 1) falls on, if each takes as much room as it is probable."""
    upper = 0.0
    for arm, probability in propensities.items():
        upper += probability
        if chance < upper:
            return arm
    # Rounding left a sliver over, which belongs to the last one that can be drawn at all.
    return [arm for arm, probability in propensities.items() if probability > 0.0][-1]
