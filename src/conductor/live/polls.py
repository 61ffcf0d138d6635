"""Polls of a room, and how the votes stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from conductor.errors import Conflict, InvalidInput, NotFound
from conductor.live.effects import Payload
from conductor.live.texts import OPTION_CHARS, QUESTION_CHARS, cleaned

OPTIONS_LEAST, OPTIONS_MOST = 2, 10
"""A poll needs a choice, and ten options fill a screen."""

DURATION_LEAST_S, DURATION_MOST_S = 1.0, 86_400.0
"""Nobody can vote in less than a second, and no session takes longer than a day."""


@dataclass(slots=True)
class Poll:
    """One poll. Its options' ids are their numbers, from "0" on.

    Attributes:
        opened_at: As all times here, in epoch seconds.
        label: What the agent's polls are shown under; None for people's.
        closes_at: When it closes by itself; None if only by hand.
        show_results: Whether everybody sees how the votes stand while it is open.
        closed_at: When it closed; None while it is open.
        votes: Option and moment of each person's vote.
        nameless: Votes by option of which nobody knows whose they are.
        changed: Whether there are votes that were not sent yet.
    """

    poll_id: str
    question: str
    options: tuple[str, ...]
    opened_at: float
    label: str | None = None
    closes_at: float | None = None
    show_results: bool = True
    closed_at: float | None = None
    votes: dict[str, tuple[str, float]] = field(default_factory=dict)
    nameless: Counter[str] = field(default_factory=Counter)
    changed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether votes are taken."""
        return self.closed_at is None

    def option(self, named: str) -> str | None:
        """The id of an option, by its id or (as other platforms have it) its words; None if there is no such one."""
        if named in self.options:
            return str(self.options.index(named))
        return named if named in {str(number) for number in range(len(self.options))} else None

    def vote(self, user_id: str | None, option_id: str, at: float) -> bool:
        """Count a vote, in the place of an earlier one of the same person; False if it changes nothing."""
        if user_id is None:
            self.nameless[option_id] += 1
        else:
            known = self.votes.get(user_id)
            if known is not None and (known[0] == option_id or known[1] > at):
                return False
            self.votes[user_id] = (option_id, at)
        self.changed = True
        return True

    def payload(self) -> Payload:
        """The poll as people see it before they vote."""
        return {
            "pollId": self.poll_id,
            "question": self.question,
            "options": [{"optionId": str(number), "text": text} for number, text in enumerate(self.options)],
            "createdBy": "agent" if self.label else "host",
            "label": self.label,
            "showResults": self.show_results,
            "openedAt": self.opened_at,
            "closesAt": self.closes_at,
        }

    def results(self) -> Payload:
        """How the votes stand."""
        counts = Counter(option for option, _ in self.votes.values()) + self.nameless
        votes = [
            {"optionId": str(number), "text": text, "votes": counts[str(number)]}
            for number, text in enumerate(self.options)
        ]
        return {"pollId": self.poll_id, "options": votes, "total": counts.total(), "closed": not self.is_open}


class Polls:
    """The last polls of a room; the latest that is open is the one that people see."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._polls: dict[str, Poll] = {}

    def open(self, poll: Poll) -> bool:
        """Take in a poll; False if it is known already."""
        if poll.poll_id in self._polls:
            return False
        self._polls[poll.poll_id] = poll
        if len(self._polls) > self._kept:
            del self._polls[next(iter(self._polls))]
        return True

    def find(self, poll_id: str) -> Poll | None:
        """The poll of this id; None if there is no such one (any more)."""
        return self._polls.get(poll_id)

    def known(self, poll_id: str) -> Poll:
        """The poll of this id.

        Raises:
            NotFound: There is no such one.
        """
        poll = self._polls.get(poll_id)
        if poll is None:
            raise NotFound(f"There is no poll {poll_id!r} in this session.", code="no_poll")
        return poll

    def answerable(self, poll_id: str, option_id: str) -> Poll:
        """The poll of this id, if this option of it can be voted for.

        Raises:
            NotFound: There is no such poll.
            Conflict: It is closed.
            InvalidInput: It has no such option.
        """
        poll = self.known(poll_id)
        if not poll.is_open:
            raise Conflict("This poll is closed; votes are no longer taken.", code="poll_closed")
        if option_id not in {str(number) for number in range(len(poll.options))}:
            ids = f"0 to {len(poll.options) - 1}"
            raise InvalidInput(f"This poll has no option {option_id!r}; its options are {ids}.", code="no_option")
        return poll

    def open_ones(self) -> list[Poll]:
        """Polls that are open, oldest first."""
        return [poll for poll in self._polls.values() if poll.is_open]

    def current(self) -> Poll | None:
        """The poll that people see."""
        return next((poll for poll in reversed(self._polls.values()) if poll.is_open), None)


def written(
    poll_id: str,
    question: str,
    options: Sequence[str],
    now: float,
    *,
    duration_s: float | None,
    show_results: bool,
) -> Poll:
    """A poll as somebody wrote it, opened now.

    Raises:
        InvalidInput: Its texts, options or duration do not fit.
    """
    if not OPTIONS_LEAST <= len(options) <= OPTIONS_MOST:
        raise InvalidInput(
            f"A poll has {OPTIONS_LEAST} to {OPTIONS_MOST} options; this one has {len(options)}.", code="options_unfit"
        )
    if duration_s is not None and not DURATION_LEAST_S <= duration_s <= DURATION_MOST_S:
        raise InvalidInput(
            f"A poll is open for {DURATION_LEAST_S:.0f} to {DURATION_MOST_S:.0f} seconds, not {duration_s}.",
            code="duration_unfit",
        )
    texts = tuple(cleaned(option, "An option", OPTION_CHARS) for option in options)
    if len(set(texts)) < len(texts):
        raise InvalidInput("Two options of this poll are the same; word each differently.", code="options_unfit")
    closes_at = None if duration_s is None else now + duration_s
    asked = cleaned(question, "A poll's question", QUESTION_CHARS)
    return Poll(poll_id, asked, texts, now, closes_at=closes_at, show_results=show_results)
