import re
from collections import Counter
from pathlib import Path

import pytest

from conductor.connectors.recordings import read_recording
from conductor.domain.sessions import SessionType
from conductor.domain.signals import Author, ChatDetail, Kind, PollDetail, ReactionDetail
from conductor.errors import UnreadableRecording

NAMED = Path(__file__).parents[1] / "data" / "events-named.xml"


def events_of(tmp_path, text):
    path = tmp_path / "events.xml"
    path.write_text(text, encoding="utf-8")
    return read_recording(path)


def recording_of(tmp_path, *events):
    return events_of(tmp_path, "<recording>\n" + "\n".join(events) + "\n</recording>\n")


def event(at_ms, module, **fields):
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f'<event timestamp="{at_ms}" module="{module}" eventname="Recorded class">{inner}</event>'


JOIN = event(1000, "PARTICIPANT", userId="w1", role="VIEWER", name="A", date="2026-01-15", timestampUTC="1")


def test_a_class_has_what_its_people_did():
    kinds = Counter(each.kind.name for each in read_recording(NAMED).signals)
    once = ("STARTED", "SPEECH", "SLIDE", "REACTION", "POLL_OPENED", "VOTE", "POLL_CLOSED", "LEAVE", "ENDED")
    assert kinds == dict.fromkeys(once, 1) | {"JOIN": 2, "CHAT": 2}


def test_the_server_clock_counts_from_the_first_event():
    recorded = read_recording(NAMED)
    assert [each.at for each in recorded.signals[:3]] == [0.0, 1.0, 2.0]
    assert recorded.duration_s == 40.0


def test_the_class_has_its_name():
    profile = read_recording(NAMED).profile
    assert (profile.title, profile.type) == ("Small class", SessionType.WORKSHOP)


def test_only_those_who_leave_the_room_leave_and_not_those_who_leave_the_sound():
    leaves = [each for each in read_recording(NAMED).signals if each.kind is Kind.LEAVE]
    assert [(each.user_id, each.at) for each in leaves] == [("w_jonas", 30.01)]


def test_a_file_without_event_names_reads_the_same(tmp_path):
    anonymous = re.sub(r'eventname="\w+"', 'eventname="Recorded class"', NAMED.read_text(encoding="utf-8"))
    # An event that only its name could tell from a leave is no part of such files.
    anonymous = re.sub(r'  <event timestamp="5002500".*\n', "", anonymous)
    read = events_of(tmp_path, anonymous)
    named = read_recording(NAMED)
    assert [each[2:] for each in read.signals] == [each[2:] for each in named.signals]


def test_talking_becomes_speech_without_words():
    speech = next(each for each in read_recording(NAMED).signals if each.kind is Kind.SPEECH)
    assert (speech.user_id, speech.at, speech.amount, speech.duration_s) == ("w_mara", 4.0, 0, 5.5)


def test_who_leaves_the_sound_or_mutes_stops_talking(tmp_path):
    recorded = recording_of(
        tmp_path,
        event(1000, "VOICE", participant="a", talking="true", bridge="1"),
        event(2000, "VOICE", participant="b", talking="true", bridge="1"),
        event(3000, "VOICE", participant="a", bridge="1"),
        event(4500, "VOICE", participant="b", muted="true", bridge="1"),
        event(5000, "VOICE", participant="c", talking="true", bridge="1"),
        event(9000, "WHITEBOARD", userId="c"),
    )
    speech = {each.user_id: each.duration_s for each in recorded.signals if each.kind is Kind.SPEECH}
    assert speech == {"a": 2.0, "b": 2.5, "c": 4.0}


def test_a_poll_has_its_question_options_and_votes_and_closes_once():
    polls = [each for each in read_recording(NAMED).signals if isinstance(each.detail, PollDetail)]
    assert [each.detail for each in polls] == [
        PollDetail("poll-a", "Which?", ("Yes", "No")),
        PollDetail("poll-a", option_id="0"),
        PollDetail("poll-a"),
    ]


def test_a_typed_answer_is_a_vote(tmp_path):
    recorded = recording_of(tmp_path, event(1000, "POLL", userId="w1", pollId="p", answer="blue"))
    assert recorded.signals[1].kind is Kind.VOTE
    assert recorded.signals[1].detail == PollDetail("p", option_id="blue")


def test_a_raised_hand_is_a_reaction_and_putting_it_down_is_none():
    reactions = [each for each in read_recording(NAMED).signals if each.kind is Kind.REACTION]
    assert [each.detail for each in reactions] == [ReactionDetail("raiseHand")]


def test_moderators_are_hosts_and_messages_keep_their_text():
    signals = read_recording(NAMED).signals
    chat = [(each.author, each.detail.content) for each in signals if isinstance(each.detail, ChatDetail)]
    assert chat == [
        (Author.HOST, "Is everybody here?"),
        (Author.ATTENDEE, "yes & hello"),
    ]


def test_a_broken_place_costs_its_own_event_and_is_told(tmp_path):
    broken = event(2000, "CHAT", message="<![Every[broken!]]>", senderId="w1")
    after = event(3000, "PARTICIPANT", userId="w2", role="VIEWER", name="B")
    recorded = recording_of(tmp_path, JOIN, broken, after)
    assert [each.user_id for each in recorded.signals if each.kind is Kind.JOIN] == ["w1", "w2"]
    assert recorded.losses == (
        "line 3: not well-formed XML (not well-formed (invalid token)); the event there is lost",
    )


@pytest.mark.parametrize("cut", [20, 60, 100])
def test_a_file_that_ends_in_the_middle_is_used_as_far_as_it_goes(tmp_path, cut):
    whole = f"<recording>\n{JOIN}\n" + event(2000, "PARTICIPANT", userId="w2", role="VIEWER", name="B")
    recorded = events_of(tmp_path, whole[: len(whole) - cut])
    assert [each.user_id for each in recorded.signals if each.kind is Kind.JOIN] == ["w1"]
    assert recorded.losses == ("line 3: the file is cut off here",)


def test_a_file_that_is_broken_everywhere_is_given_up(tmp_path):
    recorded = recording_of(tmp_path, JOIN, *['<event timestamp="1" module=>'] * 200)
    assert any("broken in 100 places" in each for each in recorded.losses)


def test_entities_are_refused_before_they_can_grow(tmp_path):
    bomb = '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<recording>&b;</recording>'
    with pytest.raises(UnreadableRecording, match=r"events.xml:2: declares a document type \(DTD\)"):
        events_of(tmp_path, bomb)


def test_an_event_without_a_time_is_told(tmp_path):
    recorded = recording_of(tmp_path, JOIN, JOIN.replace("1000", "soon"))
    assert recorded.losses == ("line 3: an event without a time",)


def test_a_file_in_which_nobody_does_anything_is_unreadable(tmp_path):
    with pytest.raises(UnreadableRecording, match="nothing in it that reads as bbb"):
        recording_of(tmp_path, event(1000, "WHITEBOARD", userId="w1"))


def test_a_recording_folder_is_read_by_its_events(tmp_path):
    folder = tmp_path / "class-7"
    folder.mkdir()
    (folder / "events.xml").write_bytes(NAMED.read_bytes())
    recorded = read_recording(folder)
    assert (recorded.session_id, recorded.format) == ("class-7", "bbb")
