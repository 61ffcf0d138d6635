"""Simulated audiences as a platform: what is delivered is shown to the crowd of its session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conductor.domain.interventions import Intervention
from conductor.sim.crowd import Crowd


class CrowdPlatform:
    """Delivers to simulated audiences (a `Platform`).

    Args:
        crowds: One for every session; a session that is not among them has nobody to see anything.
    """

    def __init__(self, crowds: Iterable[Crowd]) -> None:
        self._crowds: Mapping[str, Crowd] = {crowd.session_id: crowd for crowd in crowds}

    async def deliver(self, intervention: Intervention) -> int:
        """Show it to the session's crowd and say how many people could see it."""
        crowd = self._crowds.get(intervention.session_id)
        return 0 if crowd is None else crowd.deliver(intervention)
