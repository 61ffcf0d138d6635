"""A budget for a single process. It forgets what was spent when the program ends."""

from __future__ import annotations

from dataclasses import replace

from conductor.adapters.purse import LONGEST_S, Entry, Purse, nano_of, sums_of
from conductor.domain.budget import BudgetWindow
from conductor.ports import Reservation, Spending


class MemoryBudget:
    """A `Budget` that forgets.

    Args:
        hour_limit_usd: What models may cost in any 3600 s, in US dollars, 0 or more.
        day_limit_usd: What they may cost in any 86400 s, in US dollars, 0 or more.

    Raises:
        InvalidInput: A limit is less than 0, or no number.
    """

    def __init__(self, hour_limit_usd: float, day_limit_usd: float) -> None:
        self._purse = Purse(hour_limit_usd, day_limit_usd)
        self._entries: dict[str, Entry] = {}
        self._unsettled: set[str] = set()
        self._near: frozenset[BudgetWindow] = frozenset()

    async def reserve(self, usd: float, now: float) -> Reservation:
        """Set money aside before it is spent.

        Raises:
            BudgetSpent: The hour or the day would be over its limit; nothing was set aside.
            InvalidInput: It is less than nothing, or no number.
        """
        self._forget(now)
        entries = sorted(self._entries.values(), key=lambda entry: entry.at)
        granted = self._purse.grant(usd, now, sums_of(entries, now), self._near)
        if granted is None:
            raise self._purse.refusal(usd, now, entries)
        reservation = granted.reservation
        self._near = granted.near
        self._entries[reservation.reservation_id] = Entry(now, nano_of(usd))
        self._unsettled.add(reservation.reservation_id)
        return reservation

    async def settle(self, reservation: Reservation, usd: float) -> None:
        """Put what it cost in the place of what was set aside. Settling again changes nothing.

        Raises:
            InvalidInput: It is less than nothing, or no number.
        """
        nano, name = nano_of(usd), reservation.reservation_id
        if name in self._unsettled:
            self._unsettled.discard(name)
            self._entries[name] = replace(self._entries[name], nano_usd=nano)

    async def spending(self, now: float) -> Spending:
        """How much of the last hour's and day's money is gone."""
        return self._purse.spending(sums_of([*self._entries.values()], now))

    def _forget(self, now: float) -> None:
        """Let go of what counts no more, settled or not."""
        for name in [name for name, entry in self._entries.items() if entry.at <= now - LONGEST_S]:
            del self._entries[name]
            self._unsettled.discard(name)
