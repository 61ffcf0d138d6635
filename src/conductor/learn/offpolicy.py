"""What another policy would have come to, estimated from decisions that were made by this one and logged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from conductor.domain.interventions import Arm, Context
from conductor.domain.strategies import PolicyName
from conductor.learn.clusters import Mean, mean_of

Floats = NDArray[np.float64]

Deed: TypeAlias = Arm | None
"""What was done; None for nothing, on purpose."""

LEAST_EFFECTIVE = 20.0
"""With an effective sample of less, one lucky decision moves the estimate by more than five points: none is given."""

LEAST_LOGGED = 5
"""With fewer sessions nobody knows how much they differ; at five Student's interval is 1.4 times the normal one."""

MOST_UNSEEN = 0.1
"""Of what a policy would do, a tenth at most may be such as the log holds no sign of: it could move a share of
successes by as much as that (Manski's bounds), which is as much as most effects come to."""

FOLDS = 5
"""Sessions are parted in so many; what is expected in one of them comes from the others."""

PRIOR_WEIGHT = 10.0
"""As many decisions do wider circumstances count for where something is expected of narrower ones (stated guess)."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A decision as it was logged, with what came of it.

    Attributes:
        session_id: Whatever happens within one session may hang together.
        done: What was done.
        propensity: Probability in (0, 1] with which just that was done, the coin of the holdout included and, of
            nothing, that it was chosen.
        reward: What came of it: how probably the room recovered, in [0, 1], or the change of the score.
        would: What the policy under trial would have done in its place, as probabilities that add up to 1.
    """

    session_id: str
    context: Context
    done: Deed
    propensity: float
    reward: float
    would: Mapping[Deed, float]

    @property
    def weight(self) -> float:
        """How much oftener the policy under trial would have done it, 0 or more."""
        return self.would.get(self.done, 0.0) / self.propensity


class Estimator(StrEnum):
    """How the value of a policy is estimated."""

    IPS = "ips"
    SNIPS = "snips"
    DOUBLY_ROBUST = "doubly_robust"


@dataclass(frozen=True, slots=True)
class Value:
    """What the policy under trial would have come to for each decision, on average.

    Attributes:
        low: Lower end of the 95 % interval.
        high: Upper end.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Estimates of a policy's value.

    Attributes:
        values: By each estimator; empty where nothing can be said.
        decisions: Logged decisions that it rests on.
        sessions: Sessions they were made in.
        effective: How many decisions of the policy itself they are worth (Kish 1965), from 0 to `decisions`.
        unseen: Share, in [0, 1], of what it would do that the log holds no sign of.
        why_not: A sentence, where nothing can be said; else empty.
    """

    values: Mapping[Estimator, Value]
    decisions: int
    sessions: int
    effective: float
    unseen: float
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a policy would have come to: the share of rooms that recover, at each estimator's best knowledge."""

    policy: PolicyName
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Trying:
    """All policies, tried on the same log.

    Attributes:
        decisions: Logged decisions with a known end.
        sessions: That they were made in.
        recovered: Share of them after which the room recovered, each by how probable that is; None without any.
        rests_on_trials: Whether only decisions count for which a coin was tossed, held out or not; otherwise there are
            none, and all count by what was decided, carried out or not.
    """

    decisions: int
    sessions: int
    recovered: float | None
    rests_on_trials: bool
    policies: tuple[Tried, ...]


def estimate(log: Sequence[Logged]) -> Estimate:
    """What a policy would have come to, by three estimators.

    - IPS, inverse propensity score (Horvitz & Thompson 1952): the mean of weight times reward. Unbiased, and it varies
      most.
    - SNIPS, self-normalised (Swaminathan & Joachims 2015): divided by the mean weight. Varies less; its bias goes with
      1 / decisions.
    - Doubly robust (Dudik, Langford & Li 2011): what is expected of the policy, corrected by what was seen beyond
      expectation. Unbiased as IPS is, since what is expected comes from other sessions (cross-fitting).

    Raises:
        ValueError: A propensity lies outside (0, 1], or what would be done does not add up to 1.
    """
    for each in log:
        _refuse_misfit(each)
    weights = np.array([each.weight for each in log])
    squares = float(weights @ weights)
    effective = float(weights.sum()) ** 2 / squares if squares > 0.0 else 0.0
    about = (len(log), len({each.session_id for each in log}), effective, _unseen(log))
    if why_not := _why_not(*about):
        return Estimate({}, *about, why_not)
    sessions = [each.session_id for each in log]
    rewards = np.array([each.reward for each in log])
    found = {
        Estimator.IPS: mean_of((weights * rewards).tolist(), sessions),
        Estimator.SNIPS: mean_of(rewards.tolist(), sessions, weights.tolist()),
        Estimator.DOUBLY_ROBUST: mean_of(_doubly_robust(log, weights, rewards).tolist(), sessions),
    }
    return Estimate({name: _value(mean) for name, mean in found.items() if mean is not None}, *about)


