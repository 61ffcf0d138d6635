"""Whether sessions of late are unlike those of before: how people take part, and how often interventions succeed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor
from statistics import fmean

from conductor.domain.engagement import RoomState
from conductor.domain.events import EngagementUpdated, SessionOpened
from conductor.domain.interventions import Arm, Outcome
from conductor.domain.sessions import SessionType
from conductor.learn.clusters import mean_of
from conductor.learn.twosamples import all_together, same_distribution, same_share, stability_index

WEEK_S = 7 * 86400.0

BEFORE_WEEKS = 3
"""For each week of late there are three before it to compare with: a longer past makes the test hardly sharper."""

LEAST_COMPARED = 8
"""With eight and eight the largest distance has p = 0.0002; with five 0.008, too much where many are looked at."""

LEAST_TICKS = 60
"""A session of less than five minutes shows hardly more than how people come and go."""

_SAYING = (RoomState.HEALTHY, RoomState.FALLING)

CALLED_FROM = 0.05
"""What has a smaller probability, with all tests counted, is called drift: one report in twenty errs at most."""


class Measure(StrEnum):
    """What is compared."""

    SCORE = "score"
    CHAT = "chat"
    ACTIVE = "active"
    REACTIONS = "reactions"
    LEAVES = "leaves"
    AUDIENCE = "audience"
    SUCCESS = "success"
    LEFT_ALONE = "left_alone"


@dataclass(frozen=True, slots=True)
class SessionMeans:
    """What a session was like on the whole.

    Attributes:
        at: When it began, in epoch seconds.
        values: Means over it: the score in [0, 1], `chat`, `reactions` and `leaves` per minute and 100 people, `active`
            as a share of those present, `audience` in people.
    """

    session_id: str
    kind: SessionType
    at: float
    values: Mapping[Measure, float]


@dataclass(frozen=True, slots=True)
class Week:
    """A week's mean: from when, and of how many sessions (or interventions)."""

    at: float
    value: float
    count: int


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing, of late and before.

    Attributes:
        kind: Sessions of this kind; None for all.
        arm: Interventions of this type; None for all, and where it is no matter of them.
        before: Mean of the weeks before.
        after: Mean of late.
        count_before: Sessions, or interventions, that it rests on.
        p: The probability of so large a difference were there none, all tests counted (Holm).
        stability: Population stability index; None for shares of successes.
        weeks: Week by week, oldest first.
    """

    measure: Measure
    kind: SessionType | None
    arm: Arm | None
    before: float
    after: float
    count_before: int
    count_after: int
    p: float
    stability: float | None
    weeks: tuple[Week, ...]

    @property
    def is_drift(self) -> bool:
        """Whether it is called out."""
        return self.p < CALLED_FROM


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything that could be compared, what is surest first.

    Attributes:
        since: Beginning of what is compared with, in epoch seconds.
        parted_at: Where the weeks of late begin.
        until: Their end.
        sessions: Sessions of all these weeks.
        too_few: Kinds of sessions that there are too few of.
    """

    since: float
    parted_at: float
    until: float
    sessions: int
    shifts: tuple[Shift, ...]
    too_few: tuple[SessionType, ...]

    @property
    def drifted(self) -> tuple[Shift, ...]:
        """What is called out."""
        return tuple(shift for shift in self.shifts if shift.is_drift)


def means_of(opened: SessionOpened, updates: Sequence[EngagementUpdated]) -> SessionMeans | None:
    """What a session was like on the whole; None if it had too few ticks that say anything."""
    known = [each for each in updates if each.state in _SAYING and each.signals.present > 0]
    if len(known) < LEAST_TICKS:
        return None
    people = [each.signals.present for each in known]
    per_100 = 100.0 / sum(people)
    values = {
        Measure.SCORE: fmean(each.score for each in known),
        Measure.CHAT: sum(each.signals.chat_per_min for each in known) * per_100,
        Measure.ACTIVE: fmean(min(each.signals.active / each.signals.present, 1.0) for each in known),
        Measure.REACTIONS: sum(each.signals.reactions_per_min for each in known) * per_100,
        Measure.LEAVES: sum(each.signals.leaves_per_min for each in known) * per_100,
        Measure.AUDIENCE: fmean(people),
    }
    return SessionMeans(opened.session_id, opened.profile.type, opened.at, values)


def began(until: float, weeks: int) -> float:
    """Where the weeks begin that those of late are compared with, in epoch seconds."""
    return until - (1 + BEFORE_WEEKS) * weeks * WEEK_S


