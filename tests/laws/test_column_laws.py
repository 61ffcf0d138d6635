"""Signals that are written together are read as if each were written by itself, and what goes bad breaks nothing."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.signal_examples import EDGES, GARBAGE, IN_SHORT, NOW, ODD, as_kept, counted, entry, loop, signals, whole

from conductor.domain.signals import (
    Gathered,
    Kind,
    Signal,
)
from conductor.duty.inlet import Sieve, signals_of
from conductor.wire import dump_signal
from conductor.wire.columns import COLUMNS, pack, unpack
from conductor.wire.entries import one_by_one as read_one_by_one
from conductor.wire.entries import signals_entry

odd_signals = (
    signals()
    | st.builds(
        lambda signal, change: signal._replace(**change),
        signals(),
        st.sampled_from(
            [
                {"at": -1.0},
                {"at": float("nan")},
                {"at": NOW + 700.0},
                {"user_id": "a\nb"},
                {"user_id": "\x7f"},
                {"user_id": ""},
                {"user_id": None},
                {"user_id": "x" * 201},
                {"amount": 0},
                {"amount": 10_001},
                {"event_id": "other"},
                {"event_id": ""},
                {"detail": None},
            ]
        ),
    )
    | st.builds(lambda signal, at: signal._replace(at=at), signals(), EDGES)
)


@given(st.lists(odd_signals, max_size=12) | st.lists(signals(), min_size=4, max_size=30), st.integers(4, 30))
def test_what_is_written_together_is_read_as_if_each_were_written_by_itself(batch, cut):
    batch = [each._replace(session_id="s1") for each in batch]
    pairs = [(name, msgspec.json.encode(body)) for name, body in map(dump_signal, batch)]
    together, by_itself = Sieve(lambda: NOW), Sieve(lambda: NOW)
    entries = [as_kept(signals_entry("s1", batch[i : i + cut])) for i in range(0, len(batch), cut)]

    read = [signal for parts in signals_of(entries, together) for part in parts for signal in whole(part)]
    one_by_one = [by_itself.read(name, body, NOW) for name, body in pairs]

    assert read == [signal for signal in one_by_one if signal is not None]
    assert counted(together) == counted(by_itself)
    shown = [pair for kept in entries for pair in read_one_by_one(kept)]
    assert [by_itself.read(name, body, NOW) for name, body in shown] == one_by_one


@given(st.lists(signals(), min_size=4, max_size=12), st.data())
def test_columns_that_do_not_fit_are_counted_open_nothing_and_break_nothing(batch, data):
    common = [each for each in batch if each.kind in IN_SHORT] or [Signal("s1", "event", NOW, Kind.REACTION)]
    columns = msgspec.msgpack.decode(pack([each._replace(session_id="s1") for each in common]) or b"\xc0") or [None] * 9
    place = data.draw(st.integers(0, 8))
    how = data.draw(st.sampled_from(["odd", "shorter", "odd inside", "cut", "garbage"]))
    if how == "odd":
        columns[place] = data.draw(ODD)
    elif how == "shorter" and isinstance(columns[place], list | bytes):
        columns[place] = columns[place][1:]
    elif how == "odd inside" and isinstance(columns[place], list):
        columns[place][0] = data.draw(ODD)
    elif how == "odd inside" and isinstance(columns[place], bytes):
        columns[place] = bytes([data.draw(st.integers(0, 255))]) + columns[place][1:]
    packed = msgspec.msgpack.encode(columns)
    packed = packed[:-1] if how == "cut" else data.draw(GARBAGE) if how == "garbage" else packed
    sieve, run = Sieve(lambda: NOW), loop()

    (parts,) = signals_of([entry([(COLUMNS, packed)])], sieve)
    columns = [part for part in parts if isinstance(part, Gathered)]
    assert len(columns) == len(parts)
    for part in columns:
        run.receive(part)
        assert not part.kinds or unpack(packed)

    assert sieve.accepted == sum(len(part.kinds) for part in columns)
    assert sieve.accepted + sieve.rejected > 0
    if sieve.accepted == 0:
        assert run.advance(run.next_tick_at) == []


def test_columns_that_do_not_fit_say_why():
    sieve = Sieve(lambda: NOW)
    whole_ones = ("s1", "event", b"\x03", [NOW], ["u1"], [1], ["x"], [None], b"\0")
    for place, odd in ((2, b"\x07"), (3, [NOW, NOW]), (4, ["x" * 201]), (5, [0]), (8, b"\x09"), (2, b"\x05")):
        columns = [*whole_ones]
        columns[place] = odd
        if odd == b"\x05":
            columns[4] = [None]
        list(signals_of([entry([(COLUMNS, msgspec.msgpack.encode(columns))])], sieve))
    list(signals_of([entry([(COLUMNS, b"\xc1")])], sieve))

    assert list(sieve._unsaid) == [
        "columns: a kind or a mark that does not stand in columns",
        "columns: they are not of one length",
        "columns: field users[0]: expected `str` of length <= 200",
        "columns: field amounts[0]: expected `int` >= 1",
        "columns: a signal of kind 5 without its id",
        "columns: not msgpack",
    ]
