"""What is loaded before an organiser sees a session."""

import pytest
from playwright.async_api import Request, expect
from tests.browser.stage import session_path

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPT_BYTES = 250_000
"""As sent, compressed, for the first look at a session."""


async def test_the_first_look_at_a_session_loads_little_script(stage):
    session_id = await stage.demo("AUTO")
    async with stage.window() as page:
        loaded: list[Request] = []

        def keep(request: Request) -> None:
            loaded.append(request)

        page.on("requestfinished", keep)
        await page.goto(stage.link(session_path(session_id)))
        await expect(page.get_by_role("img", name="Score from")).to_be_visible()
        scripts = [each for each in loaded if each.resource_type == "script"]
        sent = [(await each.sizes())["responseBodySize"] for each in scripts]
    await stage.end_demo(session_id)
    assert len(sent) >= 2
    assert sum(sent) < SCRIPT_BYTES
