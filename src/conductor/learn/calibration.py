"""Whether the agent's confidence can be taken at its word: how often rooms recovered where it said 60 %."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, pi, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from conductor.domain.trials import FollowUp, Trial
from conductor.learn.clusters import ALPHA, mean_of
from conductor.learn.outcome import OutcomeParams, recovery
from conductor.learn.trial import teaches

Floats = NDArray[np.float64]

TENTHS = 10

LEAST_DECISIONS = 50
"""With fewer, most tenths hold a handful, and chance alone is off by 15 points."""

LEAST_SESSIONS = 10
"""With fewer nobody can see how much the decisions of one session go together."""

TO_SPEAK_OF = 0.05
"""What is off by less is called right (the bound that the benchmark has, too)."""

_Z = NormalDist().inv_cdf(1.0 - ALPHA / 2.0)
_ONE_SIDED_Z = NormalDist().inv_cdf(1.0 - ALPHA)


class Verdict(StrEnum):
    """What can be said of the confidence as a whole."""

    NOT_YET = "NOT_YET"
    NO_SIGN = "NO_SIGN"
    ABOUT_RIGHT = "ABOUT_RIGHT"
    TOO_SURE = "TOO_SURE"
    NOT_SURE_ENOUGH = "NOT_SURE_ENOUGH"
    UNEVEN = "UNEVEN"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was said of a room, and what became of it.

    Attributes:
        confidence: Probability in [0, 1] of recovery, as the decision had it.
        recovered: How probably the room had recovered, in [0, 1].
        session_id: Forecasts of one session may hang together.
    """

    confidence: float
    recovered: float
    session_id: str


@dataclass(frozen=True, slots=True)
class Tenth:
    """The forecasts from one tenth of confidence.

    Attributes:
        number: 0 for confidences under 10 %, and so on to 9.
        count: Forecasts, 1 or more.
        confidence: Their mean, in [0, 1].
        recovered: How many of these rooms had recovered, each by how probable that is; as a share, in [0, 1].
        low: Lower end of that share's 95 % interval.
        high: Upper end.
    """

    number: int
    count: int
    confidence: float
    recovered: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How what was said and what came of it agree. Differences are in [-1, 1]; None until there is enough.

    Attributes:
        count: Forecasts.
        sessions: Of which they are.
        tenths: Those with any forecast, lowest first.
        verdict: What can be said.
        error: Expected calibration error: how far confidence and share lie apart, on average over all forecasts.
        by_chance: What that would be on average if every confidence were exactly right.
        most_by_chance: What it would exceed then once in 20.
        too_sure_by: Mean confidence minus the share that recovered; below 0 if it is not sure enough.
        low: Lower end of the 95 % interval of that, for who looks once.
        high: Upper end.
        needed: About how many more forecasts it takes for something (`NOT_YET`) or for 5 points (`NO_SIGN`) to be told.
        sessions_needed: The same of sessions, for `NOT_YET`.
    """

    count: int
    sessions: int
    tenths: tuple[Tenth, ...]
    verdict: Verdict
    error: float | None = None
    by_chance: float | None = None
    most_by_chance: float | None = None
    too_sure_by: float | None = None
    low: float | None = None
    high: float | None = None
    needed: int = 0
    sessions_needed: int = 0


def forecasts_of(
    trials: Iterable[Trial],
    follow_ups: Iterable[FollowUp],
    confidences: Mapping[tuple[str, str], float],
    params: OutcomeParams,
) -> list[Forecast]:
    """What the agent said of arms that it used by itself, and how probably the rooms had recovered at the horizon.

    Rooms that were held out or left alone say nothing of an arm, and neither does what organisers refused: just the
    decisions count that the bandit learns an arm by.

    Args:
        trials: Known or not.
        follow_ups: The same, of decisions without a coin.
        confidences: Of the agent's own decisions, by session and decision.
        params: What counts as recovery.
    """
    ends: list[Trial | FollowUp] = [each for each in trials if not each.held_out]
    ends += follow_ups
    found: list[Forecast] = []
    for end in ends:
        confidence = confidences.get((end.session_id, end.decision_id))
        if confidence is not None and (after := _after(end)) is not None:
            found.append(Forecast(confidence, recovery(end.before, after, params), end.session_id))
    return found


def _after(end: Trial | FollowUp) -> float | None:
    """The score at the horizon; None if nobody knows it, or it says nothing of an arm."""
    counts = end.arm is not None and teaches(end.autonomy, held_out=False, delivered=end.delivered)
    return end.after if counts else None


def calibration(forecasts: Sequence[Forecast]) -> Calibration:
    """Compare what was said with what came of it, in tenths of confidence (Naeini, Cooper & Hauskrecht 2015).

    An error of 0 is never seen: shares of few rooms differ from their probability by chance. So what chance alone would
    give is told with it (half-normal, by the variance of the forecasts themselves), and both allow for sessions within
    which rooms go alike.

    Raises:
        ValueError: A confidence outside of [0, 1].
    """
    if any(not 0.0 <= each.confidence <= 1.0 for each in forecasts):
        raise ValueError("every confidence must lie in [0, 1]")
    sessions = [each.session_id for each in forecasts]
    said = np.array([each.confidence for each in forecasts], dtype=np.float64)
    came = np.array([each.recovered for each in forecasts], dtype=np.float64)
    places = np.minimum((said * TENTHS).astype(np.int64), TENTHS - 1)
    scale, is_enough = _scale(came, places, sessions), _is_enough(len(forecasts), len(set(sessions)))
    if not is_enough:
        # A few that happen to go alike show nothing of how much the others vary.
        scale = max(scale, 1.0)
    numbers = [int(each) for each in np.unique(places)]
    tenths = tuple(_tenth(each, said[places == each], came[places == each], scale) for each in numbers)
    found = Calibration(len(forecasts), len(set(sessions)), tenths, Verdict.NOT_YET)
    if not is_enough:
        return _too_few(found)
    spreads = np.array([sqrt(scale * _variance(said[places == each])) for each in numbers]) / found.count
    return _judged(found, said, came, sessions, spreads)


def _is_enough(decisions: int, sessions: int) -> bool:
    return decisions >= LEAST_DECISIONS and sessions >= LEAST_SESSIONS


def _too_few(found: Calibration) -> Calibration:
    return Calibration(
        found.count,
        found.sessions,
        found.tenths,
        Verdict.NOT_YET,
        needed=max(LEAST_DECISIONS - found.count, 0),
        sessions_needed=max(LEAST_SESSIONS - found.sessions, 0),
    )


def _judged(found: Calibration, said: Floats, came: Floats, sessions: Sequence[str], spreads: Floats) -> Calibration:
    """The same with all that can be said; `spreads` are deviations of each tenth's part of the error by chance."""
    error = sum(each.count * abs(each.confidence - each.recovered) for each in found.tenths) / found.count
    by_chance = sqrt(2.0 / pi) * float(spreads.sum())
    most = by_chance + _ONE_SIDED_Z * sqrt((1.0 - 2.0 / pi) * float(spreads @ spreads))
    over = mean_of((said - came).tolist(), sessions)
    # There are more than two sessions.
    value, half = (0.0, 1.0) if over is None else (over.value, over.half)
    verdict = _verdict(error, by_chance, most, value, half)
    finer = (by_chance / TO_SPEAK_OF) ** 2 - 1.0
    return Calibration(
        found.count,
        found.sessions,
        found.tenths,
        verdict,
        error,
        by_chance,
        most,
        value,
        value - half,
        value + half,
        needed=ceil(found.count * finer) if verdict is Verdict.NO_SIGN else 0,
    )


