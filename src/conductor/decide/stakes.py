"""Whether to do something at all: what arms add to doing nothing, against what an interruption costs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conductor.decide.bandit import Bandit
from conductor.decide.cells import number_of
from conductor.decide.choice import in_order
from conductor.domain.interventions import Arm, Context

TRIED_RATIO = 0.1
"""In one of ten falls something is done whatever is believed (stated guess: as often as a fall is left alone where
something helps). So lift goes on being measured where nothing has shown any, and what begins to help is found."""

DECISIVE = 4.0
"""Once it is likelier than not that no arm is worth it, the odds of that count to this power (stated guess): what is
left of the doubt need not be tried in proportion, since `TRIED_RATIO` goes on trying anyway."""

RESHAPING = 0.02
"""Lifts are drawn close to what is expected of them: `TRIED_RATIO` tries anyway what is believed to add nothing."""


@dataclass(frozen=True, slots=True)
class Stakes:
    """What is to be gained by doing something.

    Attributes:
        alone: Probability in [0, 1) with which the room is left alone, exactly as it is drawn.
        adds: How much likelier success is expected to be with each arm than without, in (-1, 1).
        without: The chance in (0, 1) that the room picks up by itself.
        cost: What an interruption costs, as a chance of success: less is not worth it.
    """

    alone: float
    adds: Mapping[Arm, float]
    without: float
    cost: float

    @property
    def best(self) -> Arm:
        """The arm that adds most, as far as is known."""
        return max(self.adds, key=lambda arm: self.adds[arm])


def stakes(bandit: Bandit, context: Context, arms: Iterable[Arm], cost: float) -> Stakes | None:
    """What these arms add here, and how probable it is that none is used; None while no room was left alone yet.

    Thompson sampling: lifts are drawn from what is believed of them, and an arm is used if one of them exceeds the
    cost; less often where that is the less likely (`DECISIVE`). Which one is chosen then as ever.

    Args:
        bandit: What is known.
        context: The circumstances.
        arms: Those that may be used.
        cost: What an interruption costs, as a chance of success in [0, 1]: an arm has to add more.

    Raises:
        ValueError: There are no arms.
    """
    candidates = in_order(arms)
    if (lifts := bandit.lifts()) is None:
        return None
    cell = number_of(context)
    adds = {arm: lifts.of(arm, cell) for arm in candidates}
    worth = lifts.chance_that_one_adds(candidates, cell, cost, RESHAPING)
    alone = (1.0 - TRIED_RATIO) * (1.0 - _used(worth))
    return Stakes(alone, adds, bandit.posterior(None, context).mean, cost)


def _used(worth: float) -> float:
    """How often an arm is used, but for `TRIED_RATIO`, if one is so probably worth it; both in [0, 1]."""
    if worth >= 0.5:
        return worth
    yes, no = math.pow(worth, DECISIVE), math.pow(1.0 - worth, DECISIVE)
    return yes / (yes + no)
