"""The server of the bus comes back with nothing in it, as one does that keeps no files: the agent and rooms go on."""

import asyncio
import time
from contextlib import AsyncExitStack

import msgspec
from redis.asyncio import Redis
from tests.duty_examples import end, entry_of
from tests.live_examples import room
from tests.processes import PATIENCE_S, Served
from tests.rooms import START
from tests.sockets import agent_on, opened
from tests.valkey import running

from conductor.adapters.bus_redis import RedisBus
from conductor.duty.clock import SystemClock
from conductor.errors import BusUnavailable
from conductor.perceive.ledger import TICK_S

SPEED = 5.0


async def talk(bus, clock):
    """A room that is full of talk; what the bus does not take at once is lost."""
    begin = (clock.now() // TICK_S + 1.0) * TICK_S
    for each in room(falls_at=3600.0, until=3600.0, count=20, per_min=60.0):
        await clock.sleep_until(each.at - START + begin)
        try:
            await bus.append([entry_of(each._replace(at=each.at - START + begin))])
        except BusUnavailable:
            continue


async def told(url, stream):
    """What is kept in a stream by now."""
    async with Redis.from_url(url) as redis:
        kept = await redis.xrange(stream)
        assert kept is not None
        return [msgspec.json.decode(fields[b"message"]) for _, fields in kept if fields is not None]


async def has_told(bus, stream, least):
    """What is kept in a stream, once it is so much."""
    found = []
    async with asyncio.timeout(PATIENCE_S):
        async for batch in bus.follow(stream, 0.0):
            found += [msgspec.json.decode(dict(each.fields)["message"]) for each in batch]
            if len(found) >= least:
                break
    return found


async def has_kept(bus, stream):
    """Come back once there is something in a stream."""
    async with asyncio.timeout(PATIENCE_S):
        async for batch in bus.follow(stream, 0.0):
            if any(b"before" in value for each in batch for value in each.values):
                return


async def status(agent):
    async with agent.rest("event") as rest:
        return (await rest.get("/api/v1/agent/sessions/a/status")).json()


async def test_the_agent_goes_on_with_the_sessions_it_has_in_mind(tmp_path):
    clock = SystemClock(SPEED, time.time())
    async with AsyncExitStack() as stack:
        server = stack.enter_context(running(tmp_path))
        bus = await RedisBus.open(server.url, wait_s=0.5)
        stack.push_async_callback(bus.close)
        agent = Served("agent", clock, {"CONDUCTOR_HOME": str(tmp_path / "home"), "REDIS_URL": server.url})
        agent.begin()
        stack.callback(agent.kill)
        await agent.answers()
        stack.push_async_callback(end, asyncio.create_task(talk(bus, clock)))
        before = await has_told(bus, "engagement:a", 6)

        server.kill()
        server.start()
        after = await has_told(bus, "engagement:a", 6)
        happened = await told(server.url, "events:a")
        known = await status(agent)
        assert await agent.end() == 0

    assert after[0]["timestamp"] > before[0]["timestamp"]
    assert {"session.opened", "session.closed"} & {each["type"] for each in happened} == set()
    assert known["status"] != "IDLE"


async def test_rooms_go_on_and_begin_anew_where_their_process_does(tmp_path):
    with running(tmp_path) as server:
        bus = await RedisBus.open(server.url, wait_s=0.5)
        async with opened(bus) as house, agent_on(bus):
            ada, ben = await house.join("ada"), await house.join("ben")
            assert (await ada.emit("chat:send", {"content": "before"}))["ok"]
            await has_kept(bus, "signals:")
            server.kill()
            server.start()
            async with Redis.from_url(server.url) as redis:
                assert await redis.dbsize() == 0
            assert (await ada.emit("chat:send", {"content": "after"}))["ok"]
            await ben.hears("chat.message", content="after")
        async with opened(bus) as house:
            ada = await house.join("ada")
            said = [each["content"] for each in (await ada.hears("session.snapshot"))["chat"]]
            assert "before" not in said
            assert (await ada.emit("chat:send", {"content": "anew"}))["ok"]
            await ada.hears("chat.message", content="anew")
        await bus.close()
