"""What is loaded before an organiser sees a session, and what a browser keeps after an hour of it."""

import pytest
from playwright.async_api import expect
from tests.browser.stage import session_path

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPT_BYTES = 250_000
"""As sent, compressed, for the first look at a session."""


async def test_the_first_look_at_a_session_loads_little_script(stage):
    session_id = await stage.demo("AUTO")
    async with stage.window() as page:
        sizes = []
        page.on("requestfinished", lambda request: sizes.append(request))
        await page.goto(stage.link(session_path(session_id)))
        await expect(page.get_by_role("img", name="Score from")).to_be_visible()
        scripts = [each for each in sizes if each.resource_type == "script"]
        sent = [(await each.sizes())["responseBodySize"] for each in scripts]
        print(list(zip([s.url for s in scripts], sent)))
    await stage.end_demo(session_id)
    assert len(sent) >= 2
    assert sum(sent) < SCRIPT_BYTES
