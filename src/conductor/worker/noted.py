"""What the worker has to know of each open session beside the loop: its event, its fall, its status."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from conductor.act.view import RoomView
from conductor.domain.audience import PersonFacts
from conductor.domain.engagement import Anomaly, Severity
from conductor.domain.events import (
    AnomalyCleared,
    AnomalyDetected,
    DecisionLapsed,
    EngagementUpdated,
    Event,
    OutcomeMeasured,
    OutcomeUnknown,
    SessionClosed,
    SessionOpened,
    StatusChanged,
)
from conductor.domain.interventions import Mode
from conductor.domain.organisers import AgentSettings, Answer
from conductor.loop import Loop
from conductor.worker.status import StatusBoard, where


class Noted:
    """What events say of sessions.

    Attributes:
        events_of: The event of each open session.
        anomalies: The fall that stands, where one does.
        updates: The last score.
    """

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._board = StatusBoard()
        self.events_of: dict[str, str] = {}
        self.anomalies: dict[str, Anomaly] = {}
        self.updates: dict[str, EngagementUpdated] = {}

    def note(self, event: Event | Answer) -> StatusChanged | None:
        """Take down what an event or an answer says, and say what it changes of the status."""
        match event:
            case EngagementUpdated():
                self.updates[event.session_id] = event
                return None
            case AnomalyDetected(anomaly):
                self.anomalies[anomaly.session_id] = anomaly
            case AnomalyCleared():
                self.anomalies.pop(event.session_id, None)
            case SessionOpened():
                self.events_of[event.session_id] = event.event_id
            case SessionClosed():
                change = self._board.follow(event, self._mode(event.session_id))
                self.anomalies.pop(event.session_id, None)
                self.updates.pop(event.session_id, None)
                self.events_of.pop(event.session_id, None)
                return change
            case _:
                pass
        return self._board.follow(event, self._mode(where(event)[0]))

    def with_status(self, events: Iterable[Event]) -> list[Event]:
        """The events, each with what it changes of the status after it."""
        told: list[Event] = []
        for event in events:
            told.append(event)
            if (change := self.note(event)) is not None:
                told.append(change)
        return told

    def modes(self, settings: AgentSettings, now: float) -> list[Event]:
        """What new settings change in the sessions of their event."""
        sessions = [session for session, event_id in self.events_of.items() if event_id == settings.event_id]
        changes = (self._board.set_mode(session, self._mode(session), now) for session in sessions)
        return [change for change in changes if change is not None]

    def statuses(self, now: float) -> list[Event]:
        """The status of every open session."""
        return [
            StatusChanged(session_id, event_id, now, self._board.status(session_id), self._mode(session_id))
            for session_id, event_id in self.events_of.items()
        ]

    def room(self, session_id: str, now: float) -> RoomView | None:
        """How a room is now; None if its session is not open."""
        if session_id not in self.events_of:
            return None
        facts, anomaly = self._loop.facts(session_id), self.anomalies.get(session_id)
        return RoomView(
            profile=facts.profile,
            phase=facts.phase(now),
            people=tuple(PersonFacts(*person) for person in self._loop.people(session_id, now)),
            update=self.updates.get(session_id),
            anomaly=anomaly,
            is_urgent=anomaly is not None and anomaly.severity is Severity.CRITICAL,
            has_recovered=anomaly is None,
            style=self._loop.style_of(session_id, facts.event_id, now),
        )

    def _mode(self, session_id: str) -> Mode:
        return self._loop.mode_of(session_id, self.events_of.get(session_id, ""))


def known_of(event: Event) -> str | None:
    """The decision whose outcome an event makes known, or says that it never will be."""
    if isinstance(event, OutcomeMeasured):
        return event.outcome.decision_id
    return event.decision_id if isinstance(event, OutcomeUnknown) else None


def without_guesses(events: Iterable[Event], is_showing: Callable[[str], bool]) -> list[Event]:
    """What is on its way to the rooms when its session ends has not lapsed: its course will tell.

    Args:
        events: What a tick brought.
        is_showing: Whether a decision is on its way to the rooms.
    """
    found = list(events)
    ended = {event.session_id for event in found if isinstance(event, SessionClosed)}
    return [
        event
        for event in found
        if not (isinstance(event, DecisionLapsed) and event.session_id in ended and is_showing(event.decision_id))
    ]
