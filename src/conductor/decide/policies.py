"""Ways of choosing an arm among those allowed, by their names: the agent's own, and what it is to be held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

import numpy as np

from conductor.decide.bandit import Bandit
from conductor.decide.belief import IGNORANCE, Beta
from conductor.decide.choice import Choice, drawn, in_order
from conductor.decide.context import lineage
from conductor.decide.propensity import probabilities_of_being_largest
from conductor.decide.rules import choose_by_rules
from conductor.domain.interventions import Arm, Context, PastPerformance
from conductor.domain.strategies import PolicyName


class Policy(Protocol):
    """Chooses an arm; what it knows is in a bandit, which it never teaches."""

    def propensities(self, context: Context, arms: Iterable[Arm]) -> dict[Arm, float]:
        """The probability of each of these arms, adding up to 1. Raises `ValueError` if there are none."""

    def choose_by(self, context: Context, arms: Iterable[Arm], chance: float) -> Choice:
        """The arm that a draw of `chance`, uniform in [0, 1), means. Raises `ValueError` if there are none."""


class Weighed:
    """Draws an arm with probabilities that follow from what a bandit knows.

    Args:
        bandit: What is known.
        weigh: The probability of each of these arms in a context.
    """

    def __init__(self, bandit: Bandit, weigh: Callable[[Bandit, Context, list[Arm]], list[float]]) -> None:
        self._bandit = bandit
        self._weigh = weigh

    def propensities(self, context: Context, arms: Iterable[Arm]) -> dict[Arm, float]:
        """As weighed."""
        candidates = in_order(arms)
        return dict(zip(candidates, self._weigh(self._bandit, context, candidates), strict=True))

    def choose_by(self, context: Context, arms: Iterable[Arm], chance: float) -> Choice:
        """Draw one."""
        propensities = self.propensities(context, arms)
        means = {arm: self._bandit.posterior(arm, context).mean for arm in propensities}
        arm = drawn(propensities, chance)
        count = self._bandit.count(arm, lineage(context)[-1])
        rate = count.successes / count.attempts if count.attempts > 0.0 else 0.0
        is_exploring = means[arm] < max(means.values())
        return Choice(
            arm=arm,
            propensity=propensities[arm],
            confidence=means[arm],
            is_exploring=is_exploring,
            past=PastPerformance(success_rate=rate, attempts=round(count.attempts), is_exploring=is_exploring),
            record=self._bandit.record(arm, context),
            is_only_arm=len(propensities) == 1,
        )


def by_rules(_bandit: Bandit, context: Context, arms: list[Arm]) -> list[float]:
    """Only the arm that comes first by the fixed rules, whatever was learned."""
    first = choose_by_rules(context, arms).arm
    return [float(arm is first) for arm in arms]


def evenly(_bandit: Bandit, _context: Context, arms: list[Arm]) -> list[float]:
    """Each arm as often as any other."""
    return [1.0 / len(arms)] * len(arms)


def greedily(bandit: Bandit, context: Context, arms: list[Arm]) -> list[float]:
    """Only the arm that is the best as far as is known; the first of several."""
    means = [bandit.posterior(arm, context).mean for arm in arms]
    return [float(place == means.index(max(means))) for place in range(len(arms))]


def plainly(bandit: Bandit, context: Context, arms: list[Arm]) -> list[float]:
    """Thompson sampling (1933) as the product's blueprint has it: each context by itself, from Beta(1, 1) on.

    Nothing is borrowed from other contexts, and no share of choices is set aside for exploring.
    """
    beliefs = [_alone(bandit, arm, context) for arm in arms]
    alphas, betas = (np.array(each) for each in zip(*((b.alpha, b.beta) for b in beliefs), strict=True))
    return [float(each) for each in probabilities_of_being_largest(alphas, betas)]


def _alone(bandit: Bandit, arm: Arm, context: Context) -> Beta:
    count = bandit.count(arm, lineage(context)[-1])
    return Beta(IGNORANCE.alpha + count.successes, IGNORANCE.beta + count.failures)


POLICIES: Mapping[PolicyName, Callable[[Bandit], Policy]] = MappingProxyType(
    {
        PolicyName.THOMPSON: lambda bandit: bandit,
        PolicyName.RULES: lambda bandit: Weighed(bandit, by_rules),
        PolicyName.RANDOM: lambda bandit: Weighed(bandit, evenly),
        PolicyName.BEST: lambda bandit: Weighed(bandit, greedily),
        PolicyName.PLAIN: lambda bandit: Weighed(bandit, plainly),
    }
)
"""By name, made from what was learned. `NOTHING` chooses no arm, so it is none of them: it is what is left out."""
