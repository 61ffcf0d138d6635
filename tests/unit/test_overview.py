"""Somebody who comes to look sees what is going on, however often and in whatever pieces it was told."""

import json

from hypothesis import given
from hypothesis import strategies as st
from tests.decide_examples import NOW
from tests.wire_examples import (
    EVERY_KIND,
    acted,
    asked,
    changed,
    closed,
    detected,
    executed,
    lapsed,
    opened,
    update,
)

from conductor.domain.interventions import Autonomy
from conductor.domain.organisers import Answer, Verdict
from conductor.domain.sessions import SessionProfile
from conductor.domain.status import AgentStatus
from conductor.overview import Overview
from conductor.overview.session import HISTORY_KEPT
from conductor.wire.answered import answered_message
from conductor.wire.events import event_message
from conductor.wire.reading import moment_text


def overview(*events, limit=100):
    seen = Overview(limit)
    for event in events:
        seen.take(event_message(event))
    return seen


def snapshot(*events, now=NOW + 30):
    return overview(*events).snapshot("s1", now)


def test_a_snapshot_says_where_the_session_stands():
    seen = snapshot(opened(), update(score=0.5), update(NOW + 5, score=0.4), changed(AgentStatus.LEARNING))
    assert (seen["event_id"], seen["is_open"], seen["profile"]["title"]) == ("e1", True, "Bees")
    assert (seen["status"], seen["mode"], seen["score"], seen["state"]) == ("LEARNING", "AUTO", 0.4, "FALLING")
    assert [each["data"]["score"] for each in seen["updates"]] == [0.5, 0.4]


def test_a_registered_session_is_known_before_anything_of_it_is_told():
    seen = Overview()
    seen.expect("s1", "e1", {"title": "Bees"}, NOW)
    before = seen.snapshot("s1", NOW)
    seen.take(event_message(opened(NOW + 5)))
    after = seen.snapshot("s1", NOW + 5)

    assert (before["event_id"], before["is_open"], before["status"]) == ("e1", True, "MONITORING")
    assert (before["profile"], before["history"]) == ({"title": "Bees"}, [])
    assert isinstance(after["profile"], dict)
    assert isinstance(after["history"], list)
    assert (after["profile"]["type"], len(after["history"])) == ("panel", 1)


def test_what_is_known_of_a_session_that_goes_on_stands_when_it_is_registered_again():
    seen = overview(opened(), update())
    seen.expect("s1", "e1", {"title": "Wasps"}, NOW + 5)
    assert seen.snapshot("s1", NOW + 5)["profile"]["title"] == "Bees"


def test_a_session_that_nobody_heard_of_is_idle_and_empty():
    seen = Overview()
    assert seen.snapshot("s1", NOW) == {
        "session_id": "s1",
        "timestamp": moment_text(NOW),
        "event_id": None,
        "is_open": False,
        "profile": None,
        "status": "IDLE",
        "mode": None,
        "score": None,
        "state": None,
        "degraded": [],
        "updates": [],
        "pending": None,
        "history": [],
    }
    assert (seen.event_of("s1"), seen.sessions(NOW)) == (None, [])


def test_scores_are_shown_over_the_last_five_minutes_in_order_of_time():
    seen = snapshot(*(update(NOW + at) for at in [*range(0, 600, 5), 402, 3]))
    times = [each["timestamp"] for each in seen["updates"]]
    assert len(times) == 62
    assert times == sorted(times)


def test_scores_are_bounded_however_fast_they_come():
    assert len(snapshot(*(update(NOW + at / 10) for at in range(1000)))["updates"]) == 300


def test_an_older_score_that_comes_late_is_not_the_current_one():
    assert snapshot(update(NOW + 5, score=0.4), update(NOW, score=0.9))["score"] == 0.4


def test_a_question_is_pending_until_its_deadline():
    seen = overview(opened(), asked())
    assert seen.snapshot("s1", NOW + 59)["pending"]["id"] == "s1-d1"
    assert seen.snapshot("s1", NOW + 60)["pending"] is None
    assert seen.decision("s1", "s1-d1", NOW + 59)["fate"] == "WAITING"
    assert seen.decision("s1", "s1-d1", NOW + 60)["fate"] == "EXPIRED"


def test_what_became_of_a_question_is_known_and_why():
    let_go, done = overview(asked(), lapsed()), overview(asked(), executed(), lapsed())
    assert let_go.snapshot("s1", NOW)["pending"] is None
    fate = let_go.decision("s1", "s1-d1", NOW + 90)
    assert (fate["fate"], fate["why"], fate["at"]) == ("LAPSED", "nobody answered in time", "2023-11-14T22:44:20.000Z")
    assert done.decision("s1", "s1-d1", NOW + 90)["fate"] == "EXECUTED"
    assert done.decision("s1", "other", NOW) is None


def test_what_the_agent_does_by_itself_waits_for_nobody():
    assert snapshot(acted())["pending"] is None


def test_an_approved_question_is_no_longer_pending():
    assert snapshot(asked(), asked(autonomy=Autonomy.ACT))["pending"] is None


def test_a_question_that_somebody_answered_says_who_and_waits_for_nobody_else():
    seen = overview(asked())
    message = answered_message(Answer("s1-d1", "s1", NOW + 5, Verdict.APPROVED, "olga"), "e1", "Olga")
    for each in (message, message, event_message(asked(content=None))):
        seen.take(each)
    told = seen.snapshot("s1", NOW + 10)
    assert (told["pending"]["answered"], told["history"].count(message)) == (message["data"], 1)
    assert seen.decision("s1", "s1-d1", NOW + 10)["answered"]["name"] == "Olga"
    assert seen.sessions(NOW + 10)[0]["pending_decision_id"] is None


