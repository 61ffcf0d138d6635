"""The bus goes away and comes back: people notice nothing, and nothing that they said is lost."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sockets import EVENT, PATIENCE_S, SESSION, Client, agent_on, opened
from tests.valkey import Server, running

from conductor.access.rights import Role
from conductor.adapters.bus_redis import RedisBus
from conductor.domain.interventions import Arm, Generation, GenerationMethod, Intervention, PromptContent
from conductor.domain.signals import ChatDetail
from conductor.errors import BusUnavailable
from conductor.live.service import ServiceParams
from conductor.wire import parse_signal
from conductor.wire.entries import one_by_one

WAIT_S = 0.2
"""How long each call waits for the bus in these tests."""

CHAT = "chat:message:new"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path, keeps=True) as started:
        yield started


async def kept_until(server: Server, last: str) -> list[str]:
    """What was said in the chat by the stream, up to these words."""
    bus = await RedisBus.open(server.url)
    said: list[str] = []
    async with asyncio.timeout(PATIENCE_S):
        async for batch in bus.follow("signals:", 0.0):
            fields = [field for kept in batch for field in one_by_one(kept) if field[0] == CHAT]
            details = [parse_signal(channel, body).detail for channel, body in fields]
            said += [detail.content or "" for detail in details if isinstance(detail, ChatDetail)]
            if last in said:
                break
    await bus.close()
    # An answer of the server that was lost leads to the same once more; who reads it knows it by its id.
    return list(dict.fromkeys(said))


async def over(client: Client) -> dict[str, object]:
    """What is told at the end of an outage."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for name, payload in client.heard:
                if name == "agent.degraded" and payload["data"]["until"] is not None:
                    data: dict[str, object] = payload["data"]
                    return data
            await client.stirs()


def prompt(intervention_id: str, at: float) -> Intervention:
    worded = Generation(GenerationMethod.TEMPLATE, "t")
    content = PromptContent(f"What would you try first? ({intervention_id})")
    return Intervention(intervention_id, "d1", SESSION, EVENT, at, Arm.CHAT_PROMPT, content, worded, 0, "Robot")


async def test_what_is_said_while_the_bus_is_away_is_heard_at_once_and_kept_later(server):
    bus = await RedisBus.open(server.url, wait_s=WAIT_S)
    async with opened(bus) as house:
        ada, ben = await house.join("ada"), await house.join("ben")
        assert (await ada.emit("chat:send", {"content": "before"}))["ok"]
        await ben.hears("chat.message", content="before")
        server.kill()
        for n in range(5):
            assert (await ada.emit("chat:send", {"content": f"meanwhile {n}"}))["ok"]
            await ben.hears("chat.message", content=f"meanwhile {n}")
        eve = await house.join("eve")
        assert "meanwhile 4" in str(await eve.hears("session.snapshot"))
        server.start()
        assert (await ada.emit("chat:send", {"content": "after"}))["ok"]
        await ben.hears("chat.message", content="after")
        said = await kept_until(server, "after")
        assert said == ["before", *[f"meanwhile {n}" for n in range(5)], "after"]
        texts = [payload["content"] for name, payload in ben.heard if name == "chat.message"]
        assert texts == said
    await bus.close()


async def test_the_agent_is_not_told_that_something_is_done_before_it_is_kept(server):
    bus = await RedisBus.open(server.url, wait_s=WAIT_S)
    async with opened(bus) as house, agent_on(bus) as agent:
        ada = await house.join("ada")
        assert await agent.deliver(prompt("i1", house.clock())) == 1
        server.kill()
        with pytest.raises(BusUnavailable):
            await agent.deliver(prompt("i2", house.clock()))
        server.start()
        assert await agent.deliver(prompt("i3", house.clock())) == 1
        assert await agent.deliver(prompt("i1", house.clock())) == 1
        await ada.hears("chat.message", content="What would you try first? (i3)")
        assert len([1 for name, _ in ada.heard if name == "chat.message"]) == 2
    await bus.close()


async def test_the_room_is_the_same_when_its_process_begins_anew_after_the_outage(server):
    bus = await RedisBus.open(server.url, wait_s=WAIT_S)
    async with opened(bus) as house:
        ada = await house.join("ada")
        server.kill()
        assert (await ada.emit("chat:send", {"content": "meanwhile"}))["ok"]
        server.start()
        await kept_until(server, "meanwhile")
    async with opened(bus) as house:
        ben = await house.join("ben")
        (said,) = (await ben.hears("session.snapshot"))["chat"]
        assert (said["content"], said["displayName"]) == ("meanwhile", "Ada")
    await bus.close()


async def test_organisers_hear_at_once_that_the_bus_is_away_and_when_it_is_back(server):
    bus = await RedisBus.open(server.url, wait_s=WAIT_S)
    async with opened(bus) as house:
        ada = await house.join("ada")
        olga = await house.connect("olga", Role.ORGANISER)
        assert (await olga.emit("agent:subscribe", {"sessionId": SESSION}))["ok"]
        server.kill()
        assert (await ada.emit("chat:send", {"content": "meanwhile"}))["ok"]
        gone = (await olga.hears("agent.degraded"))["data"]
        assert (gone["component"], gone["until"]) == ("bus", None)
        late = await house.connect("lisa", Role.ORGANISER)
        assert (await late.emit("agent:subscribe", {"sessionId": SESSION}))["ok"]
        assert [each["component"] for each in (await late.hears("agent.snapshot"))["degraded"]] == ["bus"]
        server.start()
        assert (await over(olga))["since"] == gone["since"]
        assert house.app.hall.overview.snapshot(SESSION, house.clock())["degraded"] == []
    await bus.close()


async def test_who_watches_a_room_in_which_nothing_is_said_hears_of_it_too(server):
    bus = await RedisBus.open(server.url, wait_s=WAIT_S)
    params = ServiceParams(step_s=0.02, chat_flush_s=0.02, organisers_s=0.2, retry_s=0.1)
    async with opened(bus, params) as house:
        ada = await house.join("ada")
        olga = await house.connect("olga", Role.ORGANISER)
        assert (await olga.emit("agent:subscribe", {"sessionId": SESSION}))["ok"]
        await ada.io.disconnect()
        server.kill()
        await olga.hears("agent.degraded")
        server.start()
        assert (await over(olga))["component"] == "bus"
    await bus.close()


async def test_what_cannot_be_kept_when_the_service_ends_is_told_of(server, caplog):
    bus = await RedisBus.open(server.url, wait_s=WAIT_S)
    async with opened(bus) as house:
        ada = await house.join("ada")
        server.kill()
        assert (await ada.emit("chat:send", {"content": "meanwhile"}))["ok"]
    assert "are lost" in caplog.text
    await bus.close()
