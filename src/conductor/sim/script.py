"""Turns urges into signals in order of time: those written down beforehand and those that came up since."""

from __future__ import annotations

import math
from heapq import heappop, heappush

from conductor.domain.signals import Author, Detail, Kind, QuestionDetail, Signal
from conductor.sim.minds import Minds
from conductor.sim.urges import AGENT, ALWAYS, HOST, SPEECH_S, SYSTEM, Urges

KINDS = tuple(Kind)
ACTS = frozenset({Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION, Kind.VOTE})
"""What counts as interaction."""


class Script:
    """The urges of a session and how far it has come.

    Args:
        urges: Sorted by time; their moments are in seconds from the start.
        session_id: Goes into every signal.
        event_id: Goes into every signal.
        start: Start of the session in epoch seconds.
        duration_s: Nothing happens from `start + duration_s` on.
    """

    def __init__(self, urges: Urges, session_id: str, event_id: str, start: float, duration_s: float) -> None:
        self._session_id, self._event_id, self._start = session_id, event_id, start
        self._end = start + duration_s
        self._at: list[float] = []
        self._person: list[int] = []
        self._kind: list[int] = []
        self._need: list[float] = []
        self._parent: list[int] = []
        self._amount: list[int] = []
        self._ref: list[int] = []
        self._details: list[Detail] = []
        self._happened = bytearray()
        self._take(urges)
        self._add_row(self._end, Kind.ENDED, SYSTEM)
        self._written, self._next = len(self._at), 0
        self._came_up: list[tuple[float, int]] = []

    def append(self, urges: Urges) -> None:
        """Take in urges that came up on the way."""
        first = len(self._at)
        self._take(urges)
        for row in range(first, len(self._at)):
            heappush(self._came_up, (self._at[row], row))

    def insert(self, at: float, kind: Kind, person: int) -> None:
        """Take in one thing that will happen at `at` (epoch seconds), if the session lasts that long."""
        if at >= self._end:
            return
        heappush(self._came_up, (at, self._add_row(at, kind, person)))

    def release(self, until: float, minds: Minds, signals: list[Signal]) -> None:
        """Let everything before `until` happen, or not, and append what happens to `signals`."""
        while True:
            written = self._at[self._next] if self._next < self._written else math.inf
            came_up = self._came_up[0][0] if self._came_up else math.inf
            if min(written, came_up) >= until:
                return
            if written <= came_up:
                row, self._next = self._next, self._next + 1
            else:
                row = heappop(self._came_up)[1]
            self._happen(row, minds, signals)

    def _happen(self, row: int, minds: Minds, signals: list[Signal]) -> None:
        parent, person, kind = self._parent[row], self._person[row], KINDS[self._kind[row]]
        if parent >= 0 and not self._happened[parent]:
            return
        if person >= 0:
            if kind is Kind.JOIN:
                minds.join(person)
            elif minds.seen[person] <= self._need[row]:
                return
            elif kind is Kind.LEAVE:
                minds.leave(person)
            elif kind in ACTS:
                minds.last_act_s[person] = self._at[row] - self._start
        self._happened[row] = 1
        signals.append(self._signal(row, person, kind))

    def _signal(self, row: int, person: int, kind: Kind) -> Signal:
        user_id, author = None, Author.ATTENDEE
        if person >= 0:
            user_id = f"{self._session_id}:p{person}"
        elif person == HOST:
            user_id, author = f"{self._session_id}:host", Author.HOST
        elif person == AGENT:
            author = Author.AGENT
        return Signal(
            self._session_id,
            self._event_id,
            self._at[row],
            kind,
            user_id,
            self._amount[row],
            author,
            SPEECH_S if kind is Kind.SPEECH else 0.0,
            self._detail(row, kind),
        )

    def _detail(self, row: int, kind: Kind) -> Detail | None:
        if self._ref[row] >= 0:
            return self._details[self._ref[row]]
        if kind is Kind.QUESTION:
            return QuestionDetail(self._question_id(row))
        if kind in {Kind.UPVOTE, Kind.ANSWERED}:
            return QuestionDetail(self._question_id(self._parent[row]))
        return None

    def _question_id(self, row: int) -> str:
        return f"{self._session_id}:q{row}"

    def _add_row(self, at: float, kind: Kind, person: int) -> int:
        self._at.append(at)
        self._person.append(person)
        self._kind.append(int(kind))
        self._need.append(ALWAYS)
        self._parent.append(-1)
        self._amount.append(1)
        self._ref.append(-1)
        self._happened.append(0)
        return len(self._at) - 1

    def _take(self, urges: Urges) -> None:
        first, refs = len(self._at), len(self._details)
        self._at += (urges.at + self._start).tolist()
        self._person += urges.person.tolist()
        self._kind += urges.kind.tolist()
        self._need += urges.need.tolist()
        self._parent += [row + first if row >= 0 else -1 for row in urges.parent.tolist()]
        self._amount += urges.amount.tolist()
        self._ref += [ref + refs if ref >= 0 else -1 for ref in urges.ref.tolist()]
        self._details += urges.details
        self._happened += bytes(len(urges.at))
