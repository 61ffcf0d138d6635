"""What holds for every line of chat that a model may read, whatever people wrote."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from conductor.act.people import People
from conductor.act.redact import ID_MIN, LINE_MAX, LINES_MAX, MARKS, redact, redacted
from conductor.act.traces import EMAIL, HANDLE, LINK, LONG_NUMBER, holds_phone
from conductor.act.wording import readable

MARK = re.compile("|".join(map(re.escape, MARKS)))
NAMES = ["Ada Lovelace", "Will", "Link", "愛子", "José", "De La Cruz"]
IDS = ["u-4711", "0190b2f0-7c3e", "ada", "chat.user_9"]

pieces = st.sampled_from(
    [
        *NAMES,
        *IDS,
        *MARKS,
        "ada@example.org",
        "@ada",
        "@",
        "+49 (0)30 123 456-78",
        "4111 1111 1111 1111",
        "192.168.0.1",
        "2001:db8::ff00:42:8329",
        "https://example.org/a?b=c#d",
        "example.com",
        "ada at",
        "2015-2024",
        "C++",
        "std::array",
        ". ",
        ", ",
        " ",
        "\u200d",
        "\ue000",
        "\u2028",
        "\x00",
        "[na",
        "me]",
        "x" * 150,
    ]
)
lines = st.lists(st.text(max_size=8) | pieces, max_size=12).map("".join) | st.lists(pieces, max_size=40).map(" ".join)


@example("ﷺ" * 300)
@example("@[name]@x.org ada@example.org")
@given(lines)
def test_nothing_is_left_that_leads_to_anybody(line):
    clean = redacted(line, names=NAMES, ids=IDS)
    bare = MARK.sub("…", clean)
    for pattern in (EMAIL, HANDLE, LINK, LONG_NUMBER):
        assert not pattern.search(bare)
    assert not holds_phone(bare)
    assert not People.named(NAMES).are_named_in(bare)
    for user_id in (each for each in IDS if len(each) >= ID_MIN):
        assert not re.search(rf"(?<!\w){re.escape(user_id)}(?!\w)", bare, re.IGNORECASE)


@example("[link]" * 200)
@given(lines)
def test_redacting_again_changes_nothing(line):
    clean = redacted(line, names=NAMES, ids=IDS)
    assert redacted(clean, names=NAMES, ids=IDS) == clean


@given(lines)
def test_a_line_is_short_and_everything_in_it_can_be_seen(line):
    clean = redacted(line, names=NAMES, ids=IDS)
    assert len(MARK.sub("…", clean)) <= LINE_MAX
    assert clean.isprintable()
    assert clean == " ".join(clean.split())
    assert readable(clean) == clean


@given(st.lists(lines, max_size=2 * LINES_MAX))
def test_a_model_gets_the_last_lines_in_their_order(said):
    every = [redacted(line, names=NAMES, ids=IDS) for line in said]
    assert redact(said, names=NAMES, ids=IDS) == tuple(line for line in every[-LINES_MAX:] if line)


@given(st.lists(st.sampled_from(["how", "do", "you", "store", "events", "and", "why"]), max_size=20).map(" ".join))
def test_what_leads_to_nobody_stays_as_it_was_written(line):
    assert redacted(line, names=["Ada Lovelace"], ids=IDS) == line
