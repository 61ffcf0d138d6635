"""What the agent knows from earlier sessions."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.engagement import Norm
from conductor.domain.interventions import Arm, Context


@dataclass(frozen=True, slots=True)
class Tally:
    """What has been learned of one arm in one context: successes and failures, as weights (0 or more).

    Attributes:
        arm: None for what became of rooms that were left alone.
    """

    context: Context
    arm: Arm | None
    successes: float
    failures: float


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of an arm's chance of success in a context: a Beta distribution.

    Attributes:
        arm: None for rooms that are left alone.
        attempts: How often it was tried in this very context; older ones count for less.
        successes: How many of these rooms recovered, each by how probable that is.
        alpha: Parameter of the distribution, above 0; what is borrowed from other contexts is in it.
        beta: The other one, above 0.
        adds: How much likelier success is expected to be than without the arm, in (-1, 1); None while unknown, and of
            leaving rooms alone.
    """

    context: Context
    arm: Arm | None
    attempts: float
    successes: float
    alpha: float
    beta: float
    adds: float | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that carries over from one session to the next.

    Attributes:
        tallies: Successes and failures of each arm in each context.
        norms: What sessions of each kind are like.
    """

    tallies: tuple[Tally, ...] = ()
    norms: tuple[Norm, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What taking over something learned elsewhere changes, in contexts with arms and in kinds of sessions.

    Attributes:
        new: Nothing was known of these.
        changed: Of these something else was known, which goes.
        same: Of these the same was known.
        staying: These are known here only, and stay.
    """

    new: int
    changed: int
    same: int
    staying: int


def difference(known: Learned, offered: Learned) -> Difference:
    """What taking over `offered` changes of what is known."""
    before, after = _by_place(known), _by_place(offered)
    same = sum(before.get(place) == value for place, value in after.items())
    new = len(after.keys() - before.keys())
    return Difference(new, len(after) - new - same, same, len(before.keys() - after.keys()))


def fresh(known: Learned, learned: Learned) -> Learned:
    """What of `learned` is not known, or something else is known of."""
    before = _by_place(known)
    after = _by_place(learned)
    new = [value for place, value in after.items() if before.get(place) != value]
    return Learned(
        tuple(each for each in new if isinstance(each, Tally)), tuple(each for each in new if isinstance(each, Norm))
    )


def _by_place(learned: Learned) -> dict[tuple[object, ...], Tally | Norm]:
    places: dict[tuple[object, ...], Tally | Norm] = {(each.context, each.arm): each for each in learned.tallies}
    places.update({(each.session_type, each.session_size_bucket, each.phase): each for each in learned.norms})
    return places
