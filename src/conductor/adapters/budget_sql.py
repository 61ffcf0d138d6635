"""A budget that all workers on one database share. `SqlStore.budget` makes one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from conductor.adapters.purse import LENGTHS_S, LONGEST_S, Entry, Granted, Purse, nano_of, sums_of
from conductor.adapters.sql import Database
from conductor.adapters.tables import SPENDING_TABLE
from conductor.adapters.together import Together
from conductor.domain.budget import BudgetWindow
from conductor.ports import Reservation, Spending

BUDGET_LOCK = 4_973_147
"""Any number of our own: who sets money aside does it alone, among all programs on the database."""

_COLUMNS = SPENDING_TABLE.c

Row = dict[str, Any]


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
        # A hundred rooms that fall at once ask for a hundred sums at once.
        self._reserving = Together(self._reserve)
        self._settling = Together(self._settle)

    async def reserve(self, usd: float, now: float) -> Reservation:
        """Set money aside before it is spent.

        Raises:
            BudgetSpent: The hour or the day would be over its limit; nothing was set aside.
            InvalidInput: It is less than nothing, or no number.
            StoreUnavailable: The database did not answer, or is closed.
        """
        nano_of(usd)
        return await self._reserving.ask((usd, now))

    async def settle(self, reservation: Reservation, usd: float) -> None:
        """Put what it cost in the place of what was set aside. Settling again changes nothing.

        Raises:
            InvalidInput: It is less than nothing, or no number.
            StoreUnavailable: The database did not take it, or is closed.
        """
        await self._settling.ask({"paid_id": reservation.reservation_id, "paid": nano_of(usd)})

    async def spending(self, now: float) -> Spending:
        """How much of the last hour's and day's money is gone.

        Raises:
            StoreUnavailable: The database did not answer, or is closed.
        """
        async with self._database.transaction() as connection:
            return self._purse.spending(await _sums(connection, now))

    async def _reserve(self, asked: Sequence[tuple[float, float]]) -> list[Reservation | Exception]:
        """Set sums aside, one after the other, each as if it came alone."""
        answers: list[Reservation | Exception] = []
        rows: list[Row] = []
        async with self._database.transaction(locks=[BUDGET_LOCK]) as connection:
            earliest = min(now for _, now in asked)
            await connection.execute(delete(SPENDING_TABLE).where(_COLUMNS.time <= earliest - LONGEST_S))
            ordinal, near = await _latest(connection)
            books = _Books(connection)
            for usd, now in asked:
                granted = self._purse.grant(usd, now, await books.sums(now), near)
                if granted is None:
                    answers.append(self._purse.refusal(usd, now, await books.entries()))
                    continue
                ordinal, near = ordinal + 1, granted.near
                answers.append(granted.reservation)
                rows.append(_row_of(granted, ordinal))
                books.added.append(Entry(now, nano_of(usd)))
            if rows:
                await connection.execute(insert(SPENDING_TABLE), rows)
        return answers

    async def _settle(self, paid: Sequence[Row]) -> list[Exception | None]:
        settling = (
            update(SPENDING_TABLE)
            .where(_COLUMNS.reservation_id == bindparam("paid_id"), _COLUMNS.settled.is_(False))
            .values(nano_usd=bindparam("paid"), settled=True)
        )
        async with self._database.transaction() as connection:
            await connection.execute(settling, paid)
        return [None] * len(paid)


class _Books:
    """What is in the books within one transaction, with what it adds to them itself.

    Attributes:
        added: What was set aside in this transaction, and is not written yet.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._written: dict[float, Mapping[BudgetWindow, int]] = {}
        self.added: list[Entry] = []

    async def sums(self, now: float) -> Mapping[BudgetWindow, int]:
        """What counts in each window that ends now."""
        if now not in self._written:
            self._written[now] = await _sums(self._connection, now)
        added = sums_of(self.added, now)
        return {window: nano + added[window] for window, nano in self._written[now].items()}

    async def entries(self) -> list[Entry]:
        """All that counts, oldest first."""
        found = await self._connection.execute(select(_COLUMNS.time, _COLUMNS.nano_usd))
        written = [Entry(at, nano) for at, nano in found]
        return sorted([*written, *self.added], key=attrgetter("at"))


def _row_of(granted: Granted, ordinal: int) -> Row:
    reservation = granted.reservation
    return {
        "reservation_id": reservation.reservation_id,
        "ordinal": ordinal,
        "time": reservation.at,
        "nano_usd": nano_of(reservation.usd),
        "settled": False,
        "hour_near": BudgetWindow.HOUR in granted.near,
        "day_near": BudgetWindow.DAY in granted.near,
    }


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
