"""Whether an arm no longer works as it did, seen from how its outcomes surprise."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangeParams:
    """When an arm is taken to have changed, and what is left then of what was learned before.

    Attributes:
        lessons_between: An arm that never changes is taken to have changed once in so many of its lessons at most, on
            average (above 0).
        shift: By how much, in log-odds, a change makes an arm better or worse (above 0). Others are found too, later.
        kept_ratio: What remains of the counts of that arm, in [0, 1].
        kept_of_others_ratio: What remains of those of the other arms, in [0, 1]: where one changed, others may have.
    """

    lessons_between: float = 50000.0
    shift: float = 1.0
    kept_ratio: float = 0.1
    kept_of_others_ratio: float = 0.3

    def __post_init__(self) -> None:
        if not self.lessons_between > 0.0:
            raise ValueError(f"lessons_between must be above 0, not {self.lessons_between}")
        if not self.shift > 0.0:
            raise ValueError(f"shift must be above 0, not {self.shift}")
        if not (0.0 <= self.kept_ratio <= 1.0 and 0.0 <= self.kept_of_others_ratio <= 1.0):
            raise ValueError("kept_ratio and kept_of_others_ratio must lie in [0, 1]")


class ChangeWatch:
    """The statistic of Shiryaev and Roberts for one arm, once for a turn to the better and once to the worse.

    It adds up, over every lesson since which the arm may have changed, how much likelier the outcomes are if it has.
    Each likelihood ratio has mean 1 as long as nothing changes, so the sum grows by one a lesson on average and is
    otherwise a fair game: the mean number of lessons until it reaches A is at least A (Pollak 1985).
    """

    def __init__(self, params: ChangeParams) -> None:
        self._params = params
        self._odds = {params.shift: 0.0, -params.shift: 0.0}

    def sees(self, foretold: float, success_weight: float) -> bool:
        """Take in an outcome in [0, 1] that had this chance, in (0, 1); whether the arm must have changed by now."""
        log_odds = math.log(foretold / (1.0 - foretold))
        for shift, odds in self._odds.items():
            after = 1.0 / (1.0 + math.exp(-log_odds - shift))
            of_success, of_failure = after / foretold, (1.0 - after) / (1.0 - foretold)
            # Half of the start for each direction, so that both together grow by one.
            self._odds[shift] = (odds + 0.5) * (success_weight * of_success + (1.0 - success_weight) * of_failure)
        return sum(self._odds.values()) >= self._params.lessons_between
