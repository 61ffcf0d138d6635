"""What attendees do, as signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple

from conductor.domain.sessions import Phase, SessionProfile


class Kind(IntEnum):
    """The kind of a signal; the numbers are the columns of the ledger, so they stay."""

    CHAT = 0
    QUESTION = 1
    UPVOTE = 2
    REACTION = 3
    VOTE = 4
    JOIN = 5
    LEAVE = 6
    SLIDE = 7
    SPEECH = 8
    # Kinds from here on change what is known of a session but are not counted.
    HEARTBEAT = 9
    FOCUS = 10
    BLUR = 11
    ANSWERED = 12
    POLL_OPENED = 13
    POLL_CLOSED = 14
    PHASE = 15
    STARTED = 16
    ENDED = 17
    SOURCE_HEARTBEAT = 18


COUNTED_KINDS = 9
"""Kinds below this number are counted in the ledger."""


STRAGGLERS = frozenset({Kind.LEAVE, Kind.ENDED, Kind.POLL_CLOSED})
"""Kinds that come after a session too; of a session that is not open they open none."""


class Author(StrEnum):
    """Who wrote a chat message. Only attendees and hosts are people of the room."""

    ATTENDEE = "attendee"
    HOST = "host"
    AGENT = "agent"
    BOT = "bot"


class ChatDetail(NamedTuple):
    """What a chat message carries beyond who and when; a named tuple for the reason that `Signal` is one.

    Attributes:
        is_question: Whether it asks something, by the platform's word or by its question mark.
    """

    message_id: str | None = None
    content: str | None = None
    is_question: bool = False


class ReactionDetail(NamedTuple):
    """Which emoji a reaction shows; a named tuple for the reason that `Signal` is one."""

    emoji: str


@dataclass(frozen=True, slots=True)
class JoinDetail:
    """What is known of somebody who joins: whether this is their first session of the event."""

    first_session: bool


@dataclass(frozen=True, slots=True)
class PollDetail:
    """What a poll signal carries beyond who and when."""

    poll_id: str
    question: str | None = None
    options: tuple[str, ...] = ()
    option_id: str | None = None
    by_agent: bool = False


@dataclass(frozen=True, slots=True)
class QuestionDetail:
    """A question in the Q&A, or an upvote or answer to one."""

    question_id: str
    content: str | None = None


@dataclass(frozen=True, slots=True)
class PhaseDetail:
    """The speaker's word on where the session is and whether it may be interrupted now."""

    phase: Phase | None
    interruptible: bool = True


@dataclass(frozen=True, slots=True)
class StartDetail:
    """What is known of a session when it starts."""

    profile: SessionProfile


@dataclass(frozen=True, slots=True)
class HeartbeatDetail:
    """A source says that it is alive, and for which sessions it speaks."""

    source: str
    session_ids: tuple[str, ...] = ()


Detail = (
    ChatDetail | ReactionDetail | JoinDetail | PollDetail | QuestionDetail | PhaseDetail | StartDetail | HeartbeatDetail
)


class Signal(NamedTuple):
    """One thing that happened in a session.

    A named tuple rather than a dataclass: millions are made an hour and it is made in a third of the time
    (`benchmarks/ingest.py`).

    Attributes:
        session_id: The session it happened in.
        event_id: The event that the session belongs to.
        at: When, in epoch seconds.
        kind: What kind of thing.
        user_id: Who did it (opaque), where somebody did.
        amount: How many at once: reactions of one message, words of a stretch of speech. At least 1 (0 for
            speech without words).
        author: Who wrote it; signals of the agent or a bot are not the room's.
        duration_s: How long it took, for speech. 0 otherwise.
        detail: What only this kind carries.
    """

    session_id: str
    event_id: str
    at: float
    kind: Kind
    user_id: str | None = None
    amount: int = 1
    author: Author = Author.ATTENDEE
    duration_s: float = 0.0
    detail: Detail | None = None


Brief = tuple[str, str, float, Kind, str | None, int, str | None, str | None, bool]
"""One of the signals that come by the thousand, in short: session, event, moment, kind, person, amount, what tells it
apart (a message's or question's id), its words or emoji, and whether it asks. `signal_of` says it in full.

Only an attendee's messages, questions, upvotes and reactions are said in short.
"""

