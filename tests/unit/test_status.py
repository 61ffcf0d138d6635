"""What the agent is doing, and when that is told."""

import pytest
from tests.decide_examples import NOW
from tests.wire_examples import (
    acted,
    asked,
    changed,
    cleared,
    closed,
    detected,
    executed,
    held,
    lapsed,
    measured,
    opened,
    unknown,
    update,
)

from conductor.domain.interventions import Autonomy, Mode
from conductor.domain.organisers import Answer, Verdict
from conductor.domain.status import AgentStatus
from conductor.worker.status import TRANSITIONS, StatusBoard, Turn, next_status

IDLE, MONITORING, WAITING = AgentStatus.IDLE, AgentStatus.MONITORING, AgentStatus.WAITING_APPROVAL
INTERVENING, LEARNING = AgentStatus.INTERVENING, AgentStatus.LEARNING
SKIPPED = acted(autonomy=Autonomy.SKIP)


def answer(verdict):
    return Answer("s1-d1", "s1", NOW, verdict, "u1")


def told(events, mode=Mode.SEMI_AUTO):
    board = StatusBoard()
    said = [board.follow(event, mode) for event in events]
    return [each.status for each in said if each is not None]


def test_what_the_agent_does_by_itself_goes_from_watching_to_learning_and_back():
    assert told([opened(), acted(), executed(), measured()]) == [MONITORING, INTERVENING, LEARNING, MONITORING]


def test_a_question_waits_until_it_is_approved_and_carried_out():
    story = [opened(), asked(), answer(Verdict.APPROVED), executed(), unknown(), closed()]
    assert told(story) == [MONITORING, WAITING, INTERVENING, LEARNING, MONITORING, IDLE]


@pytest.mark.parametrize("end", [lapsed(), answer(Verdict.REJECTED), answer(Verdict.LAPSED)])
def test_a_question_that_is_let_go_takes_the_agent_back_to_watching(end):
    assert told([opened(), asked(), end]) == [MONITORING, WAITING, MONITORING]


def test_what_is_held_out_is_never_delivered_and_ends_with_its_outcome():
    assert told([opened(), acted(), measured()]) == [MONITORING, INTERVENING, MONITORING]


def test_an_outcome_does_not_take_back_a_question_that_waits():
    assert next_status(WAITING, measured()) is WAITING


def test_a_decision_that_is_let_go_does_not_end_the_watch_over_an_earlier_one():
    assert next_status(LEARNING, lapsed()) is LEARNING


@pytest.mark.parametrize("event", [update(), detected(), cleared(), held(), SKIPPED, changed()])
@pytest.mark.parametrize("status", AgentStatus)
def test_what_is_only_seen_changes_no_status(event, status):
    assert next_status(status, event) is status


@pytest.mark.parametrize("status", [status for status in AgentStatus if status is not IDLE])
def test_every_session_ends_idle(status):
    assert next_status(status, closed()) is IDLE


@pytest.mark.parametrize("event", [asked(), acted(), executed(), measured(), unknown(), lapsed(), closed()])
def test_after_its_end_a_session_stays_idle(event):
    assert next_status(IDLE, event) is IDLE


def test_the_table_has_a_row_for_every_status_and_uses_every_turn():
    assert TRANSITIONS.keys() == set(AgentStatus)
    assert {turn for row in TRANSITIONS.values() for turn in row} == set(Turn)


def test_a_change_is_told_with_its_session_event_time_and_mode():
    said = StatusBoard().follow(opened(at=NOW), Mode.AUTO)
    assert said == changed(MONITORING, at=NOW, mode=Mode.AUTO)


def test_what_stays_the_same_is_not_told_again():
    assert told([opened(), update(), opened(), update()]) == [MONITORING]


def test_a_new_mode_is_told_at_once_and_with_the_next_event():
    board = StatusBoard()
    board.follow(opened(), Mode.AUTO)
    assert board.set_mode("s1", Mode.AUTO, NOW) is None
    assert board.set_mode("s1", Mode.MANUAL, NOW) == changed(MONITORING, mode=Mode.MANUAL)
    assert board.follow(update(NOW + 5), Mode.MANUAL) is None
    assert board.follow(update(NOW + 10), Mode.AUTO) == changed(MONITORING, at=NOW + 10, mode=Mode.AUTO)


def test_sessions_that_are_not_open_are_idle_and_nothing_of_them_is_told():
    board = StatusBoard()
    assert (board.follow(asked(), Mode.AUTO), board.set_mode("s1", Mode.AUTO, NOW)) == (None, None)
    board.follow(opened(), Mode.AUTO)
    board.follow(closed(), Mode.AUTO)
    assert board.follow(unknown(), Mode.AUTO) is None
    assert board.status("s1") is IDLE


def test_a_session_that_was_closed_may_open_again():
    assert told([opened(), closed(), opened(at=NOW + 900)]) == [MONITORING, IDLE, MONITORING]


def test_sessions_do_not_disturb_each_other():
    board = StatusBoard()
    board.follow(opened(), Mode.AUTO)
    board.follow(opened(session_id="s2"), Mode.AUTO)
    board.follow(asked(), Mode.AUTO)
    assert (board.status("s1"), board.status("s2")) == (WAITING, MONITORING)
