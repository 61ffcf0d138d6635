"""What each event's settings allow, for every session of it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from conductor.decide.room import DecisionParams
from conductor.domain.organisers import AgentSettings
from conductor.domain.strategies import Dealt, Variant


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

    def of(self, session_id: str, event_id: str, at: float | None = None) -> DecisionParams:
        """What is allowed in a session of this event.

        Where two ways are tried, it is what was dealt to the moment; None for what holds in both.
        """
        known = self._known.get(event_id)
        params = self._usual if known is None else replace(known[1], mode=known[0].mode_of(session_id))
        test = None if known is None or at is None else known[0].strategy_test
        if test is not None and at is not None and at >= test.since:
            variant = test.variant_at(session_id, event_id, at)
            params = replace(varied(params, variant), variant=Dealt(test.test_id, variant.name))
        return replace(params, holdout_share=0.0, teaches=False) if event_id in self._rehearsed else params


def varied(params: DecisionParams, variant: Variant) -> DecisionParams:
    """The same, but for what the variant has of its own."""
    return replace(
        params,
        policy=params.policy if variant.policy is None else variant.policy,
        threshold=params.threshold if variant.threshold is None else variant.threshold,
        act_below=params.act_below if variant.act_below is None else variant.act_below,
        style=params.style if variant.style is None else variant.style,
    )


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
        style=settings.style,
    )
