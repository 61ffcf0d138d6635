from pathlib import Path

import pytest

from conductor.connectors.recordings import read_recording
from conductor.domain.sessions import SessionType
from conductor.domain.signals import Kind
from conductor.errors import UnreadableRecording

SMALL = Path(__file__).parents[1] / "data" / "small-session.jsonl"
SLIDE = '{"t": %s, "channel": "content:slide", "data": {}}'


def lines_of(tmp_path, *lines):
    path = tmp_path / "session.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_recording(path)


def test_lines_become_signals_in_order_of_time():
    small = read_recording(SMALL)
    assert small.format == "jsonl"
    assert [(each.at, each.kind) for each in small.signals] == [
        (0.0, Kind.STARTED),
        (2.0, Kind.JOIN),
        (4.5, Kind.CHAT),
        (9.0, Kind.CHAT),
        (13.0, Kind.REACTION),
        (20.0, Kind.SPEECH),
    ]
    assert small.duration_s == 25.0


def test_the_start_gives_the_profile():
    profile = read_recording(SMALL).profile
    assert (profile.title, profile.type, profile.topics) == ("Small session", SessionType.WORKSHOP, ("tests",))


def test_one_file_is_one_session_whatever_its_channels_say():
    assert {each.session_id for each in read_recording(SMALL).signals} == {"small-session"}


def test_bad_lines_are_skipped_and_told_by_reason():
    assert read_recording(SMALL).losses == (
        "line 5: poll:vote:new: field optionId is missing",
        "line 7: line: not JSON (JSON is malformed: invalid character)",
    )


def test_ids_of_several_sessions_are_told(tmp_path):
    line = '{"t": 1, "channel": "content:slide", "data": {"sessionId": "%s"}}'
    recorded = lines_of(tmp_path, line % "a", line % "b")
    assert recorded.losses == ("ids of 2 sessions occur; all was read as one session",)


def test_an_event_that_the_file_names_is_kept(tmp_path):
    recorded = lines_of(tmp_path, '{"t": 1, "channel": "content:slide", "data": {"eventId": "conf"}}', SLIDE % 2)
    assert {each.event_id for each in recorded.signals} == {"conf"}


def test_the_time_before_the_first_line_counts(tmp_path):
    recorded = lines_of(tmp_path, SLIDE % 5, SLIDE % 8)
    assert [each.at for each in recorded.signals] == [0.0, 5.0, 8.0]


def test_lines_without_t_begin_with_the_first_of_them(tmp_path):
    line = '{"channel": "content:slide", "data": {"timestamp": "2026-01-15T10:00:%sZ"}}'
    recorded = lines_of(tmp_path, line % "07", line % "05", line % "15")
    assert [each.at for each in recorded.signals[1:]] == [0.0, 2.0, 10.0]


def test_lines_far_out_of_order_are_sorted_in_and_told(tmp_path):
    recorded = lines_of(tmp_path, SLIDE % 100, SLIDE % 95, SLIDE % 3)
    assert [each.at for each in recorded.signals[1:]] == [3.0, 95.0, 100.0]
    assert recorded.losses == ("line 3: more than 10 s out of order, sorted in all the same",)


def test_a_time_a_week_away_is_a_bad_line(tmp_path):
    recorded = lines_of(tmp_path, SLIDE % 1, SLIDE % 2, SLIDE % 99999999)
    assert recorded.duration_s == 2.0
    assert recorded.losses == ("line 3: its time is more than a week away from the start",)


def test_a_huge_line_is_a_bad_line(tmp_path):
    huge = '{"t": 1, "channel": "content:slide", "data": {"x": "' + "y" * 1_000_000 + '"}}'
    recorded = lines_of(tmp_path, SLIDE % 1, huge, SLIDE % 2)
    assert recorded.losses == ("line 2: longer than 1000000 characters",)


def test_a_file_cut_off_in_the_middle_of_a_line_is_read_up_to_there(tmp_path):
    recorded = lines_of(tmp_path, SLIDE % 1, SLIDE % 2, (SLIDE % 3)[:30])
    assert len(recorded.signals) == 3
    assert recorded.losses == ("line 3: line: not JSON (Input data was truncated)",)


def test_more_bad_lines_than_good_ones_are_refused_with_the_first(tmp_path):
    with pytest.raises(UnreadableRecording) as caught:
        lines_of(tmp_path, SLIDE % 1, "{}", "{}")
    assert caught.value.line == 2
    assert caught.value.reason == "line: field channel is missing (and 2 of 3 lines are bad)"


def test_half_of_the_lines_may_be_bad(tmp_path):
    assert len(lines_of(tmp_path, SLIDE % 1, "{}").signals) == 2


def test_a_broken_file_does_not_flood_its_reader(tmp_path):
    bad = [f'{{"t": 1, "channel": "no-{i}", "data": {{}}}}' for i in range(100)]
    recorded = lines_of(tmp_path, *[SLIDE % 1] * 100, *bad)
    assert len(recorded.losses) == 21
    assert recorded.losses[-1] == "line 121: other reasons (and 79 more such lines)"
