"""A real agent is killed and started again beside one that lives on: it says the same, and does nothing twice.

Two agents, each with a server of its own, get the same entries at the same moments. Five seconds pass in one.
"""

import asyncio
import time
from collections import defaultdict
from contextlib import AsyncExitStack

import msgspec
from redis.asyncio import Redis
from tests.duty_examples import end, entry_of
from tests.live_examples import room
from tests.processes import PATIENCE_S, Served
from tests.rooms import START
from tests.valkey import running

from conductor.adapters.bus_redis import RedisBus
from conductor.domain.bus import Message
from conductor.domain.signals import Kind
from conductor.duty.clock import SystemClock
from conductor.perceive.ledger import TICK_S
from conductor.wire.reading import moment_of

SPEED = 5.0
KILLED_S, AWAY_S = 32.0, 10.0
"""For so long it lives first, and then is away, in seconds of the agents."""

TICKS = 4
"""So many scores are compared after each restart."""

EVENT = "event"


class Agent:
    """An agent in a process of its own, with its server, and rooms that show whatever it asks for."""

    def __init__(self, folder, clock):
        self.folder = folder
        self.clock = clock
        self.shown = set()
        self.said = []
        self.stirred = asyncio.Event()

    async def open(self, stack):
        self.folder.mkdir()
        server = stack.enter_context(running(self.folder))
        self.redis = await stack.enter_async_context(Redis.from_url(server.url))
        self.bus = await RedisBus.open(server.url)
        stack.push_async_callback(self.bus.close)
        actions = await stack.enter_async_context(self.bus.subscribe("session:*:actions"))
        events = await stack.enter_async_context(self.bus.subscribe("session:*:events"))
        stack.push_async_callback(
            end, asyncio.create_task(self._show(actions)), asyncio.create_task(self._hear(events))
        )
        environment = {"CONDUCTOR_HOME": str(self.folder / "home"), "REDIS_URL": server.url}
        self.process = Served("agent", self.clock, environment)
        self.process.begin()
        stack.callback(self.process.kill)
        await self.process.answers()

    async def act_alone(self):
        settings = {
            "event_id": EVENT,
            "agent_mode": "AUTO",
            "holdout_share": 0.0,
            "allowed_interventions": ["CHAT_PROMPT"],
        }
        async with self.process.rest(EVENT) as rest:
            assert (await rest.post("/api/v1/events/settings", json=settings)).status_code < 300

    async def keep(self, signals):
        await self.bus.append([entry_of(each) for each in signals])

    async def kept(self, stream):
        return [msgspec.json.decode(fields[b"message"]) for _, fields in await self.redis.xrange(stream)]

    async def scores(self):
        """Every score that was told, by its tick."""
        told = defaultdict(list)
        for message in await self.kept("engagement:a"):
            told[moment_of(message["timestamp"])].append(message["data"]["score"])
        return told

    async def has_done(self):
        """Wait until the agent says that it did something, and has ended another tick since."""
        await self._hears(lambda: self._places("agent.intervention.executed"))
        done = self._places("agent.intervention.executed")[0]
        await self._hears(lambda: self._places("engagement.update")[-1] > done)

    async def has_scored(self, ticks):
        """Wait until the agent has told scores of so many ticks that end from now on."""
        now = self.clock.now()
        await self._hears(lambda: sum(at > now for at in self._scored_at()) >= ticks)

    async def has_scored_up_to(self, tick):
        """Wait until the agent has told the score of this tick."""
        await self._hears(lambda: any(at >= tick for at in self._scored_at()))

    def _scored_at(self):
        return [moment_of(message["timestamp"]) for message in self.said if message["type"] == "engagement.update"]

    def _places(self, kind):
        return [place for place, message in enumerate(self.said) if message["type"] == kind]

    async def _hears(self, is_so):
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():
                self.stirred.clear()
                await self.stirred.wait()

    async def _show(self, actions):
        async for message in actions:
            action = msgspec.json.decode(message.body)
            # What is not acknowledged soon enough comes again under the same id, and rooms show it once.
            self.shown.add(action["action_id"])
            ack = {"action_id": action["action_id"], "delivered_to": 40}
            await self.bus.publish([Message(f"{message.channel}:ack", msgspec.json.encode(ack))])

    async def _hear(self, events):
        async for message in events:
            self.said.append(msgspec.json.decode(message.body))
            self.stirred.set()


def by_tick(start):
    """A room's signals, those of each tick in its first half, so that all have come long before it ends."""
    ticks = defaultdict(list)
    for each in room(falls_at=3600.0, until=3600.0, count=40):
        number, rest = divmod(each.at - START, TICK_S)
        ticks[start + number * TICK_S].append(each._replace(at=start + number * TICK_S + rest / 2.0))
    return sorted(ticks.items())


async def feed(agents, clock, start, falls):
    """Hand every agent the signals of each tick one tick ahead; of a room that fell only its heartbeats.

    However busy the machine is, all agents have them long before the tick ends; until it begins they wait.
    """
    for begin, signals in by_tick(start):
        await clock.sleep_until(begin - TICK_S / 2.0)
        heard = [each for each in signals if not falls.is_set() or each.kind is Kind.SOURCE_HEARTBEAT]
        await asyncio.gather(*(agent.keep(heard) for agent in agents))


def ids_of(messages, kind, *path):
    found = [message for message in messages if message["type"] == kind]
    for step in ("data", *path):
        found = [each[step] for each in found]
    return found


async def test_an_agent_that_is_killed_twice_tells_the_scores_of_one_that_lives_on_and_does_nothing_twice(tmp_path):
    clock = SystemClock(SPEED, time.time())
    steady, killed = (Agent(tmp_path / name, clock) for name in ("steady", "killed"))
    async with AsyncExitStack() as stack:
        await asyncio.gather(*(agent.open(stack) for agent in (steady, killed)))
        await asyncio.gather(steady.act_alone(), killed.act_alone())
        start, falls = (clock.now() // TICK_S + 2.0) * TICK_S, asyncio.Event()
        feeding = asyncio.create_task(feed((steady, killed), clock, start, falls))
        stack.push_async_callback(end, feeding)

        await clock.sleep_until(start + KILLED_S)
        killed.process.kill()
        await clock.sleep_until(start + KILLED_S + AWAY_S)
        await killed.process.start()
        again_from = clock.now()
        await killed.has_scored(TICKS)

        falls.set()
        await asyncio.gather(steady.has_done(), killed.has_done())
        done_at = clock.now()
        killed.process.kill()
        await killed.process.start()
        and_again_from = clock.now()
        await killed.has_scored(TICKS)
        told, happened = await killed.scores(), await killed.kept("events:a")
        await steady.has_scored_up_to(max(told))
        expected = await steady.scores()

    lived = [tick for tick in told if again_from < tick < done_at - TICK_S or and_again_from < tick]
    assert len(lived) >= 2 * TICKS - 1
    assert {tick: told[tick] for tick in lived} == {tick: expected[tick] for tick in lived}
    assert all(len(scores) == 1 for scores in told.values())

    [decided] = ids_of(happened, "agent.decision", "decision", "id")
    [done] = ids_of(happened, "agent.intervention.executed", "decision_id")
    assert decided == done
    assert len(killed.shown) == len(steady.shown) == 1
    assert ids_of(killed.said, "agent.decision", "decision", "id") == [decided]
    assert len(ids_of(happened, "session.opened")) == 1
