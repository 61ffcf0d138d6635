"""From a decision to a draft, step by step."""

from random import Random

import pytest
from tests.act_examples import NOW, TOPICS, decision

from conductor.act.content import POLL_DISPLAY_S, SURFACED_ID, draft
from conductor.act.questions import OpenQuestion
from conductor.act.templates import TemplateKind, base_id, templates
from conductor.domain.audience import PersonFacts
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import (
    Arm,
    Generation,
    GenerationMethod,
    NudgeContent,
    PollContent,
    PollTiming,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.sessions import Phase, SessionProfile, SessionType

UNKNOWN = SessionProfile()
KNOWN = SessionProfile(topics=TOPICS)
QUESTIONS = (
    OpenQuestion("old", "What does it cost?", NOW - 3000),
    OpenQuestion("liked", "How do we migrate the data?", NOW - 900, upvotes=7),
    OpenQuestion("liked again", "How would we migrate our data?", NOW - 800, upvotes=1),
    OpenQuestion("new", "Where are the slides?", NOW - 5),
    OpenQuestion("also old", "Who maintains this?", NOW - 2900),
)


def drafted(arm, profile=UNKNOWN, used=(), *, phase=Phase.MIDDLE, seed=1, **situation):
    return draft(decision(arm), profile, phase, used, Random(seed), **situation)


def drafted_in_a_row(arm, profile, how_many, *, phase=Phase.MIDDLE, **situation):
    rng = Random(1)
    used: list[str] = []
    for _ in range(how_many):
        used.append(draft(decision(arm), profile, phase, used, rng, **situation).template_id)
    return used


@pytest.mark.parametrize(
    ("arm", "content"),
    [
        (Arm.POLL, PollContent),
        (Arm.CHAT_PROMPT, PromptContent),
        (Arm.NUDGE, NudgeContent),
        (Arm.QNA_PROMOTE, QnaContent),
    ],
)
def test_every_arm_gets_its_own_kind_of_content(arm, content):
    assert isinstance(drafted(arm).content, content)


def test_a_draft_says_that_a_template_worded_it_and_which():
    found = drafted(Arm.POLL)
    assert found.generation == Generation(GenerationMethod.TEMPLATE, found.template_id)
    assert found.generation.cost_usd == 0


def test_a_poll_stays_open_for_a_minute_and_starts_at_once():
    content = drafted(Arm.POLL).content
    assert content.display_duration_s == POLL_DISPLAY_S == 60
    assert content.timing is PollTiming.IMMEDIATE


def test_a_poll_waits_for_the_next_slide_where_slides_are_shown():
    assert drafted(Arm.POLL, slides_in_use=True).content.timing is PollTiming.NEXT_TRANSITION


def test_rooms_alike_do_not_all_get_the_same():
    assert len({drafted(Arm.POLL, seed=seed).template_id for seed in range(30)}) > 5


def test_a_known_topic_is_named():
    content = drafted(Arm.CHAT_PROMPT, KNOWN).content
    assert any(topic in content.message for topic in TOPICS)


def test_a_template_without_a_slot_comes_after_all_that_name_a_topic():
    topical = drafted_in_a_row(Arm.CHAT_PROMPT, SessionProfile(topics=("APIs",)), 9)
    assert all("~" in template_id for template_id in topical)


@pytest.mark.parametrize("phase", Phase)
def test_only_templates_that_suit_the_phase_are_used(phase):
    suited = {t.template_id for t in templates(TemplateKind.POLL) if phase in t.phases}
    used = drafted_in_a_row(Arm.POLL, KNOWN, 10, phase=phase)
    assert {base_id(template_id) for template_id in used} <= suited


def test_a_template_for_panels_is_used_in_panels_only():
    def ids(session_type):
        profile = SessionProfile(type=session_type)
        return {i for i in drafted_in_a_row(Arm.POLL, profile, 30) if i.startswith("poll.middle.panel")}

    assert ids(SessionType.PANEL) == {"poll.middle.panel_more"}
    assert ids(SessionType.MEETING) == set()


def test_every_template_is_used_once_before_any_is_used_with_another_topic():
    used = [base_id(i) for i in drafted_in_a_row(Arm.CHAT_PROMPT, KNOWN, 18)]
    assert len(set(used[:9])) == 9
    assert set(used[9:]) <= set(used[:9])


def test_when_everything_was_used_the_general_one_is_numbered():
    used = drafted_in_a_row(Arm.CHAT_PROMPT, UNKNOWN, 12)
    assert used[-3:] == ["prompt.general.1", "prompt.general.2", "prompt.general.3"]
    content = drafted(Arm.CHAT_PROMPT, UNKNOWN, used).content
    assert content.message.startswith("Check-in 4: ")


def test_a_number_that_somebody_else_used_is_left_out():
    used = drafted_in_a_row(Arm.POLL, UNKNOWN, 17)
    taken = "check-in 1: how is the session going for you right now"
    assert drafted(Arm.POLL, UNKNOWN, used, seen=[taken]).template_id == "poll.general.2"


def test_a_wording_that_the_session_has_seen_is_not_used_again():
    first = drafted(Arm.CHAT_PROMPT)
    again = drafted(Arm.CHAT_PROMPT, seen=[first.content.message.upper()])
    assert again.content.message != first.content.message


def test_a_topic_with_the_name_of_somebody_present_is_not_used():
    profile = SessionProfile(topics=("the life of Ada Lovelace",))
    assert "Ada" in drafted(Arm.CHAT_PROMPT, profile).content.message
    assert "Ada" not in drafted(Arm.CHAT_PROMPT, profile, names=["ada_92"]).content.message


def test_a_topic_that_holds_a_link_is_not_used():
    profile = SessionProfile(topics=("www.example.org",))
    assert "example" not in drafted(Arm.CHAT_PROMPT, profile).content.message


@pytest.mark.parametrize(
    ("anomaly_type", "segment"),
    [
        (AnomalyType.GRADUAL_DECLINE, Segment.DISENGAGED),
        (AnomalyType.LOW_ENGAGEMENT, Segment.LURKERS),
    ],
)
def test_a_nudge_goes_to_those_whom_the_anomaly_suggests(anomaly_type, segment):
    found = draft(decision(Arm.NUDGE, anomaly_type=anomaly_type), UNKNOWN, Phase.MIDDLE, (), Random(1))
    assert isinstance(found.content, NudgeContent)
    assert found.content.segment is segment
    assert f"nudge.{segment.lower()}." in found.template_id
    assert "{{name}}" in found.content.message
    assert found.content.expires_after_s == 300


def test_a_room_of_newcomers_is_nudged_as_newcomers():
    people = [PersonFacts(f"p{n}", 60, 60, 0, first_session=True) for n in range(3)]
    assert drafted(Arm.NUDGE, people=people).content.segment is Segment.FIRST_TIME


def test_the_best_unanswered_questions_are_surfaced():
    found = drafted(Arm.QNA_PROMOTE, questions=QUESTIONS)
    assert found.content == QnaContent(QnaStrategy.SURFACE_BEST, question_ids=("liked", "new", "also old"))
    assert found.template_id == SURFACED_ID


@pytest.mark.parametrize("surfaced", ["liked", "liked again"])
def test_a_question_that_was_surfaced_is_not_surfaced_again_in_other_words(surfaced):
    found = drafted(Arm.QNA_PROMOTE, questions=QUESTIONS, promoted=[surfaced])
    assert found.content.question_ids == ("new", "also old", "old")


def test_a_room_with_a_qna_is_asked_for_questions_when_none_is_left():
    promoted = [question.question_id for question in QUESTIONS]
    found = drafted(Arm.QNA_PROMOTE, questions=QUESTIONS, promoted=promoted, qna_in_use=True)
    assert found.content.strategy is QnaStrategy.REQUEST_NEW
    assert found.content.message


def test_a_room_without_a_qna_gets_a_question_to_begin_with():
    found = drafted(Arm.QNA_PROMOTE)
    assert found.content.strategy is QnaStrategy.SEED_QUESTION
    assert found.content.message.endswith("?")


def test_questions_are_surfaced_by_their_own_arm_only():
    assert isinstance(drafted(Arm.POLL, questions=QUESTIONS).content, PollContent)
