"""The services in a process, and the people who look at them: each in a browser of their own, at the services' time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect
from tests.processes import Served

from conductor.access.rights import EVERY_EVENT, Role
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.interventions import Arm
from conductor.domain.organisers import AgentSettings
from conductor.duty.clock import SystemClock

SPEED = 3.0
"""Seconds that pass in a real one: the minute to answer is twenty seconds long, in which a slow machine answers too."""

PATIENCE_S = 60.0
"""After so long a test that waits has failed; in seconds of the machine."""

DEMO_EVENT = "demo"

AT_THE_SERVICES_TIME = """
(([speed, since, ahead]) => {
  const Real = Date;
  const now = () => { const real = Real.now(); return (real < since ? real : since + (real - since) * speed) + ahead; };
  globalThis.Date = class extends Real {
    constructor(...parts) { if (parts.length === 0) super(now()); else super(...parts); }
    static now() { return now(); }
  };
})"""
"""In a page: what the time is. Without it, a fast service would speak of a future that the page waits for."""


class Stage:
    """One service on a home of its own, and whoever comes to it.

    Args:
        browser: In which everybody has a window.
        served: Not started yet.
        clock: Of the service.
    """

    def __init__(self, browser: Browser, served: Served, clock: SystemClock) -> None:
        self.served = served
        self._browser = browser
        self._clock = clock
        self._faults: list[str] = []

    @property
    def url(self) -> str:
        """Where it is served."""
        return self.served.url

    def link(self, path: str, role: Role = Role.ORGANISER, user_id: str = "olga", event_id: str = EVERY_EVENT) -> str:
        """An address that lets somebody in."""
        return f"{self.url}{path}#token={self.served.token(event_id, role, user_id)}"

    @asynccontextmanager
    async def window(self, **how: Any) -> AsyncIterator[Page]:
        """A fresh browser of somebody, who has taken the tour already; an error in a page's script fails the test."""
        async with self.newcomers(**how) as page:
            await page.context.add_init_script("localStorage.setItem('conductor.tour', 'seen')")
            yield page
        assert self._faults == []

    @asynccontextmanager
    async def newcomers(self, ahead_s: float = 0.0, **how: Any) -> AsyncIterator[Page]:
        """A fresh browser of somebody who was never here, whose clock is ahead of the service's by so many seconds."""
        context = await self._browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
        context.set_default_timeout(PATIENCE_S * 1000)
        await self._set_the_clock(context, ahead_s)
        context.on("weberror", lambda error: self._faults.append(str(error.error)))
        try:
            yield await context.new_page()
        finally:
            await context.close()

    @asynccontextmanager
    async def attendee(self, session_id: str, user_id: str = "ada", **how: Any) -> AsyncIterator[Page]:
        """Somebody who sits in the room of a demo."""
        async with self.window(**how) as page:
            await page.goto(self.link(f"/room/{session_id}", Role.ATTENDEE, user_id, DEMO_EVENT))
            await expect(page.get_by_role("textbox", name="Your message")).to_be_visible()
            yield page

    async def _set_the_clock(self, context: BrowserContext, ahead_s: float) -> None:
        timeline = self._clock.timeline
        settings = f"[{timeline.speed}, {timeline.since * 1000}, {ahead_s * 1000}]"
        await context.add_init_script(f"{AT_THE_SERVICES_TIME}({settings})")

    async def demo(self, mode: str) -> str:
        """Start a demo, the others having ended; gives its session."""
        async with self.served.rest(EVERY_EVENT) as rest:
            begun = await rest.post("/api/v1/demo", json={"mode": mode})
            assert begun.is_success, begun.text
            return str(begun.json()["session_id"])

    async def end_demo(self, session_id: str) -> None:
        """End it, unless it has ended."""
        async with self.served.rest(EVERY_EVENT) as rest:
            await rest.delete(f"/api/v1/demo/{session_id}")

    async def asked(self, session_id: str) -> dict[str, Any] | None:
        """The decision that waits for an answer, as the service tells it; None if there is none."""
        async with self.served.rest(EVERY_EVENT) as rest:
            told = (await rest.get(f"/api/v1/agent/sessions/{session_id}/decisions/pending")).json()
        return next(iter(told["pending"]), None)

    async def interventions(self, session_id: str) -> list[dict[str, Any]]:
        """What was done in a session."""
        async with self.served.rest(EVERY_EVENT) as rest:
            told = await rest.get("/api/v1/interventions", params={"session_id": session_id})
        return list(told.json()["interventions"])


async def only_polls(home: Path) -> None:
    """Allow nothing else in demos, before the service begins: so that it is known what the agent suggests."""
    store = await SqlStore.open(sqlite_url(home / "conductor.db"))
    await store.desk.save_settings(AgentSettings(DEMO_EVENT, arms=(Arm.POLL,)))
    await store.close()


@contextmanager
def serving(browser: Browser, home: Path, clock: SystemClock, **environment: str) -> Iterator[Stage]:
    """A service that is not started yet, and is ended in any case."""
    served = Served("all", clock, {"CONDUCTOR_HOME": str(home), **environment})
    try:
        yield Stage(browser, served, clock)
    finally:
        if hasattr(served, "process"):
            served.kill()


def session_path(session_id: str, event_id: str = DEMO_EVENT) -> str:
    """Where organisers watch it."""
    return f"/dashboard/events/{event_id}/engagement-conductor?session={session_id}"


def card(page: Page) -> Locator:
    """What the agent asks about: buttons stand on it."""
    return page.get_by_role("button", name="Approve", exact=True)


async def is_asked(page: Page) -> None:
    """Wait until the agent asks somebody, and its words are there."""
    await expect(card(page)).to_be_enabled(timeout=PATIENCE_S * 1000)
    await expect(page.get_by_role("button", name="Edit", exact=True)).to_be_enabled()
