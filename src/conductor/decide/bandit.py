"""Contextual Thompson sampling with Beta posteriors that borrow strength from wider contexts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from conductor.decide.belief import IGNORANCE, NOTHING, Beta, Count
from conductor.decide.choice import ARM_ORDER, Choice, Record
from conductor.decide.context import Scope, lineage
from conductor.decide.propensity import probabilities_of_being_largest
from conductor.domain.interventions import Arm, Context, EngagementBucket, PastPerformance
from conductor.domain.learned import Tally

_GRAIN = 2.0**-20
# Weights are rounded to this grain (a millionth of an attempt). Sums of such numbers are exact in any order
# up to 2^33 attempts, so a restored bandit is equal to the original to the last bit.


@dataclass(frozen=True, slots=True)
class BanditParams:
    """How the bandit borrows and explores.

    Attributes:
        borrowed_attempts: How many attempts, at most, a scope's record counts for in the scopes directly within
            it (above 0). If the true rates of siblings correlate with r, this is 1/r - 1, as in any
            beta-binomial model: 32 stands for r = 0.03, which is rates that differ by some 9 points from one
            sibling to the next (a stated guess, until there is a record to fit it to).
        floor: Share of choices, in (0, 1), drawn evenly from all arms. Thompson sampling alone lets the
            propensity of a losing arm go to zero, and with it goes every estimate of what that arm would
            have done (Zhang, Janson & Murphy 2020, "Inference for Batched Bandits", clip it for that
            reason). At 5 % and four arms no logged weight 1/propensity exceeds 80.
    """

    borrowed_attempts: float = 32.0
    floor: float = 0.05

    def __post_init__(self) -> None:
        if not self.borrowed_attempts > 0.0:
            raise ValueError(f"borrowed_attempts must be above 0, not {self.borrowed_attempts}")
        if not 0.0 < self.floor < 1.0:
            raise ValueError(f"floor must lie between 0 and 1, not {self.floor}")


class Bandit:
    """What was learned of every arm in every context, and the choice that follows from it.

    Counts are kept for each context and for every scope it lies in. A scope's prior is what its parent lends it
    (`Beta.lent`): the parent's posterior, made of what was seen elsewhere under that parent. So every lesson
    counts once, fully where it was learned and less with each step away.
    """

    def __init__(self, params: BanditParams | None = None, tallies: Iterable[Tally] = ()) -> None:
        self._params = params or BanditParams()
        self._leaves: dict[Context, dict[Arm, Count]] = {}
        self._counts: dict[Scope, dict[Arm, Count]] = {}
        self.restore(tallies)

    def posterior(self, arm: Arm, context: Context) -> Beta:
        """What is believed of the arm's probability of success in this context."""
        return self.posterior_along(arm, lineage(context))

    def posterior_along(self, arm: Arm, scopes: Sequence[Scope]) -> Beta:
        """What is believed of the arm in the last of these scopes: the head of a `lineage`, widest first."""
        counts = [self.count(arm, scope) for scope in scopes]
        belief = IGNORANCE
        for own, narrower in zip(counts, [*counts[1:], NOTHING], strict=True):
            elsewhere = own - narrower
            prior = belief.lent(self._params.borrowed_attempts)
            belief = Beta(prior.alpha + elsewhere.successes, prior.beta + elsewhere.failures)
        return belief

    def count(self, arm: Arm, scope: Scope) -> Count:
        """Successes and failures of the arm in all contexts of a scope."""
        return self._counts.get(scope, {}).get(arm, NOTHING)

    def record(self, arm: Arm, context: Context) -> Record | None:
        """What the arm has to show in the narrowest scope around the context in which it was tried."""
        narrowest_first = lineage(context)[::-1]
        for scope in narrowest_first:
            count = self.count(arm, scope)
            if count.attempts > 0.0:
                return Record(scope, count.successes, count.attempts, is_here=scope == narrowest_first[0])
        return None

    def propensities(self, context: Context, arms: Iterable[Arm]) -> dict[Arm, float]:
        """The probability with which each of these arms would be chosen.

        Thompson sampling, mixed with an even draw (`BanditParams.floor`).

        Returns:
            One value of at least `floor / number of arms` for each distinct arm, adding up to 1.

        Raises:
            ValueError: There are no arms.
        """
        candidates = _in_order(arms)
        return self._propensities(candidates, [self.posterior(arm, context) for arm in candidates])

    def choose(self, context: Context, arms: Iterable[Arm], rng: np.random.Generator) -> Choice:
        """Draw one of these arms; the order in which they are listed does not matter.

        Raises:
            ValueError: There are no arms.
        """
        return self.choose_by(context, arms, rng.random())

    def choose_by(self, context: Context, arms: Iterable[Arm], chance: float) -> Choice:
        """The arm that a draw of `chance`, uniform in [0, 1), means now; `choose` draws it itself.

        Raises:
            ValueError: There are no arms.
        """
        candidates = _in_order(arms)
        beliefs = [self.posterior(arm, context) for arm in candidates]
        propensities = self._propensities(candidates, beliefs)
        means = [belief.mean for belief in beliefs]
        drawn = _draw(list(propensities.values()), chance)
        arm, is_exploring = candidates[drawn], drawn != means.index(max(means))
        return Choice(
            arm=arm,
            propensity=propensities[arm],
            confidence=means[drawn],
            is_exploring=is_exploring,
            past=_past(self.count(arm, lineage(context)[-1]), is_exploring=is_exploring),
            record=self.record(arm, context),
            is_only_arm=len(candidates) == 1,
        )

    def learn(self, context: Context, arm: Arm, success_weight: float) -> None:
        """Take in one attempt, a success (1), a failure (0) or something between.

        Raises:
            ValueError: The weight lies outside [0, 1].
        """
        if not 0.0 <= success_weight <= 1.0:
            raise ValueError(f"success_weight must lie in [0, 1], not {success_weight}")
        successes = _rounded(success_weight)
        self._add(context, arm, Count(successes, 1.0 - successes))

    def tallies(self) -> tuple[Tally, ...]:
        """All that was learned, always in the same order."""
        return tuple(
            Tally(context, arm, self._leaves[context][arm].successes, self._leaves[context][arm].failures)
            for context in sorted(self._leaves, key=_sort_key)
            for arm in ARM_ORDER
            if arm in self._leaves[context]
        )

    def restore(self, tallies: Iterable[Tally]) -> None:
        """Put these in the place of all that was learned; tallies of the same context and arm add up.

        Raises:
            ValueError: A tally is negative or not a number; what was learned before is still there.
        """
        tallies = tuple(tallies)
        for tally in tallies:
            if not (0.0 <= tally.successes < math.inf and 0.0 <= tally.failures < math.inf):
                raise ValueError(f"a tally must be finite and not negative: {tally}")
        self._leaves.clear()
        self._counts.clear()
        for tally in tallies:
            self._add(tally.context, tally.arm, Count(_rounded(tally.successes), _rounded(tally.failures)))

    def _add(self, context: Context, arm: Arm, count: Count) -> None:
        leaf = self._leaves.setdefault(_leaf(context), {})
        leaf[arm] = leaf.get(arm, NOTHING) + count
        for scope in lineage(context):
            of_scope = self._counts.setdefault(scope, {})
            of_scope[arm] = of_scope.get(arm, NOTHING) + count

    def _propensities(self, arms: Sequence[Arm], beliefs: Sequence[Beta]) -> dict[Arm, float]:
        alphas = np.array([belief.alpha for belief in beliefs])
        betas = np.array([belief.beta for belief in beliefs])
        best = probabilities_of_being_largest(alphas, betas)
        floor = self._params.floor
        mixed = (1.0 - floor) * best + floor / len(arms)
        return dict(zip(arms, mixed.tolist(), strict=True))


def _in_order(arms: Iterable[Arm]) -> list[Arm]:
    listed = tuple(arms)
    if not listed:
        raise ValueError("there is no arm to choose from")
    return [arm for arm in ARM_ORDER if arm in listed]


def _draw(probabilities: Sequence[float], uniform: float) -> int:
    """The index that a uniform number in [0, 1) falls on."""
    upper = 0.0
    for index, probability in enumerate(probabilities):
        upper += probability
        if uniform < upper:
            return index
    return len(probabilities) - 1


def _leaf(context: Context) -> Context:
    """The context without the score, which posteriors do not tell apart (any one bucket will do)."""
    return replace(context, engagement_bucket=EngagementBucket.LOW)


def _rounded(weight: float) -> float:
    return round(weight / _GRAIN) * _GRAIN


def _past(count: Count, *, is_exploring: bool) -> PastPerformance:
    rate = count.successes / count.attempts if count.attempts > 0.0 else 0.0
    return PastPerformance(success_rate=rate, attempts=round(count.attempts), is_exploring=is_exploring)


def _sort_key(context: Context) -> tuple[str, ...]:
    return (context.anomaly_type, context.phase, context.session_type, context.session_size_bucket)
