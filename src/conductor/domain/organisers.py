"""What organisers decide: how the agent may act in their event, answers to its questions, requests of their own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conductor.domain.interventions import DEFAULT_LABEL, Arm, Content, Mode
from conductor.domain.strategies import ContentStyle, StrategyTest
from conductor.domain.trials import HOLDOUT_SHARE


@dataclass(frozen=True, slots=True)
class SessionMode:
    """A session's own mode, in the place of its event's."""

    session_id: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """What an event allows the agent to do.

    Attributes:
        enabled: Whether the agent does anything in this event; it watches all the same.
        mode: How much it may do by itself.
        threshold: Confidence in [0, 1] from which SEMI_AUTO acts by itself.
        max_per_hour: Interventions a session in any hour, 0 or more.
        arms: What it may do; empty for nothing.
        label: Under which everything is shown that it posts; never empty.
        share_chat: Whether recent chat, redacted, may reach a model; otherwise aggregates only.
        quiet_end_s: How long before the planned end it leaves a session alone, in seconds.
        session_modes: Sessions with a mode of their own.
        holdout_share: Of the agent's own decisions so many, in [0, 0.5], lead to nothing, on purpose, to learn what
            happens anyway.
        style: In which tone things are worded.
        strategy_test: Two ways of going about it that are tried beside each other; None for no test.
    """

    event_id: str
    enabled: bool = True
    mode: Mode = Mode.SEMI_AUTO
    threshold: float = 0.75
    max_per_hour: int = 3
    arms: tuple[Arm, ...] = tuple(Arm)
    label: str = DEFAULT_LABEL
    share_chat: bool = False
    quiet_end_s: float = 120.0
    session_modes: tuple[SessionMode, ...] = ()
    holdout_share: float = HOLDOUT_SHARE
    strategy_test: StrategyTest | None = None
    style: ContentStyle = ContentStyle.FRIENDLY

    def mode_of(self, session_id: str) -> Mode:
        """The mode of a session: its own, or else the event's."""
        return self.own_mode_of(session_id) or self.mode

    def own_mode_of(self, session_id: str) -> Mode | None:
        """The mode that a session has of its own; None where it follows the event."""
        return next((own.mode for own in self.session_modes if own.session_id == session_id), None)


class Verdict(StrEnum):
    """What became of a decision that somebody was asked about."""

    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    LAPSED = "LAPSED"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a decision that somebody was asked about; of several, the first stands.

    Attributes:
        by: Who answered; empty where nobody did and it lapsed.
        reason: Why it was rejected, where somebody said so.
        content: What is to be shown in the place of the draft, where somebody edited it.
        seen_score: The score that the answering person saw, where known.
    """

    decision_id: str
    session_id: str
    at: float
    verdict: Verdict
    by: str = ""
    reason: str = ""
    content: Content | None = None
    seen_score: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """An intervention that an organiser wants, now or later.

    Attributes:
        request_id: Tells requests apart; the same one again changes nothing.
        at: When it is to be done, in epoch seconds.
        by: Who wants it.
        content: What is to be shown; None if the agent is to word it.
    """

    request_id: str
    session_id: str
    event_id: str
    arm: Arm
    at: float
    by: str
    content: Content | None = None

    @property
    def decision_id(self) -> str:
        """The id of the decision that comes of it."""
        return f"{self.session_id}-{self.request_id}"
