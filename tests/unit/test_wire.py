import math

import msgspec
import pytest

from conductor.domain.sessions import Phase, SessionType
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
)
from conductor.errors import InvalidInput
from conductor.wire import asks, dump_signal, parse_line, parse_profile, parse_signal, signal_line

COMMON = {"sessionId": "s1", "eventId": "e1", "timestamp": 100.0, "userId": "u1"}


def parsed(channel, **fields):
    return parse_signal(channel, COMMON | fields)


def refusal(channel, data, session_id="s", event_id="e", at=1.0):
    with pytest.raises(InvalidInput) as caught:
        parse_signal(channel, data, session_id=session_id, event_id=event_id, at=at)
    return caught.value.message


def line_refusal(line):
    with pytest.raises(InvalidInput) as caught:
        parse_line(line, session_id="s", event_id="e")
    return caught.value.message


def test_a_chat_message_keeps_who_when_and_what():
    signal = parsed("chat:message:new", messageId="m1", content="hello", author="host")
    assert signal[:5] == ("s1", "e1", 100.0, Kind.CHAT, "u1")
    assert (signal.amount, signal.author) == (1, Author.HOST)
    assert signal.detail == ChatDetail("m1", "hello", is_question=False)


def test_the_platform_knows_best_whether_a_message_is_a_question():
    assert parsed("chat:message:new", content="no?", isQuestion=False).detail == ChatDetail(None, "no?")
    assert parsed("chat:message:new", isQuestion=True).detail.is_question


def test_without_the_platforms_word_a_question_mark_decides():
    assert parsed("chat:message:new", content="which one?").detail.is_question
    assert not parsed("chat:message:new", content="see https://example.org/?page=2").detail.is_question


def test_a_question_in_the_chat_stays_a_chat_message():
    assert parsed("chat:message:new", isQuestion=True).kind is Kind.CHAT


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("join", Kind.JOIN),
        ("leave", Kind.LEAVE),
        ("heartbeat", Kind.HEARTBEAT),
        ("focus", Kind.FOCUS),
        ("blur", Kind.BLUR),
    ],
)
def test_presence_takes_its_session_from_the_name_of_the_channel(word, kind):
    data = {"type": word, "userId": "u1", "eventId": "e1", "timestamp": 5}
    signal = parse_signal("session:main:hall:presence", data, session_id="another")
    assert (signal.session_id, signal.kind) == ("main:hall", kind)


def test_a_join_says_whether_it_is_somebodys_first_session():
    join = parsed("session:s1:presence", type="join", isFirstSession=True)
    assert join.detail == JoinDetail(first_session=True)
    assert parsed("session:s1:presence", type="join").detail is None


def test_reactions_of_one_message_are_an_amount():
    signal = parsed("reaction:new", emoji="👏", count=7)
    assert (signal.kind, signal.amount, signal.detail) == (Kind.REACTION, 7, ReactionDetail("👏"))
    assert parsed("reaction:new", emoji="👏").amount == 1


def test_a_poll_of_the_agent_is_marked():
    opened = parsed("poll:opened", pollId="p", question="Which?", options=["a", "b"], createdBy="agent")
    assert opened.detail == PollDetail("p", "Which?", ("a", "b"), by_agent=True)
    assert not parsed("poll:opened", pollId="p", createdBy="host-3").detail.by_agent


def test_votes_and_closings_name_their_poll():
    vote = parsed("poll:vote:new", pollId="p", optionId="a")
    assert (vote.kind, vote.detail) == (Kind.VOTE, PollDetail("p", option_id="a"))
    assert parsed("poll:closed", pollId="p").kind is Kind.POLL_CLOSED


@pytest.mark.parametrize(
    ("channel", "kind"),
    [
        ("qna:question:new", Kind.QUESTION),
        ("qna:question:upvoted", Kind.UPVOTE),
        ("qna:question:answered", Kind.ANSWERED),
    ],
)
def test_what_happens_to_a_question_names_it(channel, kind):
    signal = parsed(channel, questionId="q1", content="why?")
    assert (signal.kind, signal.detail) == (kind, QuestionDetail("q1", "why?"))


def test_speech_has_words_and_seconds():
    signal = parsed("content:speech", words=40, duration_s=12.5)
    assert (signal.kind, signal.amount, signal.duration_s) == (Kind.SPEECH, 40, 12.5)


