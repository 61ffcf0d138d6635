"""What models may cost: the windows in which it is counted, and how near to its limit one of them is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BudgetWindow(StrEnum):
    """A stretch of time up to now in which money is counted: the last 3600 s, or the last 86400 s."""

    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class NearLimit:
    """A window in which most of the money is gone, in US dollars, with what is set aside."""

    window: BudgetWindow
    spent_usd: float
    limit_usd: float
