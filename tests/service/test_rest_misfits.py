"""What organisers and programs send that cannot be used is refused at once, with its field and how to mend it."""

import pytest
from tests.service.conftest import NOW

from conductor.domain.events import SessionOpened
from conductor.domain.sessions import SessionProfile
from conductor.wire.events import event_message

SETTINGS = "/api/v1/events/e1/settings"
MANUAL = "/api/v1/interventions/manual"
SIGNALS = "/api/v1/signals"


def poll(**changes):
    content = {"question": "What next?", "options": ["Costs", "Scale"]} | changes
    return {"session_id": "s1", "type": "POLL", "content": content}


@pytest.mark.parametrize("label", ["", "\u3164", "\u200b\u200b", "12", "A\nB", "x" * 61])
async def test_a_label_that_could_not_be_shown_is_refused_and_the_old_one_stays(house, organiser, label):
    await organiser.patch(SETTINGS, json={"label": "Assistant"})
    answer = await organiser.patch(SETTINGS, json={"label": label, "share_chat": True})
    settings = (await organiser.get(SETTINGS)).json()

    assert (answer.status_code, answer.json()["error"]["category"]) == (422, "VALIDATION")
    assert "label" in answer.text.lower()
    assert (settings["label"], settings["share_chat"]) == ("Assistant", False)


async def test_a_label_is_kept_without_the_blanks_around_it(organiser):
    assert (await organiser.patch(SETTINGS, json={"label": f" {'x' * 60} "})).json()["label"] == "x" * 60


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"question": "\u2060"}, "field question"),
        ({"question": "x" * 201}, "field question"),
        ({"question": "a\x00"}, "field question"),
        ({"options": ["One"]}, "field options"),
        ({"options": [f"{n}" for n in range(7)]}, "field options"),
        ({"options": ["One", ""]}, "field options"),
        ({"options": ["One", "ONE"]}, "field options"),
    ],
)
async def test_content_of_an_organisers_own_that_no_room_could_show_is_refused(house, organiser, changes, field):
    house.overview.take(event_message(SessionOpened("s1", "e1", NOW - 60.0, SessionProfile())))
    answer = await organiser.post(MANUAL, json=poll(**changes))

    assert (answer.status_code, answer.json()["error"]["category"]) == (422, "VALIDATION")
    assert field in answer.json()["error"]["message"]


@pytest.mark.parametrize("timestamp", [1, NOW - 86_401, NOW + 601, 99_999_999_999, "2001-01-01T00:00:00Z"])
async def test_a_signal_that_is_not_of_now_is_refused_with_what_to_do_about_it(house, service, timestamp):
    data = {"sessionId": "s1", "eventId": "e1", "userId": "u1", "content": "Hello", "timestamp": timestamp}
    answer = (await service.post(SIGNALS, json={"channel": "chat:message:new", "data": data})).json()
    [refused] = answer["reasons"]

    assert (answer["accepted"], answer["rejected"], refused["index"]) == (0, 1, 0)
    assert "field timestamp" in refused["reason"]
    assert "epoch seconds" in refused["reason"]
    assert await anext(house.bus.follow("signals:", 0.0)) in ([], ())


@pytest.mark.parametrize("session_id", ["s\n", "\x00", "s\x85", "", "x" * 201])
async def test_an_id_that_could_not_be_kept_is_refused_by_every_door(house, organiser, service, session_id):
    body = {"session_id": session_id, "event_id": "e1"}
    data = {"sessionId": session_id, "eventId": "e1", "content": "Hello"}
    registered = await organiser.post("/api/v1/agent/sessions/register", json=body)
    sent = (await service.post(SIGNALS, json={"channel": "chat:message:new", "data": data})).json()

    assert registered.status_code == 422
    assert (sent["accepted"], sent["rejected"]) == (0, 1)
    assert "sessionId" in sent["reasons"][0]["reason"]


@pytest.mark.parametrize("at", ["2026-13-01", "2026-05-01T09:00:00", "9999-12-31T23:59:59Z", "soon", "", 1e300, -1, []])
async def test_a_time_that_is_none_is_refused_in_one_sentence_that_says_what_one_is(organiser, at):
    answer = await organiser.post(MANUAL, json=poll() | {"at": at})
    [misfit] = answer.json()["error"]["details"]["errors"]

    assert (answer.status_code, misfit["where"]) == (422, "body.at")
    assert "ISO 8601 with an offset, such as 2026-05-01T09:00:00Z" in misfit["what"]
