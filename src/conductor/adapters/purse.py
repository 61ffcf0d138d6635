"""How much money is left in windows that slide: the arithmetic that all budgets share.

Money is counted in whole billionths of a dollar (a cached token costs about a ten millionth), so that sums are exact
and the same whoever adds them up, in whatever order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from uuid import uuid4

from conductor.domain.budget import BudgetWindow, NearLimit
from conductor.errors import BudgetSpent, InvalidInput
from conductor.ports import Reservation, Spending

NANO_PER_USD = 1_000_000_000

LENGTHS_S: Mapping[BudgetWindow, float] = {BudgetWindow.HOUR: 3600.0, BudgetWindow.DAY: 86_400.0}
"""How far back each window reaches."""

SETTINGS: Mapping[BudgetWindow, str] = {
    BudgetWindow.HOUR: "MAX_LLM_COST_PER_HOUR",
    BudgetWindow.DAY: "MAX_LLM_COST_PER_DAY",
}
"""Which setting raises the limit of each window."""

LONGEST_S = max(LENGTHS_S.values())
"""What is older counts in no window."""

NEAR_RATIO = 0.8
"""The share of a limit from which to warn."""

CALM_RATIO = 0.75
"""The share below which a warning may come again. Most questions cost less than was set aside for them, so that the
sum goes up and down by some percent: at one and the same share it would warn with every question."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that counts: set aside, or paid."""

    at: float
    nano_usd: int


@dataclass(frozen=True, slots=True)
class Granted:
    """What comes of setting money aside: the reservation, and in which windows most of the money is gone since."""

    reservation: Reservation
    near: frozenset[BudgetWindow]


@dataclass(frozen=True, slots=True)
class Purse:
    """How much may be spent.

    Attributes:
        hour_limit_usd: US dollars in any 3600 s, 0 or more.
        day_limit_usd: US dollars in any 86400 s, 0 or more.
    """

    hour_limit_usd: float
    day_limit_usd: float
    limits: Mapping[BudgetWindow, int] = field(init=False)

    def __post_init__(self) -> None:
        limits = {BudgetWindow.HOUR: self.hour_limit_usd, BudgetWindow.DAY: self.day_limit_usd}
        for window, usd in limits.items():
            if not (isfinite(usd) and usd >= 0.0):
                raise InvalidInput(f"{SETTINGS[window]} is {usd}; it has to be a number of dollars, 0 or more")
        object.__setattr__(self, "limits", {window: _nano(usd) for window, usd in limits.items()})

    def grant(
        self, usd: float, now: float, sums: Mapping[BudgetWindow, int], was_near: frozenset[BudgetWindow]
    ) -> Granted | None:
        """Money set aside, with these sums gone already; None if that would be over a limit.

        Args:
            usd: How much, 0 or more.
            now: Epoch seconds.
            sums: What counts in each window.
            was_near: Of which windows it is known already that most of the money is gone.
        """
        nano = nano_of(usd)
        if any(sums[window] + nano > limit for window, limit in self.limits.items()):
            return None
        still = {window for window in was_near if sums[window] >= CALM_RATIO * self.limits[window]}
        near = {window: sums[window] + nano for window in LENGTHS_S if self._is_near(window, sums[window] + nano)}
        warned = tuple(
            NearLimit(window, spent / NANO_PER_USD, self.limits[window] / NANO_PER_USD)
            for window, spent in near.items()
            if window not in still
        )
        reservation = Reservation(uuid4().hex, usd, now, bool(warned), warned)
        return Granted(reservation, frozenset(still | near.keys()))

    def refusal(self, usd: float, now: float, entries: Sequence[Entry]) -> BudgetSpent:
        """Why this cannot be had now.

        Args:
            usd: How much is asked for.
            now: Epoch seconds.
            entries: What counts, oldest first.
        """
        nano = nano_of(usd)
        waits = {window: self._wait_s(window, nano, now, entries) for window in LENGTHS_S}
        window = max(waits, key=lambda each: float("inf") if waits[each] is None else waits[each] or 0.0)
        wait_s, limit = waits[window], self.limits[window] / NANO_PER_USD
        gone = sums_of(entries, now)[window] / NANO_PER_USD
        mend = "" if wait_s is None else f", or wait {wait_s:.0f} s"
        return BudgetSpent(
            f"models may cost ${limit:.2f} in any {window} and have cost ${gone:.4f} in the last"
            f" {LENGTHS_S[window]:.0f} s, so ${usd:.4f} more is too much; raise {SETTINGS[window]}{mend}",
            retry_after_s=wait_s,
        )

    def spending(self, sums: Mapping[BudgetWindow, int]) -> Spending:
        """What is gone, and how much there is."""
        hour, day = (sums[window] / NANO_PER_USD for window in (BudgetWindow.HOUR, BudgetWindow.DAY))
        return Spending(hour, self.hour_limit_usd, day, self.day_limit_usd)

    def _is_near(self, window: BudgetWindow, spent: int) -> bool:
        return spent > 0 and spent >= NEAR_RATIO * self.limits[window]

    def _wait_s(self, window: BudgetWindow, nano: int, now: float, entries: Sequence[Entry]) -> float | None:
        """Seconds until enough has aged out; None if that will never be."""
        length_s, counted = LENGTHS_S[window], sums_of(entries, now)[window]
        if nano > self.limits[window]:
            return None
        wait_s = 0.0
        for entry in entries:
            if counted + nano <= self.limits[window]:
                break
            if entry.at > now - length_s:
                counted -= entry.nano_usd
                wait_s = entry.at + length_s - now
        return wait_s


def sums_of(entries: Sequence[Entry], now: float) -> dict[BudgetWindow, int]:
    """What counts in each window that ends now; what lies ahead (another clock) counts as well."""
    return {
        window: sum(entry.nano_usd for entry in entries if entry.at > now - length_s)
        for window, length_s in LENGTHS_S.items()
    }


def nano_of(usd: float) -> int:
    """Billionths of a dollar.

    Raises:
        InvalidInput: It is less than nothing, or no number.
    """
    if not (isfinite(usd) and usd >= 0.0):
        raise InvalidInput(f"{usd} is no sum of money; it has to be a number of dollars, 0 or more")
    return _nano(usd)


def _nano(usd: float) -> int:
    return round(usd * NANO_PER_USD)
