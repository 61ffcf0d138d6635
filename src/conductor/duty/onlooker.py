"""Who hears how a worker on duty does: what it tells, and how its ticks go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from conductor.domain.events import Event


class Onlooker(Protocol):
    """Looks on; must neither wait nor fail. Implementations: `telemetry.worker.WorkerMetrics`, `Nobody`, `Together`."""

    def told(self, events: Sequence[Event], took_s: float, /) -> None:
        """These events were told, so many seconds after work on them began."""

    def ticked(self, took_s: float, late_s: float, at: float, /) -> None:
        """A tick ended at `at` (epoch seconds), took so many seconds, and had begun so many seconds late."""


class Nobody:
    """Nobody looks on."""

    def told(self, events: Sequence[Event], took_s: float, /) -> None:
        """Nothing comes of it."""

    def ticked(self, took_s: float, late_s: float, at: float, /) -> None:
        """Nothing comes of it."""


nobody = Nobody()


class Together:
    """Several who look on.

    Args:
        onlookers: Are told in this order.
    """

    def __init__(self, *onlookers: Onlooker) -> None:
        self._onlookers = onlookers

    def told(self, events: Sequence[Event], took_s: float, /) -> None:
        """Each hears of it."""
        for each in self._onlookers:
            each.told(events, took_s)

    def ticked(self, took_s: float, late_s: float, at: float, /) -> None:
        """Each hears of it."""
        for each in self._onlookers:
            each.ticked(took_s, late_s, at)