def drift(courses: Sequence[SessionMeans], outcomes: Sequence[Outcome], until: float, weeks: int) -> Drift:
    """Compare the last weeks with three times as many before them.

    Sessions are compared kind by kind, so that another mixture of kinds is not taken for drift, and each counts once,
    since what happens within one hangs together.

    Args:
        courses: Sessions; those outside of these weeks are left out.
        outcomes: Of interventions and of rooms left alone; likewise.
        until: The end of the last week, in epoch seconds.
        weeks: How many count as of late, 1 or more.
    """
    since, parted_at = began(until, weeks), until - weeks * WEEK_S
    within = [course for course in courses if since <= course.at < until]
    found, too_few = _of_sessions(within, parted_at, since)
    found += _of_outcomes([each for each in outcomes if since <= each.at < until], parted_at, since)
    adjusted = all_together([p for p, _ in found])
    shifts = [shift.with_p(p) for p, (_, shift) in zip(adjusted, found, strict=True)]
    return Drift(since, parted_at, until, len(within), tuple(sorted(shifts, key=lambda each: each.p)), too_few)


@dataclass(frozen=True, slots=True)
class _Compared:
    """A shift before all tests are counted."""

    measure: Measure
    kind: SessionType | None
    arm: Arm | None
    sides: tuple[tuple[float, int], tuple[float, int]]
    stability: float | None
    weeks: tuple[Week, ...]

    def with_p(self, p: float) -> Shift:
        (before, count_before), (after, count_after) = self.sides
        about = (self.measure, self.kind, self.arm, before, after, count_before, count_after)
        return Shift(*about, p, self.stability, self.weeks)


def _of_sessions(
    courses: Sequence[SessionMeans], parted_at: float, since: float
) -> tuple[list[tuple[float, _Compared]], tuple[SessionType, ...]]:
    by_kind: dict[SessionType, list[SessionMeans]] = defaultdict(list)
    for course in courses:
        by_kind[course.kind].append(course)
    found, too_few = [], []
    for kind in sorted(by_kind):
        late = sum(course.at >= parted_at for course in by_kind[kind])
        if min(late, len(by_kind[kind]) - late) < LEAST_COMPARED:
            too_few.append(kind)
        for measure in Measure:
            seen = [(each.at, each.values[measure]) for each in by_kind[kind] if measure in each.values]
            before = [value for at, value in seen if at < parted_at]
            after = [value for at, value in seen if at >= parted_at]
            if min(len(before), len(after)) >= LEAST_COMPARED:
                sides = ((fmean(before), len(before)), (fmean(after), len(after)))
                stability = stability_index(before, after)
                compared = _Compared(measure, kind, None, sides, stability, _weekly(seen, since))
                found.append((same_distribution(before, after), compared))
    return found, tuple(too_few)


def _of_outcomes(outcomes: Sequence[Outcome], parted_at: float, since: float) -> list[tuple[float, _Compared]]:
    done = [each for each in outcomes if not each.held_out]
    alone = [each for each in outcomes if each.held_out]
    groups: list[tuple[Measure, Arm | None, list[Outcome]]] = [
        (Measure.SUCCESS, None, done),
        *((Measure.SUCCESS, arm, [each for each in done if each.arm is arm]) for arm in Arm),
        (Measure.LEFT_ALONE, None, alone),
    ]
    found = []
    for measure, arm, group in groups:
        before = [each for each in group if each.at < parted_at]
        after = [each for each in group if each.at >= parted_at]
        if min(len({each.session_id for each in side}) for side in (before, after)) >= LEAST_COMPARED:
            sides = (_rate(before), _rate(after))
            weeks = _weekly([(each.at, float(each.success)) for each in group], since)
            p = same_share(*_worth(before), *_worth(after))
            found.append((p, _Compared(measure, None, arm, sides, None, weeks)))
    return found


def _rate(outcomes: Sequence[Outcome]) -> tuple[float, int]:
    return fmean(float(each.success) for each in outcomes), len(outcomes)


def _worth(outcomes: Sequence[Outcome]) -> tuple[int, int]:
    """Successes and attempts, as few as they are worth where outcomes of a session go together (Rao & Scott 1992)."""
    successes = [float(each.success) for each in outcomes]
    mean = mean_of(successes, [each.session_id for each in outcomes])
    effect = 1.0 if mean is None else mean.design_effect
    attempts = floor(len(outcomes) / effect)
    return round(fmean(successes) * attempts), attempts


def _weekly(seen: Sequence[tuple[float, float]], since: float) -> tuple[Week, ...]:
    weeks: dict[int, list[float]] = defaultdict(list)
    for at, value in seen:
        weeks[int((at - since) // WEEK_S)].append(value)
    return tuple(Week(since + n * WEEK_S, fmean(weeks[n]), len(weeks[n])) for n in sorted(weeks))
