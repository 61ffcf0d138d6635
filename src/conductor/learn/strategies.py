"""What a strategy test has shown: which variant did better, by how much, and whether it was dealt as it should be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

from conductor.domain.strategies import Design, StrategyTest
from conductor.learn.clusters import ALPHA, Mean, mean_of
from conductor.learn.quantiles import t_quantile

LEAST_UNITS = 5
"""With fewer sessions or blocks of a variant nobody knows how much they differ among themselves."""

MINUTE_S = 60.0
"""Rooms are compared minute by minute, so that it does not matter how often anything is decided in them."""

MISDEALT_BELOW = 0.001
"""So improbable a split means that something went wrong; it is looked at again and again (Fabijan et al. 2019)."""

UNITS = {
    Design.SESSIONS: ("session", "sessions"),
    Design.SESSION_BLOCKS: ("block of time", "blocks of time"),
    Design.EVENT_BLOCKS: ("block of time", "blocks of time"),
}
"""What each design deals to, in words: one of them, and more."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A stretch of time while a test ran, and how it went.

    Attributes:
        at: When it began, in epoch seconds.
        value: How it went; None if nobody knows.
    """

    session_id: str
    event_id: str
    at: float
    value: float | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One variant.

    Attributes:
        units: Sessions or blocks in which anything was observed.
        known_units: Those of them of which anything is known.
        count: Observations whose value is known.
        mean: Of these values; None where there are none.
        unknown: Observations that count, and whose value nobody knows.
    """

    name: str
    units: int
    known_units: int
    count: int
    mean: float | None
    unknown: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both variants of a test, the usual one first.

    Attributes:
        difference: Mean of the second minus that of the first; None where nothing can be said.
        low: Lower end of its 95 % interval; None likewise.
        high: Upper end.
        burnt_in: Observations left out because their block had just begun.
        split_p: The probability of a split of the units as uneven as this one, were they dealt rightly.
        why_not: A sentence, where nothing can be said; else empty.
    """

    variants: tuple[Shown, Shown]
    difference: float | None
    low: float | None
    high: float | None
    burnt_in: int
    split_p: float
    why_not: str

    @property
    def is_misdealt(self) -> bool:
        """Whether so uneven a split cannot be chance; then no difference means anything."""
        return self.split_p < MISDEALT_BELOW


def compare(test: StrategyTest, observed: Sequence[Observed]) -> Comparison:
    """Compare by what was dealt, whatever became of it (intention to treat).

    Each variant's mean has the variance of a mean of clusters, one for each unit that was dealt to; the interval of the
    difference is Student's, with Satterthwaite's degrees of freedom (Welch 1947). Of blocks, what was decided within
    `burn_in_s` of their beginning is left out (Bojinov, Simchi-Levi & Zhao 2023).
    """
    running = [each for each in observed if each.at >= test.since]
    counting = [each for each in running if test.counts_at(each.at)]
    sides: tuple[list[tuple[str, Observed]], list[tuple[str, Observed]]] = ([], [])
    for each in counting:
        unit = test.unit(each.session_id, each.event_id, each.at)
        sides[test.number_of(unit)].append((unit, each))
    first, second = (_shown(v.name, side) for v, side in zip(test.variants, sides, strict=True))
    split_p = split_probability(second.units, first.units + second.units, test.share)
    why_not = _why_not(test, first, second, split_p)
    burnt_in = len(running) - len(counting)
    means = [_mean(side) for side in sides]
    if why_not or means[0] is None or means[1] is None:
        return Comparison((first, second), None, None, None, burnt_in, split_p, why_not)
    difference, half = _difference(means[0], means[1])
    bounds = (difference, difference - half, difference + half)
    return Comparison((first, second), *bounds, burnt_in, split_p, "")


def counted(units: int, design: Design) -> str:
    """So many of what a design deals to, in words."""
    one, more = UNITS[design]
    return f"{units} {one if units == 1 else more}"


def minutes_of(session_id: str, event_id: str, told: Iterable[tuple[float, float | None]]) -> list[Observed]:
    """The minutes of one session, in the order of `told`, however many values each of them has.

    The last one is left out where it has no score: it is not over, or the session ended within it.

    Args:
        session_id: The session.
        event_id: Its event.
        told: Moments in epoch seconds, in order, each with a score or None; of a minute the last score counts.
    """
    by_minute: dict[float, float | None] = {}
    for at, value in told:
        start = at // MINUTE_S * MINUTE_S
        by_minute[start] = by_minute.get(start) if value is None else value
    seen = [Observed(session_id, event_id, at, value) for at, value in by_minute.items()]
    return seen[:-1] if seen and seen[-1].value is None else seen


def split_probability(second: int, units: int, share: float) -> float:
    """Exact two-sided binomial test: the probability of a split as improbable as this one.

    Args:
        second: Units that were given the second variant.
        units: All units.
        share: Probability in (0, 1) of the second variant.
    """
    chances = [_log_binomial(k, units, share) for k in range(units + 1)]
    return min(sum(exp(chance) for chance in chances if chance <= chances[second] + 1e-7), 1.0)


def _log_binomial(k: int, n: int, share: float) -> float:
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return ways + k * log(share) + (n - k) * log(1.0 - share)


def _shown(name: str, side: Sequence[tuple[str, Observed]]) -> Shown:
    known = [(unit, each.value) for unit, each in side if each.value is not None]
    mean = sum(value for _, value in known) / len(known) if known else None
    units, known_units = (len({unit for unit, _ in seen}) for seen in (side, known))
    return Shown(name, units, known_units, len(known), mean, len(side) - len(known))


def _mean(side: Sequence[tuple[str, Observed]]) -> Mean | None:
    known = [(each.value, unit) for unit, each in side if each.value is not None]
    return mean_of([value for value, _ in known], [unit for _, unit in known]) if known else None


def _difference(first: Mean, second: Mean) -> tuple[float, float]:
    variance = first.variance + second.variance
    degrees = sum(mean.variance**2 / (mean.groups - 1) for mean in (first, second))
    df = max(variance**2 / degrees, 1.0) if degrees > 0.0 else float(first.groups + second.groups - 2)
    return second.value - first.value, t_quantile(1.0 - ALPHA / 2.0, df) * sqrt(variance)


def _why_not(test: StrategyTest, first: Shown, second: Shown, split_p: float) -> str:
    if split_p < MISDEALT_BELOW:
        return (
            f"{first.units} and {second.units} were dealt where a share of {test.share:g} was to go to {second.name}: "
            f"chance does that once in {1.0 / max(split_p, 1e-9):,.0f} times. Something is wrong, and no difference "
            "means anything until it is found."
        )
    for shown in (first, second):
        if shown.known_units < LEAST_UNITS:
            unknown = shown.units - shown.known_units
            besides = f", besides {unknown} of which nobody knows how they went" if unknown else ""
            return (
                f"Not enough yet: {shown.name} was seen in {counted(shown.known_units, test.design)}{besides}; "
                f"it takes {LEAST_UNITS} for each."
            )
    return ""