def test_the_speaker_says_where_the_session_is_and_whether_it_may_be_interrupted():
    assert parsed("content:phase", phase="qa").detail == PhaseDetail(Phase.QA, interruptible=True)
    assert parsed("content:phase", interruptible=False).detail == PhaseDetail(None, interruptible=False)


def test_a_start_brings_the_profile():
    profile = parsed(
        "session:started", title="Talk", type="panel", topics=["a"], startsAt="2026-01-15T10:00:00Z"
    ).detail.profile
    assert (profile.title, profile.type, profile.topics) == ("Talk", SessionType.PANEL, ("a",))
    assert profile.starts_at == 1_768_471_200.0


def test_a_source_speaks_for_all_of_its_sessions():
    signal = parse_signal("source:heartbeat", {"source": "zoom", "sessionIds": ["a", "b"], "timestamp": 3})
    assert signal[:5] == ("", "", 3.0, Kind.SOURCE_HEARTBEAT, None)
    assert signal.detail == HeartbeatDetail("zoom", ("a", "b"))


@pytest.mark.parametrize(
    "timestamp",
    [
        1_768_471_200,
        1_768_471_200.0,
        "2026-01-15T10:00:00Z",
        "2026-01-15T11:00:00+01:00",
        "2026-01-15T10:00:00",
    ],
)
def test_a_time_is_read_as_iso_8601_or_epoch_seconds(timestamp):
    assert parsed("content:slide", timestamp=timestamp).at == 1_768_471_200.0


def test_defaults_fill_in_what_the_message_leaves_out_and_nothing_else():
    filled = parse_signal("content:slide", b"{}", session_id="s", event_id="e", at=7.0)
    assert (filled.session_id, filled.event_id, filled.at) == ("s", "e", 7.0)
    kept = parse_signal("content:slide", COMMON, session_id="s", event_id="e", at=7.0)
    assert (kept.session_id, kept.event_id, kept.at) == ("s1", "e1", 100.0)


def test_unknown_fields_are_ignored():
    assert parsed("chat:message:new", colour="red", nested={"a": [1, {"b": None}]}).kind is Kind.CHAT


def test_fields_that_belong_to_other_channels_are_ignored():
    assert parsed("chat:message:new", words="many", options=5, type=[]).kind is Kind.CHAT


def test_what_is_null_is_as_good_as_left_out():
    nothing = {"messageId": None, "content": None, "isQuestion": None, "author": None}
    assert parsed("chat:message:new", **nothing).detail == ChatDetail()


