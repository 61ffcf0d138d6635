"""Every screen, light and dark, looked at as those see it who cannot see, or see little (axe-core)."""

import re
import time

import pytest
from playwright.async_api import expect
from tests.browser.examples import NARROW, asking, findings, is_posted, watched
from tests.browser.stage import card, is_asked, session_path
from tests.sockets import SIGNED_WITH

from conductor.access.rights import EVERY_EVENT, Principal, Role
from conductor.access.tokens import Access

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPEED = 1.5
"""Looking at everything takes its time; the minute to answer is forty seconds long here."""

LISTEN = """() => {
  globalThis.announced = [];
  const LIVE = '[aria-live]:not([aria-live=off]), [role=alert], [role=status]';
  const hear = (region) => {
    const text = region.textContent.trim();
    if (text !== '' && announced.at(-1) !== text) announced.push(text);
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const region = (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)?.closest(LIVE);
      if (region) hear(region);
      for (const each of addedNodes) {
        if (each.nodeType === Node.ELEMENT_NODE) for (const inner of each.querySelectorAll(LIVE)) hear(inner);
      }
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
"""Note in a page what a screen reader would read out by itself."""

COUNTDOWN = re.compile(r"\d:\d\d to answer")


async def test_who_cannot_see_well_can_sign_in_and_look_at_the_sessions(stage):
    async with stage.window() as page:
        await page.goto(f"{stage.url}/sign-in")
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        found = await findings(page, "sign-in")
        await page.goto(stage.link("/dashboard/events/nowhere/engagement-conductor"))
        await expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
        found += await findings(page, "no sessions")
        session_id = await stage.demo("AUTO")
        await page.goto(f"{stage.url}/dashboard")
        await expect(
            page.get_by_role("link", name="Rescue").or_(page.get_by_role("main").get_by_role("link")).first
        ).to_be_visible()
        found += await findings(page, "sessions")
        await expect(page.get_by_role("list", name="Sessions", exact=True)).to_be_visible()
        await page.goto(stage.link(session_path("nowhere")))
        await expect(page.get_by_role("heading", name="This session cannot be watched")).to_be_visible()
        found += await findings(page, "no such session")
    await stage.end_demo(session_id)
    assert not found, "\n".join(found)


async def test_who_cannot_see_well_can_answer_the_agent(stage):
    async with asking(stage) as (session_id, page), stage.attendee(session_id) as room:
        await expect(page.get_by_role("heading", name="Why this")).to_be_visible()
        found = await findings(page, "a suggestion, and why")
        await page.get_by_role("button", name="Edit", exact=True).click()
        found += await findings(page, "editing")
        await page.get_by_role("button", name="Back", exact=True).click()
        await card(page).click()
        await room.bring_to_front()
        await expect(room.get_by_role("radio").first).to_be_visible()
        found += await findings(room, "a poll in the room")
        await room.get_by_role("radio").first.check()
        await room.get_by_role("button", name="Vote", exact=True).click()
        await expect(room.get_by_text("Your vote")).to_be_visible()
        found += await findings(room, "the results")
        await page.bring_to_front()
        await page.get_by_role("button", name="Open the room").click()
        await expect(page.get_by_role("textbox", name="Invitation")).to_be_visible()
        found += await findings(page, "inviting")
    assert not found, "\n".join(found)


async def test_who_cannot_see_well_can_speak_and_set_limits_and_see_what_was_learned(stage):
    session_id = await stage.demo("AUTO")
    found = []
    async with stage.window() as page:
        await page.goto(stage.link(f"/speak/{session_id}", Role.SPEAKER, "sue", "demo"))
        await expect(page.get_by_role("switch", name="Do not interrupt")).to_be_enabled()
        found += await findings(page, "speaking")
    async with stage.window() as page:
        await page.goto(stage.link("/dashboard/events/demo/settings"))
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(page.get_by_role("textbox").or_(page.get_by_role("spinbutton")).first).to_be_visible()
        found += await findings(page, "settings")
        await page.goto(f"{stage.url}/dashboard/events/demo/learning")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(page.get_by_text("Loading")).to_have_count(0)
        found += await findings(page, "learning")
    await stage.end_demo(session_id)
    assert not found, "\n".join(found)


async def test_who_cannot_see_well_can_be_in_a_quiet_room_and_take_home_how_it_went(stage):
    session_id = await stage.demo("MANUAL")
    found = []
    async with stage.attendee(session_id) as wide, stage.attendee(session_id, "bob", viewport=NARROW) as narrow:
        found += await findings(wide, "a room without a poll")
        for tab in ("Chat", "Poll", "Q&A"):
            await narrow.get_by_role("tab", name=tab).click()
            found += await findings(narrow, f"{tab} on a telephone")
    async with stage.window() as page:
        await page.goto(stage.link(session_path(session_id)))
        await page.get_by_role("button", name="Export").click()
        await expect(page.get_by_role("menuitem", name="Summary…")).to_be_visible()
        found += await findings(page, "what can be exported")
        await page.get_by_role("menuitem", name="Summary…").click()
        await expect(page.get_by_role("dialog").get_by_text("On average")).to_be_visible()
        found += await findings(page, "a summary")
    await stage.end_demo(session_id)
    assert not found, "\n".join(found)


async def test_the_keyboard_alone_is_enough_to_edit_and_approve(stage):
    session_id = await stage.demo("MANUAL")
    async with stage.window(reduced_motion="reduce") as page:
        await page.goto(stage.link(session_path(session_id)))
        await is_asked(page)
        await tab_to(page, "Edit")
        await page.keyboard.press("Enter")
        question = page.get_by_role("textbox", name="Question")
        await expect(question).to_be_focused()
        await page.keyboard.press("Control+A")
        await page.keyboard.type("Shall we take a break?")
        await tab_to(page, "Launch as edited")
        await page.keyboard.press("Enter")
        await is_posted(page)
        # Where what had the focus is gone, it goes to what has come in its place, and not to the top of the page.
        assert await page.evaluate("document.activeElement !== document.body")
    [done] = await stage.interventions(session_id)
    assert done["content"]["question"] == "Shall we take a break?"
    await stage.end_demo(session_id)


async def tab_to(page, name):
    """Press Tab until a button of this name has the focus."""
    button = page.get_by_role("button", name=name, exact=True)
    for _ in range(60):
        if await button.evaluate("(each) => each === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {name}")


async def test_who_cannot_see_well_learns_why_they_are_not_let_in(stage):
    who = Principal("olga", Role.ORGANISER, EVERY_EVENT, frozenset())
    run_out = Access([SIGNED_WITH], lambda: time.time() - 1e6).issue(who, 60.0)
    found = []
    for token, title in (("half.of", "This link does not work"), (run_out, "Your link has run out")):
        async with stage.window() as page:
            await page.goto(f"{stage.url}/dashboard#token={token}")
            await expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
            found += await findings(page, title)
    async with stage.window() as page:
        await page.goto(stage.link("/room/nowhere", Role.ATTENDEE, "ada", "demo"))
        await expect(page.get_by_role("heading", name="This session has not begun yet")).to_be_visible()
        found += await findings(page, "no such room")
    assert not found, "\n".join(found)


async def test_a_session_is_read_out_without_chatter(stage):
    async with watched(stage, "MANUAL") as (_, page):
        chart = page.get_by_role("img", name="Score from")
        await expect(chart).to_be_visible()
        await page.evaluate(LISTEN)
        await is_asked(page)
        told = [await chart.get_attribute("aria-label") or ""]
        for _ in range(2):
            await expect(chart).not_to_have_attribute("aria-label", told[-1])
            told.append(await chart.get_attribute("aria-label") or "")
        assert all(re.search(r"from \d+ % to \d+ % within \d+ (seconds|minutes); lowest", each) for each in told)
        announced = await page.evaluate("announced")
        assert announced.count("The agent suggests something and waits for your answer.") == 1, announced
        assert not any("suggested" in each for each in announced), announced
        assert len(announced) == len({*announced}), announced
        assert not any(COUNTDOWN.search(each) for each in announced)
        score = page.get_by_role("group", name="Engagement score now")
        await expect(score).to_contain_text(re.compile(r"\d+ %(low|fair|high)"))
        await expect(page.get_by_role("radio", name="Manual", exact=True)).to_be_checked()
        await expect(page.get_by_role("timer")).to_contain_text("to answer")
