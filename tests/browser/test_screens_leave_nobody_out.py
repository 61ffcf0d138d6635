"""Every screen, light and dark, looked at as those see it who cannot see, or see little (axe-core)."""

from pathlib import Path

import pytest
from playwright.async_api import expect
from tests.browser.stage import card, is_asked, session_path

from conductor.access.rights import Role

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPEED = 1.5
"""Looking at everything takes its time; the minute to answer is forty seconds long here."""

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"

STILL = """async () => {
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  const changing = document.getAnimations().filter((each) => each instanceof CSSTransition);
  await Promise.all(changing.map((each) => each.finished.catch(() => undefined)));
}"""
"""Wait until colours have changed: in between they are neither these nor those."""

SEVERE = {"serious", "critical"}

BOTH = ("light", "dark")


async def findings(page, where):
    """What is wrong with a page, severely."""
    found = []
    for scheme in BOTH:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.evaluate(STILL)
        await page.evaluate(AXE.read_text(encoding="utf-8"))
        told = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for each in told["violations"]:
            if each["impact"] in SEVERE:
                places = [node["target"] for node in each["nodes"]][:4]
                why = each["nodes"][0]["failureSummary"].splitlines()[1:2]
                found.append(f"{where}, {scheme}: {each['id']} at {places} {why}")
    return found


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
    await stage.end_demo(session_id)
    assert not found, "\n".join(found)


async def test_who_cannot_see_well_can_answer_the_agent(stage):
    session_id = await stage.demo("MANUAL")
    async with stage.window() as page, stage.attendee(session_id) as room:
        await page.goto(stage.link(session_path(session_id)))
        await is_asked(page)
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
    await stage.end_demo(session_id)
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
