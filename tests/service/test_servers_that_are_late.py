"""A process that begins before its servers do waits for them, and says so to probes."""

import asyncio

import httpx
from tests.processes import PATIENCE_S, Served
from tests.proxy import before
from tests.valkey import running

from conductor.duty.clock import SystemClock


async def test_an_agent_is_alive_and_not_ready_until_its_bus_is_there(tmp_path):
    with running(tmp_path) as server:
        async with before("127.0.0.1", int(server.url.rpartition(":")[2])) as way:
            await way.cut()
            environment = {"CONDUCTOR_HOME": str(tmp_path / "home"), "REDIS_URL": f"redis://127.0.0.1:{way.port}"}
            agent = Served("agent", SystemClock(), environment)
            await agent.start()
            try:
                async with httpx.AsyncClient(base_url=agent.url, timeout=PATIENCE_S) as client:
                    alive, ready = await client.get("/health/live"), await client.get("/health/ready")
                    asked = await client.get("/api/v1/me")
                    await way.heal()
                    async with asyncio.timeout(PATIENCE_S):
                        await _becomes_ready(client)
            finally:
                agent.kill()

    assert (alive.status_code, ready.status_code, asked.status_code) == (200, 503, 503)
    assert ready.json()["status"] == "unhealthy"
    assert asked.headers["retry-after"] == "1"


async def test_an_agent_that_waits_ends_when_it_is_asked_to(tmp_path):
    agent = Served(
        "agent", SystemClock(), {"CONDUCTOR_HOME": str(tmp_path / "home"), "REDIS_URL": "redis://127.0.0.1:1"}
    )
    await agent.start()
    assert await agent.end() == 0


async def _becomes_ready(client):
    while True:
        try:
            if (await client.get("/health/ready")).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
