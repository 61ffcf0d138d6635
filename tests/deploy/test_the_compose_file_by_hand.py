"""What compose.yaml would start, started by hand: the same commands, settings and health checks, with real servers."""

import asyncio
from contextlib import AsyncExitStack

import httpx
import pytest
from tests import postgres, valkey
from tests.deploy.by_hand import EVENT, SESSION, Process, Proxy, answered, faster, joined, scores, surroundings, token
from tests.deploy.files import BASE, DEPLOY, composed

from conductor.access.rights import Role


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Addresses of an empty PostgreSQL and an empty Valkey, as operators write them."""
    with postgres.running() as url, valkey.running(tmp_path_factory.mktemp("bus")) as bus:
        yield {"DATABASE_URL": url.replace("postgresql+asyncpg", "postgresql"), "REDIS_URL": bus.url}


async def a_person(stack, url, environment, user_id):
    client = await joined(url, SESSION, user_id, token(environment, Role.ATTENDEE, SESSION, user_id=user_id))
    stack.push_async_callback(client.io.disconnect)
    return client


async def test_a_fresh_clone_runs_against_both_servers_with_nothing_but_their_addresses(tmp_path, servers):
    service = {"command": ["serve", "--port", "8003"], "environment": {}}
    process = Process(service, surroundings(tmp_path, servers))
    process.begin()
    try:
        await answered(f"{process.url}/health/ready", 200)
        bearer = token(process.environment, Role.ORGANISER)
        body = {
            "channel": "chat:message:new",
            "data": {"sessionId": SESSION, "eventId": EVENT, "messageId": "m1", "userId": "p1"},
        }
        headers = {"Authorization": f"Bearer {bearer}"}
        async with httpx.AsyncClient(base_url=process.url, headers=headers) as client:
            sender = token(process.environment, Role.SERVICE)
            sent = await client.post("/api/v1/signals", json=body, headers={"Authorization": f"Bearer {sender}"})
            found = (await client.get("/health/ready")).json()
            points = await scores(client, SESSION)
        assert (await process.stops(), sent.json()["accepted"], found["status"]) == (0, 1, "healthy")
        assert points
    finally:
        process.kill()


async def test_the_services_of_the_file_start_serve_people_and_stop(tmp_path, servers):
    services = composed(DEPLOY, BASE)["services"]
    fast = faster()

    def made(name):
        environment = surroundings(tmp_path, servers | fast) | {"CONDUCTOR_HOME": str(tmp_path / "home")}
        return Process(services[name], environment)

    migrate, agent, rooms, more_rooms = (made(name) for name in ("migrate", "agent", "live", "live"))
    async with AsyncExitStack() as stack:
        migrate.begin()
        stack.callback(migrate.kill)
        assert await migrate.ended() == 0
        for each in (agent, rooms, more_rooms):
            each.begin()
            stack.callback(each.kill)
        proxy = Proxy(DEPLOY, tmp_path, agent.url, rooms.url)
        stack.callback(proxy.kill)
        await asyncio.gather(*(each.becomes_healthy() for each in (agent, rooms, more_rooms)), proxy.answers())
        await answered(f"{proxy.url}/health/ready", 200)

        # Three ways into one room: by the proxy, and into another process of rooms.
        anna = await a_person(stack, proxy.url, agent.environment, "anna")
        ben = await a_person(stack, more_rooms.url, agent.environment, "ben")
        await ben.emit("chat:send", {"content": "from the other process"})
        heard = await anna.hears("chat.message", content="from the other process")
        await anna.emit("chat:send", {"content": "by the proxy"})
        await ben.hears("chat.message", content="by the proxy")

        bearer = token(agent.environment, Role.ORGANISER)
        async with httpx.AsyncClient(base_url=proxy.url, headers={"Authorization": f"Bearer {bearer}"}) as client:
            points = await scores(client, SESSION)
            closed = [(await client.get(path)).status_code for path in ("/metrics", "/health/detailed")]
            page = await client.get("/dashboard")
        for each in (anna, ben):
            await each.io.disconnect()
        assert [await each.stops() for each in (agent, rooms, more_rooms)] == [0, 0, 0]

    assert heard["content"] == "from the other process"
    assert points
    assert closed == [404, 404]
    # Built or not, it is the agent's own page that is shown.
    assert "Engagement Conductor" in page.text


async def test_a_service_that_does_not_answer_is_not_healthy(tmp_path):
    service = composed(DEPLOY, BASE)["services"]["live"]
    process = Process(service, surroundings(tmp_path, {}))
    assert not await process.is_healthy()
