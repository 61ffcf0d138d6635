"""Takes signals as they come and keeps them, as columns, until their tick ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.domain.signals import COUNTED_KINDS, Author, ChatDetail, JoinDetail, Kind, PollDetail, Signal
from conductor.perceive.facts import Facts
from conductor.perceive.ledger import TICK_S
from conductor.perceive.polls import Polls
from conductor.perceive.roster import Roster

Ints = NDArray[np.int64]

AHEAD_TICKS = 2
"""A signal that claims to be further in the future than this has a wrong clock, and happened now."""

_PRESENCE = frozenset({Kind.JOIN, Kind.LEAVE, Kind.HEARTBEAT, Kind.FOCUS, Kind.BLUR})
_DOING = frozenset({Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION, Kind.VOTE, Kind.SPEECH})
NOBODY = -1

Waiting = tuple[int, int, int, str | None, float, bool]
"""A signal that waits: kind, tick, amount, person, moment, and whether it was unprompted."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Signals of a tick as columns, one entry a signal.

    Attributes:
        people: Person's row in the roster, or `NOBODY`.
        unprompted: Whether the person did it of their own accord and not in a poll of the agent's.
    """

    rows: Ints
    kinds: Ints
    ticks: Ints
    amounts: Ints
    people: Ints
    times: NDArray[np.float64]
    unprompted: NDArray[np.bool_]


class Intake:
    """Counts wait here; who is present, which poll is open and what was said changes at once."""

    def __init__(self, roster: Roster, polls: Polls) -> None:
        self._roster = roster
        self._polls = polls
        self._waiting: list[tuple[int, int, int, int, int, float, bool]] = []

    def receive(self, row: int, facts: Facts, signal: Signal, tick: int) -> None:
        """Take in a signal of an attendee, the host or the speaker.

        Args:
            row: Its session's row.
            facts: Its session's facts.
            signal: The signal; what the agent or a bot wrote is not the room's doing and is left out.
            tick: The tick that is being filled.
        """
        kind = signal.kind
        if signal.author is Author.AGENT or signal.author is Author.BOT:
            return
        at = signal.at
        own_tick = int(at // TICK_S)
        if own_tick > tick + AHEAD_TICKS:
            own_tick, at = tick, tick * TICK_S
        facts.heard_at = max(facts.heard_at, at)
        person = NOBODY
        if signal.user_id is not None:
            person = self._roster.person(row, signal.user_id, at)
            if kind in _PRESENCE:
                self._roster.notice(kind, person, at)
                detail = signal.detail
                if isinstance(detail, JoinDetail):
                    self._roster.first_session[person] = detail.first_session
        unprompted = True
        if kind is Kind.CHAT:
            detail = signal.detail
            facts.said(signal.user_id, at, is_question=isinstance(detail, ChatDetail) and detail.is_question)
        elif isinstance(signal.detail, PollDetail):
            unprompted = not self._poll(row, kind, signal, signal.detail)
        if kind < COUNTED_KINDS:
            if kind not in _DOING:
                person = NOBODY
            self._waiting.append((row, kind, own_tick, signal.amount, person, at, unprompted))

    def take(self, tick: int) -> Batch:
        """Everything of this tick and of earlier ones; signals of later ticks go on waiting."""
        due = [w for w in self._waiting if w[2] <= tick]
        self._waiting = [w for w in self._waiting if w[2] > tick] if len(due) < len(self._waiting) else []
        rows, kinds, ticks, amounts, people, times, unprompted = zip(*due, strict=True) if due else ((),) * 7
        return Batch(
            rows=np.array(rows, dtype=np.int64),
            kinds=np.array(kinds, dtype=np.int64),
            ticks=np.array(ticks, dtype=np.int64),
            amounts=np.array(amounts, dtype=np.int64),
            people=np.array(people, dtype=np.int64),
            times=np.array(times, dtype=np.float64),
            unprompted=np.array(unprompted, dtype=np.bool_),
        )

    def forget(self, row: int) -> None:
        """Drop what waits of a session that ended."""
        self._waiting = [w for w in self._waiting if w[0] != row]

    def waiting(self, row: int) -> list[Waiting]:
        """What waits of a session, for a snapshot: rows of people as their ids, since rows change."""
        names = {person: user for user, person in self._roster.people(row).items()}
        return [(w[1], w[2], w[3], names.get(w[4]), w[5], w[6]) for w in self._waiting if w[0] == row]

    def resume(self, row: int, waiting: list[Waiting], people: dict[str, int]) -> None:
        """Put back what waited of a session."""
        for kind, tick, amount, user, at, unprompted in waiting:
            person = NOBODY if user is None else people[user]
            self._waiting.append((row, kind, tick, amount, person, at, unprompted))

    def _poll(self, row: int, kind: Kind, signal: Signal, detail: PollDetail) -> bool:
        """Follow a poll; says whether it is one of the agent's own."""
        if kind is Kind.POLL_OPENED:
            self._polls.open(row, detail.poll_id, signal.at, by_agent=detail.by_agent)
            return detail.by_agent
        if kind is Kind.POLL_CLOSED:
            self._polls.close(row, detail.poll_id, signal.at)
            return False
        return self._polls.vote(row, detail.poll_id, signal.user_id, signal.at)
