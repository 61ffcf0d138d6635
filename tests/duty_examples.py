"""A worker on duty in fake time, with a bus, a store, organisers and rooms that show whatever they are asked to."""

import asyncio
import math
from contextlib import asynccontextmanager, suppress
from random import Random

import msgspec
from langgraph.checkpoint.memory import InMemorySaver
from tests.live_examples import AUTO, make_loop
from tests.rooms import START

from conductor.act.calls import Called
from conductor.act.drafting import Drafting
from conductor.act.writer import Writer
from conductor.adapters.budget_memory import MemoryBudget
from conductor.adapters.journal_memory import MemoryJournal
from conductor.adapters.platform_bus import BusPlatform, DeliveryParams
from conductor.domain.bus import SIGNALS, SIGNALS_KEPT, Entry, Message
from conductor.domain.organisers import Answer
from conductor.domain.wording import Price
from conductor.duty.duty import Duty
from conductor.duty.params import DutyParams
from conductor.errors import BusUnavailable, StoreUnavailable
from conductor.testing import FakeClock, MemoryBus, MemoryStore, settle
from conductor.wire import dump_signal
from conductor.wire.desk import answer_fields
from conductor.wire.rooms import Named, dump_note
from conductor.worker import Worker
from conductor.worker.keeping import replay
from conductor.workflow import Workflow, WorkflowParts


class Gate:
    """Lets every call through to what is behind it, but for those that are refused.

    Args:
        behind: A port.
        error: What refused calls raise.
    """

    def __init__(self, behind, error):
        self._behind = behind
        self._error = error
        self.refused = set()

    def __getattr__(self, name):
        if name in self.refused:
            return self._refuse
        return getattr(self._behind, name)

    async def _refuse(self, *_):
        raise self._error


class Checkpoints(InMemorySaver):
    """Checkpoints that can neither be kept nor had while they are away, or from the nth call on."""

    def __init__(self):
        super().__init__()
        self.calls_left = None

    @property
    def are_away(self):
        if self.calls_left is not None:
            self.calls_left -= 1
        return self.calls_left is not None and self.calls_left < 0

    def _check(self):
        if self.are_away:
            raise StoreUnavailable("away")

    async def aget_tuple(self, config):
        self._check()
        return await super().aget_tuple(config)

    async def aput(self, *about):
        self._check()
        return await super().aput(*about)

    async def aput_writes(self, *about):
        self._check()
        await super().aput_writes(*about)

    async def adelete_thread(self, thread_id):
        self._check()
        await super().adelete_thread(thread_id)


