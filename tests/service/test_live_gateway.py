"""People come in, emit and hear, over real sockets."""

import asyncio
import time

import pytest
import socketio
from tests.sockets import EVENT, PATIENCE_S, SESSION, House, opened

from conductor.access.rights import Role
from conductor.live.emits import EMITS
from conductor.live.people import FloodParams
from conductor.live.service import ServiceParams
from conductor.wire.entries import one_by_one


@pytest.fixture
async def house():
    async with opened() as house:
        yield house


async def test_whoever_joins_first_gets_all_there_is(house: House):
    ada = await house.join("ada")
    assert ada.heard[0][0] == "session.snapshot"


async def test_chat_reaches_everybody_in_the_room_and_nobody_else(house: House):
    ada, bob = await house.join("ada"), await house.join("bob")
    eve = await house.join("eve", saying={"sessionId": "workshop"})
    answer = await ada.emit("chat:send", {"content": "Good morning"})
    assert answer["ok"]
    assert (await bob.hears("chat.message"))["content"] == "Good morning"
    await ada.hears("chat.message")
    assert "chat.message" not in {name for name, _ in eve.heard}


async def test_chat_becomes_a_signal_on_the_stream(house: House):
    ada = await house.join("ada")
    await ada.emit("chat:send", {"content": "Good morning"})
    async for batch in house.bus.follow("signals:", 0.0):
        fields = [field for kept in batch for field in one_by_one(kept)]
        found = [body for channel, body in fields if channel == "chat:message:new"]
        if found:
            assert b'"eventId":"summit"' in found[0]
            assert b"Good morning" in found[0]
            break


