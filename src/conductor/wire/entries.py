"""What an entry of a stream of signals holds: busy stretches as columns, all else as a channel with its JSON body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from conductor.domain.bus import SIGNALS, SIGNALS_KEPT, Entry, Kept
from conductor.domain.signals import Signal, signals_in
from conductor.wire.columns import COLUMNS, is_common, pack, unpack
from conductor.wire.reading import json_bytes
from conductor.wire.rooms import Note, dump_note
from conductor.wire.signals import dump_signal

FEW = 4
"""Fewer than this are written one by one: they are read as fast so, and by people too."""

MOST = 1_000
"""More than this are written as several columns, so that one that goes bad takes few with it."""

Field = tuple[str, bytes]


def signals_entry(session_id: str, kept: Iterable[Signal | Note]) -> Entry:
    """The entry that keeps signals of a session, and notes of its room, in their order."""
    return Entry(SIGNALS + session_id, tuple(_fields(kept)), SIGNALS_KEPT)


def one_by_one(kept: Kept) -> Iterator[Field]:
    """Everything that an entry holds as channels with JSON bodies, as a person or another program reads it.

    Raises:
        InvalidInput: Columns in it do not fit.
    """
    for name, value in kept.fields:
        if name == COLUMNS:
            yield from map(_single, signals_in(unpack(value)))
        else:
            yield name, value


def _fields(kept: Iterable[Signal | Note]) -> Iterator[Field]:
    for event_id, stretch in groupby(kept, _gathered_with):
        together = list(stretch)
        for start in range(0, len(together), MOST):
            some = together[start : start + MOST]
            signals = [each for each in some if isinstance(each, Signal)]
            packed = None if event_id is None or len(some) < FEW else pack(signals)
            if packed is None:
                yield from map(_single, some)
            else:
                yield COLUMNS, packed


def _gathered_with(each: Signal | Note) -> str | None:
    """The event with whose signals this can be gathered; None if it stands by itself."""
    return each.event_id if isinstance(each, Signal) and is_common(each) else None


def _single(each: Signal | Note) -> Field:
    channel, body = dump_signal(each) if isinstance(each, Signal) else dump_note(each)
    return channel, json_bytes(body)
