"""The signals that come by the thousand, read in short: what a busy stream is made of.

Messages, questions, upvotes and reactions of attendees, with ids and a time as rooms and platforms mostly send them,
fit one shape that asks all that the shapes of their channels ask, so that nothing is left to settle. Whatever does not
fit it, for whatever reason, is read in full: there it is settled, or refused with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from conductor.domain.bus import Kept
from conductor.domain.signals import Brief, Kind, Signal, Signals
from conductor.wire.bodies import BODIES, MAX_COUNT, Id, asks
from conductor.wire.ids import MAX_ID_CHARS, is_fit, may_hold_control
from conductor.wire.signals import LATEST_AT, MISFITS
from conductor.wire.timely import AHEAD_S, OLDEST_S

_CHAT, _REACTION = Kind.CHAT, Kind.REACTION
_IN_SHORT = (Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION)
_KIND_OF = {channel: body.kind for channel, body in BODIES.items() if body.kind in _IN_SHORT}

_MOST_BYTES = 65_536
"""What is longer is looked at in full, where it may be refused for its length."""

_MARGIN_S = 1.0
"""What is so near to being too old or too early is judged in full, where nothing is rounded."""

ReadInFull = Callable[[str, bytes, float], Signal | None]
"""Reads a message of any channel that was said at a moment; None if it is no signal, or does not fit."""


class _Short(Struct, rename="camel", gc=False):
    """At least as strict as each of the bodies that it stands for; in the order in which the fields mostly come."""

    session_id: Id
    event_id: Id
    timestamp: Annotated[float, Meta(ge=0.0, le=LATEST_AT)]
    user_id: Id | None = None
    message_id: Id | None = None
    emoji: Annotated[str, Meta(max_length=MAX_ID_CHARS)] | None = None
    question_id: Id | None = None
    content: str | None = None
    is_question: bool | None = None
    count: Annotated[int, Meta(ge=1, le=MAX_COUNT)] | None = None
    author: Literal["attendee"] | None = None


_DECODE = msgspec.json.Decoder(_Short).decode


def read_signals(entries: Iterable[Kept], read_in_full: ReadInFull) -> Signals:
    """The signals that entries of streams hold, in their order.

    Args:
        entries: The entries.
        read_in_full: Reads what cannot be read in short.
    """
    signals: Signals = []
    briefs: list[Brief] = []
    for entry in entries:
        said_at = entry.at
        oldest_at, latest_at = said_at - OLDEST_S + _MARGIN_S, said_at + AHEAD_S - _MARGIN_S
        for channel, data in zip(entry.names, entry.values, strict=True):
            brief = _brief(channel, data)
            if brief is not None and oldest_at <= brief[2] <= latest_at:
                briefs.append(brief)
                continue
            signal = read_in_full(channel, data, said_at)
            if signal is not None:
                signals += (briefs, signal) if briefs else (signal,)
                briefs = []
    if briefs:
        signals.append(briefs)
    return signals


def _brief(channel: str, data: bytes) -> Brief | None:
    kind = _KIND_OF.get(channel)
    if kind is None or len(data) > _MOST_BYTES:
        return None
    try:
        said = _DECODE(data)
    except MISFITS:
        return None
    session_id, event_id, user_id = said.session_id, said.event_id, said.user_id
    ref = None if kind is _REACTION else said.message_id if kind is _CHAT else said.question_id
    if may_hold_control(data) and not is_fit(f"{session_id}{event_id}{user_id}{ref}"):
        return None
    if kind is _REACTION:
        return session_id, event_id, said.timestamp, kind, user_id, said.count or 1, None, said.emoji, False
    words, asked = said.content, False
    if kind is _CHAT:
        asked = said.is_question or (said.is_question is None and words is not None and asks(words))
    elif ref is None:
        return None
    return session_id, event_id, said.timestamp, kind, user_id, 1, ref, words, asked
