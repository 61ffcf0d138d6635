"""How well an intervention works, by arm and circumstances: the truth that an agent has to find out.

All numbers are stated guesses with the reasons beside them; what matters for judging an agent is that
they are known, that the best arm depends on the circumstances, and that no arm is best everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm, Context
from conductor.domain.sessions import Phase, SessionType, SizeBucket

FATIGUE_S = 1200.0
"""Interventions of the last 20 minutes tire."""

_SUDDEN, _GRADUAL = AnomalyType.SUDDEN_DROP, AnomalyType.GRADUAL_DECLINE
_EXIT, _LOW = AnomalyType.MASS_EXIT, AnomalyType.LOW_ENGAGEMENT

# A click is the cheapest answer, so a poll works best when everybody has just dropped out. Walking out is for
# reasons that no widget cures. A private reminder suits those who drift off slowly and does little in ten
# seconds.
BASE: Mapping[Arm, Mapping[AnomalyType, float]] = {
    Arm.POLL: {_SUDDEN: 0.60, _GRADUAL: 0.40, _EXIT: 0.25, _LOW: 0.40},
    Arm.CHAT_PROMPT: {_SUDDEN: 0.40, _GRADUAL: 0.35, _EXIT: 0.20, _LOW: 0.45},
    Arm.NUDGE: {_SUDDEN: 0.12, _GRADUAL: 0.45, _EXIT: 0.10, _LOW: 0.35},
    Arm.QNA_PROMOTE: {_SUDDEN: 0.35, _GRADUAL: 0.40, _EXIT: 0.30, _LOW: 0.30},
}

# Shifts in log-odds. Early on people look for something to do and have no questions yet; in a Q&A a poll
# is in the way.
PHASE_SHIFT: Mapping[Arm, Mapping[Phase, float]] = {
    Arm.POLL: {Phase.OPENING: 0.4, Phase.CLOSING: -0.6, Phase.QA: -0.8},
    Arm.CHAT_PROMPT: {Phase.OPENING: 0.2, Phase.QA: -0.2},
    Arm.NUDGE: {Phase.OPENING: -0.5},
    Arm.QNA_PROMOTE: {Phase.OPENING: -0.8, Phase.CLOSING: 0.5, Phase.QA: 1.0},
}

# In a meeting people can simply speak, in a workshop they are used to writing, a panel lives on questions.
TYPE_SHIFT: Mapping[Arm, Mapping[SessionType, float]] = {
    Arm.POLL: {SessionType.KEYNOTE: 0.3, SessionType.MEETING: -0.5},
    Arm.CHAT_PROMPT: {SessionType.WORKSHOP: 0.3, SessionType.KEYNOTE: -0.4, SessionType.MEETING: 0.2},
    Arm.NUDGE: {SessionType.MEETING: -0.4},
    Arm.QNA_PROMOTE: {SessionType.PANEL: 0.5, SessionType.WORKSHOP: 0.3, SessionType.KEYNOTE: -0.3},
}

# Few people talk rather than vote; many vote rather than talk.
SIZE_SHIFT: Mapping[Arm, Mapping[SizeBucket, float]] = {
    Arm.POLL: {SizeBucket.SMALL: -0.5, SizeBucket.LARGE: 0.4},
    Arm.CHAT_PROMPT: {SizeBucket.SMALL: 0.5, SizeBucket.LARGE: -0.3},
    Arm.NUDGE: {SizeBucket.SMALL: -0.2},
    Arm.QNA_PROMOTE: {SizeBucket.LARGE: -0.2},
}


@dataclass(frozen=True, slots=True)
class Drift:
    """From `at` (epoch seconds) on, every arm comes to work as another one did before.

    Attributes:
        at: When it begins.
        becomes: As which one each arm will work.
        over_s: How long that takes, 0 or more: log-odds glide evenly. 0 is a change in one moment.
    """

    at: float
    becomes: Mapping[Arm, Arm] = field(
        default_factory=lambda: {
            Arm.POLL: Arm.CHAT_PROMPT,
            Arm.CHAT_PROMPT: Arm.POLL,
            Arm.NUDGE: Arm.QNA_PROMOTE,
            Arm.QNA_PROMOTE: Arm.NUDGE,
        }
    )
    over_s: float = 0.0

    def __post_init__(self) -> None:
        if not self.over_s >= 0.0:
            raise ValueError(f"over_s must be 0 or more, not {self.over_s}")

    def share(self, now: float) -> float:
        """How far arms are on their way to what they become, in [0, 1]."""
        if now < self.at:
            return 0.0
        return min((now - self.at) / self.over_s, 1.0) if self.over_s > 0.0 else 1.0


@dataclass(frozen=True, slots=True)
class EffectTable:
    """Probability that an intervention lifts a room out of its lull.

    Attributes:
        base: Probability by arm and anomaly type in the middle of a mid-sized talk.
        by_phase: Shift in log-odds by arm and phase; 0 where there is none.
        by_type: The same by session type.
        by_size: The same by size.
        scale: Factor on every probability, 0 or more; 0 is the world in which nothing works.
        fatigue_ratio: Factor for every other intervention of the last 20 minutes, in (0, 1].
        room_sd: How much rooms differ in log-odds: the same arm in the same circumstances works in one
            room and not in another.
        lift: Mean share of the dip that a success takes away, in (0, 1).
        answers: Factor in [0, 1] on everybody's chance to answer the agent, whether or not that lifts the room.
        drift: When and how slowly the arms change their roles; None, as is usual, for never.
    """

    base: Mapping[Arm, Mapping[AnomalyType, float]] = field(default_factory=lambda: BASE)
    by_phase: Mapping[Arm, Mapping[Phase, float]] = field(default_factory=lambda: PHASE_SHIFT)
    by_type: Mapping[Arm, Mapping[SessionType, float]] = field(default_factory=lambda: TYPE_SHIFT)
    by_size: Mapping[Arm, Mapping[SizeBucket, float]] = field(default_factory=lambda: SIZE_SHIFT)
    scale: float = 1.0
    fatigue_ratio: float = 0.7
    room_sd: float = 0.4
    lift: float = 0.85
    answers: float = 1.0
    drift: Drift | None = None

    @classmethod
    def null(cls) -> EffectTable:
        """The world in which nothing works: nobody answers the agent, and the room stays as it is."""
        return cls().scaled(0.0)

    @classmethod
    def answers_only(cls) -> EffectTable:
        """The world in which people answer the agent as usual and then drift off again: the room stays as it is."""
        return cls(scale=0.0)

    def scaled(self, effect: float) -> EffectTable:
        """The same table with every probability multiplied by `effect` (and capped at 1).

        That holds for answers too: who does not notice the agent does not answer it either.
        """
        return replace(self, scale=self.scale * effect, answers=min(self.answers * effect, 1.0))

    def drifting(self, at: float, over_s: float = 0.0) -> EffectTable:
        """The same table with a change of roles from this moment (epoch seconds) on, which takes `over_s`."""
        return replace(self, drift=Drift(at, over_s=over_s))

    def chance(self, arm: Arm, context: Context, now: float, *, recent: int = 0, room: float = 0.0) -> float:
        """Probability in [0, 1] that the arm lifts a room in these circumstances.

        Args:
            arm: What is done.
            context: The true circumstances; the engagement bucket plays no part.
            now: When, in epoch seconds.
            recent: How many interventions there were in the last 20 minutes.
            room: How receptive this room is, in log-odds (0 for the mean).
        """
        if self.scale <= 0.0:
            return 0.0
        fresh = self.scale / (1.0 + math.exp(-self._log_odds(arm, context, now) - room))
        return min(fresh, 1.0) * self.fatigue_ratio**recent

    def _log_odds(self, arm: Arm, context: Context, now: float) -> float:
        own = self._role(arm, context)
        if self.drift is None:
            return own
        share = self.drift.share(now)
        return (1.0 - share) * own + share * self._role(self.drift.becomes[arm], context)

    def _role(self, arm: Arm, context: Context) -> float:
        base = self.base[arm][context.anomaly_type]
        return (
            math.log(base / (1.0 - base))
            + self.by_phase[arm].get(context.phase, 0.0)
            + self.by_type[arm].get(context.session_type, 0.0)
            + self.by_size[arm].get(context.session_size_bucket, 0.0)
        )
