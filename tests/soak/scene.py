"""Everything around an agent that a soak needs: servers behind proxies, rooms that act and answer, and a model."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Self

import httpx
import msgspec
from benchmarks.model_server import ANSWERS, model_server
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from tests import postgres, valkey
from tests.processes import PATIENCE_S, Served
from tests.proxy import Proxy, before, socket_of

from conductor.adapters.bus_redis import RedisBus
from conductor.domain.bus import ENGAGEMENT, Message
from conductor.duty.clock import SystemClock
from conductor.wire.reading import moment_of

EVENT = "soak"
MODEL_S = 0.3
"""How long the model takes for an answer, in real seconds."""


class Watched(Served):
    """An agent whose log is kept, and which is started again wherever it ends, as a supervisor does."""

    def __init__(self, clock: SystemClock, environment: Mapping[str, str], log: Path) -> None:
        super().__init__("agent", clock, environment)
        self._log = log

    def begin(self) -> None:
        """Start it, and do not wait until it answers."""
        words = [sys.executable, "-m", "conductor", "serve", "--role", "agent", "--port", str(self.port)]
        with self._log.open("ab") as file:
            self.process = subprocess.Popen(words, env=self._environment, stdout=file, stderr=file)

    @property
    def mistakes(self) -> list[str]:
        """Lines of the log that tell of something nobody has handled."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if "Traceback" in line or "[error" in line or "never retrieved" in line]

    @property
    def resident_mb(self) -> float:
        """Memory that the process holds, in megabytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * 4096 / 1e6

    async def state(self) -> str:
        """What it says of its readiness; `gone` where nobody answers."""
        with suppress(httpx.TransportError, ValueError, KeyError):
            async with httpx.AsyncClient(base_url=self.url, timeout=PATIENCE_S) as client:
                return str((await client.get("/health/ready")).json()["status"])
        return "gone"


class Scene:
    """Servers, the ways to them, and the rooms.

    Attributes:
        shown: How often each intervention was put on show: rooms know ids that come again.
        asked: How often the rooms were asked, repetitions and all.
    """

    def __init__(self, folder: Path, clock: SystemClock) -> None:
        self._folder = folder
        self._clock = clock
        self._stack = AsyncExitStack()
        self.shown: Counter[str] = Counter()
        self.asked = 0
        self._seen: set[str] = set()

    async def __aenter__(self) -> Self:
        """Start everything; the agent is ready afterwards."""
        enter, stack = self._stack.enter_async_context, self._stack
        server = stack.enter_context(valkey.running(self._folder))
        database = stack.enter_context(postgres.running())
        model = await enter(model_server(MODEL_S))
        self.bus_way: Proxy = await enter(before("127.0.0.1", int(server.url.rpartition(":")[2])))
        self.database_way: Proxy = await enter(before(socket_of(database)))
        self.model_way: Proxy = await enter(before("127.0.0.1", httpx.URL(model).port))
        self._engine = create_async_engine(database)
        stack.push_async_callback(self._engine.dispose)
        self.bus = await RedisBus.open(server.url, timeline=self._clock.timeline)
        stack.push_async_callback(self.bus.close)
        rooms = asyncio.create_task(self._rooms())
        stack.callback(rooms.cancel)
        self.agent = Watched(self._clock, self._environment(), self._folder / "agent.log")
        self.agent.begin()
        stack.callback(self.agent.kill)
        await self.agent.answers()
        await self.agent_is("healthy")
        return self

    async def __aexit__(self, *about: object) -> None:
        """End everything."""
        await self._stack.aclose()

    async def agent_is(self, state: str) -> None:
        """Wait until the agent says so of itself."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if await self.agent.state() == state:
                    return
                await asyncio.sleep(0.1)

    async def scored(self, after: float) -> None:
        """Wait until the agent has told the score of a tick that ended after this moment."""
        async with asyncio.timeout(PATIENCE_S):
            async for batch in self.bus.follow(ENGAGEMENT, after):
                for each in batch:
                    at = moment_of(msgspec.json.decode(dict(each.fields)["message"])["timestamp"])
                    if at is not None and at >= after:
                        return

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """What the database says, asked past the proxy."""
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def messages(self, prefix: str, since: float) -> list[dict[str, object]]:
        """Everything that was told in streams whose names begin so."""
        found: list[dict[str, object]] = []
        async for batch in self.bus.follow(prefix, since):
            if not batch:
                break
            found += (msgspec.json.decode(dict(each.fields)["message"]) for each in batch)
        return found

    def _environment(self) -> dict[str, str]:
        return {
            "CONDUCTOR_HOME": str(self._folder / "home"),
            "REDIS_URL": f"redis://127.0.0.1:{self.bus_way.port}",
            "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.database_way.port}/postgres",
            "ANTHROPIC_API_KEY": "none-at-all",
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{self.model_way.port}/{ANSWERS}",
            "MAX_LLM_COST_PER_HOUR": "1000",
            "MAX_LLM_COST_PER_DAY": "1000",
        }

    async def _rooms(self) -> None:
        """Show each action once, and acknowledge it each time it is asked for."""
        async with self.bus.subscribe("session:*:actions") as messages:
            async for message in messages:
                action = msgspec.json.decode(message.body)
                self.asked += 1
                if action["action_id"] not in self._seen:
                    self._seen.add(action["action_id"])
                    self.shown[action["action_id"]] += 1
                ack = msgspec.json.encode({"action_id": action["action_id"], "delivered_to": 40})
                await self.bus.publish([Message(f"{message.channel}:ack", ack)])
