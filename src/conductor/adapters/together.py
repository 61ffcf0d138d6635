"""Does together what is asked for while something like it is being done: many small writes become one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from conductor.errors import ConductorError, StoreUnavailable

A = TypeVar("A")
R = TypeVar("R")


class Together(Generic[A, R]):
    """Gathers calls. The first is done at once; what is asked for meanwhile is done next, all of it together.

    Nobody waits for company, so that a single call takes no longer than without, and of a hundred at once ninety-nine
    are done with the second turn. A call is over only when it has been done. What was taken up is done even if whoever
    asked for it has stopped waiting.

    Args:
        do: Does what was asked for, in the order of asking, all or nothing; gives the answer to each, or an error that
            is raised to the one who asked.
    """

    def __init__(self, do: Callable[[Sequence[A]], Awaitable[Sequence[R | Exception]]]) -> None:
        self._do = do
        self._waiting: list[tuple[A, asyncio.Future[R]]] = []
        self._at_work: asyncio.Task[None] | None = None

    async def ask(self, asked: A) -> R:
        """Have it done.

        Raises:
            StoreUnavailable: It was not done.
        """
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting, []
                await self._turn([each for each in taken if not each[1].done()])
        finally:
            self._at_work = None
            # None are left unless this was broken off; nobody waits for ever.
            left, self._waiting = self._waiting, []
            _hand_out(left, [_BROKEN_OFF] * len(left))

    async def _turn(self, taken: Sequence[tuple[A, asyncio.Future[R]]]) -> None:
        answers: Sequence[R | Exception] = [_BROKEN_OFF] * len(taken)
        try:
            answers = await self._do([asked for asked, _ in taken]) if taken else answers
        except ConductorError as error:
            answers = [error] * len(taken)
        finally:
            _hand_out(taken, answers)


_BROKEN_OFF = StoreUnavailable("it was broken off before it was written; the log says why, unless the program ends")


def _hand_out(taken: Sequence[tuple[A, asyncio.Future[R]]], answers: Sequence[R | Exception]) -> None:
    for (_, waits), answer in zip(taken, answers, strict=True):
        if waits.done():
            continue
        if isinstance(answer, Exception):
            waits.set_exception(answer)
        else:
            waits.set_result(answer)
