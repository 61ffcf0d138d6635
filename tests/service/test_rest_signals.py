"""Signals over HTTP, by token and by signature."""

import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook
from tests.service.conftest import NOW, WEBHOOK_SECRET

from conductor.access.rights import Role
from conductor.domain.sessions import MOST_OPEN
from conductor.wire import parse_signal

WHERE = "/api/v1/signals"


def chat(session_id="s1", event_id="e1", **more):
    data = {"sessionId": session_id, "eventId": event_id, "userId": "u1", "content": "Hello"}
    return {"channel": "chat:message:new", "data": data | more}


async def kept(house):
    return [*await anext(house.bus.follow("signals:", 0.0))]


async def test_a_signal_is_kept_as_it_was_sent(house, service):
    answer = await service.post(WHERE, json=chat(timestamp=NOW - 1.0))
    [entry] = await kept(house)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "rejected": 0, "reasons": []})
    assert parse_signal(*entry.fields[0]) == parse_signal(**chat(timestamp=NOW - 1.0))


async def test_those_that_do_not_fit_are_refused_one_by_one(house, service):
    batch = [chat(), {"channel": "nowhere", "data": {}}, 7, chat("s2"), {"channel": "poll:opened", "data": {}}]
    answer = (await service.post(WHERE, json=batch)).json()
    assert (answer["accepted"], answer["rejected"]) == (2, 3)
    assert [each["index"] for each in answer["reasons"]] == [1, 2, 4]
    assert [entry.stream for entry in await kept(house)] == ["signals:s1", "signals:s2"]


async def test_lines_are_taken_and_a_broken_one_stands_alone(house, service):
    lines = "\n".join([json.dumps(chat()), "{", "", json.dumps(chat())])
    answer = await service.post(WHERE, content=lines, headers={"Content-Type": "application/x-ndjson"})
    assert (answer.json()["accepted"], answer.json()["rejected"]) == (2, 1)


async def test_a_batch_that_is_too_long_is_refused_whole(house, service):
    answer = await service.post(WHERE, json=[7] * 5_001)
    assert answer.status_code == 413


async def test_a_token_of_one_event_cannot_send_for_another(house):
    async with house.client(Role.SERVICE, "e1") as client:
        answer = (await client.post(WHERE, json=[chat(), chat("s2", "e2")])).json()
    assert (answer["accepted"], answer["reasons"][0]["index"]) == (1, 1)
    assert [entry.stream for entry in await kept(house)] == ["signals:s1"]


async def test_a_source_speaks_for_each_of_its_sessions(house, service):
    beat = {"channel": "source:heartbeat", "data": {"source": "zoom", "sessionIds": ["s1", "s2"]}}
    nobody = {"channel": "source:heartbeat", "data": {"source": "zoom"}}
    answer = (await service.post(WHERE, json=[beat, nobody])).json()
    assert (answer["accepted"], answer["rejected"]) == (1, 1)
    assert [entry.stream for entry in await kept(house)] == ["signals:s1", "signals:s2"]


def signed(body, message_id="m1", secret=WEBHOOK_SECRET):
    signature = Webhook(secret).sign(message_id, datetime.fromtimestamp(NOW, UTC), body)
    return {"webhook-id": message_id, "webhook-timestamp": str(int(NOW)), "webhook-signature": signature}


async def test_a_signed_message_needs_no_token_and_counts_once(house):
    body = json.dumps(chat())
    async with house.client() as client:
        first, again = [await client.post(WHERE, content=body, headers=signed(body)) for _ in range(2)]
    assert (first.status_code, again.json()) == (202, first.json())
    assert len(await kept(house)) == 1


@pytest.mark.parametrize("body", [json.dumps(chat()), "changed"])
async def test_a_wrong_signature_is_refused(house, body):
    headers = signed("something else", secret=WEBHOOK_SECRET)
    async with house.client() as client:
        answer = await client.post(WHERE, content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signature_invalid")


async def test_when_as_many_sessions_are_open_as_are_watched_no_other_is_begun(house, service):
    for number in range(MOST_OPEN):
        house.overview.expect(f"s{number}", "e1", {}, NOW)
    answer = (await service.post(WHERE, json=[chat("s1"), chat("another")])).json()
    assert (answer["accepted"], [each["index"] for each in answer["reasons"]]) == (1, [1])
    assert "end some first" in answer["reasons"][0]["reason"]
    assert [entry.stream for entry in await kept(house)] == ["signals:s1"]
