"""A worker on duty, the service beside it on the same bus and store, and organisers at its door; time is fake."""

import asyncio
from contextlib import asynccontextmanager

import httpx
from tests.duty_examples import World, end
from tests.rooms import START

from conductor.access.rights import Principal, Role
from conductor.access.tokens import Access
from conductor.decide.beliefs import believed
from conductor.following import follow
from conductor.limits import Limiter
from conductor.overview import Overview
from conductor.service.app import create_app
from conductor.service.parts import Parts, ServiceParams
from conductor.testing import settle

SESSION = "/api/v1/agent/sessions/a"


class Town:
    """A world with a service in it.

    Attributes:
        world: The worker's surroundings.
    """

    def __init__(self):
        self.world = World()
        self._overview = Overview()
        self._access = Access(["s" * 40], self.world.clock.now)

    @asynccontextmanager
    async def open(self):
        """The service knows what is told, while the context lasts."""
        async with self.world.surroundings():
            ready = asyncio.Event()
            following = asyncio.create_task(follow(self.world.bus, self._overview, START, ready))
            await asyncio.wait_for(ready.wait(), 5.0)
            yield self
            await end(following)

    def organiser(self, name):
        """A client with this organiser's token."""
        world, store = self.world, self.world.store
        kept = (world.bus, store, world.desk, world.desk, store.archive, store.audit)
        parts = Parts(*kept, self._access, Limiter(100_000), self._overview, world.clock.now, believed=believed)
        token = self._access.issue(Principal(name, Role.ORGANISER, name=name.upper()), 36_000.0)
        transport = httpx.ASGITransport(create_app(parts, ServiceParams()), raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(transport=transport, base_url="http://here", headers=headers)


async def pending(client):
    """The decision that waits for an answer, as an organiser reads it."""
    [decision] = (await client.get(f"{SESSION}/decisions/pending")).json()["pending"]
    return decision


async def answered(client, decision, way="approve", **body):
    """What an organiser is told who clicks; the worker has heard of it by then."""
    told = await client.post(f"{SESSION}/decisions/{decision['id']}/{way}", json=body)
    await settle()
    return told
