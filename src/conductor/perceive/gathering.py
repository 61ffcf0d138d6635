"""Takes in gathered signals column by column: calls for single signals are most of what those cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import compress
from typing import Any

from conductor.domain.signals import ASKS, COUNTED_KINDS, FIRST, Brief, Gathered, Kind, PollDetail, Signal, signals_in
from conductor.perceive.facts import Facts
from conductor.perceive.intake import AHEAD_TICKS, NOBODY
from conductor.perceive.ledger import TICK_S
from conductor.perceive.perception import Perception
from conductor.perceive.polls import Again

_KINDS = tuple(Kind)
_CHAT, _QUESTION, _UPVOTE = int(Kind.CHAT), int(Kind.QUESTION), int(Kind.UPVOTE)
_VOTE, _JOIN, _HEARTBEAT = int(Kind.VOTE), int(Kind.JOIN), int(Kind.HEARTBEAT)
# As plain numbers: members of an enumeration take several times as long to compare with what is no member.

_MERELY_COUNTED = bytes((Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION))
_COUNTED_TOGETHER = _MERELY_COUNTED + bytes((Kind.JOIN, Kind.LEAVE))
_NAMELESS = bytes(kind for kind in Kind if kind > Kind.UPVOTE)


def _only(wanted: Kind) -> bytes:
    """A table for `bytes.translate` that marks signals of one kind by 1, and all others by 0."""
    return bytes(kind == wanted for kind in range(256))


_ONLY_CHAT, _ONLY_QUESTIONS, _ONLY_UPVOTES = _only(Kind.CHAT), _only(Kind.QUESTION), _only(Kind.UPVOTE)


Receive = Callable[[Signal], None]
"""Does something with a signal in full."""


class Gathering:
    """Gathered signals on their way into perception, to the same effect as one by one.

    Args:
        perception: What they are taken into.
    """

    def __init__(self, perception: Perception) -> None:
        self._perception = perception

    def receive(self, part: list[Brief] | Gathered, open_session: Receive, receive_in_full: Receive) -> None:
        """Take in several signals.

        Args:
            part: The signals.
            open_session: Opens a session with its first signal.
            receive_in_full: Takes in a single signal; what opens a session is received so.
        """
        if isinstance(part, list):
            self._perception.intake.receive_briefs(part, self._perception.ledger.tick, open_session)
        elif (row := self._perception.rooms.find(part[0])) is not None:
            self._receive(row, part)
        else:
            for signal in signals_in(part):
                receive_in_full(signal)

    def _receive(self, row: int, gathered: Gathered) -> None:
        """Take in signals of an open session."""
        tick = self._perception.ledger.tick
        _, _, kinds, times, users, _, refs, _, _ = gathered
        if _HEARTBEAT in kinds:
            self._beat(row, kinds, times, (tick + 1) * TICK_S)
        named = len(kinds.translate(None, _NAMELESS))
        if named and not self._are_new(row, _keys(kinds, users, refs), named, tick):
            gathered = self._unheard(row, gathered, tick)
        if gathered.kinds:
            self._take_in(row, self._perception.rooms.facts[row], gathered, tick)

    def _beat(self, row: int, kinds: bytes, times: list[float], end_at: float) -> None:
        for kind, at in zip(kinds, times, strict=True):
            if kind == _HEARTBEAT:
                # A clock that is ahead must not keep the source alive.
                self._perception.feed.beat(row, min(at, end_at))

    def _are_new(self, row: int, keys: set[Any], named: int, tick: int) -> bool:
        """Whether it is plain that all these are heard for the first time; then from now on they were."""
        # One without an id, or twice the same, has to be looked at more closely.
        if len(keys) < named or None in keys:
            return False
        repeats = self._perception.intake.repeats
        return (repeats.find(row) or repeats.begin(row, tick)).are_new(keys, tick)

    def _unheard(self, row: int, gathered: Gathered, tick: int) -> Gathered:
        """Those that were not heard before; from now on they were."""
        intake = self._perception.intake
        chosen = []
        for i, (_, _, _, kind, user_id, _, _, _, detail) in enumerate(signals_in(gathered)):
            if kind <= _UPVOTE and detail is not None and intake.repeats.heard(row, kind, user_id, detail, tick):
                intake.duplicates += 1
            else:
                chosen.append(i)
        return gathered.only(chosen)

    def _take_in(self, row: int, facts: Facts, new: Gathered, tick: int) -> None:
        _, _, kinds, times, users, amounts, _, _, marks = new
        latest_at, ahead_at = max(times), (tick + AHEAD_TICKS + 1) * TICK_S
        if latest_at >= ahead_at:
            times = [tick * TICK_S if at >= ahead_at else at for at in times]
            latest_at = max(times)
        facts.heard_at = max(facts.heard_at, latest_at)
        if facts.unheard is not None or ASKS in marks:
            for kind, user_id, at, mark in zip(kinds, users, times, marks, strict=True):
                if kind == _CHAT:
                    facts.said(user_id, at, is_question=mark == ASKS)
        known: Mapping[Any, int] = self._perception.roster.people(row)
        try:
            people = list(map(known.__getitem__, users))
        except KeyError:
            people = self._people(row, users, times)
        if kinds.translate(None, _MERELY_COUNTED):
            self._notice(kinds, times, people, marks)
            if kinds.translate(None, _COUNTED_TOGETHER):
                self._count_one_by_one(row, new, times, people)
                return
            people = [NOBODY if kind > _VOTE else person for kind, person in zip(kinds, people, strict=True)]
        self._perception.intake.waiting.add_together(row, kinds, amounts, people, times)

    def _people(self, row: int, users: Iterable[str | None], times: Iterable[float]) -> list[int]:
        """Rows of these people; who was not heard of before is taken to have come then."""
        person = self._perception.roster.person
        return [NOBODY if user is None else person(row, user, at) for user, at in zip(users, times, strict=True)]

    def _notice(self, kinds: bytes, times: Iterable[float], people: Iterable[int], marks: bytes) -> None:
        """Follow who comes, goes, and looks where."""
        roster = self._perception.roster
        for kind, at, person, mark in zip(kinds, times, people, marks, strict=True):
            if kind > _VOTE and person != NOBODY:
                roster.notice(_KINDS[kind], person, at)
                if kind == _JOIN and mark:
                    roster.first_session[person] = mark == FIRST

    def _count_one_by_one(self, row: int, new: Gathered, times: Iterable[float], people: Iterable[int]) -> None:
        """Have them counted where some are votes, or are not counted at all."""
        wait = self._perception.intake.waiting.add
        columns = zip(new.kinds, times, people, new.users, new.amounts, new.refs, new.words, strict=True)
        for kind, at, person, user_id, amount, ref, words in columns:
            if kind == _VOTE:
                self._vote(row, user_id, person, at, PollDetail(ref or "", option_id=words))
            elif kind < COUNTED_KINDS:
                wait(row, kind, amount, person if kind < _VOTE else NOBODY, at, True)

    def _vote(self, row: int, user_id: str | None, person: int, at: float, detail: PollDetail) -> None:
        polls, intake = self._perception.polls, self._perception.intake
        again = polls.again(row, Kind.VOTE, user_id, at, detail)
        if again is Again.SAME:
            intake.duplicates += 1
            return
        is_agents = polls.vote(row, detail.poll_id, user_id, at, detail.option_id)
        # Who thinks again does something, but votes no second time.
        intake.waiting.add(row, _VOTE, 0 if again is Again.CHANGED else 1, person, at, not is_agents)


def _keys(kinds: bytes, users: list[str | None], refs: list[str | None]) -> set[Any]:
    """What tells messages, questions and upvotes apart, as `Repeats` has it; None among them where something lacks."""
    keys: set[Any] = set(compress(refs, kinds.translate(_ONLY_CHAT)))
    if _QUESTION in kinds:
        keys.update(zip(compress(refs, kinds.translate(_ONLY_QUESTIONS)), strict=True))
    if _UPVOTE in kinds:
        keys.update(compress(zip(refs, users, strict=True), kinds.translate(_ONLY_UPVOTES)))
        if not all(users):
            keys.add(None)
    return keys
