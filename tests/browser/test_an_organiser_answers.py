"""The agent asks, and an organiser answers; the room gets what they approved."""

import asyncio
import re

import pytest
from playwright.async_api import expect
from tests.browser.examples import asking, both_asked, both_watch, is_posted, watched
from tests.browser.stage import card, is_asked, session_path

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_approved_poll_is_voted_in_by_somebody_who_was_invited(stage):
    async with watched(stage, "MANUAL") as (_, page):
        await page.get_by_role("button", name="Open the room").click()
        async with page.context.expect_page() as opening:
            await page.get_by_role("link", name="Open in a new tab").click()
        room = await opening.value
        await page.get_by_role("dialog").get_by_role("button", name="Close").click()
        await room.get_by_label("Your name").fill("Ada")
        await room.get_by_role("button", name="Come in").click()
        await expect(room.get_by_role("textbox", name="Your message")).to_be_visible()
        await page.bring_to_front()
        await is_asked(page)
        await card(page).click()
        await expect(page.get_by_text("Under way").or_(page.get_by_text("Posted")).first).to_be_visible()
        await room.bring_to_front()
        choices = room.get_by_role("radio")
        await choices.first.check()
        await room.get_by_role("button", name="Vote", exact=True).click()
        standing = room.get_by_role("list", name=re.compile("How the votes st"))
        await expect(standing.get_by_text("Your vote")).to_be_visible()
        await expect(room.get_by_text("AI assistant").first).to_be_visible()


async def test_what_an_organiser_edits_is_what_the_room_sees(stage):
    async with watched(stage, "SEMI_AUTO") as (session_id, page), stage.attendee(session_id) as room:
        # How much of it is asked for depends on how sure the agent is.
        await page.get_by_role("radio", name="Manual", exact=True).click()
        await is_asked(page)
        await page.get_by_role("button", name="Edit", exact=True).click()
        form = page.get_by_role("form", name="Edit what the room will see")
        await form.get_by_label("Question").fill("Which part shall we look at again?")
        await form.get_by_role("button", name="Launch as edited").click()
        await expect(room.get_by_role("heading", name="Which part shall we look at again?")).to_be_visible()


async def test_a_dismissed_suggestion_is_not_shown_and_its_reason_stands_in_the_activity(stage):
    async with asking(stage) as (session_id, page):
        await page.get_by_role("button", name="Dismiss", exact=True).click()
        form = page.get_by_role("form", name="Dismiss the suggestion")
        await form.get_by_role("textbox", name="Reason").fill("The speaker tells a joke")
        await form.get_by_role("button", name="Dismiss", exact=True).click()
        activity = page.get_by_role("log", name="Activity")
        await expect(activity.get_by_text("The speaker tells a joke")).to_be_visible()
        await expect(card(page)).to_have_count(0)
    assert await stage.interventions(session_id) == []


async def test_two_quick_clicks_deliver_once(stage):
    async with asking(stage) as (session_id, page):
        await card(page).dblclick()
        await is_posted(page)
    assert len(await stage.interventions(session_id)) == 1


async def test_two_organisers_who_click_at_once_deliver_once_and_both_see_it(stage):
    async with both_asked(stage) as (session_id, olgas, pauls):
        await asyncio.gather(card(olgas).click(), card(pauls).click())
        for page in (olgas, pauls):
            await is_posted(page)
    assert len(await stage.interventions(session_id)) == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [("Approve", "Approved by olga"), ("Dismiss", "Dismissed by olga")],
    ids=["approved", "dismissed"],
)
async def test_a_colleague_who_looks_on_reads_who_answered_and_how(stage, answer, told):
    async with both_asked(stage) as (_, olgas, pauls):
        await olgas.get_by_role("button", name=answer, exact=True).click()
        if answer == "Dismiss":
            form = olgas.get_by_role("form", name="Dismiss the suggestion")
            await form.get_by_role("button", name="Dismiss", exact=True).click()
        notices = pauls.get_by_role("region", name="Notifications")
        await expect(notices.get_by_text(told, exact=True)).to_be_visible()
        await expect(card(pauls)).to_have_count(0)
        for page in (olgas, pauls):
            activity = page.get_by_role("log", name="Activity")
            await expect(activity.get_by_text(told)).to_be_visible()
        await expect(olgas.get_by_role("region", name="Notifications").get_by_text(told, exact=True)).to_have_count(0)


async def test_a_suggestion_survives_a_reload(stage):
    async with asking(stage) as (session_id, page):
        asked = await stage.asked(session_id)
        await page.reload()
        await is_asked(page)
        assert await stage.asked(session_id) == asked
        await expect(page.get_by_role("timer")).to_be_visible()


async def test_a_changed_mode_is_kept_and_seen_by_others(stage):
    async with both_watch(stage, "AUTO") as (_, olgas, pauls):
        await olgas.get_by_role("radio", name="Manual", exact=True).click()
        for page in (olgas, pauls):
            await expect(page.get_by_role("radio", name="Manual", exact=True)).to_be_checked()
        await pauls.get_by_role("radio", name="Semi-auto", exact=True).click()
        for page in (pauls, olgas):
            await expect(page.get_by_role("radio", name="Semi-auto", exact=True)).to_be_checked()
        await olgas.reload()
        await expect(olgas.get_by_role("radio", name="Semi-auto", exact=True)).to_be_checked()
        await olgas.get_by_role("radio", name="Manual", exact=True).click()
        await olgas.get_by_role("button", name="As the event").click()
        for page in (olgas, pauls):
            await expect(page.get_by_role("radio", name="Semi-auto", exact=True)).to_be_checked()
            await expect(page.get_by_text("as the event", exact=True)).to_be_visible()


async def test_whose_clock_is_minutes_wrong_is_given_as_long_to_answer_as_anybody(stage):
    session_id = await stage.demo("MANUAL")
    async with stage.window(ahead_s=300.0) as fast, stage.window(ahead_s=-300.0) as slow:
        for page in (fast, slow):
            await page.goto(stage.link(session_path(session_id)))
        for page in (fast, slow):
            await is_asked(page)
            await expect(page.get_by_text(re.compile(r"^0:\d\d to answer")).first).to_be_visible()
            # A reload shows the question again at once, and not when the next score has told what time it is.
            await page.reload()
            await is_asked(page)
        await card(fast).click()
        for page in (fast, slow):
            await is_posted(page)
    await stage.end_demo(session_id)
