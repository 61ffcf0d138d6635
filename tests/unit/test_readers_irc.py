from collections import Counter
from pathlib import Path

import pytest

from conductor.connectors.recordings import read_recording
from conductor.domain.signals import Author, ChatDetail, Kind

DATA = Path(__file__).parents[1] / "data"


def log_of(tmp_path, text):
    path = tmp_path / "log.txt"
    path.write_text(text, encoding="utf-8")
    return read_recording(path)


def test_a_dated_log_has_messages_joins_and_leaves():
    log = read_recording(DATA / "irc-dated.txt")
    assert log.format == "irc"
    assert [(each.at, each.kind, each.user_id) for each in log.signals[1:]] == [
        (0.0, Kind.CHAT, "mara"),
        (4.0, Kind.JOIN, "jonas"),
        (9.0, Kind.CHAT, "jonas"),
        (60.0, Kind.CHAT, "mara"),
        (90.0, Kind.LEAVE, "jonas"),
    ]
    assert log.duration_s == 90.0


def test_what_is_said_is_kept_with_its_question_mark():
    signals = read_recording(DATA / "irc-dated.txt").signals
    chat = [each.detail for each in signals if isinstance(each.detail, ChatDetail)]
    assert [each.content for each in chat] == ["good morning", "is this the meeting?", "nods"]
    assert [each.is_question for each in chat] == [False, True, False]


def test_a_line_without_a_time_is_told_and_a_notice_is_no_loss():
    assert read_recording(DATA / "irc-dated.txt").losses == ("line 7: a line without a time",)


def test_a_log_without_dates_passes_midnight():
    log = read_recording(DATA / "irc-undated.txt")
    assert [each.at for each in log.signals[1:]] == [0.0, 109.0, 115.0, 150.0, 170.0]


def test_a_person_with_a_new_nick_is_the_same_person():
    log = read_recording(DATA / "irc-undated.txt")
    assert Counter(each.user_id for each in log.signals[1:]) == {"mara": 1, "pia": 4}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("[10:00] <@mara> hello", Kind.CHAT),
        ("10:00 <+mara> hello", Kind.CHAT),
        ("2026-01-15T10:00:00Z <mara> hello", Kind.CHAT),
        ("2026-01-15 10:00:00 <mara>", Kind.CHAT),
        ("10:00 * mara has joined #talk", Kind.JOIN),
        ("[10:00:00] *** Joins: mara (~m@host.example)", Kind.JOIN),
        ("10:00:00 --> mara (~m@host.example) has joined #talk", Kind.JOIN),
        ("10:00:00 --> mara joined", Kind.JOIN),
        ("10:00:00 <-- mara (~m@host.example) has quit (Quit: bye)", Kind.LEAVE),
        ("10:00:00 -!- mara [~m@host.example] has left #talk [bye]", Kind.LEAVE),
        ("[10:00:00] *** Quits: mara (~m@host.example)", Kind.LEAVE),
        ("[10:00:00] ← mara left", Kind.LEAVE),
        ("10:00 * mara was kicked by op", Kind.LEAVE),
    ],
)
def test_the_dialects_of_common_clients_are_read(tmp_path, line, kind):
    signal = log_of(tmp_path, line + "\n").signals[1]
    assert (signal.kind, signal.user_id) == (kind, "mara")


def test_a_bot_of_the_channel_is_not_a_person(tmp_path):
    log = log_of(tmp_path, "10:00 <meetbot> starting\n10:01 <abbot> hello\n10:02 <notes-bot> noted\n")
    assert [each.author for each in log.signals[1:]] == [Author.BOT, Author.ATTENDEE, Author.BOT]


def test_a_date_that_does_not_exist_is_told(tmp_path):
    log = log_of(tmp_path, "[2026-02-30 10:00:00] <mara> hello\n[2026-03-01 10:00:00] <mara> hello\n")
    assert log.losses == ("line 1: a date that does not exist",)


def test_many_lines_that_are_nothing_become_one_sentence(tmp_path):
    log = log_of(tmp_path, "10:00 <mara> hello\n" + "10:01 what is this\n" * 3)
    assert log.losses == ("line 2: neither a message nor a join or leave (and 2 more such lines)",)
