"""What the bus brings to the rooms, and what the rooms bring to the bus."""

import json
import time
from collections.abc import Sequence

from tests.sockets import EVENT, SESSION, opened

from conductor.access.rights import Role
from conductor.adapters.bus_memory import MemoryBus
from conductor.domain.bus import Entry, Message
from conductor.errors import BusUnavailable
from conductor.wire.events import entry

TOLD: dict[str, object] = {
    "type": "engagement.update",
    "session_id": SESSION,
    "event_id": EVENT,
    "data": {"score": 0.5, "parts": {}, "signals": {}, "state": "HEALTHY"},
}


def chat(content: str, message_id: str) -> Entry:
    """What another platform puts on the stream."""
    body = {"sessionId": SESSION, "eventId": EVENT, "timestamp": time.time(), "userId": "zoe", "content": content}
    return Entry(
        f"signals:{SESSION}", (("chat:message:new", json.dumps(body | {"messageId": message_id}).encode()),), 99
    )


def update(score: float) -> Entry:
    """What the worker says."""
    data = {"score": score, "parts": {}, "signals": {}, "state": "HEALTHY"}
    return entry(TOLD | {"timestamp": f"2026-03-01T18:30:{int(score * 10):02}Z", "data": data})


async def test_rooms_are_as_they_were_after_a_restart():
    bus = MemoryBus()
    async with opened(bus) as house:
        ada = await house.join("ada")
        await ada.emit("chat:send", {"content": "before"})
        await ada.hears("chat.message")
    async with opened(bus) as house:
        bob = await house.join("bob")
        snapshot = await bob.hears("session.snapshot")
        assert "before" in json.dumps(snapshot)


async def test_what_another_platform_says_is_heard_and_what_we_said_is_not_heard_twice():
    async with opened() as house:
        ada = await house.join("ada")
        await ada.emit("chat:send", {"content": "ours"})
        await ada.hears("chat.message", content="ours")
        await house.bus.append([chat("theirs", "m1")])
        await ada.hears("chat.message", content="theirs")
        assert [payload["content"] for name, payload in ada.heard if name == "chat.message"] == ["ours", "theirs"]


async def test_everybody_in_the_room_hears_at_once_that_the_session_is_over():
    async with opened() as house:
        people = [await house.join("ada"), await house.join("sue", Role.SPEAKER)]
        elsewhere = await house.join("eve", saying={"sessionId": "workshop"})
        body = json.dumps({"sessionId": SESSION, "eventId": EVENT, "timestamp": time.time()}).encode()
        await house.bus.append([Entry(f"signals:{SESSION}", (("session:ended", body),), 99)])
        assert [await each.hears("session.ended") for each in people] == [{"sessionId": SESSION}] * 2
        assert (await people[0].emit("chat:send", {"content": "late"}))["error"]["code"] == "session_ended"
        assert "session.ended" not in {name for name, _ in elsewhere.heard}


async def test_a_signal_that_does_not_fit_is_counted_and_stops_nobody():
    async with opened() as house:
        ada = await house.join("ada")
        await house.bus.append([Entry(f"signals:{SESSION}", (("chat:message:new", b"nonsense"),), 99)])
        await house.bus.append([chat("theirs", "m1")])
        await ada.hears("chat.message", content="theirs")
        assert house.app.feed.misfits.total() == 1


async def test_an_organiser_first_gets_all_until_now_and_then_each_event_under_both_names():
    async with opened() as house:
        await house.bus.append([update(0.1)])
        olga = await house.connect("olga", Role.ORGANISER)
        assert (await olga.emit("agent:subscribe", {"sessionId": SESSION}))["ok"]
        await house.bus.append([update(0.2)])
        now = await olga.hears("engagement:update")
        assert now["data"]["score"] == 0.2
        assert [name for name, _ in olga.heard] == ["agent.snapshot", "engagement.update", "engagement:update"]
        assert [each["data"]["score"] for each in olga.heard[0][1]["updates"]] == [0.1]


async def test_the_number_of_organisers_is_said_whenever_it_changes():
    bus = MemoryBus()
    async with opened(bus) as house, bus.subscribe("session:*:organisers") as messages:
        olga = await house.connect("olga", Role.ORGANISER)
        await olga.emit("agent:subscribe", {"sessionId": SESSION})
        said = json.loads((await anext(messages)).body)
        assert (said["count"], said["sessionId"]) == (1, SESSION)
        await olga.io.disconnect()
        assert json.loads((await anext(messages)).body)["count"] == 0


async def test_an_action_is_carried_out_once_and_acknowledged_each_time():
    bus = MemoryBus()
    content = {"question": "Tea?", "options": ["Yes", "No", "Later"]}
    about = {"sessionId": SESSION, "eventId": EVENT, "timestamp": time.time()}
    action = about | {"action_id": "i1", "action": "poll.launch", "label": "Assistant", "content": content}
    async with opened(bus) as house, bus.subscribe(f"session:{SESSION}:actions:ack") as acks:
        ada = await house.join("ada")
        for _ in range(2):
            await bus.publish([Message(f"session:{SESSION}:actions", json.dumps(action).encode())])
            assert json.loads((await anext(acks)).body) == {"action_id": "i1", "delivered_to": 1}
        await ada.emit("chat:send", {"content": "last"})
        await ada.hears("chat.message")
        assert [name for name, _ in ada.heard].count("poll.launched") == 1


class ForgetfulBus(MemoryBus):
    """A bus that carries what is said, but keeps nothing for as long as it is full."""

    is_full = False

    async def append(self, entries: Sequence[Entry]) -> None:
        if self.is_full:
            raise BusUnavailable("full")
        await super().append(entries)


async def test_an_action_is_acknowledged_once_it_is_kept_and_not_before():
    bus = ForgetfulBus()
    about = {"sessionId": SESSION, "eventId": EVENT, "timestamp": time.time(), "label": "Assistant"}
    action = about | {"action_id": "i1", "action": "chat.post", "content": {"message": "What next?"}}
    asks = Message(f"session:{SESSION}:actions", json.dumps(action).encode())
    async with opened(bus) as house, bus.subscribe(f"session:{SESSION}:actions:ack") as acks:
        ada = await house.join("ada")
        bus.is_full = True
        await bus.publish([asks])
        await ada.hears("chat.message", content="What next?")
        bus.is_full = False
        await bus.publish([asks])
        assert json.loads((await anext(acks)).body) == {"action_id": "i1", "delivered_to": 1}
        await bus.publish([Message(f"session:{SESSION}:actions:ack", b"last")])
        assert (await anext(acks)).body == b"last"
        assert [name for name, _ in ada.heard].count("chat.message") == 1
