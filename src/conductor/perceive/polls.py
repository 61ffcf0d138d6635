"""Polls of all sessions: which count now, and how many people voted in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from conductor.domain.signals import Kind, PollDetail

AFTERGLOW_S = 60.0
"""A poll counts until a minute after it closed: the short window."""

OPEN_MOST_S = 600.0
"""A poll that nobody closes counts for ten minutes (stated guess)."""


PollState = tuple[str, float, bool, float | None, tuple[tuple[str, str | None], ...], int, bool, bool]
"""A poll's id, opening, whether the agent opened it, closing, voters with what they chose last, votes without a name,
whether its opening was heard, and whether it ended since the list of those was emptied."""


class Again(Enum):
    """Whether something about a poll was heard before."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(slots=True)
class Poll:
    """One poll and who voted in it (people once each, with what they chose last)."""

    poll_id: str
    opened_at: float
    by_agent: bool
    closed_at: float | None = None
    voters: dict[str, str | None] = field(default_factory=dict)
    anonymous: int = 0
    announced: bool = True

    @property
    def votes(self) -> int:
        """People who voted; votes without a name count one each."""
        return len(self.voters) + self.anonymous

    def counts_at(self, now: float) -> bool:
        """Whether the poll belongs into the score now."""
        if self.closed_at is not None:
            return now <= self.closed_at + AFTERGLOW_S
        return now <= self.opened_at + OPEN_MOST_S


class Polls:
    """Polls by session; rooms without a poll cost nothing.

    Attributes:
        ended: Polls that were closed since somebody last emptied this list, each with its room.
    """

    def __init__(self) -> None:
        self._of_room: dict[int, dict[str, Poll]] = {}
        self.ended: list[tuple[int, Poll]] = []

    def open(self, row: int, poll_id: str, at: float, *, by_agent: bool) -> bool:
        """A poll was opened; opening it again changes nothing while it counts, and begins it anew later.

        Returns:
            Whether votes that came before turn out to be answers to the agent.
        """
        polls = self._of_room.setdefault(row, {})
        known = polls.get(poll_id)
        if known is None or not known.counts_at(at):
            polls[poll_id] = Poll(poll_id, at, by_agent)
        elif not known.announced:
            known.opened_at, known.by_agent, known.announced = at, by_agent, True
            return by_agent
        return False

    def again(self, row: int, kind: Kind, user_id: str | None, at: float, detail: PollDetail) -> Again:
        """Whether a vote is the person's first in this poll, another choice or the same; or an opening was heard."""
        poll = self._of_room.get(row, {}).get(detail.poll_id)
        if poll is None:
            return Again.NEW
        if kind is Kind.POLL_OPENED:
            return Again.SAME if poll.announced and poll.counts_at(at) else Again.NEW
        if kind is Kind.POLL_CLOSED:
            return Again.NEW if poll.closed_at is None else Again.SAME
        if user_id is None or user_id not in poll.voters:
            return Again.NEW
        return Again.SAME if poll.voters[user_id] == detail.option_id else Again.CHANGED

    def vote(self, row: int, poll_id: str, user_id: str | None, at: float, option_id: str | None = None) -> bool:
        """Somebody voted; a poll not heard of before is taken to be the host's until its opening is heard.

        Returns:
            Whether it is a poll of the agent's own.
        """
        polls = self._of_room.setdefault(row, {})
        poll = polls.setdefault(poll_id, Poll(poll_id, at, by_agent=False, announced=False))
        if user_id is None:
            poll.anonymous += 1
        else:
            poll.voters[user_id] = option_id
        return poll.by_agent

    def close(self, row: int, poll_id: str, at: float) -> None:
        """A poll was closed; closing it again, or one never heard of, changes nothing."""
        poll = self._of_room.get(row, {}).get(poll_id)
        if poll is not None and poll.closed_at is None:
            poll.closed_at = at
            self.ended.append((row, poll))

    def running(self, row: int, now: float) -> bool:
        """Whether a poll is open in this room."""
        return any(p.closed_at is None and p.counts_at(now) for p in self._of_room.get(row, {}).values())

    def counting(self, now: float) -> list[tuple[int, list[Poll]]]:
        """Rooms in which polls count now, with these polls.

        Older ones are kept: a vote that comes late must not begin them anew.
        """
        counting = ((row, [p for p in polls.values() if p.counts_at(now)]) for row, polls in self._of_room.items())
        return [(row, polls) for row, polls in counting if polls]

    def clear(self, row: int) -> None:
        """Forget a session."""
        self._of_room.pop(row, None)
        self.ended = [(room, poll) for room, poll in self.ended if room != row]

    def snapshot(self, row: int) -> list[PollState]:
        """All polls of a session."""
        ended = [poll for room, poll in self.ended if room == row]
        return [
            (
                p.poll_id,
                p.opened_at,
                p.by_agent,
                p.closed_at,
                tuple(p.voters.items()),
                p.anonymous,
                p.announced,
                any(p is poll for poll in ended),
            )
            for p in self._of_room.get(row, {}).values()
        ]

    def restore(self, row: int, polls: list[PollState]) -> None:
        """Put a snapshot back."""
        self._of_room[row] = {}
        for poll_id, opened_at, by_agent, closed_at, voters, anonymous, announced, has_ended in polls:
            poll = Poll(poll_id, opened_at, by_agent, closed_at, dict(voters), anonymous, announced)
            self._of_room[row][poll_id] = poll
            if has_ended:
                self.ended.append((row, poll))
