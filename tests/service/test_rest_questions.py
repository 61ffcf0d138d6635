"""The words of questions that a decision names by their ids."""

import pytest

from conductor.access.rights import Role
from conductor.domain.events import SessionOpened
from conductor.domain.sessions import SessionProfile
from conductor.domain.signals import Kind, QuestionDetail, Signal
from conductor.wire.entries import FEW, signals_entry
from conductor.wire.events import event_message

NOW = 1_800_000_000.0
AT = "/api/v1/agent/sessions/s1/questions"


def asked(question_id, content, session_id="s1"):
    detail = QuestionDetail(question_id, content)
    return Signal(session_id, "e1", NOW - 30.0, Kind.QUESTION, user_id="anna", detail=detail)


@pytest.fixture
def watched(house):
    house.overview.take(event_message(SessionOpened("s1", "e1", NOW - 60.0, SessionProfile(title="Talk"))))
    return house


async def test_questions_are_told_in_the_order_in_which_they_are_wanted(watched, organiser):
    await watched.bus.append([signals_entry("s1", [asked("q1", "What does it cost?"), asked("q2", "And in Kelvin?")])])
    answer = await organiser.get(AT, params={"question_id": ["q2", "q1"]})
    assert answer.json() == {
        "session_id": "s1",
        "questions": [
            {"question_id": "q2", "content": "And in Kelvin?"},
            {"question_id": "q1", "content": "What does it cost?"},
        ],
    }


async def test_questions_of_a_busy_stretch_are_found_too(watched, organiser):
    await watched.bus.append([signals_entry("s1", [asked(f"q{n}", f"Number {n}?") for n in range(3 * FEW)])])
    answer = await organiser.get(AT, params={"question_id": "q7"})
    assert answer.json()["questions"] == [{"question_id": "q7", "content": "Number 7?"}]


async def test_what_is_not_known_has_no_words_or_was_asked_elsewhere_is_left_out(watched, organiser):
    elsewhere = signals_entry("s10", [asked("q1", "Of another room", "s10")])
    await watched.bus.append([elsewhere, signals_entry("s1", [asked("q2", None)])])
    answer = await organiser.get(AT, params={"question_id": ["q1", "q2", "q3"]})
    assert (answer.status_code, answer.json()["questions"]) == (200, [])


async def test_questions_are_told_to_organisers_of_the_event_only(watched):
    async with watched.client(Role.ORGANISER, "e2") as other, watched.client(Role.ATTENDEE, "e1") as attendee:
        answers = [await each.get(AT, params={"question_id": "q1"}) for each in (other, attendee)]
    assert [each.status_code for each in answers] == [403, 403]
