"""Whether a room of two hundred stutters on somebody's telephone.

    python -m benchmarks crowded

`conductor serve` runs in a process of its own. 199 people are sockets of this process: together they write 20 messages
a second, react, ask, vote for questions and in polls. The two-hundredth is a real Chromium of a telephone's size, whose
processor is slowed to a quarter, and who writes a message now and then. Counted are the times between frames that it
shows, tasks that keep it from anything else for over 50 ms, the CPU time of its main thread, how long its own message
takes to be seen among the others, and the elements of the page; the baseline is the same page with the same people who
say nothing.

Contract: 95 of 100 frames come within 34 ms of the one before (two of a screen of 60 Hz), the main thread is busy for
half of the time at most, one's own message is there within a second in 95 of 100, and the elements stay under 3,500.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from playwright.async_api import Page
from rich.console import Console

from benchmarks.crowd_of_sockets import Crowd
from benchmarks.figures import Figure, at_most
from benchmarks.screen import Meter, can_run, stage, window
from conductor.access.rights import Role

EVENT, SESSION = "summit", "keynote"
PEOPLE, RATE_PER_S = 200, 20.0
SLOWED = 4
"""How many times slower than this machine the telephone is."""

QUIET_S, BUSY_S, FULL_S = 10.0, 30.0, 16.0
"""So long the room is watched; before that it is filled with as many messages as a page keeps."""

OWN_EVERY_S = 1.5
FRAME_MS, BUSY_RATIO, OWN_MS, ELEMENTS = 34.0, 0.5, 1_000.0, 3_500

WATCH = """() => {
  const seen = { frames: [], tasks: [], own: [] };
  let before = performance.now();
  const frame = (now) => { seen.frames.push(now - before); before = now; requestAnimationFrame(frame); };
  requestAnimationFrame((now) => { before = now; requestAnimationFrame(frame); });
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((each) => each.duration)))
    .observe({ type: "longtask" });
  const field = document.querySelector("textarea");
  let sent = null;
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") sent = { at: performance.now(), text: field.value };
  }, true);
  new MutationObserver(() => {
    if (sent === null) return;
    const items = [...document.querySelectorAll("li")].slice(-60);
    if (!items.some((each) => each.textContent.includes(sent.text) && !each.textContent.includes("Sending"))) return;
    const { at } = sent;
    sent = null;
    requestAnimationFrame(() => seen.own.push(performance.now() - at));
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  globalThis.seen = seen;
}"""

TAKE = "() => { const { frames, tasks, own } = seen; seen.frames = []; seen.tasks = []; seen.own = []; "
TAKE += "return { frames, tasks, own }; }"


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen of the page in a while; times in milliseconds."""

    frames: Sequence[float]
    tasks: Sequence[float]
    own: Sequence[float]
    busy_ratio: float
    elements: float

    def p(self, percent: int) -> float:
        """That percentile of the times between frames."""
        return percentile(self.frames, percent)


def percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


async def watch(page: Page, meter: Meter, seconds: float, *, writes: bool) -> Watched:
    """Look for so long, and write something now and then."""
    before = await meter.read()
    await page.evaluate(TAKE)
    began = asyncio.get_running_loop().time()
    field = page.get_by_role("textbox", name="Your message")
    number = 0
    while (passed := asyncio.get_running_loop().time() - began) < seconds:
        if writes:
            number += 1
            await field.fill(f"My own message {number} after {passed:.1f} s")
            await field.press("Enter")
        await asyncio.sleep(OWN_EVERY_S)
    seen = await page.evaluate(TAKE)
    after = await meter.read()
    took_s = after["Timestamp"] - before["Timestamp"]
    busy = (after["TaskDuration"] - before["TaskDuration"]) / took_s
    return Watched(seen["frames"], seen["tasks"], seen["own"], busy, (await meter.at_rest())["Nodes"])


async def measure() -> tuple[Watched, Watched]:
    """The quiet room and the busy one, with the same people in it."""
    async with stage() as on:
        await on.served.start()
        served = on.served
        crowd = Crowd()
        ids = [f"person-{number}" for number in range(PEOPLE - 1)]
        attendees = [served.token(EVENT, Role.ATTENDEE, each, SESSION) for each in ids]
        await crowd.come(served.url, SESSION, served.token(EVENT, Role.SPEAKER, "sue", SESSION), attendees)
        async with window(on.browser, on_telephone=True) as page:
            await page.goto(f"{served.url}/room/{SESSION}#token={served.token(EVENT, Role.ATTENDEE, 'ada', SESSION)}")
            await page.get_by_role("textbox", name="Your message").wait_for()
            meter = await Meter.of(page, slowed=SLOWED)
            await page.evaluate(WATCH)
            await asyncio.sleep(3.0)
            quiet = await watch(page, meter, QUIET_S, writes=False)
            await crowd.live(FULL_S, RATE_PER_S)
            busy_room = asyncio.create_task(crowd.live(BUSY_S + OWN_EVERY_S, RATE_PER_S))
            busy = await watch(page, meter, BUSY_S, writes=True)
            await busy_room
        crowd.leave()
    return quiet, busy


def run(console: Console) -> list[Figure]:
    """Watch, print how it went, and judge."""
    if not can_run(console):
        return []
    quiet, busy = asyncio.run(measure())
    for name, each in (("quiet", quiet), ("busy", busy)):
        console.print(
            f"{name:<6} frames: median {median(each.frames):.1f}, p95 {each.p(95):.1f}, p99 {each.p(99):.1f}, longest "
            f"{max(each.frames):.0f} ms; {len(each.tasks)} tasks over 50 ms, longest {max(each.tasks, default=0):.0f} "
            f"ms; main thread {each.busy_ratio:.0%}; {each.elements:.0f} elements"
        )
    console.print(f"own messages: {len(busy.own)} seen, median {median(busy.own):.0f} ms")
    return [
        at_most("frames of a busy room, p95", busy.p(95), FRAME_MS, " ms", f"{quiet.p(95):.3g} ms when quiet"),
        at_most("main thread of a busy room", busy.busy_ratio, BUSY_RATIO, "", f"{quiet.busy_ratio:.2f} when quiet"),
        at_most("own message seen, p95", percentile(busy.own, 95), OWN_MS, " ms"),
        at_most("elements of a busy room", busy.elements, ELEMENTS, "", f"{quiet.elements:.0f} when quiet"),
    ]
