"""Which decisions lead to nothing, on purpose, so that it shows what happens anyway.

A room that has just fallen mostly recovers by itself: how it fares after an intervention says nothing as long as nobody
knows how it would have fared without. A coin decides, after the arm was chosen and before anything is worded or
anybody asked, so that what is held out differs from what is done by chance alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from conductor.decide.chance import Chances
from conductor.decide.words import percent
from conductor.domain.interventions import Autonomy, Decision, Origin

_COUNTED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Coins:
    """A coin for each decision: from a seed and the decision's id alone.

    Whoever decides the same again, after a crash, finds the same coin; it takes nothing from the chance that arms are
    chosen by, so that the same arms are chosen whatever share is held out.

    Args:
        rng: Whose seed the coins come from; nothing is drawn from it.
        window_s: Seconds from when something is done to when its outcome is measured, above 0.
    """

    def __init__(self, rng: np.random.Generator, window_s: float) -> None:
        self._chances = Chances(rng)
        self._window_s = window_s

    def toss(self, decision: Decision, share: float, *, otherwise: str = "", teaches: bool = True) -> Decision:
        """The decision with its horizon, and its coin, where one is tossed: for what the agent would do or ask about.

        Args:
            decision: What was decided; its reasoning does not say yet what is done with it.
            share: Probability in [0, 0.5] of being held out; with 0 no coin is tossed.
            otherwise: Says what is done with it if it is not held out.
            teaches: Whether anything is to be learned from it; without, it has no horizon either.
        """
        goes_on = replace(decision, reasoning=f"{decision.reasoning} {otherwise}".rstrip())
        if not teaches or decision.autonomy is Autonomy.SKIP or decision.origin is not Origin.AGENT:
            return goes_on
        followed = replace(goes_on, trial_ends_at=self.horizon(decision.at, decision.expires_at))
        if share <= 0.0:
            return followed
        coin = self._chances.of(decision.decision_id)
        tossed = replace(followed, holdout_share=share, coin=coin)
        if coin >= share:
            return tossed
        reasoning = f"{decision.reasoning} {left_alone(share)}"
        return replace(tossed, held_out=True, expires_at=None, reasoning=reasoning)

    def horizon(self, at: float, asked_until: float | None = None) -> float:
        """When a room is scored after a decision, by what is known then.

        It is the same for all arms, and for none: what a poll comes to is compared with what nothing comes to, and
        rooms come back by themselves all the time. A poll that waits for the next slide has less time to work: so it
        has for the people in the room.

        Args:
            at: The moment of the decision.
            asked_until: When an organiser's time to answer ends; None if nobody is asked.
        """
        return (at if asked_until is None else asked_until) + self._window_s


def left_alone(share: float) -> str:
    """What is done with a decision that is held out, and why: one sentence."""
    times = 1.0 / share
    number = round(times)
    if abs(times - number) < 1e-6 and number - 2 < len(_COUNTED):
        said = f"one in {_COUNTED[number - 2]} falls is left alone"
    else:
        said = f"{percent(share)} of falls are left alone"
    return f"Nothing is done this time, on purpose: {said}, to learn what happens anyway."