def _value(mean: Mean) -> Value:
    return Value(mean.value, mean.value - mean.half, mean.value + mean.half)


def _refuse_misfit(each: Logged) -> None:
    if not 0.0 < each.propensity <= 1.0:
        raise ValueError(f"a propensity must lie in (0, 1], not {each.propensity}")
    total = sum(each.would.values())
    if abs(total - 1.0) > 1e-6 or min(each.would.values()) < 0.0:
        raise ValueError(f"what a policy would do must add up to 1, not {total}")


def _unseen(log: Sequence[Logged]) -> float:
    """The share of the policy's weight that is missing: weights of a log with full overlap are 1 on average.

    Chance moves their mean as well, so only what lies beyond two standard errors counts.
    """
    weights = [each.weight for each in log]
    mean = mean_of(weights, [each.session_id for each in log])
    if mean is None:
        return 0.0
    return min(max(1.0 - mean.value - 2.0 * float(np.sqrt(mean.variance)), 0.0), 1.0)


def _why_not(decisions: int, sessions: int, effective: float, unseen: float) -> str:
    if sessions < LEAST_LOGGED:
        seen = f"{decisions} decision{'s' * (decisions != 1)} in {sessions} session{'s' * (sessions != 1)}"
        return f"Not enough yet: logged are {seen}; it takes {LEAST_LOGGED} sessions."
    if unseen > MOST_UNSEEN:
        return (
            f"Of what it would do, {round(unseen * 100)} % was never done in such circumstances, so nobody knows "
            "what would come of it."
        )
    if effective < LEAST_EFFECTIVE:
        return (
            f"Too little alike: the {decisions} decisions logged are worth {effective:.0f} of its own; it takes "
            f"{LEAST_EFFECTIVE:.0f}."
        )
    return ""


def _doubly_robust(log: Sequence[Logged], weights: Floats, rewards: Floats) -> Floats:
    folds = [crc32(each.session_id.encode()) % FOLDS for each in log]
    scores = np.zeros(len(log))
    for fold in set(folds):
        expected = _Expected([each for each, of in zip(log, folds, strict=True) if of != fold])
        for place, each in enumerate(log):
            if folds[place] == fold:
                surprise = rewards[place] - expected.of(each.context, each.done)
                whole = sum(share * expected.of(each.context, deed) for deed, share in each.would.items())
                scores[place] = whole + weights[place] * surprise
    return scores


class _Expected:
    """What comes of a deed in its circumstances: means, each drawn towards that of the wider circumstances."""

    def __init__(self, log: Sequence[Logged]) -> None:
        self._sums: dict[tuple[object, ...], tuple[float, int]] = defaultdict(lambda: (0.0, 0))
        for each in log:
            for place in _places(each.context, each.done):
                total, count = self._sums[place]
                self._sums[place] = (total + each.reward, count + 1)

    def of(self, context: Context, deed: Deed) -> float:
        """What is expected; 0 if nothing is known at all."""
        expected = 0.0
        for narrowness, place in enumerate(_places(context, deed)):
            total, count = self._sums.get(place, (0.0, 0))
            prior = PRIOR_WEIGHT if narrowness else 0.0
            if count + prior > 0.0:
                expected = (total + prior * expected) / (count + prior)
        return expected


def _places(context: Context, deed: Deed) -> tuple[tuple[object, ...], ...]:
    """Circumstances, from all there are to these alone."""
    return (
        (),
        (deed,),
        (deed, context.anomaly_type),
        (deed, context.anomaly_type, context.phase, context.session_type),
    )
