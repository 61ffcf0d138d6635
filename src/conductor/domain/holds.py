"""The agent's answer to an anomaly where it does nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conductor.domain.interventions import Arm, Context


class HoldReason(StrEnum):
    """Why the agent let an anomaly pass without a decision."""

    DISABLED = "DISABLED"
    SCORE_STILL_FINE = "SCORE_STILL_FINE"
    DO_NOT_INTERRUPT = "DO_NOT_INTERRUPT"
    LAST_MINUTES = "LAST_MINUTES"
    POLL_OPEN = "POLL_OPEN"
    ALREADY_INTERVENING = "ALREADY_INTERVENING"
    HOURLY_CAP = "HOURLY_CAP"
    COOLDOWN = "COOLDOWN"
    FATIGUE = "FATIGUE"
    NO_ARM_APPLIES = "NO_ARM_APPLIES"
    ADDS_NOTHING = "ADDS_NOTHING"


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A room for which nothing was chosen, and which is looked at again to see what nothing comes to.

    Attributes:
        decision_id: Of the decision that this would have been.
        before: Score at that moment, in [0, 1].
        holdout_share: Probability in (0, 0.5] with which an arm would have been held out, had one been chosen.
        ends_at: When the room is scored again, in epoch seconds.
    """

    decision_id: str
    context: Context
    before: float
    holdout_share: float
    ends_at: float


@dataclass(frozen=True, slots=True)
class Hold:
    """The agent's answer to an anomaly: nothing, and why, in a sentence for a person.

    Attributes:
        foreseen: What it will do if the fall becomes critical; None where that is not what it waits for.
        propensity: Probability in (0, 1) with which nothing was chosen; None where nothing else was possible.
        left: How the room was that is left alone because nothing was chosen; None where nothing else was possible.
    """

    anomaly_id: str
    session_id: str
    event_id: str
    at: float
    reason: HoldReason
    explanation: str
    foreseen: Arm | None = None
    propensity: float | None = None
    left: LeftAlone | None = None
