"""Signals of one session gathered as columns: how busy stretches stand in a stream, in one field of an entry.

Only this house writes columns, after it has read and checked every signal. They are msgpack, so that one call in C
decodes and checks many signals: the session and the event once, then kinds, moments, people and so on side by side.
Who writes makes sure that what it wrote can be read. Who reads asks for all of that again, since a stream is open to
all, but for control characters in ids.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from conductor.domain.sessions import RESERVED_EVENT_ID
from conductor.domain.signals import (
    ASKS,
    FIRST,
    GATHERED_KINDS,
    NOT_FIRST,
    Author,
    ChatDetail,
    Gathered,
    JoinDetail,
    Kind,
    PollDetail,
    QuestionDetail,
    ReactionDetail,
    Signal,
)
from conductor.errors import InvalidInput
from conductor.wire.bodies import MAX_COUNT, Id
from conductor.wire.ids import MAX_ID_CHARS, RESERVED, is_fit
from conductor.wire.signals import LATEST_AT, MISFITS, reason_of

COLUMNS = "columns"
"""Name of a field of an entry that holds columns; all others are named as the channel of their one signal or note. A
later layout takes another name."""

MOST_CHARS = 65_536
"""A text longer than this is written by itself: it may be refused for its length."""

_KINDS = bytes(GATHERED_KINDS)
_MARKS = bytes((0, ASKS, FIRST, NOT_FIRST))
_ABOUT = frozenset({Kind.QUESTION, Kind.UPVOTE, Kind.VOTE})
_NAMELESS = frozenset({Kind.CHAT, *_ABOUT, Kind.REACTION})
_VOTE, _REACTION = Kind.VOTE, Kind.REACTION


_Columns = tuple[
    Id,
    Id,
    Annotated[bytes, Meta(min_length=1)],
    list[Annotated[float, Meta(ge=0.0, le=LATEST_AT)]],
    list[Id | None],
    list[Annotated[int, Meta(ge=1, le=MAX_COUNT)]],
    list[Id | None],
    list[str | None],
    bytes,
]
"""As `Gathered`; at least as strict, with what is looked at below, as the bodies that these signals have alone. A
tuple, since that is what `Gathered` is made of at once."""

_DECODE = msgspec.msgpack.Decoder(_Columns).decode
_ENCODE = msgspec.msgpack.Encoder().encode


def is_common(signal: Signal) -> bool:
    """Whether a signal is of those that can be gathered: an attendee's, of a common kind, and of no great length."""
    if signal.kind not in GATHERED_KINDS or signal.author is not Author.ATTENDEE:
        return False
    ref, words, _ = _own(signal)
    return ref != "" and (words is None or len(words) <= MOST_CHARS)


def pack(signals: Sequence[Signal]) -> bytes | None:
    """Common signals of one session and event as columns; None if one of them would be refused where it is read."""
    kinds = bytes([each.kind for each in signals])
    users = [each.user_id for each in signals]
    refs, words, marks = zip(*map(_own, signals), strict=True)
    times = [float(each.at) for each in signals]
    amounts = [each.amount if each.kind is _REACTION else 1 for each in signals]
    session_id, event_id = signals[0].session_id, signals[0].event_id
    chosen = [word for kind, word in zip(kinds, words, strict=True) if kind == _VOTE]
    # Ids are looked at here, once: of the columns that are read, control characters are the one thing not asked.
    if not is_fit("".join(filter(None, (session_id, event_id, *users, *refs, *chosen)))):
        return None
    try:
        packed = _ENCODE((session_id, event_id, kinds, times, users, amounts, refs, words, bytes(marks)))
        unpack(packed)
    except (InvalidInput, *MISFITS):
        return None
    return packed


def unpack(data: bytes) -> Gathered:
    """The signals that columns hold.

    Raises:
        InvalidInput: They do not fit, none of them.
    """
    try:
        said = _DECODE(data)
    except MISFITS as error:
        raise InvalidInput(f"{COLUMNS}: {_reason_of(error)}") from None
    _, event_id, kinds, times, users, amounts, refs, words, marks = said
    if event_id == RESERVED_EVENT_ID:
        raise InvalidInput(f"{COLUMNS}: {RESERVED}")
    count = len(kinds)
    if not count == len(times) == len(users) == len(amounts) == len(refs) == len(words) == len(marks):
        raise InvalidInput(f"{COLUMNS}: they are not of one length")
    if kinds.translate(None, _KINDS) or marks.translate(None, _MARKS):
        raise InvalidInput(f"{COLUMNS}: a kind or a mark that does not stand in columns")
    gathered = tuple.__new__(Gathered, said)
    # In most there is nothing to look for.
    if not all(refs) or not all(users) or _VOTE in kinds:
        _check(gathered)
    return gathered


def _reason_of(error: Exception) -> str:
    """As `reason_of`, but that columns have names."""
    if isinstance(error, msgspec.DecodeError) and not isinstance(error, msgspec.ValidationError):
        return "not msgpack"
    return re.sub(r"field \[(\d)\]", lambda place: f"field {Gathered._fields[int(place[1])]}", reason_of(error))


def _check(gathered: Gathered) -> None:
    """Refuse signals without an id that those of their kind have."""
    for kind, user, ref, word in zip(gathered.kinds, gathered.users, gathered.refs, gathered.words, strict=True):
        if (ref is None and kind in _ABOUT) or (user is None and kind not in _NAMELESS):
            raise InvalidInput(f"{COLUMNS}: a signal of kind {kind} without its id")
        if kind == _VOTE and not (word and len(word) <= MAX_ID_CHARS):
            raise InvalidInput(f"{COLUMNS}: a vote whose option is missing or too long")


def _own(signal: Signal) -> tuple[str | None, str | None, int]:
    """What only its kind carries: id, words and mark."""
    match signal.detail:
        case ChatDetail(message_id, content, is_question):
            return message_id, content, ASKS if is_question else 0
        case ReactionDetail(emoji):
            return emoji, None, 0
        case QuestionDetail(question_id, content):
            return question_id, content, 0
        case PollDetail(poll_id=poll_id, option_id=option_id):
            return poll_id, option_id, 0
        case JoinDetail(is_first):
            return None, None, FIRST if is_first else NOT_FIRST
    return None, None, 0
