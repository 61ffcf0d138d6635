"""Alerts and the summary of the day, from what happens in a room to the address that an operator named."""

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from aiohttp import web
from tests.duty_examples import end, entry_of
from tests.live_examples import room
from tests.processes import PATIENCE_S
from tests.rooms import START
from tests.trial_examples import drawn
from tests.wire_examples import opened, update

from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.bootstrap.services import Serving, services
from conductor.domain.events import TrialEnded
from conductor.domain.interventions import Mode
from conductor.domain.organisers import AgentSettings
from conductor.duty.clock import SystemClock
from conductor.perceive.ledger import TICK_S
from conductor.settings import Settings
from conductor.settings.operation import Operation

SPEED = 20.0


class Hook:
    """Takes what it is sent, as an operator's own service would."""

    def __init__(self):
        self._got = []
        self._stirred = asyncio.Event()

    async def _take(self, request):
        self._got.append(await request.json())
        self._stirred.set()
        return web.Response()

    @asynccontextmanager
    async def open(self):
        """It listens on this machine; gives its address as `ALERT_URLS` has it."""
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"json://127.0.0.1:{runner.addresses[0][1]}/hook"
        await runner.cleanup()

    async def got(self, title):
        """The first message whose title holds these words, once it is there."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for each in self._got:
                    if title in each["title"]:
                        return each
                self._stirred.clear()
                await self._stirred.wait()


def settings_for(folder, url, **more):
    operation = Operation(alert_urls=(url,), may_alert_privately=True, **more)
    return Settings(home=folder, public_url="http://conductor.example.org", operation=operation)


async def talk(bus, clock):
    """A room is full of talk and falls silent, at the speed of the clock."""
    begin = (clock.now() // TICK_S + 1.0) * TICK_S
    for each in room("a", 200.0, 900.0):
        at = each.at - START + begin
        await clock.sleep_until(at)
        await bus.append([entry_of(each._replace(at=at))])


async def test_a_room_that_is_lost_reaches_the_operator_with_a_link_to_the_question(tmp_path):
    hook, clock = Hook(), SystemClock(SPEED, time.time())
    async with hook.open() as url, services(settings_for(tmp_path, url), Serving.AGENT, clock, 1) as running:
        assert running.parts is not None
        await running.parts.desk.save_settings(AgentSettings("event", mode=Mode.MANUAL, holdout_share=0.0))
        talking = asyncio.create_task(talk(running.parts.bus, clock))
        told = await hook.got("waits for your answer")
        await end(talking)
    assert told["type"] == "failure"
    link = "http://conductor.example.org/dashboard/events/event/engagement-conductor?session=a"
    assert told["message"].startswith("Session a: ")
    assert told["message"].endswith(link)


async def test_the_summary_of_the_day_arrives_with_what_is_known_of_the_lift(tmp_path):
    hook, hour = Hook(), datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    before = hour.timestamp() - 1800.0
    store = await SqlStore.open(sqlite_url(tmp_path / "conductor.db"))
    trials = [TrialEnded(replace(each, at=before, decided_at=before - 120.0)) for each in drawn(1, 300)]
    await store.record([opened(before - 600.0), update(before), *trials])
    await store.close()
    async with hook.open() as url:
        settings = settings_for(tmp_path, url, summary_hour=hour.hour)
        async with services(settings, Serving.AGENT, SystemClock(), 1):
            told = await hook.got("The day of event e1")
    assert "Lift: The agent adds " in told["message"]
