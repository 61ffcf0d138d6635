"""What rooms are asked to do, what they answer, and what organisers decide, as JSON."""

from dataclasses import replace

import pytest
from tests.decide_examples import NOW
from tests.wire_examples import POLL, intervention

from conductor.domain.interventions import (
    Arm,
    Mode,
    NudgeContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.organisers import AgentSettings
from conductor.errors import InvalidInput
from conductor.wire.actions import Ack, action_fields, actions_of, read_ack, read_action
from conductor.wire.content import read_content
from conductor.wire.desk import changed_settings, read_answer, read_request, read_settings, settings_fields

NUDGE = NudgeContent("{{name}}, you are quiet: {{action}}?", "ask something", Segment.LURKERS)
BEST = QnaContent(QnaStrategy.SURFACE_BEST, ("q1", "q2"))
SEED = QnaContent(QnaStrategy.SEED_QUESTION, message="What did surprise you?")
NEW = QnaContent(QnaStrategy.REQUEST_NEW, message="What would you like to ask?")
ASKED = [
    (POLL, "poll.launch"),
    (PromptContent("What would you try?"), "chat.post"),
    (NUDGE, "nudge.send"),
    (BEST, "qna.promote"),
    (SEED, "qna.seed"),
    (NEW, "chat.post"),
]


def only(content, *people):
    [action] = actions_of(intervention(content), *people)
    return action


def fields_of(action):
    return action_fields(action)


@pytest.mark.parametrize(("content", "name"), ASKED)
def test_every_content_becomes_the_action_that_shows_it(content, name):
    action = only(content)
    assert (action.action, action.action_id, action.label) == (name, "s1-d1-i", "AI assistant")


@pytest.mark.parametrize("content", [content for content, _ in ASKED])
def test_an_action_is_the_same_after_a_journey_as_json(content):
    action = only(content)
    assert read_action(action_fields(action)) == action


def test_asking_for_questions_is_posted_and_pinned():
    assert only(NEW).content == PromptContent("What would you like to ask?", pinned=True)


def test_an_action_says_what_it_is_and_where_it_belongs():
    fields = fields_of(only(POLL))
    assert [*fields] == ["action_id", "action", "sessionId", "eventId", "timestamp", "label", "content"]


def test_the_names_in_a_nudge_are_left_to_the_room():
    assert fields_of(only(NUDGE))["content"]["message"] == "{{name}}, you are quiet: {{action}}?"


def test_a_nudge_names_the_people_that_the_caller_chose_even_if_it_is_nobody():
    assert fields_of(only(NUDGE, ["u1", "u2"]))["user_ids"] == ["u1", "u2"]
    assert fields_of(only(NUDGE, []))["user_ids"] == []
    assert only(NUDGE).user_ids is None


def test_a_prompt_goes_to_those_whom_it_names_and_otherwise_to_everybody():
    assert only(PromptContent("Hello", target_users=("u1",))).user_ids == ("u1",)
    assert only(PromptContent("Hello")).user_ids is None


def test_a_poll_is_for_everybody_whoever_is_named():
    assert only(POLL, ["u1"]).user_ids is None


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"action": "room.burn"}, "field action"),
        ({"action": "qna.seed", "content": {"strategy": "SURFACE_BEST", "question_ids": ["q"]}}, "field strategy"),
        ({"label": ""}, "field label"),
        ({"timestamp": 1e15}, "field timestamp"),
        ({"content": {"question": "Why?", "options": ["only one"]}}, "POLL: field options"),
    ],
)
def test_an_action_that_does_not_fit_is_refused_by_its_field(change, found):
    with pytest.raises(InvalidInput, match=found):
        read_action(fields_of(only(POLL)) | change)


def test_an_acknowledgement_says_how_many_could_see_it():
    assert read_ack(b'{"action_id": "i1", "delivered_to": 12, "sessionId": "s1"}') == Ack("i1", 12)
    with pytest.raises(InvalidInput, match="field delivered_to"):
        read_ack({"action_id": "i1", "delivered_to": -1})


@pytest.mark.parametrize(
    ("arm", "data", "found"),
    [
        (Arm.POLL, {"question": "x" * 201, "options": ["a", "b"]}, "POLL: field question: .*200"),
        (Arm.POLL, {"question": "x", "options": ["a", "b" * 81]}, "field options"),
        (Arm.POLL, {"question": "x", "options": ["a"] * 7}, "field options"),
        (Arm.POLL, {"question": "  ", "options": ["a", "b"]}, "field question: it must not be blank"),
        (Arm.POLL, {"options": ["a", "b"]}, "field question is missing"),
        (Arm.POLL, {"question": "x", "options": ["a", "b"], "display_duration_s": 0}, "field display_duration_s"),
        (Arm.CHAT_PROMPT, {"message": "x" * 501}, "CHAT_PROMPT: field message"),
        (Arm.CHAT_PROMPT, {"message": "half \ud800 a character"}, "UTF-8"),
        (Arm.NUDGE, {"message": "x", "call_to_action": "y", "segment": "ALL"}, "NUDGE: field segment"),
        (Arm.QNA_PROMOTE, {"strategy": "SURFACE_BEST"}, "field question_ids"),
        (Arm.QNA_PROMOTE, {"strategy": "SEED_QUESTION", "message": " "}, "field message"),
    ],
)
def test_content_that_no_room_could_show_is_refused_by_its_field(arm, data, found):
    with pytest.raises(InvalidInput, match=found):
        read_content(arm, data)


def test_settings_that_are_not_mentioned_have_the_defaults_of_the_product():
    assert read_settings({"event_id": "e1"}) == AgentSettings("e1")


def test_a_change_of_settings_leaves_the_rest_and_the_event_as_they_were():
    before = AgentSettings("e1", threshold=0.9)
    after = changed_settings(before, {"agent_mode": "AUTO", "event_id": "another"})
    assert after == replace(before, mode=Mode.AUTO)


def test_an_arm_that_is_named_twice_is_allowed_once():
    named: dict[str, object] = {"event_id": "e1", "allowed_interventions": ["POLL", "NUDGE", "POLL"]}
    assert read_settings(named).arms == (Arm.POLL, Arm.NUDGE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auto_approve_threshold", 1.1),
        ("auto_approve_threshold", float("nan")),
        ("max_interventions_per_hour", -1),
        ("max_interventions_per_hour", 2.5),
        ("agent_mode", "auto"),
        ("agent_enabled", "yes"),
        ("allowed_interventions", ["DANCE"]),
        ("label", "  "),
        ("quiet_end_s", -1),
        ("share_chat", None),
    ],
)
def test_settings_out_of_bounds_are_refused_by_their_field(name, value):
    with pytest.raises(InvalidInput, match=f"settings: field {name}"):
        read_settings(settings_fields(AgentSettings("e1")) | {name: value})


def test_an_answer_with_content_has_to_say_of_which_arm():
    answer = {"decision_id": "d1", "session_id": "s1", "timestamp": NOW, "verdict": "APPROVED"}
    with pytest.raises(InvalidInput, match="answer: field type is missing"):
        read_answer(answer | {"content": {"message": "Hello"}})


def test_a_request_for_no_known_arm_is_refused():
    request = {"request_id": "r1", "session_id": "s1", "event_id": "e1", "type": "SONG", "at": NOW, "by": "u1"}
    with pytest.raises(InvalidInput, match="request: field type"):
        read_request(request)
