"""What the agent is doing in each session, as a table of transitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from conductor.domain.events import (
    AnomalyDetected,
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    DecisionWorded,
    Event,
    FollowedUp,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
    SessionClosed,
    SessionOpened,
    StatusChanged,
    TrialEnded,
)
from conductor.domain.interventions import Autonomy, Mode
from conductor.domain.organisers import Answer, Verdict
from conductor.domain.status import AgentStatus


class Turn(StrEnum):
    """What can change the status."""

    OPENED = "the session opens"
    ASKED = "an organiser is asked"
    ACTED = "the agent acts, by itself or approved"
    DELIVERED = "something is delivered"
    LEFT_ALONE = "nothing is done, on purpose, and the room is watched"
    KNOWN = "the outcome is known, or never will be"
    LET_GO = "a decision is not carried out"
    CLOSED = "the session ends"


_IDLE, _MONITORING = AgentStatus.IDLE, AgentStatus.MONITORING
_WAITING, _INTERVENING, _LEARNING = AgentStatus.WAITING_APPROVAL, AgentStatus.INTERVENING, AgentStatus.LEARNING

TRANSITIONS: Mapping[AgentStatus, Mapping[Turn, AgentStatus]] = MappingProxyType(
    {
        _IDLE: {Turn.OPENED: _MONITORING},
        _MONITORING: {
            Turn.ASKED: _WAITING,
            Turn.ACTED: _INTERVENING,
            Turn.DELIVERED: _LEARNING,
            Turn.LEFT_ALONE: _LEARNING,
            Turn.CLOSED: _IDLE,
        },
        _WAITING: {
            Turn.ACTED: _INTERVENING,
            Turn.DELIVERED: _LEARNING,
            Turn.LET_GO: _MONITORING,
            Turn.CLOSED: _IDLE,
        },
        _INTERVENING: {
            Turn.ASKED: _WAITING,
            Turn.DELIVERED: _LEARNING,
            Turn.KNOWN: _MONITORING,
            Turn.LET_GO: _MONITORING,
            Turn.CLOSED: _IDLE,
        },
        _LEARNING: {
            Turn.ASKED: _WAITING,
            Turn.ACTED: _INTERVENING,
            Turn.KNOWN: _MONITORING,
            Turn.CLOSED: _IDLE,
        },
    }
)
"""Status → what happens → next status. What is not there changes nothing: an outcome does not take back a question
that still waits, a decision that is let go does not end the watch over an earlier one, and after its end a session
stays idle whatever becomes known."""


def turn_of(event: Event | Answer) -> Turn | None:
    """What this event means to the status; None if nothing."""
    if isinstance(event, DecisionMade):
        return Turn.LEFT_ALONE if event.decision.held_out else _DECIDED[event.decision.autonomy]
    if isinstance(event, Answer):
        return Turn.ACTED if event.verdict is Verdict.APPROVED else Turn.LET_GO
    return _TURNS.get(type(event))


def next_status(status: AgentStatus, event: Event | Answer) -> AgentStatus:
    """The status after this event, or after an organiser's answer."""
    turn = turn_of(event)
    return status if turn is None else TRANSITIONS[status].get(turn, status)


_DECIDED: Mapping[Autonomy, Turn | None] = MappingProxyType(
    {Autonomy.ASK: Turn.ASKED, Autonomy.ACT: Turn.ACTED, Autonomy.SKIP: None}
)

_TURNS: Mapping[type, Turn] = MappingProxyType(
    {
        SessionOpened: Turn.OPENED,
        SessionClosed: Turn.CLOSED,
        InterventionExecuted: Turn.DELIVERED,
        OutcomeMeasured: Turn.KNOWN,
        OutcomeUnknown: Turn.KNOWN,
        DecisionLapsed: Turn.LET_GO,
    }
)


@dataclass(slots=True)
class _Line:
    """What the board says of one session."""

    event_id: str
    status: AgentStatus
    mode: Mode


class StatusBoard:
    """Status and mode of every open session, told when they change."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    def follow(self, event: Event | Answer, mode: Mode) -> StatusChanged | None:
        """Take in an event.

        Args:
            event: What happened. Of a session that is not open only its opening counts.
            mode: The mode of the event's session now.

        Returns:
            What is new: None if status and mode are as they were.
        """
        session_id, at = where(event)
        if isinstance(event, SessionOpened) and session_id not in self._lines:
            self._lines[session_id] = _Line(event.event_id, next_status(_IDLE, event), mode)
            return self._said(session_id, at)
        line = self._lines.get(session_id)
        if line is None:
            return None
        return self._become(session_id, next_status(line.status, event), mode, at)

    def set_mode(self, session_id: str, mode: Mode, at: float) -> StatusChanged | None:
        """The mode of a session is another one from `at` on; None if it was this one, or the session is not open."""
        line = self._lines.get(session_id)
        return None if line is None else self._become(session_id, line.status, mode, at)

    def status(self, session_id: str) -> AgentStatus:
        """What the agent is doing there; IDLE in a session that is not open."""
        line = self._lines.get(session_id)
        return _IDLE if line is None else line.status

    def _become(self, session_id: str, status: AgentStatus, mode: Mode, at: float) -> StatusChanged | None:
        line = self._lines[session_id]
        if (line.status, line.mode) == (status, mode):
            return None
        line.status, line.mode = status, mode
        said = self._said(session_id, at)
        if status is _IDLE:
            del self._lines[session_id]
        return said

    def _said(self, session_id: str, at: float) -> StatusChanged:
        line = self._lines[session_id]
        return StatusChanged(session_id, line.event_id, at, line.status, line.mode)


def where(event: Event | Answer) -> tuple[str, float]:
    """The session of an event, and when it happened."""
    match event:
        case AnomalyDetected(about) | DecisionMade(about) | DecisionWorded(about) | DecisionHeld(about):
            return about.session_id, about.at
        case InterventionExecuted(about) | OutcomeMeasured(about):
            return about.session_id, about.at
        case TrialEnded(end) | FollowedUp(end):
            return end.session_id, end.at
        case _:
            return event.session_id, event.at
