import codecs
from collections import Counter
from pathlib import Path

import pytest

from conductor.connectors.recordings import read_recording
from conductor.domain.signals import ChatDetail, Kind
from conductor.errors import UnreadableRecording

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
TIMELINES = ROOT / "recordings"
SAMPLES = {
    "events-named.xml": "bbb",
    "irc-dated.txt": "irc",
    "irc-undated.txt": "irc",
    "small-session.jsonl": "jsonl",
    "small-call/chat.txt": "zoom",
    "small-call/transcript.vtt": "zoom",
}


def file_of(tmp_path, data, name="recording.dat"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def refusal(path, as_format="auto"):
    with pytest.raises(UnreadableRecording) as caught:
        read_recording(path, as_format)
    assert str(path) in caught.value.message
    return caught.value.reason


@pytest.mark.parametrize(("name", "expected"), SAMPLES.items())
def test_a_format_is_known_by_its_content_and_not_by_its_name(tmp_path, name, expected):
    assert read_recording(file_of(tmp_path, (DATA / name).read_bytes())).format == expected


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_file_always_gives_the_same(name):
    assert read_recording(DATA / name) == read_recording(DATA / name)


@pytest.mark.parametrize("name", SAMPLES)
def test_signals_are_in_order_within_the_duration_and_begin_with_the_start(name):
    recorded = read_recording(DATA / name)
    times = [each.at for each in recorded.signals]
    assert times == sorted(times)
    assert recorded.signals[0].kind is Kind.STARTED
    assert times[0] == 0.0
    assert times[-1] <= recorded.duration_s


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: b"\n\n" + text.encode() if not text.startswith("<?xml") else text.encode(),
    ],
    ids=["crlf", "bom", "utf-16", "utf-16-be", "empty lines first"],
)
def test_line_ends_and_encodings_make_no_difference(tmp_path, name, written):
    text = (DATA / name).read_text(encoding="utf-8")
    read = read_recording(file_of(tmp_path, written(text)))
    assert [each[2:] for each in read.signals] == [each[2:] for each in read_recording(DATA / name).signals]


def test_another_encoding_is_read_and_told(tmp_path):
    path = file_of(tmp_path, "10:00:01 <mara> hello\n10:00:02 <jos\xe9> ol\xe1\n".encode("latin-1"))
    recorded = read_recording(path)
    assert recorded.signals[2].user_id == "josé"
    assert recorded.losses == ("line 2: not UTF-8; the file was read as Windows-1252",)


def test_a_damaged_character_does_not_spoil_the_others(tmp_path):
    path = file_of(tmp_path, "10:00:01 <mara> ❤ 👋\n10:00:02 <jo> ".encode() + b"\xf0\x9f!\n")
    recorded = read_recording(path)
    assert [each.detail.content for each in recorded.signals if isinstance(each.detail, ChatDetail)] == [
        "❤ 👋",
        "\ufffd!",
    ]
    assert recorded.losses == ("line 2: not UTF-8, here and in 0 more places; shown as \ufffd",)


def test_a_stray_zero_byte_is_left_out_and_told(tmp_path):
    recorded = read_recording(file_of(tmp_path, b"10:00:01 <mara> hel\0lo\n" + b"10:00:02 <jo> hi\n" * 100))
    assert recorded.losses == ("zero bytes were left out: 1",)
    assert len(recorded.signals) == 102


def test_a_file_cut_off_in_the_middle_of_a_character_is_told(tmp_path):
    path = file_of(tmp_path, "10:00:01 <mara> hello ❤".encode()[:-1])
    assert read_recording(path).losses == ("line 1: cut off in the middle of a character",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "the file is binary, not text"),
        (b"\x1f\x8b\x08\x01\x02\x03", "no format that is known (bbb, zoom, irc, jsonl)"),
        (b"Dear diary,\nnothing happened today.\n", "no format that is known (bbb, zoom, irc, jsonl)"),
        (b"<html><body>hello</body></html>", "no format that is known (bbb, zoom, irc, jsonl)"),
        (b"x" * 2_000_000, "no format that is known (bbb, zoom, irc, jsonl)"),
        (b"WEBVTT\n", "nothing in it that reads as zoom"),
        (b"<recording>", "nothing in it that reads as bbb; line 1: the file is cut off here"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path, data, reason):
    assert refusal(file_of(tmp_path, data)) == reason


