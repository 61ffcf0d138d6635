"""What is said of one session reaches nobody who may not hear it, however other sessions and people are called."""

import time

import pytest
from tests.sockets import EVENT, SESSION, opened

from conductor.access.rights import Role
from conductor.domain.bus import Entry
from conductor.wire.events import entry
from conductor.wire.reading import moment_text


def update(session_id: str, event_id: str) -> Entry:
    """What the worker says."""
    data = {"score": 0.5, "parts": {}, "signals": {}, "state": "HEALTHY"}
    about = {"session_id": session_id, "event_id": event_id, "timestamp": moment_text(time.time())}
    return entry(about | {"type": "engagement.update", "data": data})


@pytest.mark.parametrize("session_id", [f"{SESSION}:agent", f"{SESSION}:speakers", f"{SESSION}:person:bob"])
async def test_a_session_whose_name_looks_like_a_part_of_another_hears_nothing_of_it(session_id):
    async with opened() as house:
        eve = await house.connect("eve", session_ids=frozenset({session_id}))
        assert (await eve.emit("session:join", {"sessionId": session_id}))["ok"]
        olga = await house.connect("olga", Role.ORGANISER)
        assert (await olga.emit("agent:subscribe", {"sessionId": SESSION}))["ok"]
        bob = await house.join("bob", Role.SPEAKER)
        await house.bus.append([update(SESSION, EVENT)])
        await olga.hears("engagement.update")
        await bob.emit("chat:send", {"content": "here"})
        await bob.hears("chat.message")
        await eve.emit("chat:send", {"content": "there"})
        await eve.hears("chat.message", content="there")

        about_others = {"engagement.update", "engagement:update"}
        assert not [name for name, payload in eve.heard if name in about_others or "here" in str(payload).split("'")]


async def test_who_waits_for_a_session_of_their_own_event_is_not_shown_another_events():
    async with opened() as house:
        own = await house.connect("olga", Role.ORGANISER)
        other = await house.connect("oscar", Role.ORGANISER, event_id="another")
        for organiser in (own, other):
            assert (await organiser.emit("agent:subscribe", {"sessionId": "tomorrow"}))["ok"]
        await house.bus.append([update("tomorrow", EVENT)])

        await own.hears("engagement.update")
        assert (await other.emit("agent:unsubscribe", {"sessionId": "tomorrow"}))["ok"]
        assert [name for name, _ in other.heard] == ["agent.snapshot"]
        refused = await other.emit("agent:subscribe", {"sessionId": "tomorrow"})
        assert refused["error"]["category"] == "AUTHORIZATION"