@pytest.mark.parametrize(
    ("channel", "data", "said"),
    [
        ("poll:vote:new", {"pollId": "p"}, "poll:vote:new: field optionId is missing"),
        ("qna:question:new", {}, "qna:question:new: field questionId is missing"),
        ("session:s:presence", {"type": "join"}, "session:s:presence: field userId is missing"),
        ("session:s:presence", {"type": "nap", "userId": "u"}, "field type: invalid enum value 'nap'"),
        ("content:speech", {"duration_s": 3}, "content:speech: field words is missing"),
        ("reaction:new", {"count": 0}, "reaction:new: field count: expected `int` >= 1"),
        ("reaction:new", {"count": 10_001}, "field count: expected `int` <= 10000"),
        ("reaction:new", {"count": -4}, "field count"),
        ("content:speech", {"words": -1}, "field words"),
        ("content:speech", {"words": 1, "duration_s": math.nan}, "field duration_s"),
        ("chat:message:new", {"userId": ""}, "field userId: expected `str` of length >= 1"),
        ("chat:message:new", {"userId": "x" * 201}, "field userId: expected `str` of length <= 200"),
        ("chat:message:new", {"userId": 7}, "field userId: expected `str | null`, got `int`"),
        ("chat:message:new", {"content": "half \ud800"}, "not UTF-8"),
        ("chat:message:new", {"timestamp": math.inf}, "finite seconds"),
        ("chat:message:new", {"timestamp": math.nan}, "finite seconds"),
        ("chat:message:new", {"timestamp": -1}, "finite seconds"),
        ("chat:message:new", {"timestamp": 1_768_471_200_000}, "not milliseconds"),
        ("chat:message:new", {"timestamp": "yesterday"}, "field timestamp: invalid RFC3339"),
        ("session:started", {"type": "party"}, "field type: invalid enum value 'party'"),
        ("session::presence", {"type": "join", "userId": "u"}, "1 to 200 characters"),
        ("session:" + "x" * 201 + ":presence", {"type": "join", "userId": "u"}, "1 to 200 characters"),
        ("session:presence", {"type": "join", "userId": "u"}, "1 to 200 characters"),
        ("chat:message:old", {}, "no channel 'chat:message:old'; known are chat:message:new"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_field_and_the_reason(channel, data, said):
    assert said in refusal(channel, data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"),
        (b"[]", "expected `object`, got `array`"),
        (b'{"userId": "u1"', "not JSON"),
        (b'{"content": "\xff"}', "not UTF-8"),
        (b'{"content": "\\ud800"}', "not JSON"),
        (b'{"anything": ' + b"[" * 200_000, "nested too deeply"),
        (b'{"timestamp": 1e999}', "field timestamp"),
        (b"\x89PNG\r\n\x1a\n\x00", "not JSON"),
    ],
)
def test_bytes_that_are_no_message_are_refused(data, said):
    assert said.lower() in refusal("chat:message:new", data).lower()


@pytest.mark.parametrize(
    ("missing", "said"),
    [("session_id", "sessionId"), ("event_id", "eventId"), ("at", "timestamp")],
)
def test_a_common_field_that_nobody_gives_is_missed(missing, said):
    assert refusal("content:slide", {}, **{missing: None}) == f"content:slide: field {said} is missing"


def test_a_line_counts_from_the_start_of_its_recording():
    line = b'{"t": 2.5, "channel": "content:slide", "data": {"timestamp": 999}}'
    assert parse_line(line, session_id="s", event_id="e").at == 2.5
    assert parse_line(line, session_id="s", event_id="e", start=1000.0).at == 1002.5


def test_a_line_without_t_has_the_time_of_its_body():
    line = b'{"channel": "session:s:presence", "data": {"type": "join", "userId": "u", "timestamp": 50}}'
    signal = parse_line(line, event_id="e")
    assert (signal.session_id, signal.at) == ("s", 50.0)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"t": 1, "data": {}}', "line: field channel is missing"),
        (b'{"t": 1, "channel": "content:slide"}', "line: field data is missing"),
        (b'{"t": -1, "channel": "content:slide", "data": {}}', "line: field t: expected `float` >= 0.0"),
        (b'{"t": 1e12, "channel": "content:slide", "data": {}}', "finite seconds"),
        (b'{"t": 1, "channel": "content:slide", "data": {}} trailing', "line: not JSON"),
        (b'{"channel": "content:slide", "data": {}}', "content:slide: field timestamp is missing"),
        (b'{"t": 1, "channel": "content:slide", "data": []}', "content:slide: expected `object`"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_with_its_reason(line, said):
    assert said.lower() in line_refusal(line).lower()


def test_dumping_writes_the_fields_of_the_contract():
    vote = Signal("s1", "e1", 100.0, Kind.VOTE, "u1", detail=PollDetail("p", option_id="a"))
    assert dump_signal(vote) == ("poll:vote:new", COMMON | {"pollId": "p", "optionId": "a"})
    assert dump_signal(Signal("s1", "e1", 1.0, Kind.LEAVE, "u1"))[0] == "session:s1:presence"


def test_a_written_line_is_short_and_ends():
    line = signal_line(Signal("s1", "e1", 103.25, Kind.SLIDE), start=100.0)
    assert line == b'{"t":3.25,"channel":"content:slide","data":{}}\n'


def test_a_refusal_is_one_short_line_that_names_the_field_whatever_was_sent():
    message = refusal("session:started", {"type": "\x1b[31m\n" + "x" * 100_000})
    assert message.isprintable()
    assert message.startswith("session:started: field type: invalid enum value")
    assert len(message) < 400
    assert len(refusal("chat:" + "x" * 100_000, {})) < 1000


def test_a_profile_beside_a_recording_is_read_and_refused_like_a_message():
    assert parse_profile(b'{"title": "Call", "type": "panel", "date": "ignored"}').title == "Call"
    with pytest.raises(InvalidInput, match="session profile: field topics"):
        parse_profile(b'{"topics": "one, two"}')


def test_question_marks_in_links_do_not_ask():
    assert asks("what? https://example.org")
    assert not asks("https://example.org/?q=1")
    assert not asks("no")


def test_the_body_of_any_channel_may_come_as_bytes_text_or_dict():
    data = COMMON | {"pollId": "p", "optionId": "a"}
    as_bytes = msgspec.json.encode(data)
    assert parse_signal("poll:vote:new", as_bytes) == parse_signal("poll:vote:new", data)
    assert parse_signal("poll:vote:new", as_bytes.decode()) == parse_signal("poll:vote:new", data)
