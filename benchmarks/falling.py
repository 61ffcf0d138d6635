"""Many rooms that fall in the same tick, and a worker on duty among them: what latencies are measured on.

The rooms are all alike, so that their falls are found in the same tick. The clock stands still but for the ticks, so
that what is measured is how long a tick's work takes, and real time never ends another tick in the midst of it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from conductor.adapters.bus_memory import MemoryBus
from conductor.bootstrap.agent import Agent, open_agent
from conductor.domain.bus import SIGNALS, SIGNALS_KEPT, Entry, Message
from conductor.domain.interventions import Mode
from conductor.domain.organisers import AgentSettings
from conductor.domain.sessions import SessionProfile, SessionType
from conductor.domain.signals import HeartbeatDetail, Kind, Signal, StartDetail
from conductor.duty.params import DutyParams
from conductor.perceive.ledger import TICK_S
from conductor.settings import Settings
from conductor.testing import FakeClock
from conductor.wire import dump_signal

START = 1_700_000_000.0
EVENT = "summit"
PEOPLE = 30
PER_MIN = 30.0
PROFILE = SessionProfile(
    "Storing what happened", type=SessionType.PANEL, topics=("event sourcing", "backups", "time series")
)
PATIENCE_S = 30.0
"""After so long the benchmark has failed."""

LOOK_S = 0.001
"""So often it looks whether it may go on; what is measured does not wait for that."""

Course = tuple[tuple[float, float], ...]
"""From when on a room is how lively: seconds from the start, and a share of the usual."""

AT_ONCE: Course = ((0.0, 1.0), (300.0, 0.0))
"""Critical at once, in the tick that ends at 315 s."""

WARNED: Course = ((0.0, 1.0), (300.0, 0.3))
"""First a warning, for which the score is still too good; critical two ticks later."""


def names_of(sessions: int) -> list[str]:
    """The ids of the rooms."""
    return [f"session-{number:03d}" for number in range(sessions)]


def signals_of(name: str, course: Course, tick: int) -> list[Signal]:
    """What happens in one room in a tick."""
    begins, level = START + tick * TICK_S, next(share for since, share in reversed(course) if tick * TICK_S >= since)
    found = [Signal(name, EVENT, begins, Kind.SOURCE_HEARTBEAT, None, detail=HeartbeatDetail("rooms", (name,)))]
    if tick == 0:
        found.append(Signal(name, EVENT, begins, Kind.STARTED, None, detail=StartDetail(PROFILE)))
        step = TICK_S / PEOPLE
        found += [Signal(name, EVENT, begins + step * n, Kind.JOIN, f"person-{n:02d}") for n in range(PEOPLE)]
        return found
    first, last = (int(level * PER_MIN * (tick + more) * TICK_S / 60.0) for more in (0, 1))
    for n in range(first, last):
        at = begins + TICK_S * (n - first) / (last - first)
        found.append(Signal(name, EVENT, at, Kind.CHAT, f"person-{n * 7 % PEOPLE:02d}"))
        found.append(Signal(name, EVENT, at, Kind.REACTION, f"person-{n * 11 % PEOPLE:02d}"))
    return found


@dataclass(slots=True)
class Heard:
    """What was said of decisions on the bus, and when in the seconds of `time.perf_counter`.

    Attributes:
        decided: When the first word of each decision was heard, by its id.
        shown: When it was first heard with content.
        methods: Who worded it.
        foreseen: How many holds said what would be done.
    """

    decided: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    foreseen: int = 0

    def take(self, message: dict[str, Any]) -> None:
        """Note what this message says."""
        now = time.perf_counter()
        if message["type"] == "agent.hold":
            self.foreseen += message["data"]["foreseen"] is not None
        elif message["type"] == "agent.decision":
            decision = message["data"]["decision"]
            self.decided.setdefault(decision["id"], now)
            if decision["content"] is not None and decision["id"] not in self.shown:
                self.shown[decision["id"]] = now
                self.methods[decision["id"]] = decision["generation"]["method"]


class Hall:
    """All rooms, the bus, the clock, and the worker on duty.

    Attributes:
        heard: What listeners heard of decisions.
        began: When the last tick's work began.
    """

    def __init__(self, clock: FakeClock, bus: MemoryBus, agent: Agent, names: Sequence[str], course: Course) -> None:
        self._clock = clock
        self._bus = bus
        self._agent = agent
        self._names = names
        self._course = course
        self._tick = 0
        self.heard = Heard()
        self.began = 0.0

    async def play(self) -> None:
        """One tick: its signals come, it ends, and its work begins; comes back once the tick's own work is done."""
        end, lag_s = START + (self._tick + 1) * TICK_S, DutyParams().lag_s
        said = [entry_of(signals_of(name, self._course, self._tick)) for name in self._names]
        self._clock.go_on(end - 0.1)
        taken = self._agent.duty.sieve.accepted + sum(len(entry.fields) for entry in said)
        await self._bus.append(said)
        await self.until(lambda: self._agent.duty.sieve.accepted >= taken and self._clock.is_awaited(end + lag_s))
        self._tick += 1
        self.began = time.perf_counter()
        self._clock.go_on(end + lag_s)
        await self.until(lambda: self._clock.is_awaited(end + TICK_S + lag_s))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for it; others get every turn meanwhile.

        Raises:
            TimeoutError: It does not come true.
        """
        ends = time.monotonic() + PATIENCE_S
        for _ in iter(holds, True):
            if time.monotonic() > ends:
                msg = "what the benchmark waits for does not come"
                raise TimeoutError(msg)
            await asyncio.sleep(LOOK_S)

    async def listen(self) -> None:
        """Hear what is said of decisions, for ever."""
        async with self._bus.subscribe("session:*:events") as messages:
            async for message in messages:
                if b'"agent.decision"' in message.body or b'"agent.hold"' in message.body:
                    self.heard.take(json.loads(message.body))

    async def show(self) -> None:
        """Rooms that acknowledge every action at once."""
        async with self._bus.subscribe("session:*:actions") as messages:
            async for message in messages:
                action = json.loads(message.body)
                ack = {"action_id": action["action_id"], "delivered_to": PEOPLE}
                await self._bus.publish([Message(f"{message.channel}:ack", json.dumps(ack).encode())])


@asynccontextmanager
async def hall(
    settings: Settings, folder: Path, sessions: int, course: Course, mode: Mode, seed: int
) -> AsyncIterator[Hall]:
    """The agent of `conductor serve` with its database in this folder, on duty among rooms."""
    clock = FakeClock(START)
    bus = MemoryBus(clock.now, unread=100_000)
    async with open_agent(replace(settings, home=folder), clock, seed, bus) as agent:
        await agent.store.desk.save_settings(AgentSettings(EVENT, mode=mode, holdout_share=0.0))
        rooms = Hall(clock, bus, agent, names_of(sessions), course)
        ready, listening = asyncio.Event(), asyncio.Event()
        work = (agent.platform.run(listening), agent.duty.run(ready), rooms.listen(), rooms.show())
        tasks = [asyncio.create_task(each) for each in work]
        async with asyncio.timeout(PATIENCE_S):
            await ready.wait()
            await listening.wait()
        yield rooms
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


def entry_of(signals: Sequence[Signal]) -> Entry:
    """One entry of a session's stream with all of these."""
    said = [dump_signal(signal) for signal in signals]
    fields = tuple((channel, json.dumps(body).encode()) for channel, body in said)
    return Entry(SIGNALS + signals[0].session_id, fields, SIGNALS_KEPT)
