"""The signals that come by the thousand, read in short: what a busy stream is made of.

Messages, questions, upvotes and reactions of attendees, with ids and a time as rooms and platforms mostly send them,
fit one shape that asks all that the shapes of their channels ask, so that nothing is left to settle. Whatever does not
fit it, for whatever reason, is read in full: there it is settled, or refused with its reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from conductor.domain.bus import Kept
from conductor.domain.sessions import RESERVED_EVENT_ID
from conductor.domain.signals import Brief, Gathered, Kind, Signal, Signals, signals_in
from conductor.errors import InvalidInput
from conductor.wire.bodies import BODIES, MAX_COUNT, Id, asks
from conductor.wire.columns import COLUMNS, unpack
from conductor.wire.ids import MAX_ID_CHARS, is_fit
from conductor.wire.signals import LATEST_AT, MISFITS
from conductor.wire.timely import AHEAD_S, OLDEST_S, check_timely

_CHAT, _REACTION = Kind.CHAT, Kind.REACTION
_IN_SHORT = (Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION)
_KIND_OF = {channel: body.kind for channel, body in BODIES.items() if body.kind in _IN_SHORT}

_MOST_BYTES = 65_536
"""What is longer is looked at in full, where it may be refused for its length."""

_MOST_KNOWN = 20_000
"""People whose ids were looked at; beyond that it begins anew."""

_MOST_TOGETHER = 500
"""Columns of one session that follow each other become one, up to so many signals about: sessions are looked up less
often, and if something in them was heard before, not too many have to be looked at one by one."""

_NEVER = -math.inf
_BACKSLASH, _DEL = 0x5C, 0x7F
_NOT_SHORT = (KeyError, *MISFITS)

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


def _are_alike(before: Gathered, gathered: Gathered) -> bool:
    """Whether columns can become one: of the same session and event, and not too many."""
    return before[0] == gathered[0] and before[1] == gathered[1] and len(before[2]) < _MOST_TOGETHER


class Reader:
    """Reads what entries of streams hold, as much of it as possible in short.

    Args:
        read_in_full: Reads what cannot be read in short.
        refuse: Is told why columns, or one of the signals in them, do not fit.
    """

    def __init__(self, read_in_full: ReadInFull, refuse: Callable[[InvalidInput], None]) -> None:
        self._read_in_full = read_in_full
        self._refuse = refuse
        self._known: set[str | None] = {None}

    def read(self, entries: Iterable[Kept]) -> Signals:
        """The signals that entries hold, in their order."""
        known = self._known
        signals: Signals = []
        briefs: list[Brief] = []
        for _, names, values, entry_at, _ in entries:
            oldest_at, latest_at = entry_at - OLDEST_S + _MARGIN_S, entry_at + AHEAD_S - _MARGIN_S
            for channel, data in zip(names, values, strict=True):
                if channel == COLUMNS:
                    briefs = self._gathered(data, entry_at, signals, briefs)
                    continue
                # All in one loop: calls are much of what a signal costs.
                try:
                    kind, said = _KIND_OF[channel], _DECODE(data)
                except _NOT_SHORT:
                    briefs = self._in_full(channel, data, entry_at, signals, briefs)
                    continue
                user_id, at, amount, asked = said.user_id, said.timestamp, 1, False
                if kind is _REACTION:
                    ref, words, amount = None, said.emoji, said.count or 1
                elif kind is _CHAT:
                    ref, words = said.message_id, said.content
                    if said.is_question is not False:
                        asked = said.is_question or (words is not None and asks(words))
                else:
                    ref, words = said.question_id, said.content
                    # Without one it does not fit.
                    at = at if ref else _NEVER
                session_id, event_id = said.session_id, said.event_id
                if _BACKSLASH in data or _DEL in data or not data.isascii():
                    is_known = user_id in known and session_id in known and event_id in known and ref is None
                    at = at if is_known or self._are_fit((session_id, event_id, user_id, ref)) else _NEVER
                if oldest_at <= at <= latest_at and len(data) <= _MOST_BYTES and event_id != RESERVED_EVENT_ID:
                    briefs.append((session_id, event_id, at, kind, user_id, amount, ref, words, asked))
                else:
                    briefs = self._in_full(channel, data, entry_at, signals, briefs)
        if briefs:
            signals.append(briefs)
        return signals

    def _gathered(self, data: bytes, now: float, signals: Signals, briefs: list[Brief]) -> list[Brief]:
        """Read columns, after what was read in short and came before; gives what comes after them."""
        try:
            gathered = unpack(data)
        except InvalidInput as error:
            self._refuse(error)
            return briefs
        # To sort a few numbers that are nearly in order takes half the time of asking for the least and the greatest.
        times = sorted(gathered[3])
        if times[0] < now - OLDEST_S + _MARGIN_S or times[-1] > now + AHEAD_S - _MARGIN_S:
            gathered = self._timely(gathered, now)
        before = signals[-1] if signals and not briefs else None
        if isinstance(before, Gathered) and _are_alike(before, gathered):
            signals[-1] = before.and_then(gathered)
        else:
            signals += (briefs, gathered) if briefs else (gathered,)
        return []

    def _timely(self, gathered: Gathered, now: float) -> Gathered:
        """Those that may come from something that goes on."""
        chosen = []
        for i, signal in enumerate(signals_in(gathered)):
            try:
                check_timely(signal, now)
            except InvalidInput as error:
                self._refuse(error)
            else:
                chosen.append(i)
        return gathered.only(chosen)

    def _in_full(self, channel: str, data: bytes, at: float, signals: Signals, briefs: list[Brief]) -> list[Brief]:
        """Read one in full, after those in short that came before; those that come after it."""
        signal = self._read_in_full(channel, data, at)
        if signal is None:
            return briefs
        signals += (briefs, signal) if briefs else (signal,)
        return []

    def _are_fit(self, ids: tuple[str | None, ...]) -> bool:
        """Whether these may be ids: of session, event, person and message. Who reacts once will react again."""
        if not all(is_fit(each) for each in ids if each is not None):
            return False
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known.update(ids[:3], (None,))
        return True