def _verdict(error: float, by_chance: float, most: float, over: float, half: float) -> Verdict:
    """One question decides whether anything is wrong, so that right confidence is called wrong once in 20 at most."""
    if error > most:
        if abs(over) >= TO_SPEAK_OF and abs(over) > half:
            return Verdict.TOO_SURE if over > 0.0 else Verdict.NOT_SURE_ENOUGH
        if error - by_chance >= TO_SPEAK_OF:
            return Verdict.UNEVEN
    # Where chance alone is off by more than is to speak of, nobody could tell it from that.
    return Verdict.ABOUT_RIGHT if by_chance <= TO_SPEAK_OF else Verdict.NO_SIGN


def _variance(said: Floats) -> float:
    """Of the number that recover if each does with the probability that was said."""
    return float((said * (1.0 - said)).sum())


def _scale(came: Floats, places: NDArray[np.int64], sessions: Sequence[str]) -> float:
    """How many times the variance this is of as many a yes or no that have nothing to do with each other, above 0.

    Rooms of one session go together, which makes it more (a design effect, 1 or more); how probably a room has
    recovered varies less than whether it has. One for all tenths: of a few decisions each nobody could see it. It
    rests on what is left where each tenth has its own share, so that confidence which is wrong everywhere is not taken
    for sessions that go alike.
    """
    left, decided = came.copy(), 0.0
    for each in np.unique(places):
        own = came[places == each]
        left[places == each] -= own.mean()
        decided += (len(own) - 1) * float(own.mean() * (1.0 - own.mean()))
    square = float(left @ left)
    if square <= 0.0:
        return 1.0
    mean = mean_of(left.tolist(), sessions)
    together = 1.0 if mean is None else max(mean.variance * len(left) ** 2 / square, 1.0)
    return together * min(square / decided, 1.0)


def _tenth(number: int, said: Floats, came: Floats, scale: float) -> Tenth:
    count, share = len(came), float(came.mean())
    low, high = wilson(share, count / scale)
    return Tenth(number, count, float(said.mean()), share, low, high)


def wilson(share: float, count: float) -> tuple[float, float]:
    """The 95 % interval of a probability of which this share was seen in so many draws (Wilson 1927).

    Args:
        share: In [0, 1].
        count: Above 0, not only whole ones: draws that go together count for fewer.
    """
    weight = _Z * _Z / count
    middle = (share + weight / 2.0) / (1.0 + weight)
    half = sqrt(share * (1.0 - share) * weight + weight * weight / 4.0) / (1.0 + weight)
    return max(middle - half, 0.0), min(middle + half, 1.0)
