"""What the agent asks a room to do."""

from dataclasses import replace

import pytest
from tests.live_rooms import NOW, frames, kinds, room_with

from conductor.domain.interventions import (
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.signals import Author, Kind
from conductor.errors import Conflict, InvalidInput, NotFound
from conductor.live.effects import NOTHING, People, Role
from conductor.live.params import LiveParams
from conductor.wire.actions import Action, ActionName

POLL = PollContent("Tea or coffee?", ("Tea", "Coffee", "Neither"), display_duration_s=30.0)
PROMPT = PromptContent("What would you try first?")
NUDGE = NudgeContent("Hi {{name}}, {{action}}?", "say hello", Segment.DISENGAGED, 60.0)
BEST = QnaContent(QnaStrategy.SURFACE_BEST, ("q1", "gone"))
SEED = QnaContent(QnaStrategy.SEED_QUESTION, message="How did you test it?")
REQUEST = QnaContent(QnaStrategy.REQUEST_NEW, message="What is unclear?")
NAMES = {
    POLL: ActionName.POLL_LAUNCH,
    PROMPT: ActionName.CHAT_POST,
    NUDGE: ActionName.NUDGE_SEND,
    BEST: ActionName.QNA_PROMOTE,
    SEED: ActionName.QNA_SEED,
    REQUEST: ActionName.QNA_PROMOTE,
}


def asked(content, action_id="i1", user_ids=None):
    name = NAMES.get(content, ActionName.CHAT_POST)
    return Action(action_id, name, "s", "e", "Assistant", NOW, content, user_ids)


def test_a_poll_is_launched_under_its_label_and_closes_when_it_said():
    room = room_with("ana", "ben")
    effects, delivered_to = room.act(asked(POLL), NOW)
    (signal,) = effects.signals
    assert (signal.kind, signal.detail.poll_id, signal.detail.by_agent, delivered_to) == (
        Kind.POLL_OPENED,
        "i1",
        True,
        2,
    )
    (shown,) = frames(effects, "poll.launched")
    assert (shown["label"], shown["createdBy"], shown["closesAt"]) == ("Assistant", "agent", NOW + 30)
    assert Kind.POLL_CLOSED in kinds(room.advance(NOW + 30))


def test_a_prompt_is_posted_under_its_label_and_stays_in_sight():
    room = room_with("ana")
    effects, delivered_to = room.act(asked(PROMPT), NOW)
    assert [(signal.author, signal.user_id) for signal in effects.signals] == [(Author.AGENT, None)]
    (shown,) = frames(effects, "chat.message")
    assert (shown["displayName"], shown["label"], shown["author"], shown["pinned"]) == (
        "Assistant",
        "Assistant",
        "agent",
        True,
    )
    assert delivered_to == 1
    assert room.snapshot("ana", NOW)["pinned"]["messageId"] == "i1"


def test_a_prompt_for_some_is_seen_by_nobody_else_and_not_said_on_the_bus():
    room = room_with("ana", "ben")
    effects, delivered_to = room.act(asked(replace(PROMPT, target_users=("ben", "away"))), NOW)
    assert (effects.signals, delivered_to) == ((), 1)
    assert effects.frames[0].to == People(("away", "ben"))
    assert room.snapshot("ana", NOW)["chat"] == []
    assert room.snapshot("ana", NOW)["pinned"] is None
    assert len(room.snapshot("ben", NOW)["chat"]) == 1


def test_a_nudge_for_the_disengaged_is_for_those_silent_for_ten_minutes_in_their_own_name_until_it_expires():
    room = room_with("ana", "ben")
    room.chat("ana", "here I am", NOW + 30, "m")
    effects, delivered_to = room.act(asked(NUDGE), NOW + 600)
    assert (effects.signals, delivered_to, effects.frames[0].to) == ((), 1, People(("ben",)))
    assert effects.frames[0].payload["message"] == "Hi Ben, say hello?"
    assert [len(room.snapshot("ben", NOW + t)["nudges"]) for t in (601, 659, 660)] == [1, 1, 0]
    assert room.snapshot("ana", NOW + 601)["nudges"] == []


def test_a_nudge_for_a_segment_in_which_nobody_is_reaches_nobody():
    room = room_with("ana", "ben")
    effects, delivered_to = room.act(asked(NUDGE), NOW + 599)
    assert (effects.frames, delivered_to) == ((), 0)


def test_somebody_silent_for_long_who_just_came_back_is_not_disengaged():
    room = room_with("ana")
    room.chat("ana", "hello", NOW, "m")
    room.leave("ana-1", NOW + 10)
    room.join("ana", "Ana", "ana-2", NOW + 500)
    assert [room.act(asked(NUDGE, f"i{t}"), NOW + t)[1] for t in (700, 800, 801)] == [0, 0, 1]


def test_a_nudge_for_lurkers_reaches_those_who_never_did_anything_in_fifteen_minutes():
    room = room_with("ana", "ben")
    room.react("ana", "👏", NOW + 1)
    lurkers = replace(NUDGE, segment=Segment.LURKERS)
    assert [room.act(asked(lurkers, f"i{t}"), NOW + t)[1] for t in (900, 901)] == [0, 1]
    assert len(room.snapshot("ben", NOW + 902)["nudges"]) == 1


@pytest.mark.parametrize("name", ["Guest", "Ben"])
def test_a_nudge_reads_well_with_and_without_a_name(name):
    room = room_with()
    room.join("ben", name, "b", NOW)
    effects, _ = room.act(asked(NUDGE, user_ids=("ben",)), NOW)
    assert effects.frames[0].payload["message"] == ("Hi Ben, say hello?" if name == "Ben" else "Hi, say hello?")


def test_a_nudge_for_named_people_reaches_those_of_them_who_are_here():
    room = room_with("ana", "ben")
    effects, delivered_to = room.act(asked(NUDGE, user_ids=("ana", "away")), NOW)
    assert ([frame.to for frame in effects.frames], delivered_to) == ([People(("ana",))], 1)


def test_a_nudge_for_newcomers_reaches_those_whose_first_session_it_is():
    room = room_with("ana")
    room.join("ben", "Ben", "b", NOW, first_session=True)
    effects, _ = room.act(asked(replace(NUDGE, segment=Segment.FIRST_TIME)), NOW + 5)
    assert [frame.to for frame in effects.frames] == [People(("ben",))]


def test_a_name_that_holds_a_slot_stays_as_it_is_written():
    room = room_with()
    room.join("eve", "{{action}}", "e", NOW)
    effects, _ = room.act(asked(NUDGE, user_ids=("eve",)), NOW)
    assert effects.frames[0].payload["message"] == "Hi {{action}}, say hello?"


def test_the_best_questions_are_brought_to_the_speaker_and_marked_for_everybody():
    room = room_with("ana")
    room.ask("ana", "Why?", NOW, "q1")
    effects, delivered_to = room.act(asked(BEST), NOW)
    assert [(frame.name, frame.to) for frame in effects.frames] == [
        ("qna.promoted", Role.SPEAKER),
        ("qna.updated", Role.EVERYBODY),
    ]
    assert frames(effects, "qna.promoted")[0]["label"] == "Assistant"
    assert delivered_to == 1
    assert room.snapshot("ana", NOW)["questions"][0]["promoted"]


def test_questions_that_are_gone_cannot_be_brought_forward_but_may_be_later():
    room = room_with("ana")
    with pytest.raises(NotFound, match="i1"):
        room.act(asked(BEST), NOW)
    room.ask("ana", "Why?", NOW, "q1")
    assert room.act(asked(BEST), NOW)[0] != NOTHING


def test_of_the_questions_asked_for_the_first_three_that_are_open_are_brought_to_the_speaker():
    room = room_with("ana")
    for n in range(5):
        room.ask("ana", f"Why {n}?", NOW, f"q{n}")
    room.answered("sue", "q0", NOW)
    effects, _ = room.act(asked(replace(BEST, question_ids=("q4", "q0", "q2", "q1", "q3"))), NOW)
    (promoted,) = frames(effects, "qna.promoted")
    assert [each["questionId"] for each in promoted["questions"]] == ["q4", "q2", "q1"]


def test_a_seeded_question_says_that_it_is_the_assistants():
    room = room_with("ana")
    effects, _ = room.act(asked(SEED), NOW)
    assert [(signal.kind, signal.author) for signal in effects.signals] == [(Kind.QUESTION, Author.AGENT)]
    (sent,) = frames(effects, "qna.updated")
    assert [(each["label"], each["author"]) for each in sent["questions"]] == [("Assistant", "agent")]


def test_to_ask_for_questions_is_to_say_so_in_the_chat():
    effects, _ = room_with("ana").act(asked(REQUEST), NOW)
    assert [each["content"] for each in frames(effects, "chat.message")] == ["What is unclear?"]


@pytest.mark.parametrize("content", [POLL, PROMPT, NUDGE, BEST, SEED, REQUEST])
def test_an_action_seen_before_changes_nothing_and_gives_the_same_number(content):
    room = room_with("ana", "ben")
    room.ask("ana", "Why?", NOW, "q1")
    _, delivered_to = room.act(asked(content), NOW + 200)
    before = room.snapshot("ana", NOW + 201)
    room.join("eve", "Eve", "e", NOW + 201)
    assert room.act(asked(content), NOW + 201) == (NOTHING, delivered_to)
    room.leave("e", NOW + 201)
    assert room.snapshot("ana", NOW + 201) == before


def test_an_action_for_another_session_or_after_the_end_is_refused():
    room = room_with("ana")
    with pytest.raises(InvalidInput, match="other"):
        room.act(replace(asked(PROMPT), session_id="other"), NOW)
    room.apply(room.chat("ana", "bye", NOW, "m").signals[0]._replace(kind=Kind.ENDED, detail=None))
    with pytest.raises(Conflict, match="ended"):
        room.act(asked(PROMPT), NOW)


def test_only_the_last_actions_are_recognised():
    room = room_with("ana", params=LiveParams(actions_kept=2))
    for n in range(3):
        room.act(asked(NUDGE, f"i{n}", ("ana",)), NOW)
    again = [room.act(asked(NUDGE, f"i{n}", ("ana",)), NOW)[0] != NOTHING for n in (2, 1, 0)]
    assert again == [False, False, True]