@pytest.mark.parametrize("auth", [None, {}, {"token": "nonsense"}, {"token": 7}, "nonsense"])
async def test_nobody_comes_in_without_a_good_token(house: House, auth):
    client = socketio.AsyncClient(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(house.url, auth=auth, namespaces=["/events"], transports=["websocket"])
    await client.disconnect()


async def test_an_attendee_may_not_watch_the_agent(house: House):
    ada = await house.connect("ada")
    answer = await ada.emit("agent:subscribe", {"sessionId": SESSION})
    assert (answer["ok"], answer["error"]["category"]) == (False, "AUTHORIZATION")


async def test_a_token_of_one_session_opens_no_other(house: House):
    ada = await house.connect("ada", session_ids=frozenset({SESSION}))
    refused = await ada.emit("session:join", {"sessionId": "workshop"})
    assert refused["error"]["category"] == "AUTHORIZATION"
    assert (await ada.emit("session:join", {"sessionId": SESSION}))["ok"]


async def test_attendees_of_an_event_take_no_session_that_nobody_knows_but_come_in_once_it_is_known(house: House):
    ada = await house.connect("ada")
    refused = await ada.emit("session:join", {"sessionId": SESSION, "eventId": EVENT})
    assert refused["error"]["code"] == "session_not_begun"
    assert refused["error"]["message"].startswith("This session has not begun yet")
    assert house.app.hall.rooms.session_ids() == ()
    await house.join("sue", Role.SPEAKER)
    assert (await ada.emit("session:join", {"sessionId": SESSION}))["ok"]


async def test_who_is_refused_for_their_name_leaves_no_empty_room_behind(house: House):
    ada = await house.connect("ada", session_ids=frozenset({"nowhere"}))
    refused = await ada.emit("session:join", {"sessionId": "nowhere", "displayName": "\u200b"})
    assert refused["error"]["code"] == "text_empty"
    assert house.app.hall.rooms.session_ids() == ()


async def test_a_token_of_another_event_does_not_open_a_known_session(house: House):
    await house.join("ada")
    eve = await house.connect("eve", event_id="elsewhere")
    refused = await eve.emit("session:join", {"sessionId": SESSION})
    assert refused["error"]["category"] == "AUTHORIZATION"


@pytest.mark.parametrize("name", EMITS)
async def test_every_emit_is_answered_even_if_its_payload_is_nonsense(house: House, name):
    ada = await house.connect("ada", Role.ORGANISER)
    answer = await ada.emit(name, "nonsense")
    assert answer["error"]["category"] == "VALIDATION"
    assert name in answer["error"]["message"]


@pytest.mark.parametrize("name", [name for name in EMITS if name not in {"agent:subscribe", "agent:unsubscribe"}])
async def test_no_emit_does_anything_before_its_person_has_joined(house: House, name):
    if name == "session:join":
        return
    ada = await house.connect("ada", Role.SPEAKER)
    whole = {"content": "x", "emoji": "👏", "pollId": "1", "optionId": "0", "questionId": "1", "slide": 1}
    answer = await ada.emit(name, whole | {"question": "x", "options": ["a", "b"]})
    assert (answer["ok"], answer["error"]["code"]) == (False, "not_joined")


@pytest.mark.parametrize("name", [name for name, rule in EMITS.items() if rule.right.value == "PRESENT"])
async def test_what_speakers_do_is_not_for_attendees(house: House, name):
    ada = await house.join("ada")
    whole = {"pollId": "1", "questionId": "1", "slide": 1, "question": "x", "options": ["a", "b"]}
    answer = await ada.emit(name, whole)
    assert answer["error"]["category"] == "AUTHORIZATION"


async def test_an_unknown_event_is_answered_with_the_known_ones(house: House):
    ada = await house.connect("ada")
    answer = await ada.emit("chat:shout", {})
    assert answer["error"]["code"] == "unknown_event"
    assert "chat:send" in answer["error"]["message"]


async def test_a_poll_is_opened_voted_in_and_closed(house: House):
    speaker, ada = await house.join("sue", Role.SPEAKER), await house.join("ada")
    poll_id = (await speaker.emit("poll:open", {"question": "Tea?", "options": ["Yes", "No"]}))["pollId"]
    await ada.hears("poll.launched", pollId=poll_id)
    assert (await ada.emit("poll:vote", {"pollId": poll_id, "optionId": "1"}))["ok"]
    assert (await speaker.emit("poll:close", {"pollId": poll_id}))["ok"]
    await ada.hears("poll.closed", pollId=poll_id)


async def test_whoever_floods_is_slowed_then_refused_and_then_put_out():
    floods = FloodParams(rate_per_s=200.0, burst=3.0, patience=2)
    async with opened(params=ServiceParams(floods=floods)) as house:
        ada = await house.join("ada")
        seen: list[str] = []
        ada.io.on("disconnect", lambda *_: ada.gone.set(), namespace="/events")
        for _ in range(30):
            await ada.io.emit("presence:heartbeat", {}, namespace="/events", callback=lambda a: seen.append(str(a)))
        await ada.gone.wait()
        assert any("RATE_LIMIT" in each for each in seen)


@pytest.mark.parametrize("transports", [("polling",), ("polling", "websocket"), ("websocket",)])
async def test_events_come_in_order_whichever_way_they_go(house: House, transports):
    ada = await house.join("ada", transports=transports)
    bob = await house.join("bob")
    said = [f"message {number}" for number in range(15)]
    for content in said:
        await bob.emit("chat:send", {"content": content})
    await ada.hears("chat.message", content=said[-1])
    assert [payload["content"] for name, payload in ada.heard if name == "chat.message"] == said


async def test_whoever_polls_and_leaves_is_let_go_and_not_held_until_the_next_ping(house: House):
    ada = await house.join("ada", transports=("polling",))
    async with asyncio.timeout(PATIENCE_S):
        await ada.io.disconnect()


async def test_an_organiser_of_every_event_has_to_say_which_one_a_new_session_is_of(house: House):
    ada = await house.connect("ada", Role.ORGANISER, event_id="*")
    refused = await ada.emit("session:join", {"sessionId": "unheard"})
    assert refused["error"]["category"] == "NOT_FOUND"
    assert (await ada.emit("session:join", {"sessionId": "unheard", "eventId": EVENT}))["ok"]


async def test_whoever_is_refused_in_another_room_stays_in_theirs(house: House):
    ada = await house.join("ada", session_ids=frozenset({SESSION, "workshop"}))
    refused = await ada.emit("session:join", {"sessionId": "workshop", "displayName": "x" * 61})
    assert refused["error"]["code"] == "text_too_long"
    assert (await ada.emit("chat:send", {"content": "Still here"}))["ok"]
    await ada.hears("chat.message", content="Still here")


async def test_a_flood_gets_on_no_faster_where_waits_end_a_moment_too_early():
    began = time.time()
    floods = FloodParams(rate_per_s=20.0, burst=3.0, patience=100)

    def clock() -> float:
        # As by a loop that wakes up early: what is 50 ms of waiting is 45 ms by the rooms' clock.
        return began + (time.time() - began) * 0.9

    async with opened(params=ServiceParams(floods=floods), clock=clock) as house:
        ada = await house.connect("ada")
        since = clock()
        answers = [await ada.emit("presence:heartbeat") for _ in range(15)]
        assert {each["error"]["code"] for each in answers} == {"not_joined"}
        assert clock() - since > (15 - 3 - 1) / 20.0


async def test_whoever_came_in_by_a_token_that_is_called_back_is_put_out_and_told_why(house: House):
    ada, bob = await house.join("ada"), await house.join("bob")
    connection = next(each for each in house.app.hall.connections.values() if each.principal.user_id == "ada")
    house.access.called_back.add(connection.token_ids[0])
    assert (await ada.hears("connection.closed"))["code"] == "token_revoked"
    await ada.gone.wait()
    assert (await bob.emit("chat:send", {"content": "Still here"}))["ok"]
