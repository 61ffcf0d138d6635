"""Signals of all common kinds, well made and not, and entries of streams that hold them."""

import msgspec
import numpy as np
from hypothesis import strategies as st
from tests.rooms import START

from conductor.domain.bus import Kept
from conductor.domain.learned import Learned
from conductor.domain.signals import (
    Author,
    ChatDetail,
    Detail,
    Gathered,
    JoinDetail,
    Kind,
    PollDetail,
    QuestionDetail,
    ReactionDetail,
    Signal,
    signal_of,
    signals_in,
)
from conductor.loop import Loop, LoopParams
from conductor.wire import dump_signal

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
    detail: Detail | None = None
    amount, author = 1, Author.ATTENDEE
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


ODD: st.SearchStrategy[object] = st.sampled_from(
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


def as_kept(written):
    return Kept(
        written.stream, [name for name, _ in written.fields], [value for _, value in written.fields], NOW, "1-0"
    )


def loop():
    return Loop(LoopParams(), Learned(), np.random.default_rng(1), START)
