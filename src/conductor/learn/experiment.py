"""What the coin has shown so far: whether the agent helps, which arm, where, and whether the coin can be trusted."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress
from math import ceil
from typing import NamedTuple, TypeVar

import numpy as np

from conductor.domain.interventions import Arm
from conductor.domain.sessions import Phase, SessionType
from conductor.domain.trials import Trial
from conductor.learn.adjusted import LEAST_EACH, PLANNED_SPREAD, Adjusted, Moments, adjusted
from conductor.learn.anytime import Evidence, information_for, level_of, p_value, ratio_log_e

ALPHA = 0.05
"""Intervals hold the truth with 95 %, as the documents have it."""

WORTH = 0.05
"""Five points of score: a smaller difference than that is not looked for (stated choice: half of what is a success)."""

SUSPICIOUS = 0.01
"""Below this probability the coin, or what is missing, is said to be off: stricter than for effects, as a false alarm
makes organisers distrust what is right."""

EVENTS_MOST = 50
"""Those with the most trials are looked at one by one."""

Key = TypeVar("Key", bound=Hashable)


class Status(StrEnum):
    """What is known of an effect."""

    KNOWN_HELPS = "KNOWN_HELPS"
    KNOWN_HARMS = "KNOWN_HARMS"
    KNOWN_SMALL = "KNOWN_SMALL"
    NOT_YET = "NOT_YET"


class Circumstances(NamedTuple):
    """Where in what kind of session: as fine as people speak of it, and as there are trials for."""

    phase: Phase
    session_type: SessionType


@dataclass(frozen=True, slots=True)
class Effect:
    """How much better rooms fared that something was to be done for than rooms left alone.

    Attributes:
        treated: Trials with a known outcome that were not held out.
        held_out: Those that were.
        estimate: In [-1, 1]; None where nothing can be said yet.
        low: Lower end of the interval that may be looked at all the time, in [-1, 1].
        high: Its upper end.
        low_once: Lower end of the narrower 95 % interval for who looks once, at a time that was fixed beforehand.
        high_once: Its upper end.
        confidence: With which the always-valid interval holds the truth: 0.95, or more where many slices are looked at.
        needed: About how many more decisions will tell; None where it is known.
    """

    treated: int
    held_out: int
    estimate: float | None
    low: float | None
    high: float | None
    low_once: float | None
    high_once: float | None
    confidence: float
    status: Status
    needed: int | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """Whether as many were held out as the coin should hold out.

    Attributes:
        count: All that were looked at.
        held_out: Of these, held out.
        expected: How many should be.
        p_value: At most so probable if nothing is wrong, however often one looks.
        is_off: Whether that is too improbable.
    """

    count: int
    held_out: int
    expected: float
    p_value: float
    is_off: bool


@dataclass(frozen=True, slots=True)
class Experiment:
    """All that the coin has shown.

    Attributes:
        overall: Of everything.
        by_arm: Trials of an arm: the coin falls after the arm is chosen.
        by_circumstances: Of all arms together.
        by_arm_and_circumstances: Of an arm in these circumstances.
        by_event: Of the events with the most trials.
        assigned: Whether the coin held out as many as it should.
        unknown: Whether outcomes are missing alike, done or left alone; if not, no effect above can be trusted.
    """

    overall: Effect
    by_arm: Mapping[Arm, Effect]
    by_circumstances: Mapping[Circumstances, Effect]
    by_arm_and_circumstances: Mapping[tuple[Arm, Circumstances], Effect]
    by_event: Mapping[str, Effect]
    assigned: Ratio
    unknown: Ratio


def experiment(trials: Sequence[Trial]) -> Experiment:
    """Everything at once; the order of the trials does not matter."""
    trials = sorted(trials, key=lambda trial: (trial.decided_at, trial.decision_id))
    is_known = [trial.after is not None for trial in trials]
    known = list(compress(trials, is_known))
    moments, shares = _moments(known), [trial.holdout_share for trial in trials]
    spots = [Circumstances(trial.context.phase, trial.context.session_type) for trial in known]
    arms = [trial.arm for trial in known]
    return Experiment(
        overall=effects({None: moments}, float(np.mean(shares or [0.5])))[None],
        by_arm=_sliced(moments, arms),
        by_circumstances=_sliced(moments, spots),
        by_arm_and_circumstances=_sliced(moments, list(zip(arms, spots, strict=True))),
        by_event=_sliced(moments, [trial.event_id for trial in known], EVENTS_MOST),
        assigned=ratio(trials),
        unknown=ratio([trial for trial in trials if trial.after is None]),
    )


def ratio(trials: Sequence[Trial]) -> Ratio:
    """Whether each of these was held out with its own share as probability.

    The coin knows nothing of what makes an outcome go missing. So among those that are missing, too, as many must be
    held out as among all: more, or fewer, means that doing something decides about what is seen.

    Args:
        trials: In the order in which the coins fell.
    """
    held = np.array([trial.held_out for trial in trials], dtype=np.bool_)
    share = np.array([trial.holdout_share for trial in trials], dtype=np.float64)
    probability = p_value(ratio_log_e(held, share))
    return Ratio(len(held), int(held.sum()), float(share.sum()), probability, probability < SUSPICIOUS)


def effects(slices: Mapping[Key, Moments], usual_share: float = 0.1) -> dict[Key, Effect]:
    """The effect in each of several slices, told so that having looked at all of them does not mislead.

    Args:
        slices: What is looked at side by side.
        usual_share: Of held out, for a slice without a moment.
    """
    found = {key: adjusted(moments) for key, moments in slices.items()}
    seen = {key: Evidence(each.estimate, each.careful) for key, each in found.items() if each is not None}
    alpha = level_of([each.log_e for each in seen.values()], ALPHA)
    return {key: _effect(moments, found[key], alpha, usual_share) for key, moments in slices.items()}


def _moments(known: Sequence[Trial]) -> Moments:
    return Moments(
        before=np.array([trial.before for trial in known], dtype=np.float64),
        after=np.array([trial.after for trial in known], dtype=np.float64),
        held_out=np.array([trial.held_out for trial in known], dtype=np.bool_),
        share=np.array([trial.holdout_share for trial in known], dtype=np.float64),
    )


def _sliced(moments: Moments, keys: Sequence[Key], most: int | None = None) -> dict[Key, Effect]:
    rows: dict[Key, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    largest = sorted(rows, key=lambda key: (-len(rows[key]), str(key)))[:most]
    return effects({key: moments.at(np.array(rows[key])) for key in largest})


def _effect(moments: Moments, found: Adjusted | None, alpha: float, usual_share: float) -> Effect:
    held = moments.count_held_out
    treated = moments.count - held
    if found is None:
        needed = _planned(moments, alpha, usual_share)
        return Effect(treated, held, None, None, None, None, None, 1.0 - alpha, Status.NOT_YET, needed)
    wide = Evidence(found.estimate, found.careful).radius(alpha)
    once = found.at_once(ALPHA)
    status = _status(found.estimate, wide)
    return Effect(
        treated=treated,
        held_out=held,
        estimate=_score(found.estimate),
        low=_score(found.estimate - wide),
        high=_score(found.estimate + wide),
        low_once=_score(found.estimate - once),
        high_once=_score(found.estimate + once),
        confidence=1.0 - alpha,
        status=status,
        needed=_needed(moments, found, alpha) if status is Status.NOT_YET else None,
    )


def _status(estimate: float, radius: float) -> Status:
    if estimate > radius:
        return Status.KNOWN_HELPS
    if estimate < -radius:
        return Status.KNOWN_HARMS
    return Status.KNOWN_SMALL if abs(estimate) + radius < WORTH else Status.NOT_YET


def _needed(moments: Moments, found: Adjusted, alpha: float) -> int:
    """Until the interval is as narrow as the estimate is large, or 5 points: information grows with the decisions."""
    target = max(abs(found.estimate), WORTH - abs(found.estimate))
    factor = information_for(target, alpha) * found.careful
    return max(ceil(moments.count * (factor - 1.0)), 1)


def _planned(moments: Moments, alpha: float, usual_share: float) -> int:
    share = float(moments.share.mean()) if moments.count else usual_share
    for_width = information_for(WORTH, alpha) * PLANNED_SPREAD**2 / (share * (1.0 - share))
    return max(ceil(for_width) - moments.count, LEAST_EACH)


def _score(value: float) -> float:
    return min(max(value, -1.0), 1.0)
