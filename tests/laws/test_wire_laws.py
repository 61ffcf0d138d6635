"""Laws of the edge where signals come in."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.domain.signals import (
    Author,
    ChatDetail,
    HeartbeatDetail,
    JoinDetail,
    Kind,
    PhaseDetail,
    PollDetail,
    QuestionDetail,
    ReactionDetail,
    Signal,
    StartDetail,
)
from conductor.errors import InvalidInput
from conductor.wire import dump_signal, parse_line, parse_signal, signal_line

text = st.text(st.characters(codec="utf-8"), max_size=30)
kept = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
ids = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=30)
moments = st.floats(0, 4e9)
texts = st.lists(text, max_size=3).map(tuple)
profiles = st.builds(
    SessionProfile,
    title=kept,
    description=kept,
    type=st.sampled_from(SessionType),
    topics=st.lists(kept, max_size=3).map(tuple),
    speaker=kept,
    starts_at=st.none() | moments,
    ends_at=st.none() | moments,
)
questions = st.builds(QuestionDetail, ids, st.none() | text)
polls = st.builds(PollDetail, ids)
DETAILS = {
    Kind.CHAT: st.builds(ChatDetail, st.none() | ids, st.none() | text, st.booleans()),
    Kind.QUESTION: questions,
    Kind.UPVOTE: questions,
    Kind.ANSWERED: questions,
    Kind.REACTION: st.none() | st.builds(ReactionDetail, text),
    Kind.JOIN: st.none() | st.builds(JoinDetail, st.booleans()),
    Kind.VOTE: st.builds(PollDetail, ids, option_id=ids),
    Kind.POLL_OPENED: st.builds(PollDetail, ids, st.none() | text, texts, by_agent=st.booleans()),
    Kind.POLL_CLOSED: polls,
    Kind.PHASE: st.builds(PhaseDetail, st.none() | st.sampled_from(Phase), st.booleans()),
    Kind.STARTED: st.builds(StartDetail, profiles),
    Kind.SOURCE_HEARTBEAT: st.builds(HeartbeatDetail, ids, st.lists(ids, max_size=3).map(tuple)),
}
PRESENCE = {Kind.JOIN, Kind.LEAVE, Kind.HEARTBEAT, Kind.FOCUS, Kind.BLUR}
AUTHORED = {Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.ANSWERED}


@st.composite
def signals(draw):
    """Any signal that can come in."""
    kind = draw(st.sampled_from(Kind))
    amount, duration_s = 1, 0.0
    if kind is Kind.SPEECH:
        amount, duration_s = draw(st.integers(0, 10_000)), draw(st.floats(0, 86_400))
    elif kind is Kind.REACTION:
        amount = draw(st.integers(1, 10_000))
    return Signal(
        session_id=draw(ids),
        event_id=draw(ids),
        at=draw(moments),
        kind=kind,
        user_id=draw(ids if kind in PRESENCE else st.none() | ids),
        amount=amount,
        author=draw(st.sampled_from(Author)) if kind in AUTHORED else Author.ATTENDEE,
        duration_s=duration_s,
        detail=draw(DETAILS.get(kind, st.none())),
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
CHANNELS = [dump_signal(Signal("s", "e", 0.0, kind, "u"))[0] for kind in Kind]
FIELDS = [
    *("sessionId", "eventId", "timestamp", "userId", "type", "pollId", "optionId", "questionId", "emoji"),
    *("count", "words", "duration_s", "phase", "interruptible", "title", "topics", "source", "sessionIds"),
    *("messageId", "content", "isQuestion", "author", "options", "createdBy", "startsAt", "isFirstSession"),
]


@given(signals())
def test_a_signal_that_is_dumped_and_parsed_is_the_same(signal):
    channel, data = dump_signal(signal)
    assert parse_signal(channel, data) == signal
    assert parse_signal(channel, msgspec.json.encode(data)) == signal


@given(signals(), st.integers(0, 604_800_000))
def test_a_signal_written_to_a_line_comes_back_to_the_millisecond(signal, t_ms):
    start = float(round(signal.at))
    written = signal._replace(at=start + t_ms / 1000)
    read = parse_line(signal_line(written, start), session_id=signal.session_id, event_id=signal.event_id, start=start)
    assert abs(read.at - written.at) < 0.001
    assert read._replace(at=written.at) == written


@given(st.sampled_from(CHANNELS), st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=8))
def test_any_body_is_either_a_signal_within_bounds_or_refused(channel, data):
    try:
        signal = parse_signal(channel, data, session_id="s", event_id="e", at=0.0)
    except InvalidInput as error:
        refused = error.message
    else:
        refused = ""
        assert 0 <= signal.at <= 1e11
        assert 0 <= signal.amount <= 10_000
        assert len(signal.session_id) <= 200
        msgspec.json.encode(dump_signal(signal)[1])
    assert refused.isprintable()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_signal_or_refused(line):
    try:
        parse_line(line, session_id="s", event_id="e")
    except InvalidInput as error:
        refused = error.message
    else:
        refused = ""
    assert refused.isprintable()
