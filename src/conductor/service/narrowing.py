"""How what is believed of each arm narrowed, lesson by lesson."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from conductor.domain.interventions import Arm
from conductor.domain.trials import FollowUp, Trial
from conductor.learn.outcome import OutcomeParams, recovery
from conductor.learn.trial import teaches
from conductor.wire.rest_sums import ArmSoFar, Narrowing, NarrowingAnswer

POINTS_MOST = 40
"""Of one arm: as many as can be told apart on a small chart."""

Taught = tuple[float, float]
"""When it was taught, and how probably the room had recovered."""


def narrowing(trials: Iterable[Trial], follow_ups: Iterable[FollowUp], params: OutcomeParams) -> NarrowingAnswer:
    """What was learned of each arm after each of its lessons, oldest first.

    Just what the bandit learns an arm by counts. Long rows are thinned evenly, and the last lesson always stays.

    Args:
        trials: Known or not, of whatever is to count.
        follow_ups: The same, of decisions without a coin.
        params: What counts as recovery.
    """
    by_arm: dict[Arm, list[Taught]] = {arm: [] for arm in Arm}
    ends: list[Trial | FollowUp] = [each for each in trials if not each.held_out]
    ends += follow_ups
    for end in ends:
        is_taught = teaches(end.autonomy, held_out=False, delivered=end.delivered)
        if end.arm is not None and end.after is not None and is_taught:
            by_arm[end.arm].append((end.at, recovery(end.before, end.after, params)))
    return NarrowingAnswer(arms=[Narrowing(type=arm, points=_points(sorted(own))) for arm, own in by_arm.items()])


def _points(lessons: Sequence[Taught]) -> list[ArmSoFar]:
    sums = accumulate(recovered for _, recovered in lessons)
    points = [
        ArmSoFar(at=at, attempts=count, successes=successes)
        for count, ((at, _), successes) in enumerate(zip(lessons, sums, strict=True), start=1)
    ]
    step = -(-len(points) // POINTS_MOST) or 1
    return points[::-1][::step][::-1]
