"""How what is believed of each arm narrowed, attempt by attempt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from conductor.domain.interventions import Arm, Outcome
from conductor.wire.rest_sums import ArmSoFar, Narrowing, NarrowingAnswer

POINTS_MOST = 40
"""Of one arm: as many as can be told apart on a small chart."""


def narrowing(outcomes: Iterable[Outcome]) -> NarrowingAnswer:
    """What was seen of each arm after each of its outcomes, oldest first.

    Long rows are thinned evenly, and the last outcome always stays.

    Args:
        outcomes: Those that count, oldest first.
    """
    by_arm: dict[Arm, list[Outcome]] = {arm: [] for arm in Arm}
    for each in outcomes:
        by_arm[each.arm].append(each)
    return NarrowingAnswer(arms=[Narrowing(type=arm, points=_points(own)) for arm, own in by_arm.items()])


def _points(outcomes: Sequence[Outcome]) -> list[ArmSoFar]:
    sums = accumulate(each.success for each in outcomes)
    points = [
        ArmSoFar(at=each.at, attempts=count, successes=successes)
        for count, (each, successes) in enumerate(zip(outcomes, sums, strict=True), start=1)
    ]
    step = -(-len(points) // POINTS_MOST) or 1
    return points[::-1][::step][::-1]
