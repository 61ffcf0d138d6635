"""Real processes, real sockets, a real server between them: a room dies and is helped. Ten seconds pass in one."""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import AsyncExitStack, ExitStack, contextmanager

import httpx
import pytest
import socketio
from tests.sockets import EVENT, SESSION, SIGNED_WITH, Client
from tests.valkey import free_port, running

from conductor.access.rights import Principal, Role
from conductor.access.tokens import Access
from conductor.duty.clock import SystemClock
from conductor.live.fanout import NAMESPACE

SPEED = 10.0
PEOPLE = 8
CHATS_S = 9.0
PATIENCE_S = 30.0


class Town:
    """The services in processes of their own, and who comes to them."""

    def __init__(self, agent_url, live_url, clock):
        self.agent_url = agent_url
        self.live_url = live_url
        self.access = Access([SIGNED_WITH], clock.now)

    def token(self, user_id, role):
        return self.access.issue(Principal(user_id, role, EVENT), 36_000.0)

    def organiser(self):
        headers = {"Authorization": f"Bearer {self.token('olga', Role.ORGANISER)}"}
        return httpx.AsyncClient(base_url=self.agent_url, headers=headers, timeout=PATIENCE_S)


@contextmanager
def town(folder, *, processes):
    """Serve in one process, or in two with a Redis server between them."""
    since = time.time()
    environment = os.environ | {
        "CONDUCTOR_HOME": str(folder / "home"),
        "CONDUCTOR_CLOCK_SPEED": str(SPEED),
        "CONDUCTOR_CLOCK_SINCE": str(since),
        "JWT_SECRET": SIGNED_WITH,
        "MAX_REQUESTS_PER_MINUTE": "1000",
    }
    with ExitStack() as stack:
        roles = ["all"]
        if processes == 2:
            environment["REDIS_URL"] = stack.enter_context(running(folder)).url
            roles = ["agent", "live"]
        ports = [free_port() for _ in roles]
        for role, port in zip(roles, ports, strict=True):
            stack.enter_context(process(environment, role, port))
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        yield Town(urls[0], urls[-1], SystemClock(SPEED, since))


@contextmanager
def process(environment, role, port):
    words = [sys.executable, "-m", "conductor", "serve", "--role", role, "--port", str(port)]
    serving = subprocess.Popen(words, env=environment)
    try:
        yield serving
    finally:
        serving.terminate()
        serving.wait(PATIENCE_S)


async def answers(client, path):
    """Ask until the service is up."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                answer = await client.get(path)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return answer


async def come(town, user_id, role):
    client = Client()
    async with asyncio.timeout(PATIENCE_S):
        while not client.io.connected:
            try:
                await client.io.connect(
                    town.live_url,
                    auth={"token": town.token(user_id, role)},
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
    with town(tmp_path, processes=processes) as places:
        async with AsyncExitStack() as stack:
            rest = await stack.enter_async_context(places.organiser())
            assert (await answers(rest, "/health/ready")).status_code == 200
            settings = {"event_id": EVENT, "agent_mode": "AUTO", "allowed_interventions": ["POLL"]}
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
