"""What is going on in each session, as its messages tell it: what somebody sees who has just come to look.

Messages come from streams that may repeat themselves after an outage; what was heard before changes nothing, and
neither does what is no message of ours.
"""

from __future__ import annotations

from bisect import insort
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter

from conductor.domain.interventions import AgentStatus, Autonomy
from conductor.wire.events import (
    AGENT_DECISION,
    AGENT_STATUS,
    DECISION_LAPSED,
    ENGAGEMENT_UPDATE,
    EXECUTED,
    SESSION_CLOSED,
    SESSION_OPENED,
    Told,
    inside,
    take_apart,
)
from conductor.wire.reading import fields_of, json_bytes, moment_of, moment_text
from conductor.wire.signals import Fields

UPDATES_S = 300.0
"""How far back scores are shown (CONTRACTS §3: the last five minutes)."""

UPDATES_KEPT = 300
"""One a second over that time; the worker says one in five."""

HISTORY_KEPT = 100
"""Several hours of a busy session: 3 interventions an hour, with about five messages each."""

HEARD_KEPT = 1_000
"""As many messages as the streams keep (`domain.bus`): older ones cannot be said again."""

CLOSED_KEPT_S = 3600.0
"""How long somebody may still look at a session that has ended."""

SESSIONS_KEPT = 2_000
"""What is kept of a session takes about 200 kB, so this is 400 MB at worst."""


class Fate(StrEnum):
    """What became of a decision that somebody was asked about."""

    WAITING = "WAITING"
    EXECUTED = "EXECUTED"
    LAPSED = "LAPSED"
    EXPIRED = "EXPIRED"


@dataclass(slots=True)
class _Decided:
    """A decision, and what became of it so far."""

    decision: Fields
    fate: Fate = Fate.WAITING
    at: object = None
    why: object = ""

    def fate_at(self, now: float) -> Fate:
        expires_at = moment_of(self.decision.get("expiresAt"))
        expired = self.fate is Fate.WAITING and expires_at is not None and now >= expires_at
        return Fate.EXPIRED if expired else self.fate

    def waits(self, now: float) -> bool:
        return self.decision.get("autonomy") == Autonomy.ASK and self.fate_at(now) is Fate.WAITING


@dataclass(slots=True)
class _Session:
    """What was heard of one session."""

    event_id: str
    heard_at: float
    profile: Fields | None = None
    opened_at: float = 0.0
    closed_at: float | None = None
    status: object = None
    mode: object = None
    status_at: float = 0.0
    # As JSON, which takes a quarter of the memory; they are read only when somebody comes.
    updates: list[tuple[float, bytes]] = field(default_factory=list)
    score: object = None
    state: object = None
    decisions: OrderedDict[str, _Decided] = field(default_factory=OrderedDict)
    history: deque[Fields] = field(default_factory=lambda: deque(maxlen=HISTORY_KEPT))
    heard: OrderedDict[tuple[object, ...], None] = field(default_factory=OrderedDict)

    def take(self, told: Told) -> None:
        self.heard_at = max(self.heard_at, told.at)
        if told.type == ENGAGEMENT_UPDATE:
            self._update(told)
        elif self._is_news(told):
            self._happen(told)

    def pending(self, now: float) -> Fields | None:
        if self.closed_at is not None:
            return None
        return next((each.decision for each in reversed(self.decisions.values()) if each.waits(now)), None)

    def doing(self) -> object:
        if self.closed_at is not None:
            return AgentStatus.IDLE.value
        return self.status or AgentStatus.MONITORING.value

    def _update(self, told: Told) -> None:
        newest = self.updates[-1][0] if self.updates else 0.0
        if told.at < newest - UPDATES_S or any(at == told.at for at, _ in reversed(self.updates)):
            return
        insort(self.updates, (told.at, json_bytes(told.message)), key=itemgetter(0))
        if told.at >= newest:
            self.score, self.state = told.data.get("score"), told.data.get("state")
        oldest = self.updates[-1][0] - UPDATES_S
        while self.updates[0][0] < oldest or len(self.updates) > UPDATES_KEPT:
            del self.updates[0]
        if self.closed_at is not None and told.at > self.closed_at:
            # It goes on; that it opened again is no longer in the stream.
            self.closed_at = None

    def _is_news(self, told: Told) -> bool:
        key = told.key
        if key in self.heard:
            return False
        self.heard[key] = None
        if len(self.heard) > HEARD_KEPT:
            self.heard.popitem(last=False)
        return True

    def _happen(self, told: Told) -> None:
        if told.type == AGENT_STATUS:
            # It stands beside the history, of which it would take half.
            self._say_status(told)
            return
        if told.type == SESSION_OPENED:
            self._open(told)
        elif told.type == SESSION_CLOSED:
            self._close(told)
        elif told.type == AGENT_DECISION:
            self._decide(inside(told.data, "decision"))
        elif told.type in _FATES:
            self._end(told, _FATES[told.type])
        self.history.append(told.message)

    def _say_status(self, told: Told) -> None:
        if told.at >= self.status_at:
            self.status_at, self.status, self.mode = told.at, told.data.get("status"), told.data.get("mode")

    def _open(self, told: Told) -> None:
        if told.at >= self.opened_at:
            self.opened_at = told.at
            profile = inside(told.data, "profile")
            # A worker that began anew may not know any more what the platform said when the session started.
            if self.profile is None or any(profile.get(name) for name in _SAID):
                self.profile = profile or None
        if self.closed_at is not None and told.at >= self.closed_at:
            self.closed_at = None

    def _close(self, told: Told) -> None:
        latest = self.updates[-1][0] if self.updates else 0.0
        if told.at >= max(latest, self.opened_at):
            self.closed_at = told.at

    def _decide(self, decision: Fields) -> None:
        known = self.decisions.get(str(decision.get("id")))
        if known is not None:
            known.decision = decision
            return
        self.decisions[str(decision.get("id"))] = _Decided(decision)
        if len(self.decisions) > HISTORY_KEPT:
            self.decisions.popitem(last=False)

    def _end(self, told: Told, fate: Fate) -> None:
        decided = self.decisions.get(str(told.data.get("decision_id")))
        if decided is not None and decided.fate is Fate.WAITING:
            decided.fate, decided.at, decided.why = fate, told.message["timestamp"], told.data.get("why", "")


