"""Contextual Thompson sampling with Beta posteriors that borrow strength from contexts that prove to be alike.

Doing nothing is learned of like an arm, under `None`, from rooms that were left alone; `decide/stakes.py` weighs it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from conductor.decide.belief import Beta, Count
from conductor.decide.cells import CELLS, inside, number_of
from conductor.decide.choice import ARM_ORDER, Choice, Record, drawn, in_order
from conductor.decide.context import Scope, lineage
from conductor.decide.drift import ChangeParams, ChangeWatch
from conductor.decide.lifts import Lifts, fit_lifts
from conductor.decide.propensity import probabilities_of_being_largest
from conductor.decide.sharing import Fit, belief, fit, nothing_seen, weights_of
from conductor.domain.interventions import Arm, Context, PastPerformance
from conductor.domain.learned import Tally

Floats = NDArray[np.float64]

_GRAIN = 2.0**-20
# Weights are whole multiples of this grain (a millionth of an attempt). Sums of such numbers are exact in any order
# up to 2^33 attempts, so a restored bandit is equal to the original to the last bit.
_KEPT: tuple[Arm | None, ...] = (*ARM_ORDER, None)
# The order in which what was learned is told: what came of nothing comes last.
_COUNTED_MOST = 1e12
# So many of anything nobody has counted; sums of far larger ones would be infinite.
_TRIED = 0.5
# Where less than half an attempt is left of what was tried long ago, it is no record of anything.


@dataclass(frozen=True, slots=True)
class BanditParams:
    """How the bandit explores and forgets.

    Attributes:
        floor: Share of choices, in (0, 1), drawn evenly from all arms. Thompson sampling alone lets the
            propensity of a losing arm go to zero, and with it goes every estimate of what that arm would
            have done (Zhang, Janson & Murphy 2020, "Inference for Batched Bandits", clip it for that
            reason). At 5 % and four arms no logged weight 1/propensity exceeds 80.
        reshaping: Arms are drawn from their posteriors with both parameters divided by this, in (0, 1]. Below 1 it
            explores less than Thompson sampling proper (posterior reshaping: Chapelle & Li 2011, "An Empirical
            Evaluation of Thompson Sampling"). What is believed stays as it is. Contexts come as they come, and what
            is best differs between them: that alone makes arms tried (Bastani, Bayati & Khosravi 2021), and so does
            `floor`.
        memory_lessons: After so many lessons of the same arm, 1 or more, a lesson counts for 1/e of what it did.
        carried_attempts: How many attempts in each context, at most, earlier events count for in a new one (above 0).
        change: When an arm is taken to have changed, and what is left then of what was learned.
    """

    floor: float = 0.05
    reshaping: float = 0.05
    memory_lessons: float = 3000.0
    carried_attempts: float = 100.0
    change: ChangeParams = field(default_factory=ChangeParams)

    def __post_init__(self) -> None:
        if not 0.0 < self.floor < 1.0:
            raise ValueError(f"floor must lie between 0 and 1, not {self.floor}")
        if not 0.0 < self.reshaping <= 1.0:
            raise ValueError(f"reshaping must lie in (0, 1], not {self.reshaping}")
        if not self.memory_lessons >= 1.0:
            raise ValueError(f"memory_lessons must be 1 or more, not {self.memory_lessons}")
        if not self.carried_attempts > 0.0:
            raise ValueError(f"carried_attempts must be above 0, not {self.carried_attempts}")


class Bandit:
    """What was learned of every arm in every context, and the choice that follows from it.

    Only counts are kept, by arm and context; what is believed follows from them. A context's prior is what the arm's
    record elsewhere foretells of it, as far as contexts prove to be alike (`decide/sharing.py`). So every lesson counts
    once, fully where it was learned and less with each difference. Whether an arm is changing right now is watched
    beside the counts, and begins anew with a restart.
    """

    def __init__(self, params: BanditParams | None = None, tallies: Iterable[Tally] = ()) -> None:
        self._params = params or BanditParams()
        self._counts: dict[Arm | None, Floats] = {}
        self._fits: dict[Arm | None, Fit] = {}
        self._watches: dict[Arm | None, ChangeWatch] = {}
        self._lifts: Lifts | None = None
        self.restore(tallies)

    def posterior(self, arm: Arm | None, context: Context) -> Beta:
        """What is believed of the arm's probability of success in this context; of doing nothing for None."""
        return self._posteriors([arm], context)[0]

    def count(self, arm: Arm | None, scope: Scope) -> Count:
        """Successes and failures of the arm in all contexts of a scope; older ones count for less."""
        if (counts := self._counts.get(arm)) is None:
            return Count()
        return Count(*counts[:, inside(scope)].sum(axis=1).tolist())

    def record(self, arm: Arm, context: Context) -> Record | None:
        """What the arm has to show in the narrowest scope around the context in which it was tried."""
        narrowest_first = lineage(context)[::-1]
        for scope in narrowest_first:
            count = self.count(arm, scope)
            if count.attempts >= _TRIED:
                return Record(scope, count.successes, count.attempts, is_here=scope == narrowest_first[0])
        return None

    def propensities(self, context: Context, arms: Iterable[Arm]) -> dict[Arm, float]:
        """The probability with which each of these arms would be chosen.

        Thompson sampling from reshaped posteriors, mixed with an even draw (`BanditParams`).

        Returns:
            One value of at least `floor / number of arms` for each distinct arm, adding up to 1.

        Raises:
            ValueError: There are no arms.
        """
        candidates = in_order(arms)
        return self._propensities(candidates, self._posteriors(candidates, context))

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
        candidates = in_order(arms)
        beliefs = self._posteriors(candidates, context)
        propensities = self._propensities(candidates, beliefs)
        means = [belief.mean for belief in beliefs]
        arm = drawn(propensities, chance)
        confidence = means[candidates.index(arm)]
        is_exploring = candidates.index(arm) != means.index(max(means))
        return Choice(
            arm=arm,
            propensity=propensities[arm],
            confidence=confidence,
            is_exploring=is_exploring,
            past=_past(self.count(arm, lineage(context)[-1]), is_exploring=is_exploring),
            record=self.record(arm, context),
            is_only_arm=len(candidates) == 1,
        )

    def lifts(self) -> Lifts | None:
        """What arms add to doing nothing, as far as is known; None while no room was left alone yet."""
        if self._lifts is None and self.count(None, Scope()).attempts >= _TRIED:
            self._lifts = fit_lifts(self._counts)
        return self._lifts

    def counts(self) -> Mapping[Arm | None, Floats]:
        """Successes and failures by arm, each of shape (2, cells); under None those of rooms that were left alone."""
        return MappingProxyType(self._counts)

    def learn(self, context: Context, arm: Arm | None, success_weight: float) -> None:
        """Take in one attempt, a success (1), a failure (0) or something between; older ones count a little less.

        With None for the arm, of a room that was left alone.

        An arm whose outcomes can only be understood if it has changed is believed much less of what it did before.

        Raises:
            ValueError: The weight lies outside [0, 1].
        """
        if not 0.0 <= success_weight <= 1.0:
            raise ValueError(f"success_weight must lie in [0, 1], not {success_weight}")
        watch = self._watches.setdefault(arm, ChangeWatch(self._params.change))
        if watch.sees(self.posterior(arm, context).mean, success_weight):
            self._doubt(arm)
        counts = self._counts.setdefault(arm, np.zeros((2, len(CELLS))))
        counts[:] = _whole_grains(counts * math.exp(-1.0 / self._params.memory_lessons))
        successes = _rounded(success_weight)
        counts[:, number_of(context)] += (successes, 1.0 - successes)
        self._fits.pop(arm, None)
        self._lifts = None

    def begin_event(self) -> None:
        """Another event begins: people differ from event to event, so what earlier ones taught is held less firmly.

        n attempts in a context count as n k / (n + k), where k is `carried_attempts`: nearly all of a few, and never
        more than k. It is what a rate that takes a random step between events comes to: 1/n grows by 1/k each time.
        """
        carried = self._params.carried_attempts
        for counts in self._counts.values():
            counts[:] = _whole_grains(counts * carried / (carried + counts.sum(axis=0)))
        self._fits.clear()
        self._lifts = None
        self._fit()

    def tallies(self) -> tuple[Tally, ...]:
        """All that was learned, always in the same order."""
        return tuple(
            Tally(CELLS[number], arm, *self._counts[arm][:, number].tolist())
            for number in sorted(range(len(CELLS)), key=lambda number: _sort_key(CELLS[number]))
            for arm in _KEPT
            if arm in self._counts and self._counts[arm][:, number].any()
        )

    def restore(self, tallies: Iterable[Tally]) -> None:
        """Put these in the place of all that was learned; tallies of the same context and arm add up.

        Raises:
            ValueError: A tally is negative, not a number, or larger than any that could have been counted; what was
                learned before is still there.
        """
        tallies = tuple(tallies)
        for tally in tallies:
            if not (0.0 <= tally.successes <= _COUNTED_MOST and 0.0 <= tally.failures <= _COUNTED_MOST):
                raise ValueError(f"a tally must lie in [0, {_COUNTED_MOST:g}]: {tally}")
        self._counts.clear()
        self._fits.clear()
        self._lifts = None
        self._watches.clear()
        for tally in tallies:
            counts = self._counts.setdefault(tally.arm, np.zeros((2, len(CELLS))))
            counts[:, number_of(tally.context)] += [_rounded(tally.successes), _rounded(tally.failures)]
        self._fit()

    def _doubt(self, changed: Arm | None) -> None:
        """Hold what was learned before far less firmly, of this arm most of all; what changes is watched anew."""
        change = self._params.change
        for arm, counts in self._counts.items():
            kept_ratio = change.kept_ratio if arm is changed else change.kept_of_others_ratio
            counts[:] = _whole_grains(counts * kept_ratio)
        self._fits.clear()
        self._lifts = None
        self._watches.clear()

    def _fit(self) -> None:
        """Fit every arm whose counts have changed: a millisecond each, so not all of them when somebody waits."""
        for arm in self._counts.keys() - self._fits.keys():
            self._fits[arm] = fit(*self._counts[arm])

    def _posteriors(self, arms: Sequence[Arm | None], context: Context) -> list[Beta]:
        self._fit()
        # In a fixed order, since the last bit of a sum depends on it.
        fits = {arm: self._fits.get(arm) or nothing_seen() for arm in _KEPT}
        weights = weights_of(sum((known.evidence for known in fits.values()), np.zeros(())))
        cell, beliefs = number_of(context), []
        for arm in arms:
            successes, failures = self._counts[arm][:, cell].tolist() if arm in self._counts else (0.0, 0.0)
            beliefs.append(belief(fits[arm], weights, cell, successes, failures))
        return beliefs

    def _propensities(self, arms: Sequence[Arm], beliefs: Sequence[Beta]) -> dict[Arm, float]:
        alphas = np.array([belief.alpha for belief in beliefs]) / self._params.reshaping
        betas = np.array([belief.beta for belief in beliefs]) / self._params.reshaping
        best = probabilities_of_being_largest(alphas, betas)
        floor = self._params.floor
        mixed = (1.0 - floor) * best + floor / len(arms)
        return dict(zip(arms, mixed.tolist(), strict=True))


def _rounded(weight: float) -> float:
    return round(weight / _GRAIN) * _GRAIN


def _whole_grains(counts: Floats) -> Floats:
    return np.asarray(np.rint(counts / _GRAIN) * _GRAIN, dtype=np.float64)


def _past(count: Count, *, is_exploring: bool) -> PastPerformance:
    rate = count.successes / count.attempts if count.attempts > 0.0 else 0.0
    return PastPerformance(success_rate=rate, attempts=round(count.attempts), is_exploring=is_exploring)


def _sort_key(context: Context) -> tuple[str, ...]:
    return (context.anomaly_type, context.phase, context.session_type, context.session_size_bucket)
