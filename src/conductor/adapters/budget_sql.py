"""A budget that all workers on one database share. `SqlStore.budget` makes one."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from conductor.adapters.purse import LENGTHS_S, LONGEST_S, Entry, Purse, nano_of
from conductor.adapters.sql import Database
from conductor.adapters.tables import SPENDING_TABLE
from conductor.domain.budget import BudgetWindow
from conductor.ports import Reservation, Spending

BUDGET_LOCK = 4_973_147
"""Any number of our own: who sets money aside does it alone, among all programs on the database."""

_COLUMNS = SPENDING_TABLE.c


class SqlBudget:
    """Keeps the books in a database that somebody else opens and closes.

    Args:
        database: The database that the workers share.
        hour_limit_usd: What models may cost in any 3600 s, in US dollars, 0 or more.
        day_limit_usd: What they may cost in any 86400 s, in US dollars, 0 or more.

    Raises:
        InvalidInput: A limit is less than 0, or no number.
    """

    def __init__(self, database: Database, hour_limit_usd: float, day_limit_usd: float) -> None:
        self._database = database
        self._purse = Purse(hour_limit_usd, day_limit_usd)

    async def reserve(self, usd: float, now: float) -> Reservation:
        """Set money aside before it is spent.

        Raises:
            BudgetSpent: The hour or the day would be over its limit; nothing was set aside.
            InvalidInput: It is less than nothing, or no number.
            StoreUnavailable: The database did not answer, or is closed.
        """
        nano = nano_of(usd)
        async with self._database.transaction(locks=[BUDGET_LOCK]) as connection:
            await connection.execute(delete(SPENDING_TABLE).where(_COLUMNS.time <= now - LONGEST_S))
            ordinal, near = await _latest(connection)
            granted = self._purse.grant(usd, now, await _sums(connection, now), near)
            if granted is None:
                raise self._purse.refusal(usd, now, await _entries(connection))
            row = {
                "reservation_id": granted.reservation.reservation_id,
                "ordinal": ordinal + 1,
                "time": now,
                "nano_usd": nano,
                "settled": False,
                "hour_near": BudgetWindow.HOUR in granted.near,
                "day_near": BudgetWindow.DAY in granted.near,
            }
            await connection.execute(insert(SPENDING_TABLE), row)
            return granted.reservation

    async def settle(self, reservation: Reservation, usd: float) -> None:
        """Put what it cost in the place of what was set aside. Settling again changes nothing.

        Raises:
            InvalidInput: It is less than nothing, or no number.
            StoreUnavailable: The database did not take it, or is closed.
        """
        settling = (
            update(SPENDING_TABLE)
            .where(_COLUMNS.reservation_id == reservation.reservation_id, _COLUMNS.settled.is_(False))
            .values(nano_usd=nano_of(usd), settled=True)
        )
        async with self._database.transaction() as connection:
            await connection.execute(settling)

    async def spending(self, now: float) -> Spending:
        """How much of the last hour's and day's money is gone.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        async with self._database.transaction() as connection:
            return self._purse.spending(await _sums(connection, now))


async def _latest(connection: AsyncConnection) -> tuple[int, frozenset[BudgetWindow]]:
    """The number of the latest reservation (0 if there is none), and what was near its limit since."""
    wanted = select(_COLUMNS.ordinal, _COLUMNS.hour_near, _COLUMNS.day_near)
    row = (await connection.execute(wanted.order_by(_COLUMNS.ordinal.desc()).limit(1))).one_or_none()
    if row is None:
        return 0, frozenset()
    ordinal, *near = row
    return ordinal, frozenset(window for window, is_near in zip(BudgetWindow, near, strict=True) if is_near)


async def _sums(connection: AsyncConnection, now: float) -> Mapping[BudgetWindow, int]:
    """What counts in each window."""
    counted = [
        func.sum(case((_COLUMNS.time > now - length_s, _COLUMNS.nano_usd), else_=0)) for length_s in LENGTHS_S.values()
    ]
    row = (await connection.execute(select(*counted).where(_COLUMNS.time > now - LONGEST_S))).one()
    return {window: int(found or 0) for window, found in zip(LENGTHS_S, row, strict=True)}


async def _entries(connection: AsyncConnection) -> list[Entry]:
    """All that counts, oldest first."""
    found = await connection.execute(select(_COLUMNS.time, _COLUMNS.nano_usd).order_by(_COLUMNS.time))
    return [Entry(at, nano) for at, nano in found]
