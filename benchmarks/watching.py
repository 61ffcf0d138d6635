"""What a session's page costs the browser that shows it: a score's repaint, and the memory of an hour.

    python -m benchmarks watching

The services run in a process of their own; what the agent would tell is appended to their streams, and goes to a real
Chromium by the sockets. Repainting is the CPU time of the page's main thread (script, style, layout, paint and what
belongs to them; not the rasterising of other threads, and not what else the machine does) from before a score is told
until a quarter of a second after, with five minutes in view and then with the whole hour and all of its falls. The
baseline is the same page in quarters of a second in which nothing is told: its timers, and what counting costs.

Memory is counted once everything is collected that nobody refers to, with five minutes in view: when five minutes
were heard, an hour, and two. In the first hour the heap grows by what is compiled when it first runs, and by what is
kept to be shown of happenings, 200 at most; so it is the second hour that has to be flat.

Contract: a repaint takes under 16 ms in the median, and in 95 of 100; in the second hour heap, elements and listeners
grow by a twentieth at most.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from playwright.async_api import Page
from rich.console import Console

from benchmarks.figures import Figure, at_most
from benchmarks.hour import EVENT, SESSION, UPDATES, opened, told
from benchmarks.screen import Meter, Stage, can_run, stage, window
from conductor.access.rights import EVERY_EVENT
from conductor.adapters.bus_redis import RedisBus
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.events import EngagementUpdated, Tellable
from conductor.wire.events import entry, event_message

REPAINT_MS = 16.0
GROWTH = 1.05
FIRST = 60
"""Updates of five minutes."""

SAMPLES = 60
SETTLED_S = 0.25
"""After so long a score is painted, on a slow machine too."""

BETWEEN_S = 0.02
"""From one update of the fast hour to the next."""

GONE_S = 6.0
"""After so long no notice is left on the screen."""

AGO_S = 10_800.0
"""The hours lie in the past, so that they can be told as fast as they are painted."""

COUNTED = {"JSHeapUsedSize": "heap", "Nodes": "elements", "JSEventListeners": "listeners"}


@dataclass(frozen=True, slots=True)
class Repaint:
    """Milliseconds of the main thread in each quarter of a second."""

    with_score: Sequence[float]
    without: Sequence[float]


class Teller:
    """Tells the hours to the services, tick by tick."""

    def __init__(self, bus: RedisBus) -> None:
        now = time.time()
        self._bus = bus
        self._begins, self._expires_at = now - AGO_S, now + AGO_S
        self._tick = 0

    def next(self) -> list[Tellable]:
        """What is told at the next tick, the score last."""
        events = [*told(self._begins, self._tick, self._expires_at)]
        if self._tick == 0:
            events.insert(0, opened(self._begins))
        self._tick += 1
        return events

    def ahead(self, ticks: int) -> list[Tellable]:
        """What is told at so many ticks."""
        return [event for _ in range(ticks) for event in self.next()]

    async def tell(self, events: Sequence[Tellable]) -> None:
        """Say it."""
        await self._bus.append([entry(event_message(event)) for event in events])


async def repaint(page: Page, teller: Teller) -> Repaint:
    """Tell score after score, each once the one before is painted, and count; in between count what nothing costs."""
    meter = await Meter.of(page)

    async def busy_ms(events: Sequence[Tellable]) -> float:
        before = await meter.read()
        if events:
            await teller.tell(events)
        await asyncio.sleep(SETTLED_S)
        after = await meter.read()
        return (after["TaskDuration"] - before["TaskDuration"]) * 1e3

    counted, idle = [], []
    for _ in range(SAMPLES):
        events = teller.next()
        happened = [event for event in events if not isinstance(event, EngagementUpdated)]
        if happened:
            await teller.tell(happened)
            await asyncio.sleep(SETTLED_S)
        counted.append(await busy_ms(events[len(happened) :]))
        idle.append(await busy_ms([]))
    return Repaint(counted, idle)


async def open_page(page: Page, on: Stage) -> None:
    """Look at the session, as an organiser."""
    path = f"/dashboard/events/{EVENT}/engagement-conductor?session={SESSION}"
    await page.goto(f"{on.served.url}{path}#token={on.served.token(EVERY_EVENT)}")
    await page.get_by_role("img", name="Score from").wait_for()
    await asyncio.sleep(1.0)


async def measure_hours() -> tuple[Repaint, list[Mapping[str, float]]]:
    """Five minutes in view: repaints, and what is in memory after these, an hour and two."""
    async with stage() as on:
        bus = await RedisBus.open(on.bus.url)
        teller = Teller(bus)
        await teller.tell(teller.ahead(FIRST))
        await on.served.start()
        async with window(on.browser) as page:
            await open_page(page, on)
            meter = await Meter.of(page)
            kept = [await meter.at_rest()]
            repaints = await repaint(page, teller)
            for ticks in (UPDATES - FIRST - SAMPLES, UPDATES):
                await pass_by(teller, ticks)
                kept.append(await meter.at_rest())
        await bus.close()
    return repaints, kept


async def pass_by(teller: Teller, ticks: int) -> None:
    """Tell so much, and wait until notices of what happened have gone."""
    for _ in range(ticks):
        await teller.tell(teller.next())
        await asyncio.sleep(BETWEEN_S)
    await asyncio.sleep(GONE_S)


async def measure_whole() -> Repaint:
    """The whole session in view, with all of its falls."""
    async with stage() as on:
        bus = await RedisBus.open(on.bus.url)
        teller = Teller(bus)
        so_far = teller.ahead(UPDATES - SAMPLES)
        store = await SqlStore.open(sqlite_url(on.home / "conductor.db"))
        await store.record(so_far)
        await store.close()
        await teller.tell(so_far)
        await on.served.start()
        async with window(on.browser) as page:
            await open_page(page, on)
            await page.get_by_role("radio", name="Whole session").click()
            await asyncio.sleep(2.0)
            repaints = await repaint(page, teller)
        await bus.close()
    return repaints


def p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _figures(name: str, counted: Repaint) -> list[Figure]:
    idle = f"{median(counted.without):.1f} ms, p95 {p95(counted.without):.1f} ms when nothing is told"
    return [
        at_most(f"repaint, {name}", median(counted.with_score), REPAINT_MS, " ms", idle),
        at_most(f"repaint, {name}, p95", p95(counted.with_score), REPAINT_MS, " ms"),
    ]


def _growth(words: str, first: float, hour: float, hours: float) -> Figure:
    return at_most(f"{words}, second hour", hours / hour, GROWTH, " ×", f"first hour {hour / first:.3g} ×")


def run(console: Console) -> list[Figure]:
    """Measure, print what is kept in memory, and judge."""
    if not can_run(console):
        return []
    live, kept = asyncio.run(measure_hours())
    whole = asyncio.run(measure_whole())
    for name in COUNTED:
        first, hour, hours = (each[name] for each in kept)
        console.print(
            f"{name:<18} {first:>11,.0f} after five minutes, {hour:>11,.0f} after an hour, {hours:>11,.0f} after two"
        )
    return [
        *_figures("five minutes in view", live),
        *_figures("an hour in view", whole),
        *(_growth(words, *(each[name] for each in kept)) for name, words in COUNTED.items()),
    ]
