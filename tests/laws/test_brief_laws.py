"""Signals that are read and received in short, or as columns, have the same effect as in full, one by one."""

from dataclasses import fields, is_dataclass

import msgspec
import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.rooms import START, wild
from tests.signal_examples import (
    NOW,
    SESSIONS,
    as_kept,
    counted,
    entry,
    loop,
    messages,
    signals,
    whole,
)

from conductor.domain.signals import (
    Brief,
    ChatDetail,
    Kind,
    QuestionDetail,
    ReactionDetail,
    Signal,
    in_full,
    signal_of,
)
from conductor.duty.inlet import Sieve, signals_of
from conductor.perceive.snapshot import snapshot
from conductor.wire import dump_signal
from conductor.wire.entries import signals_entry


@given(st.lists(st.lists(messages(), max_size=8).map(entry), max_size=6))
def test_what_is_read_in_short_is_what_is_read_in_full(entries):
    short, full = Sieve(lambda: NOW), Sieve(lambda: NOW)

    read = [signal for parts in signals_of(entries, short) for part in parts for signal in whole(part)]
    one_by_one = [full.read(name, body, kept.at) for kept in entries for name, body in kept.fields]

    assert read == [signal for signal in one_by_one if signal is not None]
    assert counted(short) == counted(full)


def test_a_body_cannot_spill_into_the_next():
    body = b'{"sessionId":"s1","eventId":"e","timestamp":%d,"content":"' % NOW
    halves = entry([("chat:message:new", body), ("chat:message:new", b'"}'), ("chat:message:new", body + b'"}')])
    sieve = Sieve(lambda: NOW)

    (parts,) = signals_of([halves], sieve)

    assert [signal.detail.content for part in parts for signal in whole(part)] == [""]
    assert (sieve.accepted, sieve.rejected) == (1, 2)


def test_most_of_what_a_busy_stream_holds_is_read_in_short():
    chat = Signal("s1", "event", NOW, Kind.CHAT, "u1", detail=ChatDetail("m1", "hello?", is_question=True))
    each = (chat, chat._replace(kind=Kind.REACTION, detail=ReactionDetail("👍")))
    asked = (chat._replace(kind=Kind.QUESTION, detail=QuestionDetail("q1", "why?")),)
    pairs = [(name, msgspec.json.encode(body)) for name, body in map(dump_signal, each + asked)]

    (parts,) = signals_of([entry(pairs)], Sieve(lambda: NOW))

    assert [whole(part) for part in parts] == [[*each, *asked]]
    assert isinstance(parts[0], list)


def test_of_a_stretch_in_short_questions_and_upvotes_are_said_in_full_for_their_wording():
    asked: Brief = ("s1", "event", NOW, Kind.QUESTION, "u1", 1, "q1", "why?", False)
    stretch: list[Brief] = [("s1", "event", NOW, Kind.CHAT, "u1", 1, "m1", "hello", False), asked]

    assert in_full(stretch, (Kind.QUESTION, Kind.UPVOTE)) == [signal_of(asked)]


def plain(value):
    """Anything as lists and numbers, so that arrays compare as well."""
    if is_dataclass(value):
        return [(each.name, plain(getattr(value, each.name))) for each in fields(value)]
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return [(key, plain(each)) for key, each in value.items()]
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def state(run):
    """Everything that a loop knows of its sessions, to the bit."""
    perception = run._perception
    names = sorted(facts.session_id for facts in perception.rooms.facts.values())
    return repr([perception.duplicates, perception.late, *(plain(snapshot(perception, name)) for name in names)])


def shortened(batch):
    """The batch as it is read from an entry; what rooms never say, such as a vote for nothing, is dropped."""
    pairs = [(name, msgspec.json.encode(body)) for name, body in map(dump_signal, batch)]
    (parts,) = signals_of([entry(pairs)], Sieve(lambda: NOW))
    return parts


def gathered(batch):
    """The batch as it is read from entries as they are written, a few a session."""
    said = [[each for each in batch if each.session_id == name] for name in SESSIONS]
    entries = [as_kept(signals_entry(own[0].session_id, own[i : i + 5])) for own in said for i in range(0, len(own), 5)]
    return [part for parts in signals_of(entries, Sieve(lambda: NOW)) for part in parts]


def receive(batch, together, one_by_one, as_read):
    for part in as_read(batch):
        together.receive(part)
        for each in whole(part):
            one_by_one.receive(each)


def assert_same(batches, as_read):
    """Both ways say and know the same, whatever comes together and wherever ticks end."""
    together, one_by_one = loop(), loop()
    for batch in batches:
        receive(batch, together, one_by_one, as_read)
        assert together.advance(together.next_tick_at) == one_by_one.advance(one_by_one.next_tick_at)
    receive([each for batch in batches for each in batch], together, one_by_one, as_read)
    # With what still waits for its tick, and much of it heard before.
    assert state(together) == state(one_by_one)


ways = st.sampled_from([shortened, gathered])


@settings(max_examples=80, phases=(Phase.explicit, Phase.generate))
@given(st.lists(st.lists(signals(), max_size=25), max_size=4), ways)
def test_what_is_received_in_short_has_the_effect_of_what_is_received_in_full(batches, as_read):
    assert_same(batches, as_read)


@settings(max_examples=6, phases=(Phase.explicit, Phase.generate))
@given(st.integers(0, 2**32 - 1), st.randoms(use_true_random=False), ways)
def test_whole_sessions_received_in_short_are_as_those_received_in_full(seed, chance, as_read):
    script = sorted((s for i, name in enumerate(SESSIONS) for s in wild(name, seed + i, 120.0)), key=lambda s: s.at)
    numbered = [_with_id(s, chance.randrange(200)) for s in script if s.kind is not Kind.POLL_OPENED or s.detail]
    ticks = [[s for s in numbered if START + 5.0 * i <= s.at < START + 5.0 * (i + 1)] for i in range(24)]
    for tick in ticks:
        chance.shuffle(tick)

    assert_same(ticks, as_read)


def _with_id(each, number):
    """As on the bus, where messages and questions have ids, some of them twice."""
    if each.kind is Kind.CHAT:
        asks = each.detail is not None and each.detail.is_question
        return each._replace(detail=ChatDetail(f"m{number}", None, asks))
    if each.kind in (Kind.QUESTION, Kind.UPVOTE):
        return each._replace(detail=QuestionDetail(f"q{number}"))
    return each
