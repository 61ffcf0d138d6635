from collections import Counter
from pathlib import Path

from conductor.connectors.recordings import read_recording
from conductor.domain.sessions import SessionType
from conductor.domain.signals import Author, Kind

CALL = Path(__file__).parents[1] / "data" / "small-call"
HEADER = "WEBVTT\n\n"


def of_kind(recording, kind):
    return [each for each in recording.signals if each.kind is kind]


def chat_of(tmp_path, text):
    path = tmp_path / "chat.txt"
    path.write_text(text, encoding="utf-8")
    return read_recording(path)


def test_a_call_has_the_messages_reactions_and_speech_of_both_files():
    call = read_recording(CALL)
    counts = Counter(each.kind for each in call.signals)
    assert counts == {Kind.STARTED: 1, Kind.CHAT: 6, Kind.REACTION: 2, Kind.SPEECH: 3}
    assert (call.format, call.session_id) == ("zoom", "small-call")


def test_a_call_begins_with_the_first_thing_in_either_file():
    call = read_recording(CALL)
    assert [each.at for each in call.signals[:4]] == [0.0, 0.0, 4.0, 10.0]
    assert call.duration_s == 112.0


def test_the_profile_beside_a_call_is_read():
    profile = read_recording(CALL).profile
    assert (profile.title, profile.type, profile.topics[0]) == ("Small call", SessionType.PANEL, "the release")


def test_a_message_may_run_over_several_lines():
    long = of_kind(read_recording(CALL), Kind.CHAT)[1]
    assert long.detail.content == "Two things today:\n\n1. the release\n2. the picnic"


def test_a_reply_is_a_message_and_only_its_own_words_count():
    call = read_recording(CALL)
    reply = of_kind(call, Kind.CHAT)[2]
    assert (reply.user_id, reply.detail.content) == ("Jonas Weber", "which of the two first?")
    assert reply.detail.is_question


def test_a_quoted_question_does_not_make_the_reply_one(tmp_path):
    call = chat_of(tmp_path, '00:00:01\tA:\tReplying to "why?\nwhy so?"\n\nbecause\n')
    assert call.signals[1].detail.content == "because"
    assert not call.signals[1].detail.is_question


def test_a_message_that_mentions_a_reply_keeps_all_of_its_words(tmp_path):
    call = chat_of(tmp_path, '00:00:01\tA:\tit says\nReplying to "x"\nwhat?\n')
    assert call.signals[1].detail.content == 'it says\nReplying to "x"\nwhat?'


def test_questions_are_known_by_their_mark_and_links_are_none():
    asked = [each.detail.is_question for each in of_kind(read_recording(CALL), Kind.CHAT)]
    assert asked == [False, False, True, False, True, True]


def test_a_reaction_shows_its_emoji_also_to_a_message_of_several_lines():
    reactions = of_kind(read_recording(CALL), Kind.REACTION)
    assert [each.detail.emoji for each in reactions] == ["👋", "❤️"]


def test_taking_a_reaction_back_is_no_signal():
    call = read_recording(CALL)
    assert all("Removed" not in (each.detail.content or "") for each in of_kind(call, Kind.CHAT))


def test_note_taking_programs_are_not_people(tmp_path):
    names = ["Notetaker Bot", "Otter.ai", "Fireflies.ai Notetaker", "read.ai meeting notes", "Jo's AI Notetaker"]
    people = ["Abbot Talbot", "Jane Otterman", "Robota"]
    lines = [f"00:00:0{i}\t{name}:\thello\n" for i, name in enumerate(names + people)]
    authors = [each.author for each in chat_of(tmp_path, "".join(lines)).signals[1:]]
    assert authors == [Author.BOT] * len(names) + [Author.ATTENDEE] * len(people)


def test_speech_has_its_speaker_words_and_length():
    speech = of_kind(read_recording(CALL), Kind.SPEECH)
    assert [(each.user_id, each.amount, each.duration_s) for each in speech] == [
        ("Mara Lindqvist", 5, 3.5),
        ("Jonas Weber", 5, 2.25),
        (None, 5, 1.5),
    ]


def test_a_cue_that_makes_no_sense_is_told():
    assert read_recording(CALL).losses == ("transcript, line 18: a cue that ends before it starts",)


def test_either_file_of_a_call_is_enough(tmp_path):
    assert len(read_recording(CALL / "chat.txt").signals) == 9
    assert len(read_recording(CALL / "transcript.vtt").signals) == 4
    (tmp_path / "transcript.vtt").write_bytes((CALL / "transcript.vtt").read_bytes())
    assert len(read_recording(tmp_path).signals) == 4


def test_a_folder_uses_the_good_one_of_two_files_and_tells_of_the_other(tmp_path):
    (tmp_path / "chat.txt").write_bytes(b"\0\1\2")
    (tmp_path / "transcript.vtt").write_bytes((CALL / "transcript.vtt").read_bytes())
    call = read_recording(tmp_path)
    assert call.losses[0] == "chat.txt: the file is binary, not text"
    assert len(call.signals) == 4


def test_a_profile_that_does_not_fit_is_told_and_the_call_still_read(tmp_path):
    (tmp_path / "chat.txt").write_bytes((CALL / "chat.txt").read_bytes())
    (tmp_path / "session.json").write_text('{"type": "webinar"}', encoding="utf-8")
    call = read_recording(tmp_path)
    assert call.profile.type is SessionType.MEETING
    assert call.losses[0].startswith("session.json: session profile: field type: invalid enum value 'webinar'")


def test_a_chat_saved_by_a_client_is_read_and_passes_midnight(tmp_path):
    text = "23:59:50 From Mara Lindqvist to Everyone:\n\thello there\n00:00:05 From  Jonas  to  Everyone : hi?\n"
    first, second = chat_of(tmp_path, text).signals[1:]
    assert (first.user_id, first.detail.content, first.at) == ("Mara Lindqvist", "hello there", 0.0)
    assert (second.user_id, second.at, second.detail.is_question) == ("Jonas", 15.0, True)


def test_a_chat_with_the_time_of_day_is_moved_to_its_transcript(tmp_path):
    (tmp_path / "chat.txt").write_text("10:00:10 From Mara to Everyone: hello\n", encoding="utf-8")
    cue = "00:00:03.000 --> 00:00:05.000\nMara: good morning\n"
    (tmp_path / "transcript.vtt").write_text(HEADER + cue, encoding="utf-8")
    call = read_recording(tmp_path)
    assert call.duration_s == 2.0
    assert call.losses == ("chat and transcript share no moment; the chat was moved to begin with the transcript",)


def test_text_before_the_first_message_is_told(tmp_path):
    call = chat_of(tmp_path, "half of a message\n00:00:01\tA:\tHello\n00:00:02\tB:\tHello\n")
    assert call.losses == ("chat, line 1: text before the first message",)


def test_a_chat_cut_off_in_a_reaction_keeps_it(tmp_path):
    cut = chat_of(tmp_path, '00:00:01\tA:\tHello\n00:00:02\tB:\tReacted to "Hel')
    assert cut.signals[2].kind is Kind.REACTION


def test_voice_tags_name_the_speaker_as_well(tmp_path):
    path = tmp_path / "talk.vtt"
    path.write_text(HEADER + "01:02.000 --> 01:03.000\n<v Mara>good morning all</v>\n", encoding="utf-8")
    speech = read_recording(path).signals[1]
    assert (speech.user_id, speech.amount, speech.at) == ("Mara", 3, 0.0)
