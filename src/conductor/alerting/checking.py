"""Asks now and then whether everything works, and has it told if something does not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from conductor.alerting.params import AlertingParams
from conductor.domain.alerts import Alert, AlertLevel
from conductor.errors import ConductorError
from conductor.ports import Clock

Check = Callable[[], Awaitable[None]]
"""Returns if something works, and raises a `ConductorError` or `OSError` if not."""

ANSWER_S = 5.0
"""So long a check may take."""

MEANS = {
    "worker": ("The worker does not tick", "Rooms are not watched. Look at its log, and restart it."),
    "database": ("The database cannot be had", "What happens is written when it is back. Look at DATABASE_URL."),
    "bus": ("The bus cannot be had", "Rooms and agent do not hear each other. Look at REDIS_URL."),
    "model": ("No language model can be asked", "Templates word everything meanwhile. Look at the provider's status."),
}  # fmt: skip


class Checking:
    """Asks each dependency, and tells of those that are gone for a while.

    Args:
        checks: How to ask each, by its name.
        tell: Is given each alert.
        clock: The time.
        params: Constants.
        note: Hears of each answer: the name, and whether it works.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        tell: Callable[[Alert], object],
        clock: Clock,
        params: AlertingParams,
        note: Callable[[str, bool], None],
    ) -> None:
        self._checks = checks
        self._tell = tell
        self._clock = clock
        self._params = params
        self._note = note
        self._failed: Counter[str] = Counter()

    async def run(self) -> None:
        """Ask, until cancelled."""
        while True:
            await self.ask_all()
            await self._clock.sleep_until(self._clock.now() + self._params.check_s)

    async def ask_all(self) -> None:
        """Ask each once, all at the same time."""
        found = await asyncio.gather(*(_works(check) for check in self._checks.values()))
        for name, works in zip(self._checks, found, strict=True):
            self._note(name, works)
            self._failed[name] = 0 if works else self._failed[name] + 1
            if works:
                self._tell(_back(name))
            elif self._failed[name] >= self._params.patience:
                self._tell(_gone(name))


async def _works(check: Check) -> bool:
    try:
        async with asyncio.timeout(ANSWER_S):
            await check()
    except (ConductorError, OSError, TimeoutError):
        return False
    return True


def _gone(name: str) -> Alert:
    title, text = MEANS.get(name, (f"{name} cannot be had", "Look at the log."))
    return Alert(f"dependency:{name}", AlertLevel.CRITICAL, title, text)


def _back(name: str) -> Alert:
    return Alert(f"dependency:{name}", AlertLevel.INFO, f"All is well again: {name}", "It answers.", is_over=True)
