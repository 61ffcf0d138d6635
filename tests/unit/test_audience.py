"""Whom a nudge is for, and what one person reads."""

import pytest

from conductor.act.audience import segment_for
from conductor.domain.audience import PersonFacts, fill, members
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Segment


def person(user_id="p", *, present_s=0.0, idle_s=0.0, interactions=0, first_session=False):
    return PersonFacts(user_id, present_s, idle_s, interactions, first_session)


@pytest.mark.parametrize(
    ("who", "is_in"),
    [
        (person(present_s=1200, idle_s=600, interactions=3), True),
        (person(present_s=1200, idle_s=599, interactions=3), False),
        (person(present_s=301, idle_s=4000, interactions=3), True),
        (person(present_s=300, idle_s=4000, interactions=3), False),
    ],
)
def test_disengaged_is_who_was_silent_for_ten_minutes_and_is_here_for_more_than_five(who, is_in):
    assert bool(members([who], Segment.DISENGAGED)) is is_in


@pytest.mark.parametrize(
    ("who", "is_in"),
    [
        (person(present_s=901, idle_s=901), True),
        (person(present_s=900, idle_s=900), False),
        (person(present_s=901, idle_s=901, interactions=1), False),
    ],
)
def test_a_lurker_never_interacted_in_more_than_fifteen_minutes(who, is_in):
    assert bool(members([who], Segment.LURKERS)) is is_in


def test_first_time_is_who_is_in_a_session_for_the_first_time():
    people = [person("new", first_session=True), person("regular")]
    assert members(people, Segment.FIRST_TIME) == ("new",)


def test_members_come_in_the_order_in_which_they_were_given():
    people = [person(user_id, first_session=True) for user_id in ("c", "a", "b")]
    assert members(people, Segment.FIRST_TIME) == ("c", "a", "b")


def test_a_gradual_decline_is_answered_with_those_who_drifted_off():
    assert segment_for(AnomalyType.GRADUAL_DECLINE) is Segment.DISENGAGED


@pytest.mark.parametrize("anomaly_type", [t for t in AnomalyType if t is not AnomalyType.GRADUAL_DECLINE])
def test_any_other_fall_is_answered_with_the_silent(anomaly_type):
    assert segment_for(anomaly_type) is Segment.LURKERS


@pytest.mark.parametrize(("newcomers", "segment"), [(2, Segment.FIRST_TIME), (1, Segment.LURKERS)])
def test_newcomers_are_addressed_where_they_are_half_of_the_room(newcomers, segment):
    people = [person(str(n), present_s=1000, idle_s=1000, first_session=n < newcomers) for n in range(4)]
    assert segment_for(AnomalyType.LOW_ENGAGEMENT, people) is segment


def test_an_empty_segment_gives_way_to_the_largest():
    people = [person(str(n), present_s=2000, idle_s=700, interactions=1) for n in range(3)]
    assert segment_for(AnomalyType.LOW_ENGAGEMENT, people) is Segment.DISENGAGED


def test_where_nobody_is_in_any_segment_the_anomaly_decides():
    assert segment_for(AnomalyType.SUDDEN_DROP, [person()]) is Segment.LURKERS


def test_name_and_action_are_filled_in():
    said = fill("Hello {{name}}. {{action}}, {{name}}.", "Ada", "Send a reaction")
    assert said == "Hello Ada. Send a reaction, Ada."


@pytest.mark.parametrize("name", ["{{action}}", "{{name}}", r"\1 \g<0>", "{topic}", "<b>Ada</b>", "%s $1"])
def test_a_name_is_text_and_nothing_else(name):
    assert fill("Hello {{name}}. {{action}}.", name, "Go") == f"Hello {name}. Go."


def test_an_action_that_holds_a_slot_is_not_expanded():
    assert fill("{{name}}: {{action}}", "Ada", "{{name}}") == "Ada: {{name}}"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("{{name}}, what would help? {{action}}.", "What would help? Go."),
        ("Good to have you here, {{name}}. {{action}}.", "Good to have you here. Go."),
        (
            "If writing is not for you, {{name}}, you can vote. {{action}}.",
            "If writing is not for you, you can vote. Go.",
        ),
        ("Hello {{name}}, welcome.", "Hello, welcome."),
        ("Your turn, {{name}}", "Your turn"),
    ],
)
@pytest.mark.parametrize("nobody", ["", "  ", "\u200b\n"])
def test_without_a_name_the_sentence_still_reads_well(message, said, nobody):
    assert fill(message, nobody, "Go") == said


def test_a_name_stays_on_one_line_and_within_bounds():
    assert fill("{{name}}", "Ada\n\x00 \u202eLove\tlace", "") == "Ada Love lace"
    assert fill("{{name}}", "x" * 500, "") == "x" * 59 + "…"
