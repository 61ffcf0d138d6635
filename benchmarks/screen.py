"""The services in a process of their own, and a real browser that looks at them: for what happens on screens."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, CDPSession, Page, ViewportSize, async_playwright
from rich.console import Console
from tests.browser.conftest import BROWSERS, FLAGS
from tests.processes import Served
from tests.valkey import Server, running

from conductor.duty.clock import SystemClock
from conductor.service.web import BUILT

DESK = ViewportSize(width=1280, height=900)
TELEPHONE = ViewportSize(width=390, height=844)
TOUR_IS_SEEN = "localStorage.setItem('conductor.tour', 'seen')"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a benchmark plays on.

    Attributes:
        served: The services, not started yet.
        bus: Where they meet.
        home: What they keep.
    """

    browser: Browser
    served: Served
    bus: Server
    home: Path


def can_run(console: Console) -> bool:
    """Whether there is a browser and something to look at; says so where there is not."""
    if _browser() is None:
        console.print("there is no chromium here, so that nothing is measured on screens")
        return False
    if not (BUILT / "index.html").exists():
        console.print("the web app is not built (make web), so that nothing is measured on screens")
        return False
    return True


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Everything that is needed, and the end of all of it."""
    with TemporaryDirectory() as folder, running(Path(folder)) as bus:
        home = Path(folder) / "home"
        home.mkdir()
        served = Served("all", SystemClock(), {"CONDUCTOR_HOME": str(home), "REDIS_URL": bus.url})
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=_browser(), args=FLAGS)
            try:
                yield Stage(browser, served, bus, home)
            finally:
                await browser.close()
                if hasattr(served, "process"):
                    served.kill()


@asynccontextmanager
async def window(browser: Browser, *, on_telephone: bool = False) -> AsyncIterator[Page]:
    """A fresh browser of somebody who has taken the tour."""
    context = await (
        browser.new_context(viewport=TELEPHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
        if on_telephone
        else browser.new_context(viewport=DESK)
    )
    await context.add_init_script(TOUR_IS_SEEN)
    try:
        yield await context.new_page()
    finally:
        await context.close()


class Meter:
    """What the browser itself counts of a page: time of its main thread, and memory."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    @classmethod
    async def of(cls, page: Page, slowed: int = 1) -> Meter:
        """Count from now on, in CPU time of the thread: what else the machine does does not count.

        Args:
            page: Whose.
            slowed: How many times slower its processor is from now on than this machine's.
        """
        session = await page.context.new_cdp_session(page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        await session.send("Performance.enable", {"timeDomain": "threadTicks"})
        await session.send("HeapProfiler.enable")
        return cls(session)

    async def read(self) -> Mapping[str, float]:
        """Everything by its name, such as `TaskDuration` in seconds since the page was opened."""
        told = await self._session.send("Performance.getMetrics")
        return {each["name"]: each["value"] for each in told["metrics"]}

    async def at_rest(self) -> Mapping[str, float]:
        """The same once everything is collected that nobody refers to."""
        for _ in range(3):
            await self._session.send("HeapProfiler.collectGarbage")
            await asyncio.sleep(0.2)
        return await self.read()