GATHERED_KINDS = (
    Kind.CHAT,
    Kind.QUESTION,
    Kind.UPVOTE,
    Kind.REACTION,
    Kind.VOTE,
    Kind.JOIN,
    Kind.LEAVE,
    Kind.HEARTBEAT,
    Kind.FOCUS,
    Kind.BLUR,
)
"""What attendees do by the thousand, and what is therefore gathered."""

ASKS, FIRST, NOT_FIRST = 1, 2, 3
"""Marks of gathered signals: a message that asks something; a join, where it is known whether it is the person's first
session. All others have 0."""


class Gathered(NamedTuple):
    """Signals of attendees of one session in their order, as columns of one length; `signals_in` says them in full.

    A named tuple for the reason that `Signal` is one.

    Attributes:
        kinds: Numbers of `GATHERED_KINDS`, a byte each.
        times: When, in epoch seconds.
        amounts: Reactions at once; 1 for all else.
        refs: What it is about: id of the message, question or poll, or the emoji, where there is one.
        words: Text, or id of the option chosen.
        marks: `ASKS`, `FIRST`, `NOT_FIRST` or 0, a byte each.
    """

    session_id: str
    event_id: str
    kinds: bytes
    times: list[float]
    users: list[str | None]
    amounts: list[int]
    refs: list[str | None]
    words: list[str | None]
    marks: bytes

    def and_then(self, later: Gathered) -> Gathered:
        """These and then those, of the same session and event; their lists become the lists of both."""
        session_id, event_id, kinds, times, users, amounts, refs, words, marks = self
        _, _, more_kinds, more_times, more_users, more_amounts, more_refs, more_words, more_marks = later
        times += more_times
        users += more_users
        amounts += more_amounts
        refs += more_refs
        words += more_words
        kinds, marks = kinds + more_kinds, marks + more_marks
        return Gathered(session_id, event_id, kinds, times, users, amounts, refs, words, marks)

    def only(self, chosen: Sequence[int]) -> Gathered:
        """Some of them, by their places."""
        return Gathered(
            self.session_id,
            self.event_id,
            bytes([self.kinds[i] for i in chosen]),
            [self.times[i] for i in chosen],
            [self.users[i] for i in chosen],
            [self.amounts[i] for i in chosen],
            [self.refs[i] for i in chosen],
            [self.words[i] for i in chosen],
            bytes([self.marks[i] for i in chosen]),
        )


Part = Signal | list[Brief] | Gathered
"""One signal, or several in one of two short forms."""

Signals = list[Part]
"""What came, in its order: stretches in short, and between them what has to be said in full."""

_KINDS = tuple(Kind)


def signal_of(brief: Brief) -> Signal:
    """The same in full."""
    session_id, event_id, at, kind, user_id, amount, ref, words, asks = brief
    if kind is Kind.REACTION:
        ref = words
    return Signal(session_id, event_id, at, kind, user_id, amount, detail=_detail(kind, ref, words, ASKS * asks))


def signals_in(gathered: Gathered) -> list[Signal]:
    """The same in full, one by one."""
    session_id, event_id, numbers, times, users, amounts, refs, words, marks = gathered
    kinds = map(_KINDS.__getitem__, numbers)
    return [
        Signal(session_id, event_id, at, kind, user_id, amount, detail=_detail(kind, ref, word, mark))
        for kind, at, user_id, amount, ref, word, mark in zip(
            kinds, times, users, amounts, refs, words, marks, strict=True
        )
    ]


def _detail(kind: Kind, ref: str | None, words: str | None, mark: int) -> Detail | None:
    """What only a signal of this kind carries."""
    match kind:
        case Kind.CHAT:
            return ChatDetail(ref, words, mark == ASKS)
        case Kind.REACTION:
            return None if ref is None else ReactionDetail(ref)
        case Kind.QUESTION | Kind.UPVOTE:
            return QuestionDetail(ref or "", words)
        case Kind.VOTE:
            return PollDetail(ref or "", option_id=words)
        case Kind.JOIN if mark:
            return JoinDetail(mark == FIRST)
    return None


def in_full(part: Part, kinds: tuple[Kind, ...]) -> list[Signal]:
    """A signal, or those of several in short that are of these kinds."""
    if isinstance(part, list):
        return [signal_of(brief) for brief in part if brief[3] in kinds]
    if isinstance(part, Gathered):
        chosen = [i for i, kind in enumerate(part.kinds) if kind in kinds]
        return signals_in(part.only(chosen)) if chosen else []
    return [part]
