"""A run: rooms that live and fall, faults that come and go, and what is left to count when it is over."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.duty_examples import entry_of
from tests.live_examples import room
from tests.rooms import START
from tests.soak.scene import EVENT, Scene

from conductor.domain.signals import Signal
from conductor.duty.clock import SystemClock
from conductor.perceive.ledger import TICK_S

QUIET_PER_MIN, LOUD_PER_MIN = 8.0, 60.0
"""Messages a minute; the loud rooms fall silent. Hearts beat twelve times a minute."""

SETTLE_TICKS = 4.0


@dataclass(frozen=True)
class Plan:
    """What a run is like. Seconds are the agent's, but for `fault_s` and `every_s`, which are real.

    Attributes:
        sessions: How many rooms.
        loud: How many of them fall silent, one after the other.
        lasts_s: How long they live.
        falls_from_s: When the first falls.
        fault_s: How long a fault lasts.
        every_s: From the beginning of one fault to that of the next.
        faults: Which, in turn, for as long as the rooms live.
        speed: Seconds of the agent in a real one.
    """

    sessions: int
    loud: int
    lasts_s: float
    falls_from_s: float = 150.0
    fault_s: float = 8.0
    every_s: float = 30.0
    faults: tuple[str, ...] = (
        "bus cut",
        "database cut",
        "model gone",
        "worker killed",
        "bus half open",
        "database half open",
        "bus slow",
    )
    speed: float = 1.0


@dataclass
class Account:
    """What was counted.

    Attributes:
        recovered_s: After each fault the real seconds until the agent was ready again and had told of a tick that ended
            after the fault: a tick of its time at best.
        mistakes: Lines of the log that tell of what nobody handled.
        memory_mb: The agent's memory, second by second.
    """

    recovered_s: list[tuple[str, float]] = field(default_factory=list)
    signals: int = 0
    ticks: int = 0
    missing_ticks: int = 0
    decisions: int = 0
    lapsed: int = 0
    executed: int = 0
    shown: int = 0
    twice: int = 0
    lost: int = 0
    mistakes: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)

    @property
    def growth_ratio(self) -> float:
        """Memory at the end by that in the middle."""
        third = max(1, len(self.memory_mb) // 3)
        middle, last = sorted(self.memory_mb[third : 2 * third + 1]), sorted(self.memory_mb[-third:])
        return last[len(last) // 2] / middle[len(middle) // 2]

    def table(self) -> str:
        """What to print."""
        rows = [
            ("signals", f"{self.signals}"),
            ("metric ticks kept", f"{self.ticks}"),
            ("metric ticks missing", f"{self.missing_ticks}"),
            ("decisions", f"{self.decisions} ({self.executed} carried out, {self.lapsed} lapsed)"),
            ("interventions shown", f"{self.shown}"),
            ("interventions twice", f"{self.twice}"),
            ("interventions lost", f"{self.lost}"),
            ("unhandled errors", f"{len(self.mistakes)}"),
            ("memory, middle to end", f"{self.growth_ratio:.2f} ({self.memory_mb[-1]:.0f} MB)"),
        ]
        rows += [(f"recovered after {name}", f"{seconds:.1f} s") for name, seconds in self.recovered_s]
        return "\n".join(f"{name:<36}{value}" for name, value in rows)


async def run(plan: Plan, folder: Path) -> Account:
    """Run it. The account says what came of it, whatever that was."""
    clock, account = SystemClock(plan.speed, time.time()), Account()
    async with Scene(folder, clock) as scene:
        await _let_act(scene)
        begin = (clock.now() // TICK_S + 2.0) * TICK_S
        living = asyncio.create_task(_live(scene, plan, clock, begin, account))
        watching = asyncio.create_task(_watch(scene, account))
        await _disturb(scene, plan, clock, begin, account)
        await living
        await clock.sleep_until(clock.now() + SETTLE_TICKS * TICK_S)
        watching.cancel()
        account.mistakes = scene.agent.mistakes
        # What is not written yet is written now.
        await scene.agent.end()
        await _count(scene, begin, account)
    return account


async def _let_act(scene: Scene) -> None:
    settings = {"event_id": EVENT, "agent_mode": "AUTO", "holdout_share": 0.0, "allowed_interventions": ["CHAT_PROMPT"]}
    async with scene.agent.rest(EVENT) as rest:
        answer = await rest.post("/api/v1/events/settings", json=settings)
        answer.raise_for_status()


def _signals(plan: Plan, begin: float) -> list[Signal]:
    """Of all rooms, in the order of their times."""
    found: list[Signal] = []
    apart_s = max(0.0, plan.lasts_s - plan.falls_from_s - 60.0) / max(1, plan.loud)
    for number in range(plan.sessions):
        is_loud = number < plan.loud
        falls_at = plan.falls_from_s + number * apart_s if is_loud else plan.lasts_s
        rate = LOUD_PER_MIN if is_loud else QUIET_PER_MIN
        lived = room(f"soak-{number:03}", falls_at, plan.lasts_s, count=20, per_min=rate, seed=number)
        found += (each._replace(event_id=EVENT, at=each.at - START + begin) for each in lived)
    return sorted(found, key=lambda each: each.at)


async def _live(scene: Scene, plan: Plan, clock: SystemClock, begin: float, account: Account) -> None:
    """Have everything kept in the streams when it happens, past the proxies: rooms keep what the bus does not take."""
    for second, those in itertools.groupby(_signals(plan, begin), key=lambda each: each.at // 1.0):
        happening = list(those)
        await clock.sleep_until(second)
        await scene.bus.append([entry_of(each) for each in happening])
        account.signals += len(happening)


async def _watch(scene: Scene, account: Account) -> None:
    while True:
        with suppress(OSError, IndexError):
            account.memory_mb.append(scene.agent.resident_mb)
        await asyncio.sleep(1.0)


async def _disturb(scene: Scene, plan: Plan, clock: SystemClock, begin: float, account: Account) -> None:
    """One fault after the other; the last ends long before the rooms do."""
    beginning = time.monotonic()
    ends = beginning + (begin + plan.lasts_s - clock.now()) / plan.speed
    for number, fault in enumerate(itertools.cycle(plan.faults), 1):
        due = beginning + number * plan.every_s
        if due + 2.0 * plan.fault_s > ends:
            return
        await asyncio.sleep(due - time.monotonic())
        async with _fault(scene, fault):
            await asyncio.sleep(0.0 if fault == "worker killed" else plan.fault_s)
        healed = time.monotonic()
        await scene.agent_is("healthy")
        await scene.scored(clock.now() - (time.monotonic() - healed) * plan.speed)
        account.recovered_s.append((fault, time.monotonic() - healed))


@asynccontextmanager
async def _fault(scene: Scene, fault: str) -> AsyncIterator[None]:
    """Something is wrong within the context."""
    what, _, how = fault.partition(" ")
    if what == "worker":
        scene.agent.kill()
        yield
        scene.agent.begin()
        await scene.agent.answers()
        return
    way = {"bus": scene.bus_way, "database": scene.database_way, "model": scene.model_way}[what]
    if how == "half open":
        way.swallow()
    elif how == "slow":
        way.delay_s = 0.4
    else:
        await way.cut()
    yield
    await way.heal()


async def _count(scene: Scene, begin: float, account: Account) -> None:
    ticks: dict[str, set[float]] = {}
    for session_id, at in await scene.rows("SELECT session_id, time FROM engagement_metrics"):
        ticks.setdefault(str(session_id), set()).add(round(_moment(at)))
    last = max(max(each) for each in ticks.values())
    account.ticks = sum(map(len, ticks.values()))
    account.missing_ticks = sum(round((last - min(each)) / TICK_S) + 1 - len(each) for each in ticks.values())
    done = await scene.rows("SELECT intervention_id, decision_id FROM interventions")
    decided = {str(each) for (each,) in await scene.rows("SELECT decision_id FROM decisions")}
    lapsed = {str(each) for (each,) in await scene.rows("SELECT decision_id FROM lapsed_decisions")}
    _judge(account, [(str(one), str(other)) for one, other in done], decided, lapsed, set(scene.shown))
    told = [each for each in await scene.messages("events:", begin) if each["type"] == "agent.intervention.executed"]
    named = {str(each["data"]["intervention_id"]) for each in told if isinstance(each["data"], dict)}
    account.lost += len(set(scene.shown) - named)


def _judge(
    account: Account, done: Sequence[tuple[str, str]], decided: set[str], lapsed: set[str], shown: set[str]
) -> None:
    carried_out = {decision_id for _, decision_id in done}
    account.decisions, account.lapsed, account.executed = len(decided), len(lapsed), len(done)
    account.shown = len(shown)
    # One decision leads to one intervention, and what lapsed was not shown.
    account.twice = len(done) - len(carried_out) + len(carried_out & lapsed)
    kept = {intervention_id for intervention_id, _ in done}
    account.lost = len(decided - carried_out - lapsed) + len(kept ^ shown)


def _moment(at: object) -> float:
    """Epoch seconds of a column that holds a time."""
    return at.timestamp() if isinstance(at, datetime) else float(str(at))
