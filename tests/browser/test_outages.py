"""The connection is lost, the service is started again: nothing that was asked or said gets lost."""

import re
import time

import pytest
from playwright.async_api import expect
from tests.browser.examples import is_posted, watched
from tests.browser.stage import SPEED, card, is_asked, only_polls, serving, session_path
from tests.valkey import free_port, running

from conductor.duty.clock import SystemClock

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_whoever_was_offline_misses_nothing_once_they_are_back(stage):
    async with watched(stage, "AUTO") as (session_id, page):
        await expect(page.get_by_role("img", name="Score from")).to_be_visible()
        await page.context.set_offline(True)
        await expect(page.get_by_text("The connection is lost.")).to_be_visible()
        async with stage.window() as watching:
            await watching.goto(stage.link(session_path(session_id)))
            await is_posted(watching)
        await page.context.set_offline(False)
        await expect(page.get_by_text("Connected again. Nothing that happened meanwhile is missing.")).to_be_visible()
        activity = page.get_by_role("log", name="Activity")
        await expect(activity.get_by_text("Poll posted")).to_be_visible()


async def test_what_somebody_writes_offline_is_kept_to_be_sent_again(stage):
    session_id = await stage.demo("AUTO")
    async with stage.attendee(session_id) as room, stage.attendee(session_id, "bob") as bobs:
        await room.context.set_offline(True)
        await expect(room.get_by_text("You are offline.")).to_be_visible()
        await room.get_by_role("textbox", name="Your message").fill("Is anybody there?")
        await room.get_by_role("textbox", name="Your message").press("Enter")
        await room.context.set_offline(False)
        await expect(room.get_by_text("You are back.")).to_be_visible()
        await room.get_by_role("button", name="Send again").click()
        await expect(bobs.get_by_text("Is anybody there?").first).to_be_visible()
    await stage.end_demo(session_id)


async def test_what_somebody_has_begun_to_write_outlives_a_reload(stage):
    session_id = await stage.demo("AUTO")
    async with stage.attendee(session_id) as room:
        await room.get_by_role("textbox", name="Your message").fill("Half a sent")
        await room.reload()
        await expect(room.get_by_role("textbox", name="Your message")).to_have_value("Half a sent")
    await stage.end_demo(session_id)


async def test_a_suggestion_waits_while_the_service_is_started_again(browser, tmp_path):
    await only_polls(tmp_path)
    clock = SystemClock(SPEED, time.time())
    with running(tmp_path) as kept, serving(browser, tmp_path, clock, REDIS_URL=kept.url) as stage:
        await stage.served.start()
        session_id = await stage.demo("MANUAL")
        async with stage.window() as page:
            await page.goto(stage.link(session_path(session_id)))
            await is_asked(page)
            asked = await stage.asked(session_id)
            stage.served.kill()
            await expect(page.get_by_text("The connection is lost.")).to_be_visible()
            stage.served.begin()
            await expect(page.get_by_text("Connected again.")).to_be_visible()
            await is_asked(page)
            assert asked is not None
            assert (await stage.asked(session_id) or {})["id"] == asked["id"]
            await card(page).click()
            await is_posted(page)
        assert len(await stage.interventions(session_id)) == 1


async def test_who_watches_is_told_that_no_language_model_answers_and_what_that_means(browser, tmp_path):
    await only_polls(tmp_path)
    clock = SystemClock(SPEED, time.time())
    nobody = f"http://127.0.0.1:{free_port()}"
    with serving(browser, tmp_path, clock, ANTHROPIC_API_KEY="none", ANTHROPIC_BASE_URL=nobody) as stage:
        await stage.served.start()
        sessions = [await stage.demo("AUTO") for _ in range(3)]
        told = re.compile(r"No language model answers, since \d\d:\d\d\.\s+Until one does, templates do the wording\.")
        async with stage.window() as page, stage.window() as other:
            await page.goto(stage.link(session_path(sessions[0])))
            await other.goto(stage.link("/dashboard"))
            await expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()
            await expect(other.get_by_role("status").filter(has_text=told)).to_be_visible()
            await expect(
                page.get_by_role("log", name="Activity").get_by_text("No language model answers")
            ).to_be_visible()
            await page.reload()
            await expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()