@pytest.mark.parametrize("as_format", ["bbb", "zoom", "irc"])
def test_a_stated_format_that_does_not_fit_is_refused(as_format):
    assert refusal(DATA / "small-session.jsonl", as_format).startswith("nothing in it that reads as")


def test_a_stated_json_lines_format_that_does_not_fit_names_the_first_line():
    with pytest.raises(UnreadableRecording) as caught:
        read_recording(DATA / "irc-undated.txt", "jsonl")
    assert caught.value.line == 1
    assert caught.value.reason.startswith("line: expected `object`")


def test_a_missing_file_and_a_strange_folder_are_refused(tmp_path):
    assert refusal(tmp_path / "nothing.txt") == "no such file or folder"
    assert refusal(tmp_path) == "a folder without chat.txt, transcript.vtt or events.xml"
    assert refusal(file_of(tmp_path, b"x") / "inside") == "no such file or folder"


def test_an_unknown_format_is_refused_before_anything_is_read(tmp_path):
    assert refusal(tmp_path / "x", "mp4") == "unknown format 'mp4'; known are auto, bbb, zoom, irc, jsonl"


def test_times_that_span_years_are_a_slip(tmp_path):
    path = file_of(tmp_path, b"[2018-01-01 10:00:00] <mara> hello\n[2026-01-01 10:00:00] <mara> hello\n")
    assert refusal(path) == "its times span 2922 days; a session lasts a week at most"


@pytest.mark.parametrize("length", [10, 100, 1000])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_cut_off_anywhere_is_read_or_refused(tmp_path, name, length):
    path = file_of(tmp_path, (DATA / name).read_bytes()[:length])
    try:
        outcome = read_recording(path).format
    except UnreadableRecording as error:
        outcome = error.reason
    assert outcome


def test_a_huge_line_without_an_end_is_read(tmp_path):
    path = file_of(tmp_path, b"10:00:01 <mara> " + b"a <b> : \t" * 200_000)
    assert len(read_recording(path, "irc").signals) == 2


@pytest.mark.parametrize(
    ("name", "counts", "duration_s"),
    [
        ("panel-call", {Kind.CHAT: 424, Kind.REACTION: 327, Kind.SPEECH: 668}, 6208.55),
        ("research-chat", {Kind.CHAT: 263, Kind.JOIN: 9, Kind.LEAVE: 10}, 5117.0),
        (
            "class-with-polls",
            {Kind.JOIN: 5, Kind.VOTE: 12, Kind.POLL_OPENED: 3, Kind.POLL_CLOSED: 3, Kind.SPEECH: 3, Kind.ENDED: 1},
            330.08,
        ),
    ],
)
def test_the_bundled_timelines_are_whole(name, counts, duration_s):
    recorded = read_recording(TIMELINES / f"{name}.jsonl")
    assert recorded.losses == ()
    assert Counter(each.kind for each in recorded.signals) == counts | {Kind.STARTED: 1}
    assert recorded.duration_s == duration_s


def test_the_bundled_timelines_hold_no_text_and_no_names():
    allowed = {"userId", "isQuestion", "author", "words", "duration_s", "type", "pollId", "optionId", "title"}
    for path in sorted(TIMELINES.glob("*.jsonl")):
        text = path.read_text(encoding="utf-8")
        keys = {piece.rpartition('"')[2] for piece in text.split('":')[:-1]}
        assert keys <= allowed | {"t", "channel", "data"}
        people = {each.user_id for each in read_recording(path).signals if each.user_id}
        assert all(each[0] == "p" and each[1:].isdigit() for each in people)
