"""Leaves a model alone for a while that does not answer, so that nobody waits for it in vain."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakerParams:
    """When a model is left alone, and for how long.

    Attributes:
        failures: How often in a row it has to fail before it is left alone; 1 or more. With 3, a network that
            hiccups twice costs nothing (our choice).
        open_s: For how long; one call then finds out whether it answers again.
        misconfigured_s: For how long where only somebody who mends the settings can help. It ends all the same, since
            a key may be mended at its provider, too.
    """

    failures: int = 3
    open_s: float = 60.0
    misconfigured_s: float = 900.0


class Breaker:
    """Whether one model may be asked.

    It is closed at first. `failures` in a row open it; when it has been open long enough, one call is let through, and
    what becomes of that call closes it or opens it again. The time is seconds from any beginning.
    """

    def __init__(self, params: BreakerParams) -> None:
        self._params = params
        self._failures = 0
        self._closed_from: float | None = None
        self._is_probed = False

    def would_admit(self, now: float) -> bool:
        """Whether a call would be let through now."""
        return self._closed_from is None or (now >= self._closed_from and not self._is_probed)

    def admit(self, now: float) -> bool:
        """Let a call through, or not. Of one that was, tell what became of it, or let go of it."""
        if not self.would_admit(now):
            return False
        self._is_probed = self._closed_from is not None
        return True

    def let_go(self) -> None:
        """The call was not made, or nobody waited for its end: nothing was learned."""
        self._is_probed = False

    def succeeded(self) -> None:
        """It answered."""
        self._failures, self._closed_from, self._is_probed = 0, None, False

    def failed(self, now: float, retry_after_s: float | None = None) -> None:
        """It did not answer. If it said when it will, it is left alone until then, `misconfigured_s` at most."""
        self._failures += 1
        was_probed, self._is_probed = self._is_probed, False
        if retry_after_s is not None:
            self._open(now + min(max(retry_after_s, 0.0), self._params.misconfigured_s))
        if was_probed or self._failures >= self._params.failures:
            self._open(now + self._params.open_s)

    def misconfigured(self, now: float) -> None:
        """It will not answer before somebody mends something."""
        self._is_probed = False
        self._open(now + self._params.misconfigured_s)

    def _open(self, until: float) -> None:
        # Calls run side by side: one that fails late does not cut short what another has learned.
        self._closed_from = until if self._closed_from is None else max(self._closed_from, until)
