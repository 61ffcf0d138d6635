"""One session as its messages tell it: what somebody sees who has just come to look.

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

from conductor.domain.interventions import Autonomy
from conductor.domain.status import AgentStatus
from conductor.overview.recovery import ABOUT_FALLS, Situation, situation
from conductor.wire.events import (
    AGENT_ANALYSIS,
    AGENT_DECISION,
    AGENT_DEGRADED,
    AGENT_STATUS,
    DECISION_ANSWERED,
    DECISION_LAPSED,
    ENGAGEMENT_UPDATE,
    EXECUTED,
    SESSION_CLOSED,
    SESSION_OPENED,
    Told,
    inside,
    take_apart,
)
from conductor.wire.reading import fields_of, json_bytes, moment_of
from conductor.wire.signals import Fields

UPDATES_S = 300.0
"""How far back scores are shown (CONTRACTS §3: the last five minutes)."""

UPDATES_KEPT = 300
"""One a second over that time; the worker says one in five."""

HISTORY_KEPT = 100
"""Several hours of a busy session: 3 interventions an hour, with about five messages each."""

HEARD_KEPT = 1_000
"""As many messages as the streams keep (`domain.bus`): older ones cannot be said again."""


class Fate(StrEnum):
    """What became of a decision that somebody was asked about."""

    WAITING = "WAITING"
    EXECUTED = "EXECUTED"
    LAPSED = "LAPSED"
    EXPIRED = "EXPIRED"


@dataclass(slots=True)
class _Decided:
    """A decision, what an organiser answered, and what became of it so far."""

    decision: Fields
    answered: Fields | None = None
    fate: Fate = Fate.WAITING
    at: object = None
    why: object = ""

    def fate_at(self, now: float) -> Fate:
        expires_at = moment_of(self.decision.get("expiresAt"))
        is_open = self.fate is Fate.WAITING and self.answered is None
        expired = is_open and expires_at is not None and now >= expires_at
        return Fate.EXPIRED if expired else self.fate

    def waits(self, now: float) -> bool:
        is_asked = self.decision.get("autonomy") == Autonomy.ASK and self.decision.get("heldOut") is not True
        return is_asked and self.fate_at(now) is Fate.WAITING


@dataclass(slots=True)
class SessionSeen:
    """What was heard of one session."""

    event_id: str
    heard_at: float
    profile: Fields | None = None
    opened_at: float = 0.0
    closed_at: float | None = None
    status: object = None
    mode: object = None
    status_at: float = 0.0
    degraded: dict[str, Fields] = field(default_factory=dict)
    # As JSON, which takes a quarter of the memory; they are read only when somebody comes.
    updates: list[tuple[float, bytes]] = field(default_factory=list)
    score: object = None
    state: object = None
    decisions: OrderedDict[str, _Decided] = field(default_factory=OrderedDict)
    history: deque[Fields] = field(default_factory=lambda: deque(maxlen=HISTORY_KEPT))
    heard: OrderedDict[tuple[object, ...], None] = field(default_factory=OrderedDict)

    def take(self, told: Told) -> None:
        """Take in a message of this session."""
        self.heard_at = max(self.heard_at, told.at)
        if told.type == ENGAGEMENT_UPDATE:
            self._update(told)
        elif self._is_news(told):
            self._happen(told)

    def pending(self, now: float) -> Fields | None:
        """The decision that waits for an answer, or was answered and is not carried out yet; None if none does."""
        if self.closed_at is not None:
            return None
        waiting = next((each for each in reversed(self.decisions.values()) if each.waits(now)), None)
        return None if waiting is None else {"analysis": None, **waiting.decision, "answered": waiting.answered}

    def doing(self) -> object:
        """What the agent is doing there."""
        if self.closed_at is not None:
            return AgentStatus.IDLE.value
        return self.status or AgentStatus.MONITORING.value

    def situation(self, decided_at: float, at: float) -> Situation:
        """How the room was at a moment after a decision."""
        update = next((fields_of(body) for told_at, body in reversed(self.updates) if told_at <= at), None)
        falls = [each for each in map(take_apart, self.history) if each and each.type in ABOUT_FALLS and each.at <= at]
        return situation(update, sorted(falls, key=lambda fall: fall.at), decided_at)

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
        if told.type == AGENT_DEGRADED:
            self._say_degraded(told.data)
            return
        if told.type == SESSION_OPENED:
            self._open(told)
        elif told.type == SESSION_CLOSED:
            self._close(told)
        elif told.type == AGENT_DECISION:
            self._decide(inside(told.data, "decision"))
        elif told.type == AGENT_ANALYSIS:
            self._advise(told.data)
        elif told.type == DECISION_ANSWERED:
            self._answer(told.data)
        elif told.type in _FATES:
            self._end(told, _FATES[told.type])
        self.history.append(told.message)

    def _say_status(self, told: Told) -> None:
        if told.at >= self.status_at:
            self.status_at, self.status, self.mode = told.at, told.data.get("status"), told.data.get("mode")

    def _say_degraded(self, data: Fields) -> None:
        """What the agent does without; who was told twice of an outage knows by its beginning that it is the same."""
        component, since = str(data.get("component")), str(data.get("since"))
        if data.get("until") is None:
            self.degraded[component] = {"component": component, "since": since}
        elif self.degraded.get(component, {}).get("since") == since:
            del self.degraded[component]

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
            said = known.decision.get("analysis")
            known.decision = decision if said is None else {**decision, "analysis": said}
            return
        self.decisions[str(decision.get("id"))] = _Decided(decision)
        if len(self.decisions) > HISTORY_KEPT:
            self.decisions.popitem(last=False)

    def _advise(self, analysis: Fields) -> None:
        """What a model makes of the room stands beside the decision that it is about."""
        decided = self.decisions.get(str(analysis.get("decision_id")))
        if decided is not None:
            decided.decision = {**decided.decision, "analysis": analysis}

    def _answer(self, answered: Fields) -> None:
        decided = self.decisions.get(str(answered.get("decision_id")))
        if decided is not None:
            decided.answered = answered

    def _end(self, told: Told, fate: Fate) -> None:
        decided = self.decisions.get(str(told.data.get("decision_id")))
        if decided is not None and decided.fate is Fate.WAITING:
            decided.fate, decided.at, decided.why = fate, told.message["timestamp"], told.data.get("why", "")


_SAID = ("title", "description", "topics", "speaker", "starts_at", "ends_at")
"""What a profile holds only if a platform said it: the type has a default."""

_FATES: Mapping[str, Fate] = {EXECUTED: Fate.EXECUTED, DECISION_LAPSED: Fate.LAPSED}