_SAID = ("title", "description", "topics", "speaker", "starts_at", "ends_at")
"""What a profile holds only if a platform said it: the type has a default."""

_FATES: Mapping[str, Fate] = {EXECUTED: Fate.EXECUTED, DECISION_LAPSED: Fate.LAPSED}


class Overview:
    """The sessions that messages tell of, up to `limit` of them: ended ones go first, then the least recent."""

    def __init__(self, limit: int = SESSIONS_KEPT) -> None:
        self._limit = limit
        self._sessions: dict[str, _Session] = {}

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
            `updates` (five minutes up to the last one) and `history` are messages, oldest first; `pending` is a
            decision as in `agent.decision`, or None. Of a session that nobody heard of nothing is known: it is
            IDLE, its event None.
        """
        self._forget(now)
        session = self._sessions.get(session_id)
        known = session or _Session("", now)
        return {
            "session_id": session_id,
            "event_id": known.event_id or None,
            "is_open": session is not None and session.closed_at is None,
            "profile": known.profile,
            "status": AgentStatus.IDLE.value if session is None else session.doing(),
            "mode": known.mode,
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

    def event_of(self, session_id: str) -> str | None:
        """The event that a session belongs to; None if nobody heard of it."""
        session = self._sessions.get(session_id)
        return None if session is None else session.event_id

    def decision(self, session_id: str, decision_id: str, now: float) -> Fields | None:
        """A decision and what became of it by `now`; None if nobody heard of it.

        Returns:
            `decision` as in `agent.decision`, `fate` (one of `Fate`), when that was (`at`, None while it waits or
            if it expired) and `why` it lapsed.
        """
        session = self._sessions.get(session_id)
        decided = None if session is None else session.decisions.get(decision_id)
        if decided is None:
            return None
        return {
            "decision": decided.decision,
            "fate": decided.fate_at(now).value,
            "at": decided.at,
            "why": decided.why,
        }

    def _place(self, session_id: str, event_id: str, now: float) -> _Session:
        if session_id not in self._sessions:
            self._forget(now)
            if len(self._sessions) >= self._limit:
                least = min(self._sessions.items(), key=lambda each: (each[1].closed_at is None, each[1].heard_at))
                del self._sessions[least[0]]
            self._sessions[session_id] = _Session(event_id, now)
        return self._sessions[session_id]

    def _forget(self, now: float) -> None:
        """Let go of what ended too long ago."""
        for session_id, session in [*self._sessions.items()]:
            if session.closed_at is not None and now - session.closed_at > CLOSED_KEPT_S:
                del self._sessions[session_id]


def _summary(session_id: str, session: _Session, now: float) -> Fields:
    pending = session.pending(now)
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
        "updated_at": moment_text(session.heard_at),
    }
