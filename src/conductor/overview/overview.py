"""What is going on in all sessions, as their messages tell it."""

from __future__ import annotations

from conductor.domain.sessions import MOST_OPEN
from conductor.domain.status import AgentStatus
from conductor.overview.recovery import Situation
from conductor.overview.session import SessionSeen
from conductor.wire.events import take_apart
from conductor.wire.reading import fields_of, moment_text
from conductor.wire.signals import Fields

CLOSED_KEPT_S = 3600.0
"""How long somebody may still look at a session that has ended."""

SESSIONS_KEPT = MOST_OPEN
"""Those that may be open at once, and ended ones where there is room. Each takes about 200 kB, 400 MB at worst."""


class Overview:
    """The sessions that messages tell of, up to `limit` of them: ended ones go first, then the least recent."""

    def __init__(self, limit: int = SESSIONS_KEPT) -> None:
        self._limit = limit
        self._sessions: dict[str, SessionSeen] = {}

    def expect(self, session_id: str, event_id: str, profile: Fields, now: float) -> None:
        """Somebody registered a session: from now on it is known, though nothing of it happened yet."""
        session = self._place(session_id, event_id, now)
        if session.closed_at is None and not session.opened_at:
            session.profile = profile

    def take(self, message: Fields) -> None:
        """Take in a message as `wire.events` makes them; types that nobody knows are history all the same."""
        told = take_apart(message)
        if told is None:
            return
        self._place(told.session_id, told.event_id, told.at).take(told)

    def snapshot(self, session_id: str, now: float) -> Fields:
        """What `agent.snapshot` tells at `now`, in epoch seconds.

        Returns:
            `timestamp` is `now`; `updates` (five minutes up to the last one) and `history` are messages, oldest first;
            `pending` is a decision as in `agent.decision`, with what was `answered` if anything was, or None. Of a
            session that nobody heard of nothing is known: it is IDLE, its event None.
        """
        self._forget(now)
        session = self._sessions.get(session_id)
        known = session or SessionSeen("", now)
        return {
            "session_id": session_id,
            "timestamp": moment_text(now),
            "event_id": known.event_id or None,
            "is_open": session is not None and session.closed_at is None,
            "profile": known.profile,
            "status": AgentStatus.IDLE.value if session is None else session.doing(),
            "mode": known.mode,
            "degraded": [*known.degraded.values()],
            "score": known.score,
            "state": known.state,
            "updates": [fields_of(update) for _, update in known.updates],
            "pending": known.pending(now),
            "history": [*known.history],
        }

    def sessions(self, now: float, event_id: str | None = None) -> list[Fields]:
        """Each session in a few words, of one event or of all: open ones first, then the most recent."""
        self._forget(now)
        chosen = [each for each in self._sessions.items() if event_id in {None, each[1].event_id}]
        chosen.sort(key=lambda each: (each[1].closed_at is not None, -each[1].heard_at, each[0]))
        return [_summary(session_id, session, now) for session_id, session in chosen]

    @property
    def open_count(self) -> int:
        """How many sessions are open."""
        return sum(each.closed_at is None for each in self._sessions.values())

    def event_of(self, session_id: str) -> str | None:
        """The event that a session belongs to; None if nobody heard of it."""
        session = self._sessions.get(session_id)
        return None if session is None else session.event_id

    def situation(self, session_id: str, decided_at: float, at: float) -> Situation:
        """How a session's room was at a moment after a decision; both are epoch seconds.

        Scores are known of the last five minutes, so that of an earlier moment less is known.
        """
        session = self._sessions.get(session_id)
        return Situation() if session is None else session.situation(decided_at, at)

    def decision(self, session_id: str, decision_id: str, now: float) -> Fields | None:
        """A decision and what became of it by `now`; None if nobody heard of it.

        Returns:
            `decision` as in `agent.decision`, what was `answered` as in `agent.decision.answered`, `fate` (one of
            `Fate`), when that was (`at`, None while it waits or if it expired) and `why` it lapsed.
        """
        session = self._sessions.get(session_id)
        decided = None if session is None else session.decisions.get(decision_id)
        if decided is None:
            return None
        return {
            "decision": decided.decision,
            "answered": decided.answered,
            "fate": decided.fate_at(now).value,
            "at": decided.at,
            "why": decided.why,
        }

    def _place(self, session_id: str, event_id: str, now: float) -> SessionSeen:
        if session_id not in self._sessions:
            self._forget(now)
            if len(self._sessions) >= self._limit:
                least = min(self._sessions.items(), key=lambda each: (each[1].closed_at is None, each[1].heard_at))
                del self._sessions[least[0]]
            self._sessions[session_id] = SessionSeen(event_id, now)
        return self._sessions[session_id]

    def _forget(self, now: float) -> None:
        """Let go of what ended too long ago."""
        for session_id, session in [*self._sessions.items()]:
            if session.closed_at is not None and now - session.closed_at > CLOSED_KEPT_S:
                del self._sessions[session_id]


def _summary(session_id: str, session: SessionSeen, now: float) -> Fields:
    pending = session.pending(now)
    if pending is not None and pending["answered"] is not None:
        pending = None
    return {
        "session_id": session_id,
        "event_id": session.event_id,
        "is_open": session.closed_at is None,
        "title": (session.profile or {}).get("title", ""),
        "type": (session.profile or {}).get("type"),
        "status": session.doing(),
        "mode": session.mode,
        "score": session.score,
        "state": session.state,
        "pending_decision_id": None if pending is None else pending.get("id"),
        "expires_at": None if pending is None else pending.get("expiresAt"),
        "updated_at": moment_text(session.heard_at),
    }
