"""Whoever comes for the first time, with a link that has run out, or with a telephone; and what they take away."""

import asyncio
import csv
import io
import json
from pathlib import Path

import pytest
from playwright.async_api import expect
from tests.browser.examples import PHONE, is_within_the_screen, watched
from tests.browser.stage import DEMO_EVENT, card, is_asked, session_path
from tests.sockets import SIGNED_WITH

from conductor.access.rights import EVERY_EVENT, Principal, Role
from conductor.access.tokens import Access

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_link_that_has_run_out_says_so_and_how_to_get_another(stage):
    long_ago = Access([SIGNED_WITH], lambda: 1_700_000_000.0)
    token = long_ago.issue(Principal("olga", Role.ORGANISER, EVERY_EVENT), 60.0)
    async with stage.window() as page:
        await page.goto(f"{stage.url}/sign-in#token={token}")
        await expect(page.get_by_role("heading", name="Your link has run out")).to_be_visible()
        await expect(page.get_by_text("conductor token --role organiser")).to_be_visible()
        assert token not in page.url


async def test_whoever_stands_before_a_room_that_nobody_knows_is_told_what_to_do(stage):
    async with stage.window() as page:
        await page.goto(stage.link("/room/nowhere", Role.ATTENDEE, "eve", DEMO_EVENT))
        await expect(page.get_by_role("heading", name="This session has not begun yet")).to_be_visible()
        await expect(page.get_by_text("ask whoever invited you for a new one")).to_be_visible()
        await expect(page.get_by_role("button", name="Try again")).to_be_visible()


async def test_the_tour_is_shown_once_and_again_for_whoever_asks(stage):
    session_id = await stage.demo("AUTO")
    async with stage.newcomers() as page:
        await page.goto(stage.link("/dashboard"))
        tour = page.get_by_role("dialog").filter(has_text="1 of 7")
        await expect(tour).to_be_visible()
        for step in range(2, 8):
            await page.get_by_role("button", name="Next", exact=True).click()
            await expect(page.get_by_role("dialog").filter(has_text=f"{step} of 7")).to_be_visible()
        await page.get_by_role("button", name="Done", exact=True).click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.goto(f"{stage.url}/dashboard")
        await expect(page.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
        await expect(
            page.get_by_role("listitem").filter(has_text="Demo").or_(page.get_by_role("listitem")).first
        ).to_be_visible()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.get_by_role("button", name="Help").click()
        await page.get_by_role("menuitem", name="Take the tour").click()
        await expect(tour).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(tour).to_have_count(0)
    await stage.end_demo(session_id)


async def test_what_was_done_is_taken_away_as_csv_and_as_json(stage):
    async with watched(stage, "AUTO") as (session_id, page):
        await expect(page.get_by_text("Recovered", exact=True).first).to_be_visible()
        [done] = await stage.interventions(session_id)
        rows = list(csv.DictReader(io.StringIO(await saved(page, "CSV"))))
        assert [row["intervention_id"] for row in rows] == [done["intervention_id"]]
        kept = json.loads(await saved(page, "JSON"))
        told = kept["interventions"] if isinstance(kept, dict) else kept
        assert [each["intervention_id"] for each in told] == [done["intervention_id"]]


async def saved(page, kind):
    """What a file of this kind holds, which somebody saved."""
    await page.get_by_role("button", name="Export").click()
    async with page.expect_download() as saving:
        await page.get_by_role("menuitem", name=f"Interventions as {kind}").click()
    return await asyncio.to_thread(Path(await (await saving.value).path()).read_text, encoding="utf-8-sig")


async def test_a_telephone_is_enough_to_approve_and_to_vote(stage):
    session_id = await stage.demo("MANUAL")
    async with stage.window(**PHONE) as page, stage.attendee(session_id, **PHONE) as room:
        await page.goto(stage.link(session_path(session_id)))
        await is_asked(page)
        await is_within_the_screen(page)
        await card(page).tap()
        # A page that nobody looks at takes in what comes when somebody does.
        await room.bring_to_front()
        vote = room.get_by_role("button", name="Vote", exact=True)
        await vote.tap()
        await expect(room.get_by_role("tab", name="Poll")).to_have_attribute("aria-selected", "true")
        await room.get_by_role("radio").first.check()
        await vote.tap()
        await expect(room.get_by_text("Your vote")).to_be_visible()
        await is_within_the_screen(room)
        await room.get_by_role("tab", name="Chat").tap()
        await expect(room.get_by_role("textbox", name="Your message")).to_be_in_viewport()
    await stage.end_demo(session_id)


async def test_a_link_that_was_handed_to_the_wrong_people_is_called_back_where_it_was_made(stage):
    session_id = await stage.demo("AUTO")
    async with stage.window() as page, stage.window() as other:
        await page.goto(stage.link("/dashboard/events/demo/settings"))
        await page.get_by_role("button", name="Make a link").click()
        link = await page.get_by_label("Invitation", exact=True).input_value()
        await page.get_by_role("button", name="Call it back").click()
        await expect(page.get_by_text("Called back: nobody comes in by this link any more")).to_be_visible()
        await other.goto(link)
        await other.get_by_label("Your name").fill("Eve")
        await other.get_by_role("button", name="Come in").click()
        await expect(other.get_by_role("alert")).to_contain_text("called back")
    await stage.end_demo(session_id)