class World:
    """What outlives a worker: the bus, the store, the desk, the rooms, the models and the time."""

    def __init__(self):
        self.clock = FakeClock(START)
        self.bus = Gate(MemoryBus(self.clock.now), BusUnavailable("away"))
        self.store = Gate(MemoryStore(), StoreUnavailable("away"))
        self.desk = Gate(self.store.desk, StoreUnavailable("away"))
        self.deadlines = Gate(self.store.deadlines, StoreUnavailable("away"))
        self.checkpoints = Checkpoints()
        self.journal = MemoryJournal()
        self.writer = None
        self.deadline_s = 60.0
        self.calls: asyncio.Queue[Called] = asyncio.Queue()
        self.delivery = DeliveryParams()
        self.news = asyncio.Event()
        self.rooms_answer = asyncio.Event()
        self.rooms_answer.set()
        self.told = []
        self.shown = []

    def without_memory(self):
        """The same world with a bus that has forgotten everything."""
        other = World()
        other.store, other.desk, other.clock = self.store, self.desk, self.clock
        other.deadlines = self.deadlines
        other.checkpoints, other.writer = self.checkpoints, self.writer
        other.journal = self.journal
        other.bus = Gate(MemoryBus(self.clock.now), BusUnavailable("away"))
        return other

    def ask(self, *models, limit_usd=1.0, deadline_s=60.0):
        """From the next worker on these models are asked; every call is put into `calls` when it has ended."""
        prices = {model.model: Price(3.0, 15.0, 0.3, 3.75) for model in models}
        budget = MemoryBudget(limit_usd, limit_usd)
        self.writer = Writer(models, prices, budget, self.clock.now, note=self.calls.put_nowait)
        self.deadline_s = deadline_s

    async def called(self, number=1):
        """Wait until so many calls have ended; gives what came of them."""
        results = [(await asyncio.wait_for(self.calls.get(), 10.0)).result for _ in range(number)]
        await settle()
        return results

    async def rooms(self):
        """Show each action once, and acknowledge it each time."""
        seen = set()
        async with self.bus.subscribe("session:*:actions") as messages:
            async for message in messages:
                action = msgspec.json.decode(message.body)
                if action["action_id"] not in seen:
                    seen.add(action["action_id"])
                    self.shown.append(action)
                await self.rooms_answer.wait()
                ack = {"action_id": action["action_id"], "delivered_to": 42}
                await self.bus.publish([Message(f"{message.channel}:ack", msgspec.json.encode(ack))])

    async def listener(self):
        async with self.bus.subscribe("session:*:events") as messages:
            async for message in messages:
                self.told.append(msgspec.json.decode(message.body))
                self.news.set()

    async def hears(self, kind):
        """Wait until something of this kind is told."""
        while not self.of(kind):
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 10.0)

    def of(self, kind):
        return [message for message in self.told if message["type"] == kind]

    @asynccontextmanager
    async def surroundings(self):
        """Rooms and listeners, while the context lasts."""
        tasks = [asyncio.create_task(self.rooms()), asyncio.create_task(self.listener())]
        await settle()
        yield
        await end(*tasks)

    @asynccontextmanager
    async def worker(self, *, decide=AUTO, learned=None):
        """A worker on duty, until it is ended as by a power cut."""
        platform = BusPlatform(self.bus, self.delivery)

        drafting = Drafting(Random(0), self.writer, self.deadline_s)
        parts = WorkflowParts(platform, drafting, self.deadlines, self.checkpoints, self.desk, self.clock.now)

        def make_worker(tell, turn):
            return Worker(loop, Workflow(parts), self.store, tell, turn, self.journal)

        await replay(self.journal, self.store)
        kept_until = await self.store.archive.scored_until()
        earlier = await self.store.archive.sessions(None)
        loop = make_loop(decide=decide, learned=learned, begun={opened.event_id for opened in earlier})
        spoken = self.writer
        duty = Duty(
            make_worker,
            self.bus,
            self.desk,
            self.desk,
            self.clock,
            DutyParams(),
            since=START,
            earlier=earlier,
            kept_until=math.inf if kept_until is None else kept_until,
            is_speechless=lambda: spoken is not None and spoken.is_speechless,
        )
        heard, ready = asyncio.Event(), asyncio.Event()
        tasks = [asyncio.create_task(platform.run(heard)), asyncio.create_task(duty.run(ready))]
        await asyncio.wait_for(ready.wait(), 5.0)
        yield duty
        await end(*tasks)

    async def live(self, signals, until):
        """Let time pass, and things happen in it: every signal is kept in its session's stream when it happens."""
        now = self.clock.now()
        due = [s for s in signals if now <= s.at < START + until]
        for second in sorted({s.at // 1.0 for s in due}):
            await self.clock.advance_to(max(second, now))
            await self.keep([s for s in due if s.at // 1.0 == second])
        await self.clock.advance_to(START + until)

    async def keep(self, signals):
        await self.bus.append([entry_of(signal) for signal in signals])

    async def seen_as(self, *names, session_id="a"):
        """People are seen under these names from now on, as the rooms note it."""
        notes = [Named(session_id, "event", self.clock.now(), f"person-{n}", name) for n, name in enumerate(names)]
        fields = [(channel, msgspec.json.encode(body)) for channel, body in map(dump_note, notes)]
        await self.bus.append([Entry(SIGNALS + session_id, tuple(fields), SIGNALS_KEPT)])
        await settle()

    async def say(self, channel, **body):
        await self.bus.publish([Message(channel, msgspec.json.encode(body))])
        await settle()


def entry_of(signal):
    channel, body = dump_signal(signal)
    return Entry(SIGNALS + signal.session_id, ((channel, msgspec.json.encode(body)),), SIGNALS_KEPT)


async def end(*tasks):
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


def scores(world):
    return {message["timestamp"]: message["data"]["score"] for message in world.of("engagement.update")}


def answer_to(world, asked, verdict, **others):
    decision = asked["data"]["decision"]
    return Answer(decision["id"], asked["session_id"], world.clock.now(), verdict, **{"by": "olga"} | others)


async def answer(world, asked, verdict, **others):
    standing = await world.desk.answer(answer_to(world, asked, verdict, **others))
    await world.say("session:a:answers", **answer_fields(standing))
    return standing
