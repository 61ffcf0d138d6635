"""Takes signals as they come and keeps them, as columns, until their tick ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conductor.domain.signals import (
    COUNTED_KINDS,
    Author,
    Brief,
    ChatDetail,
    JoinDetail,
    Kind,
    PollDetail,
    Signal,
    signal_of,
)
from conductor.perceive.facts import Facts
from conductor.perceive.ledger import TICK_S
from conductor.perceive.polls import Again, Polls
from conductor.perceive.repeats import Repeats, key_of
from conductor.perceive.rooms import Rooms
from conductor.perceive.roster import Roster
from conductor.perceive.waiting import Batch, Waiting

AHEAD_TICKS = 2
"""A signal that claims to be further in the future than this has a wrong clock, and happened now."""

NOBODY = -1

_CHAT, _AGENT, _BOT, _LAST_NAMED = Kind.CHAT, Author.AGENT, Author.BOT, Kind.UPVOTE
# Looked up once: to find a member of an enumeration takes several times as long as to compare with it.

# By number rather than as sets: to look a kind up in a set costs ten times as much, for each signal.
_IS_PRESENCE = tuple(kind in (Kind.JOIN, Kind.LEAVE, Kind.HEARTBEAT, Kind.FOCUS, Kind.BLUR) for kind in Kind)
_IS_DOING = tuple(
    kind in (Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION, Kind.VOTE, Kind.SPEECH) for kind in Kind
)

Waits = tuple[int, int, str | None, float, bool]
"""A signal that waits: kind, amount, person, moment, and whether it was unprompted."""


class Intake:
    """Counts wait here; who is present, which poll is open and what was said changes at once.

    Attributes:
        repeats: What was heard already.
        waiting: What waits for the end of its tick.
        duplicates: Signals that were heard before and left out.
    """

    def __init__(self, rooms: Rooms, roster: Roster, polls: Polls) -> None:
        self._rooms = rooms
        self._roster = roster
        self._polls = polls
        self.waiting = Waiting()
        self.repeats = Repeats()
        self.duplicates = 0

    def receive(self, row: int, facts: Facts, signal: Signal, tick: int) -> None:
        """Take in a signal of an attendee, the host or the speaker.

        Args:
            row: Its session's row.
            facts: Its session's facts.
            signal: The signal; what the agent or a bot wrote is not the room's doing and is left out.
            tick: The tick that is being filled.
        """
        _, _, at, kind, user_id, amount, author, _, detail = signal
        if author is _AGENT or author is _BOT:
            return
        if kind <= _LAST_NAMED and detail is not None and self.repeats.heard(row, kind, user_id, detail, tick):
            self.duplicates += 1
            return
        if at >= (tick + AHEAD_TICKS + 1) * TICK_S:
            at = tick * TICK_S
        facts.heard_at = max(facts.heard_at, at)
        person = NOBODY
        if user_id is not None:
            person = self._roster.person(row, user_id, at)
            if _IS_PRESENCE[kind]:
                self._roster.notice(kind, person, at)
                if isinstance(detail, JoinDetail):
                    self._roster.first_session[person] = detail.first_session
        unprompted = True
        if kind is _CHAT:
            asks = isinstance(detail, ChatDetail) and detail.is_question
            if asks or facts.unheard is not None:
                facts.said(user_id, at, is_question=asks)
        elif isinstance(detail, PollDetail):
            again = self._polls.again(row, kind, user_id, at, detail)
            if again is Again.SAME:
                self.duplicates += 1
                return
            # Who thinks again does something, but votes no second time.
            amount = 0 if again is Again.CHANGED else amount
            unprompted = not self._poll(row, kind, user_id, at, detail)
        if kind < COUNTED_KINDS:
            self.waiting.add(row, kind, amount, person if _IS_DOING[kind] else NOBODY, at, unprompted)

    def receive_briefs(self, briefs: Sequence[Brief], tick: int, open_session: Callable[[Signal], None]) -> None:
        """Take in signals that were said in short, to the same effect as in full one by one.

        All in one loop, in which what belongs to a session is looked up once for signals that follow each other: most
        of what a signal costs is calls and look-ups.

        Args:
            briefs: The signals.
            tick: The tick that is being filled.
            open_session: Opens a session with its first signal.
        """
        waiting, roster, repeats = self.waiting.columns, self._roster, self.repeats
        put_row, put_kind, put_amount = waiting.rows.append, waiting.kinds.append, waiting.amounts.append
        put_person, put_time, put_unprompted = waiting.people.append, waiting.times.append, waiting.unprompted.append
        ahead_at = (tick + AHEAD_TICKS + 1) * TICK_S
        session_id, row, heard_at = "", NOBODY, 0.0
        for brief in briefs:
            named, _, at, kind, user_id, amount, ref, _, asks = brief
            if named != session_id:
                if self._rooms.find(named) is None:
                    open_session(signal_of(brief))
                session_id, row = named, self._rooms.row(named)
                facts, people, heard = self._rooms.facts[row], roster.people(row), repeats.find(row)
                heard_at = facts.heard_at
            if ref is not None:
                key = ref if kind is _CHAT else key_of(kind, user_id, ref)
                if key is not None:
                    heard = heard or repeats.begin(row, tick)
                    if heard.has(key, tick):
                        self.duplicates += 1
                        continue
            if at >= ahead_at:
                at = tick * TICK_S
            if at > heard_at:
                heard_at = facts.heard_at = at
            person = NOBODY
            if user_id is not None:
                person = people.get(user_id, NOBODY)
                if person == NOBODY:
                    person = roster.person(row, user_id, at)
                    people = roster.people(row)
            if kind is _CHAT and (asks or facts.unheard is not None):
                facts.said(user_id, at, is_question=asks)
            put_row(row)
            put_kind(kind)
            put_amount(amount)
            put_person(person)
            put_time(at)
            put_unprompted(True)

    def take(self, tick: int) -> Batch:
        """Everything of this tick and of earlier ones; signals of later ticks go on waiting."""
        return self.waiting.take(tick)

    def forget(self, row: int) -> None:
        """Drop what waits of a session that ended, and what was heard in it."""
        self.repeats.clear(row)
        self.waiting.forget(row)

    def snapshot(self, row: int) -> list[Waits]:
        """What waits of a session: rows of people as their ids, since rows change."""
        names = {person: user for user, person in self._roster.people(row).items()}
        return [
            (kind, amount, names.get(person), at, bool(unprompted))
            for kind, amount, person, at, unprompted in self.waiting.of(row)
        ]

    def resume(self, row: int, waiting: list[Waits], people: dict[str, int]) -> None:
        """Put back what waited of a session."""
        for kind, amount, user, at, unprompted in waiting:
            self.waiting.add(row, kind, amount, NOBODY if user is None else people[user], at, unprompted)

    def _poll(self, row: int, kind: Kind, user_id: str | None, at: float, detail: PollDetail) -> bool:
        """Follow a poll; says whether it is one of the agent's own."""
        if kind is Kind.POLL_OPENED:
            if self._polls.open(row, detail.poll_id, at, by_agent=detail.by_agent):
                self.waiting.prompted(row)
            return detail.by_agent
        if kind is Kind.POLL_CLOSED:
            self._polls.close(row, detail.poll_id, at)
            return False
        return self._polls.vote(row, detail.poll_id, user_id, at, detail.option_id)
