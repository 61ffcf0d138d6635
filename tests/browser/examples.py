"""What several tests begin with, and how they look at a page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.async_api import Page, ViewportSize, expect
from tests.browser.stage import Stage, is_asked, session_path

WIDTH = 390
NARROW = ViewportSize(width=WIDTH, height=844)
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"

STILL = """async () => {
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  const changing = document.getAnimations().filter((each) => each instanceof CSSTransition);
  await Promise.all(changing.map((each) => each.finished.catch(() => undefined)));
}"""
"""Wait until colours have changed: in between they are neither these nor those."""

SEVERE = {"serious", "critical"}

BOTH = ("light", "dark")

HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4')]
  .filter((each) => each.checkVisibility()).map((each) => Number(each.tagName[1]))"""


@asynccontextmanager
async def demo(stage: Stage, mode: str) -> AsyncIterator[str]:
    """A demo that ends with the test; gives its session."""
    session_id = await stage.demo(mode)
    yield session_id
    await stage.end_demo(session_id)


@asynccontextmanager
async def watched(stage: Stage, mode: str, **how: Any) -> AsyncIterator[tuple[str, Page]]:
    """A demo, and an organiser who looks at it."""
    async with demo(stage, mode) as session_id, stage.window(**how) as page:
        await page.goto(stage.link(session_path(session_id)))
        yield session_id, page


@asynccontextmanager
async def asking(stage: Stage, mode: str = "MANUAL", **how: Any) -> AsyncIterator[tuple[str, Page]]:
    """The same, once the agent asks."""
    async with watched(stage, mode, **how) as (session_id, page):
        await is_asked(page)
        yield session_id, page


@asynccontextmanager
async def both_watch(stage: Stage, mode: str) -> AsyncIterator[tuple[str, Page, Page]]:
    """A demo, and two organisers who look at it: olga and paul."""
    async with watched(stage, mode) as (session_id, olgas), stage.window() as pauls:
        await pauls.goto(stage.link(session_path(session_id), user_id="paul"))
        yield session_id, olgas, pauls


@asynccontextmanager
async def both_asked(stage: Stage) -> AsyncIterator[tuple[str, Page, Page]]:
    """The same, once the agent asks both."""
    async with both_watch(stage, "MANUAL") as (session_id, olgas, pauls):
        await asyncio.gather(is_asked(olgas), is_asked(pauls))
        yield session_id, olgas, pauls


async def is_posted(page: Page) -> None:
    """Wait until people see what the agent did."""
    await expect(page.get_by_text("people could see it").first).to_be_visible()


async def findings(page: Page, where: str) -> list[str]:
    """What is wrong with a page, severely."""
    found = []
    for scheme in BOTH:
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        await page.evaluate(STILL)
        await page.evaluate(AXE.read_text(encoding="utf-8"))
        told = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for each in told["violations"]:
            if each["impact"] in SEVERE:
                places = [node["target"] for node in each["nodes"]][:4]
                why = each["nodes"][0]["failureSummary"].splitlines()[1:2]
                found.append(f"{where}, {scheme}: {each['id']} at {places} {why}")
    levels = await page.evaluate(HEADINGS)
    if levels[:1] != [1] or any(after > before + 1 for before, after in pairwise(levels)):
        found.append(f"{where}: headings of the levels {levels}")
    return found


async def is_within_the_screen(page: Page) -> None:
    """Nothing makes the page wider than the telephone is."""
    width = await page.evaluate("Math.max(document.documentElement.scrollWidth, innerWidth)")
    assert width <= WIDTH
