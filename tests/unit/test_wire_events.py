"""Every event becomes one message that people outside can read."""

import json
import re

import pytest
from tests.decide_examples import NOW
from tests.wire_examples import EVERY_KIND, ROOM, acted, asked, detected, executed, measured, message_of, opened, update

from conductor.domain.bus import Kept
from conductor.domain.interventions import Autonomy
from conductor.domain.sessions import SessionProfile
from conductor.errors import InvalidInput
from conductor.wire.events import OLD_NAMES, entry, publication, read_entry, read_event, take_apart

BY_KIND = pytest.mark.parametrize("event", EVERY_KIND, ids=lambda event: type(event).__name__)


@BY_KIND
def test_every_event_says_what_when_and_where(event):
    message = message_of(event)
    assert [*message] == ["type", "session_id", "event_id", "timestamp", "data"]
    assert (message["session_id"], message["event_id"]) == ("s1", "e1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", message["timestamp"])


@BY_KIND
def test_every_message_is_the_same_after_a_journey_as_json(event):
    message = message_of(event)
    assert read_event(publication(message).body) == message
    kept = entry(message)
    assert (
        read_entry(
            Kept(
                kept.stream,
                tuple(name for name, _ in kept.fields),
                tuple(value for _, value in kept.fields),
                NOW,
                "1-0",
            )
        )
        == message
    )


def test_kinds_of_events_have_types_of_their_own():
    assert len({message_of(event)["type"] for event in EVERY_KIND}) == 13


def test_an_update_holds_score_parts_and_everything_counted():
    data = message_of(update())["data"]
    assert [*data] == ["score", "parts", "signals", "state", "unprompted"]
    assert data["score"] == 0.3333
    assert data["parts"][3] == {"name": "reactions", "level": 0.3, "weight": 0.2, "contribution": 0.06}
    assert [*data["signals"]] == [*type(ROOM).__dataclass_fields__]
    assert (data["signals"]["poll_participation"], data["signals"]["phase"]) == (0.3333, "middle")


def test_an_anomaly_has_the_fields_of_the_contract():
    data = message_of(detected())["data"]
    assert {*data} == {"anomaly_id", "type", "severity", "evidence", "current", "expected", "deviation"}


def test_a_decision_is_told_with_the_names_that_clients_know():
    decision = message_of(asked())["data"]["decision"]
    assert decision["interventionType"] == "POLL"
    assert {*decision["context"]} == {
        *("engagement_bucket", "session_size_bucket", "anomaly_type", "phase", "session_type"),
    }
    assert decision["historicalPerformance"] == {"successRate": 0.0, "totalAttempts": 0, "isExploring": False}
    assert decision["content"]["options"] == ["More code", "More theory", "A break"]
    assert decision["expiresAt"] == "2023-11-14T22:44:20.000Z"


@pytest.mark.parametrize("autonomy", Autonomy)
def test_only_what_the_agent_does_by_itself_is_approved_automatically(autonomy):
    decision = message_of(acted(autonomy=autonomy))["data"]["decision"]
    assert decision["autoApproved"] is (autonomy is Autonomy.ACT)


def test_a_small_propensity_does_not_become_nothing():
    assert message_of(acted(propensity=0.00001))["data"]["decision"]["propensity"] == 0.00001


def test_what_was_done_and_what_came_of_it_have_the_fields_of_the_contract():
    done, outcome = message_of(executed())["data"], message_of(measured())["data"]
    assert [*done] == ["intervention_id", "decision_id", "type", "content", "generation", "delivered_to"]
    assert done["generation"] == {"method": "TEMPLATE", "model": "poll-1", "latency_ms": 0.0, "cost_usd": 0.0}
    assert [*outcome] == [
        *("intervention_id", "decision_id", "success", "engagement_before", "engagement_after", "delta", "held_out"),
    ]


def test_times_that_no_calendar_holds_are_unknown():
    profile = SessionProfile("Bees", starts_at=1e300, ends_at=-5.0)
    told = message_of(opened(profile=profile))["data"]["profile"]
    assert (told["starts_at"], told["ends_at"]) == (None, None)


def test_a_time_is_rounded_to_the_nearest_millisecond():
    assert message_of(update(at=NOW + 0.9996))["timestamp"].endswith(":21.000Z")


def test_scores_are_kept_apart_with_what_a_reader_of_the_stream_expects():
    message = message_of(update())
    kept = entry(message)
    fields = dict(kept.fields)
    assert (kept.stream, kept.keep) == ("engagement:s1", 1000)
    assert (fields["score"], fields["timestamp"]) == (b"0.3333", message["timestamp"].encode())
    assert json.loads(fields["signals"]) == message["data"]["signals"]


def test_everything_else_is_kept_in_the_stream_of_happenings_and_said_on_the_channel():
    message = message_of(detected())
    assert entry(message).stream == "events:s1"
    assert publication(message).channel == "session:s1:events"


def test_older_clients_find_the_names_that_they_know():
    assert {*OLD_NAMES.values()} == {"engagement:update", "anomaly:detected", "agent:action", "agent:outcome"}
    assert OLD_NAMES.keys() <= {message_of(event)["type"] for event in EVERY_KIND}


def test_a_message_without_a_session_is_refused_by_name():
    with pytest.raises(InvalidInput, match="field session_id is missing"):
        read_event(b'{"type": "x", "event_id": "e", "timestamp": 1, "data": {}}')


def test_an_entry_without_a_message_is_refused_by_name():
    with pytest.raises(InvalidInput, match="events:s1: field message is missing"):
        read_entry(Kept("events:s1", ("other",), (b"{}",), NOW, "1-0"))


@pytest.mark.parametrize("lack", ["type", "session_id", "event_id", "timestamp", "data"])
def test_a_message_that_lacks_something_is_not_taken_apart(lack):
    message = message_of(update())
    assert take_apart(message) is not None
    assert take_apart(message | {lack: None}) is None
