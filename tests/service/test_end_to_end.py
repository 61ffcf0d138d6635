"""Real processes, real sockets, a real server between them: a room dies and is helped. Ten seconds pass in one."""

import asyncio
import time
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager

import pytest
import socketio
from tests.processes import PATIENCE_S, Served
from tests.sockets import EVENT, SESSION, Client
from tests.valkey import running

from conductor.access.rights import Role
from conductor.duty.clock import SystemClock
from conductor.live.fanout import NAMESPACE

SPEED = 10.0
PEOPLE = 8
CHATS_S = 9.0


class Town:
    """The services in processes of their own, and who comes to them."""

    def __init__(self, agent, live):
        self.agent = agent
        self.live = live

    @property
    def services(self):
        return {self.agent, self.live}


@asynccontextmanager
async def town(folder, *, processes):
    """Serve in one process, or in two with a Redis server between them."""
    clock = SystemClock(SPEED, time.time())
    environment = {"CONDUCTOR_HOME": str(folder / "home")}
    with ExitStack() as stack:
        if processes == 2:
            environment["REDIS_URL"] = stack.enter_context(running(folder)).url
            places = Town(Served("agent", clock, environment), Served("live", clock, environment))
        else:
            both = Served("all", clock, environment)
            places = Town(both, both)
        for each in places.services:
            each.begin()
            stack.callback(each.kill)
        await asyncio.gather(*(each.answers() for each in places.services))
        yield places
        assert [await each.end() for each in places.services] == [0] * processes


async def come(town, user_id, role):
    client = Client()
    async with asyncio.timeout(PATIENCE_S):
        while not client.io.connected:
            try:
                await client.io.connect(
                    town.live.url,
                    auth={"token": town.live.token(EVENT, role, user_id, SESSION)},
                    namespaces=[NAMESPACE],
                    transports=["websocket"],
                )
            except socketio.exceptions.ConnectionError:
                await asyncio.sleep(0.1)
    return client


async def chatting(clients, until):
    number = 0
    while time.time() < until:
        for client in clients:
            number += 1
            await client.emit("chat:send", {"content": f"thought {number}"})
        await asyncio.sleep(0.3)


@pytest.mark.parametrize("processes", [1, 2], ids=["one process", "two processes"])
async def test_a_room_falls_silent_the_organiser_sees_it_the_agent_asks_a_poll_and_an_attendee_votes(
    tmp_path, processes
):
    async with town(tmp_path, processes=processes) as places, AsyncExitStack() as stack:
        rest = await stack.enter_async_context(places.agent.rest(EVENT))
        assert (await rest.get("/health/ready")).status_code == 200
        settings = {"event_id": EVENT, "agent_mode": "AUTO", "holdout_share": 0.0, "allowed_interventions": ["POLL"]}
        assert (await rest.post("/api/v1/events/settings", json=settings)).status_code < 300

        olga = await come(places, "olga", Role.ORGANISER)
        stack.push_async_callback(olga.io.disconnect)
        people = [await come(places, f"u{number}", Role.ATTENDEE) for number in range(PEOPLE)]
        for number, client in enumerate(people):
            stack.push_async_callback(client.io.disconnect)
            joined = await client.emit("session:join", {"sessionId": SESSION, "displayName": f"Person {number}"})
            assert joined["ok"], joined
        assert (await olga.emit("agent:subscribe", {"sessionId": SESSION}))["ok"]
        await olga.hears("agent.snapshot")

        await chatting(people, time.time() + CHATS_S)
        fall = await olga.hears("anomaly.detected")
        decision = await olga.hears("agent.decision")
        poll = await people[0].hears("poll.launched")
        voted = await people[0].emit(
            "poll:vote", {"pollId": poll["pollId"], "optionId": poll["options"][0]["optionId"]}
        )
        done = await olga.hears("agent.intervention.executed")
        await people[1].hears("poll.results")

    assert fall["data"]["current"] < fall["data"]["expected"]
    assert decision["data"]["decision"]["interventionType"] == "POLL"
    assert voted["ok"], voted
    assert done["data"]["delivered_to"] == PEOPLE
    assert done["data"]["intervention_id"] == poll["pollId"]
