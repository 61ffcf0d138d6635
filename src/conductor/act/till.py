"""Sets money aside before a model is asked, and books what it cost, however the question ends."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from math import ceil
from typing import Any, TypeVar

from conductor.domain.wording import Price, Prompt
from conductor.errors import StoreUnavailable
from conductor.ports import Budget, Reservation

T = TypeVar("T")

BYTES_PER_TOKEN = 3
"""UTF-8 bytes: English has about 4 in a token, scripts with a token for every character have 3."""

FRAME_TOKENS = 400
"""What providers add to a question of their own: its frame, and the schema of the answer. About twice what the schema
of a poll takes."""


def most_usd(prompt: Prompt, price: Price) -> float:
    """What a question and its answer cost at most, in US dollars."""
    written = len((prompt.fixed + prompt.moving).encode("utf-8", "replace"))
    asked = FRAME_TOKENS + ceil(written / BYTES_PER_TOKEN)
    return (asked * max(price.fresh, price.cache_written) + prompt.max_tokens * price.answered) / 1e6


class Till:
    """The budget, for somebody who cannot wait for it.

    What was begun with the budget is always ended, also where whoever began it has been cancelled: otherwise money
    would stay set aside that nobody spends.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._open: set[asyncio.Task[Any]] = set()

    async def set_aside(self, usd: float, now: float, wait_s: float) -> Reservation:
        """Set money aside.

        Raises:
            BudgetSpent: There is not enough left.
            StoreUnavailable: The books cannot be had, or not within `wait_s` seconds.
        """
        asked = self._begun(self._budget.reserve(usd, now))
        try:
            await asyncio.wait({asked}, timeout=wait_s)
        except asyncio.CancelledError:
            self._begun(self._give_back(asked))
            raise
        if not asked.done():
            self._begun(self._give_back(asked))
            raise StoreUnavailable(f"the budget did not answer within {wait_s:g} s; no model is asked without it")
        return asked.result()

    async def settle(self, reservation: Reservation, usd: float) -> None:
        """Book what it cost. People wait for words meanwhile, so nobody waits for books that are not at hand.

        Until it is booked, or if the books cannot be had, what was set aside counts, which is more than it cost.
        """
        self._begun(self._book(reservation, usd))
        await asyncio.sleep(0)

    async def close(self) -> None:
        """Wait until everything is booked."""
        while self._open:
            await asyncio.wait(self._open)

    async def _book(self, reservation: Reservation, usd: float) -> None:
        with suppress(StoreUnavailable):
            await self._budget.settle(reservation, usd)

    async def _give_back(self, asked: asyncio.Task[Reservation]) -> None:
        await asyncio.wait({asked})
        if asked.exception() is None:
            await self._book(asked.result(), 0.0)

    def _begun(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        return task
