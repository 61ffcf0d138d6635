"""What each event's settings allow, for every session of it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from conductor.decide.room import DecisionParams
from conductor.domain.organisers import AgentSettings


class Allowed:
    """The settings of all events that have some.

    Args:
        usual: What counts where nobody said anything.
        rehearsed: Events whose rooms are simulated: nothing is to be learned there, so nothing is held out.
    """

    def __init__(self, usual: DecisionParams, rehearsed: Container[str] = ()) -> None:
        self._usual = usual
        self._rehearsed = rehearsed
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
        params = self._usual if known is None else replace(known[1], mode=known[0].mode_of(session_id))
        return replace(params, holdout_share=0.0) if event_id in self._rehearsed else params


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
        holdout_share=settings.holdout_share,
    )
