"""What an organiser sees from pressing the button of the demo until the room has recovered."""

import re

import pytest
from playwright.async_api import expect

FALLEN = re.compile("^(Falling|Recovering)$")
"""What the room is said to be while a fall stands; the first of them may pass within a second."""

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_organiser_presses_a_button_and_watches_a_room_die_and_recover(stage):
    async with stage.window() as page:
        await page.goto(stage.link("/dashboard"))
        await expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
        await page.get_by_role("main").get_by_role("button", name="Watch a 60-second rescue").click()
        dialog = page.get_by_role("dialog", name="Watch a 60-second rescue")
        await dialog.get_by_role("button", name="Start", exact=True).click()
        guide = page.get_by_role("complementary", name="The demo")
        await expect(guide.get_by_text("The room is lively")).to_be_visible()
        await expect(page.get_by_role("heading", name="Engagement score")).to_be_visible()
        await expect(page.get_by_text(FALLEN).first).to_be_visible()
        await expect(guide.get_by_text("It is posted, and people answer.")).to_be_visible()
        await expect(guide.get_by_text("Rescued: the score went from")).to_be_visible()
        await expect(page.get_by_text("Recovered", exact=True).first).to_be_visible()
        activity = page.get_by_role("log", name="Activity")
        await expect(activity.get_by_role("listitem")).not_to_have_count(0)
        await expect(page.get_by_text("Healthy", exact=True).first).to_be_visible()
