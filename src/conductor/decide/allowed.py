"""What each event's settings allow, for every session of it."""

from __future__ import annotations

from dataclasses import replace

from conductor.decide.room import DecisionParams
from conductor.domain.organisers import AgentSettings


class Allowed:
    """The settings of all events that have some.

    Args:
        usual: What counts where nobody said anything.
    """

    def __init__(self, usual: DecisionParams) -> None:
        self._usual = usual
        self._known: dict[str, tuple[AgentSettings, DecisionParams]] = {}

    def put(self, settings: AgentSettings) -> None:
        """These are the event's settings from now on.

        Raises:
            ValueError: A setting lies outside its range; what was allowed before still is.
        """
        self._known[settings.event_id] = (settings, allowed_by(settings, self._usual))

    def of(self, session_id: str, event_id: str) -> DecisionParams:
        """What is allowed in a session of this event."""
        known = self._known.get(event_id)
        if known is None:
            return self._usual
        settings, params = known
        return replace(params, mode=settings.mode_of(session_id))


def allowed_by(settings: AgentSettings, usual: DecisionParams) -> DecisionParams:
    """What an event's settings allow, with the usual constants for all that they don't say.

    Raises:
        ValueError: A setting lies outside its range.
    """
    return replace(
        usual,
        enabled=settings.enabled,
        mode=settings.mode,
        threshold=settings.threshold,
        max_per_hour=settings.max_per_hour,
        arms=settings.arms,
        quiet_end_s=settings.quiet_end_s,
    )