def test_what_was_answered_in_time_does_not_expire_while_it_waits_for_the_next_slide():
    seen = overview(asked())
    seen.take(answered_message(Answer("s1-d1", "s1", NOW + 55, Verdict.APPROVED, "olga"), "e1"))
    late = seen.snapshot("s1", NOW + 90)["pending"]
    seen.take(event_message(executed()))
    assert late["answered"]["verdict"] == "APPROVED"
    assert seen.snapshot("s1", NOW + 91)["pending"] is None


def test_an_answer_to_a_question_that_nobody_heard_of_is_history_all_the_same():
    seen = overview(opened())
    seen.take(answered_message(Answer("s1-d9", "s1", NOW, Verdict.REJECTED, "olga", "not now"), "e1"))
    assert [each["type"] for each in seen.snapshot("s1", NOW)["history"]] == [
        "session.opened",
        "agent.decision.answered",
    ]


def test_a_question_gets_its_words_when_they_are_there():
    assert snapshot(asked(content=None), asked())["pending"]["content"]["question"] == "What next?"


def test_history_tells_everything_but_scores_and_status_oldest_first():
    types = [each["type"] for each in snapshot(*EVERY_KIND)["history"]]
    assert types[:3] == ["session.opened", "anomaly.detected", "agent.hold"]
    assert {"engagement.update", "agent.status"}.isdisjoint(types)
    assert len(types) == 12


def test_history_is_bounded_and_keeps_the_latest():
    history = snapshot(*(detected(at=NOW + at) for at in range(150)))["history"]
    assert len(history) == HISTORY_KEPT
    assert history[-1] == event_message(detected(at=NOW + 149))


def test_a_closed_session_is_idle_asks_nothing_and_is_forgotten_after_an_hour():
    seen = overview(opened(), asked(expires_at=None), closed(NOW + 10))
    assert (seen.snapshot("s1", NOW + 20)["status"], seen.snapshot("s1", NOW + 20)["pending"]) == ("IDLE", None)
    assert [each["is_open"] for each in seen.sessions(NOW + 3610)] == [False]
    assert seen.sessions(NOW + 3611) == []
    assert seen.event_of("s1") is None


def test_a_closed_session_that_goes_on_is_open_again():
    assert snapshot(opened(), closed(NOW), update(NOW))["is_open"] is False
    assert snapshot(opened(), closed(NOW), update(NOW + 5))["is_open"] is True
    assert snapshot(opened(), closed(NOW), opened(NOW + 5))["is_open"] is True


def test_a_worker_that_knows_less_of_a_session_does_not_make_it_forgotten():
    seen = snapshot(opened(), opened(NOW, profile=SessionProfile()))
    assert seen["profile"]["title"] == "Bees"


def test_sessions_are_listed_by_event_with_open_ones_first():
    seen = overview(closed(NOW), opened(session_id="s2"), asked(), opened(session_id="s3", event_id="e2"))
    assert [each["session_id"] for each in seen.sessions(NOW)] == ["s2", "s3", "s1"]
    assert [each["session_id"] for each in seen.sessions(NOW, "e2")] == ["s3"]
    [summary] = overview(opened(), update(), asked()).sessions(NOW)
    assert (summary["title"], summary["type"], summary["pending_decision_id"]) == ("Bees", "panel", "s1-d1")
    assert (summary["status"], summary["score"]) == ("MONITORING", 0.3333)


def test_where_there_are_too_many_sessions_ended_ones_go_first_and_then_the_least_recent():
    seen = overview(opened(NOW), opened(NOW + 1, "s2"), closed(NOW + 2, "s2"), opened(NOW + 3, "s3"), limit=2)
    assert {each["session_id"] for each in seen.sessions(NOW)} == {"s1", "s3"}
    seen.take(event_message(opened(NOW + 4, "s4")))
    assert {each["session_id"] for each in seen.sessions(NOW)} == {"s3", "s4"}


def test_a_type_that_nobody_knows_is_history_all_the_same():
    message = event_message(update()) | {"type": "agent.dreamt"}
    seen = Overview()
    seen.take(message)
    assert seen.snapshot("s1", NOW)["history"] == [message]


@given(st.lists(st.sampled_from(EVERY_KIND), max_size=20))
def test_messages_that_are_repeated_change_nothing(repeated):
    once, again = overview(*EVERY_KIND), overview(*EVERY_KIND, *repeated)
    assert again.snapshot("s1", NOW + 30) == once.snapshot("s1", NOW + 30)
    assert again.sessions(NOW + 30) == once.sessions(NOW + 30)


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
objects = st.dictionaries(st.sampled_from(["id", "decision_id", "x"]), plain)
values = st.one_of(plain, st.lists(plain, max_size=2), objects)
names = ["type", "session_id", "event_id", "timestamp", "data"]


@given(st.sampled_from(EVERY_KIND), st.dictionaries(st.sampled_from(names), values, max_size=2))
def test_no_message_whatever_it_holds_breaks_the_overview(event, change):
    seen = overview(opened())
    seen.take(event_message(event) | change)
    json.dumps(seen.snapshot("s1", NOW))
    json.dumps(seen.sessions(NOW))


@given(st.sampled_from(EVERY_KIND), st.dictionaries(st.sampled_from(["decision", "profile", "score"]), values))
def test_no_data_whatever_it_holds_breaks_the_overview(event, data):
    seen = overview(opened())
    seen.take(event_message(event) | {"data": data})
    json.dumps(seen.snapshot("s1", NOW))
    json.dumps(seen.sessions(NOW))
