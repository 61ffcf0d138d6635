"""Signals that are read and received in short, or as columns, have the same effect as in full, one by one."""

from dataclasses import fields, is_dataclass

import msgspec
import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.rooms import START, wild

from conductor.domain.bus import Kept
from conductor.domain.learned import Learned
from conductor.domain.signals import (
    Author,
    ChatDetail,
    Gathered,
    JoinDetail,
    Kind,
    PollDetail,
    QuestionDetail,
    ReactionDetail,
    Signal,
    in_full,
    signal_of,
    signals_in,
)
from conductor.duty.inlet import Sieve, signals_of
from conductor.loop import Loop, LoopParams
from conductor.perceive.snapshot import snapshot
from conductor.wire import dump_signal
from conductor.wire.columns import COLUMNS, pack, unpack
from conductor.wire.entries import one_by_one as read_one_by_one
from conductor.wire.entries import signals_entry

NOW = START
SESSIONS = ("s1", "s2", "s3")
PRESENCE = (Kind.JOIN, Kind.LEAVE, Kind.HEARTBEAT, Kind.FOCUS, Kind.BLUR)
IN_SHORT = (Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION)

refs = st.sampled_from(["m1", "m2", "m3"]) | st.uuids().map(str)
polls, options = st.sampled_from(["p1", "p2"]), st.sampled_from(["a", "b", "c", "c", None, ""])
people = st.sampled_from(["u1", "u2", "u3", None])
texts = st.none() | st.sampled_from(["so?", "https://a.b/?c=d", "thanks", "🎉", ""])
moments = st.floats(-400.0, 20.0).map(lambda s: NOW + s) | st.just(NOW + 3.0)


@st.composite
def signals(draw):
    """Anything that is mostly said in short, and now and then something that is not."""
    kind = draw(
        st.sampled_from([*IN_SHORT * 3, *PRESENCE, Kind.VOTE, Kind.VOTE, Kind.POLL_OPENED, Kind.SLIDE, Kind.ENDED])
    )
    detail, amount, author = None, 1, Author.ATTENDEE
    if kind is Kind.CHAT:
        detail = ChatDetail(draw(st.none() | refs), draw(texts), draw(st.booleans()))
    elif kind in (Kind.QUESTION, Kind.UPVOTE):
        detail = QuestionDetail(draw(refs), draw(texts))
    elif kind is Kind.REACTION:
        detail, amount = ReactionDetail(draw(st.sampled_from(["👍", "x", ""]))), draw(st.integers(1, 9))
    elif kind in (Kind.VOTE, Kind.POLL_OPENED):
        detail = PollDetail(draw(polls), option_id=draw(options), by_agent=draw(st.booleans()))
    elif kind is Kind.JOIN:
        detail = draw(st.sampled_from([None, JoinDetail(True), JoinDetail(False)]))
    if kind in (Kind.CHAT, Kind.QUESTION):
        author = draw(st.sampled_from([Author.ATTENDEE] * 4 + list(Author)))
    user = draw(people) if kind in (*IN_SHORT, Kind.VOTE) else draw(st.sampled_from(["u1", "u2", "u3"]))
    return Signal(draw(st.sampled_from(SESSIONS)), "event", draw(moments), kind, user, amount, author, detail=detail)


ODD = st.sampled_from(
    [
        None,
        0,
        1,
        -1,
        5,
        10_001,
        1.5,
        True,
        "",
        "x",
        "x" * 201,
        "a\nb",
        "a\x7fb",
        "ä\x85",
        "😀",
        "bot",
        [],
        {},
        "2023-11-14",
    ]
)
NAMES = ("sessionId", "eventId", "timestamp", "userId", "messageId", "emoji", "questionId", "content", "isQuestion")
CHANGES = st.dictionaries(st.sampled_from((*NAMES, "count", "author", "type")), ODD, max_size=2)
EDGES = st.sampled_from([86_400.0, 86_399.5, 86_401.0, -600.0, -599.5, -601.0, 0.0]).map(lambda s: NOW - s)
GARBAGE = st.sampled_from(
    [
        b"{},{}",
        b"",
        b"{",
        b"[]",
        b"1],[2",
        b"null",
        b"\xff",
        b'{"sessionId":"s1"',
        b'{"a":' * 2000,
        b'{"emoji":"\\ud83d"}',
    ]
)
CHANNELS = ("chat:message:new", "reaction:new", "qna:question:new", "qna:question:upvoted", "nonsense")


@st.composite
def messages(draw):
    """A channel and a body: mostly as they should be, some with a field that is odd or gone, some no JSON."""
    channel, body = dump_signal(draw(signals()))
    how = draw(st.sampled_from(["whole", "whole", "odd", "edge", "gone", "elsewhere", "garbage"]))
    if how == "odd":
        body |= draw(CHANGES)
    elif how == "edge":
        body["timestamp"] = draw(EDGES)
    elif how == "gone":
        body.pop(draw(st.sampled_from(NAMES)), None)
    elif how == "elsewhere":
        channel = draw(st.sampled_from(CHANNELS))
    return channel, draw(GARBAGE) if how == "garbage" else msgspec.json.encode(body)


def entry(pairs):
    return Kept("signals:s1", [name for name, _ in pairs], [body for _, body in pairs], NOW, "1-0")


def whole(part):
    if isinstance(part, Gathered):
        return signals_in(part)
    return [signal_of(brief) for brief in part] if isinstance(part, list) else [part]


def counted(sieve):
    return sieve.accepted, sieve.rejected, sieve._unsaid


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


def as_kept(written):
    return Kept(
        written.stream, [name for name, _ in written.fields], [value for _, value in written.fields], NOW, "1-0"
    )


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
    for part in parts:
        run.receive(part)
        assert not part.kinds or unpack(packed)

    assert sieve.accepted == sum(len(part.kinds) for part in parts)
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


def test_of_a_stretch_in_short_questions_and_upvotes_are_said_in_full_for_their_wording():
    asked = ("s1", "event", NOW, Kind.QUESTION, "u1", 1, "q1", "why?", False)
    stretch = [("s1", "event", NOW, Kind.CHAT, "u1", 1, "m1", "hello", False), asked]

    assert in_full(stretch, (Kind.QUESTION, Kind.UPVOTE)) == [signal_of(asked)]


def loop():
    return Loop(LoopParams(), Learned(), np.random.default_rng(1), START)


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
