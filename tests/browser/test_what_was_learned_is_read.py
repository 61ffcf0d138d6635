"""An organiser reads what was learned, and tries two ways beside each other."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.examples import NARROW, findings, is_within_the_screen
from tests.browser.stage import SPEED, Stage, serving
from tests.browser.weeks import EARLY, EVENT, KNOWN, NULL, World, remember

from conductor.duty.clock import SystemClock
from conductor.learn.drift import LEAST_COMPARED

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEST = "Two ways, side by side"
CHANGED = "Has anything changed?"
SURE = "Is its confidence right?"


@asynccontextmanager
async def learned(browser: Browser, home: Path, world: World) -> AsyncIterator[tuple[Stage, Page]]:
    """A service that remembers weeks in this world, and an organiser who reads what it learned."""
    now = time.time()
    await remember(home, now, world)
    with serving(browser, home, SystemClock(SPEED, now)) as stage:
        await stage.served.start()
        async with stage.window() as page:
            await page.goto(stage.link(f"/dashboard/events/{EVENT}/learning"))
            await expect(page.get_by_role("heading", name="Learning", level=1)).to_be_visible()
            await expect(page.get_by_text("Loading")).to_have_count(0)
            yield stage, page


async def is_for_everybody(page: Page, where: str) -> None:
    """Nobody is left out, nor by a narrow screen."""
    assert await findings(page, where) == []
    usual = page.viewport_size
    assert usual is not None
    await page.set_viewport_size(NARROW)
    await is_within_the_screen(page)
    await page.set_viewport_size(usual)


async def test_where_something_is_known_it_is_told_in_sentences(browser, tmp_path):
    async with learned(browser, tmp_path, KNOWN) as (_, page):
        helps = page.get_by_role("region", name="Does it help?")
        in_points = r"adds? \d+ points{} \(\d+ to \d+\)\.$"
        await expect(helps.get_by_text(re.compile("^The agent " + in_points.format("")))).to_be_visible()
        where = " in the middle of workshops"
        await expect(helps.get_by_text(re.compile("^Polls " + in_points.format(where)))).to_be_visible()
        changed = page.get_by_role("region", name=CHANGED)
        await expect(
            changed.get_by_text(re.compile(r"^Scores of workshops fell from \d+ % to \d+ %\.$"))
        ).to_be_visible()
        await expect(changed.get_by_text(re.compile(r"^Success of polls fell from \d+ % to \d+ %\.$"))).to_be_visible()
        weeks = changed.get_by_role("list", name="Scores of workshops, week by week").get_by_role("listitem")
        await expect(weeks).to_have_count(8)
        await changed.get_by_text("All that was compared").click()
        await expect(changed.get_by_role("rowheader", name="Scores of workshops")).to_be_visible()
        sure = page.get_by_role("region", name=SURE)
        await expect(sure.get_by_text(re.compile(r"^It is too sure of itself by \d+ points"))).to_be_visible()
        await expect(
            sure.get_by_text(re.compile(r"^Where it said \d0 to \d0 %, \d+ % of rooms recovered"))
        ).to_be_visible()
        await expect(sure.get_by_role("rowheader", name="60 to 70 %")).to_be_visible()
        await is_for_everybody(page, "what is known")


async def test_where_nothing_works_and_nothing_changes_nothing_else_is_told(browser, tmp_path):
    async with learned(browser, tmp_path, NULL) as (_, page):
        helps = page.get_by_role("region", name="Does it help?")
        await expect(helps.get_by_text(re.compile(r"^The agent (makes no difference|: not known yet)"))).to_be_visible()
        changed = page.get_by_role("region", name=CHANGED)
        await expect(changed.get_by_text("Signals in workshops: as before.")).to_be_visible()
        await expect(changed.get_by_text("Success of interventions: as before.")).to_be_visible()
        await expect(changed.get_by_role("list", name=re.compile("week by week"))).to_have_count(0)
        await is_for_everybody(page, "a world in which nothing works")


async def test_a_test_is_started_and_ended_and_early_on_nothing_is_claimed(browser, tmp_path):
    async with learned(browser, tmp_path, EARLY) as (stage, page):
        takes = f"It takes {LEAST_COMPARED} of one kind in the last two weeks"
        await expect(page.get_by_role("region", name=CHANGED).get_by_text(takes)).to_be_visible()
        missing = re.compile(r"^Not enough yet: \d+ more decisions, in 7 more sessions at least\.$")
        await expect(page.get_by_role("region", name=SURE).get_by_text(missing)).to_be_visible()
        card = page.get_by_role("region", name=TEST)
        await card.get_by_role("button", name="Set up a test").click()
        await expect(card.get_by_label("Name").first).to_be_focused()
        second = card.get_by_role("group", name="Second way")
        await card.get_by_role("button", name="Start this test").click()
        await expect(second.get_by_text("Both do the same")).to_be_visible()
        await expect(second.get_by_label("Name")).to_be_focused()
        await is_for_everybody(page, "setting up a test")
        await second.get_by_label("Name").fill("playful")
        await second.get_by_label("Tone of what it posts").select_option(label="Playful")
        await second.get_by_label("Acts below a score of").fill("65")
        await card.get_by_label("Blocks of time in each session").check()
        await card.get_by_label("Length of a block").fill("20")
        await card.get_by_role("button", name="Start this test").click()
        sure = page.get_by_role("dialog", name="Start this test?")
        await expect(sure.get_by_text("is worded in a playful tone; acts below a score of 65 %")).to_be_visible()
        assert await findings(page, "confirming") == []
        assert await told(stage) == []
        await sure.get_by_role("button", name="Start", exact=True).click()
        await expect(card.get_by_text("Not enough yet: usual was seen in 0 blocks of time")).to_be_visible()
        await expect(card.get_by_role("status")).to_have_text("The test has begun.")
        assert await page.evaluate("document.activeElement !== document.body")
        [started] = await told(stage)
        assert (started["design"], [each["name"] for each in started["variants"]]) == (
            "session_blocks",
            ["usual", "playful"],
        )
        await is_for_everybody(page, "a test that runs")
        await page.reload()
        await expect(card.get_by_text("is worded in a playful tone; acts below a score of 65 %")).to_be_visible()
        await expect(card.get_by_text("A block takes 20 minutes; its first 5 minutes are not counted.")).to_be_visible()
        await card.get_by_role("button", name="End the test").click()
        sure = page.get_by_role("dialog", name="End the test?")
        await sure.get_by_role("button", name="Let it run").click()
        assert len(await told(stage)) == 1
        await card.get_by_role("button", name="End the test").click()
        await sure.get_by_role("button", name="End it").click()
        await expect(card.get_by_text("This is what it had shown:")).to_be_visible()
        await expect(card.get_by_role("status")).to_have_text("The test has ended.")
        assert await page.evaluate("document.activeElement !== document.body")
        assert await told(stage) == []
        await is_for_everybody(page, "a test that has ended")


async def told(stage):
    """The event's tests, as the service tells them."""
    async with stage.served.rest(EVENT) as rest:
        answer = await rest.get("/api/v1/analytics/agent/strategies", params={"event_id": EVENT})
    return answer.json()["tests"]
