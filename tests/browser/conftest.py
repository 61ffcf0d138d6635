"""A browser for all tests of a process, and a service for those of a module."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect
from tests.browser.stage import PATIENCE_S, SPEED, Stage, only_polls, serving

from conductor.duty.clock import SystemClock
from conductor.service.web import BUILT

REQUIRED = os.environ.get("CONDUCTOR_TESTS_REQUIRED", "") not in ("", "0")
"""Whether these tests fail where there is nothing to run them with; elsewhere they are left out."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _without(what: str) -> None:
    if REQUIRED:
        pytest.fail(what)
    pytest.skip(what)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The one that this machine has."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        _without("the web app is not tested in a browser: there is no chromium here")
    if not (BUILT / "index.html").exists():
        _without("the web app is not tested in a browser: it is not built (make web)")
    expect.set_options(timeout=PATIENCE_S * 1000)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def stage(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """A service that runs while the tests of a module do, at the module's `SPEED` if it has one."""
    clock = SystemClock(getattr(request.module, "SPEED", SPEED), time.time())
    home = tmp_path_factory.mktemp("home")
    await only_polls(home)
    with serving(browser, home, clock) as opened:
        await opened.served.start()
        yield opened
        await opened.served.end()
