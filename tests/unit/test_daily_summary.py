import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from tests.duty_examples import end
from tests.signal_examples import NOW
from tests.wire_examples import executed, measured, opened, update

from conductor.adapters.marks_memory import MemoryMarks
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.alerting.daily import Daily, latest_hour, next_hour
from conductor.testing import FakeClock, MemoryStore, ToldAlerts, settle

BERLIN = ZoneInfo("Europe/Berlin")
SIX = latest_hour(NOW + 86_400.0, 18, ZoneInfo("UTC"))
"""The first six o'clock of an evening after everything happened."""

STORY = [opened(), update(NOW, 0.25), update(NOW + 5, 0.75), executed(), measured()]


class Office:
    """Everything that outlives a process: what is known, what was told, and the time."""

    def __init__(self, now=SIX - 60.0):
        self.store, self.marks, self.alerts, self.clock = MemoryStore(), MemoryMarks(), ToldAlerts(), FakeClock(now)

    async def life(self, until, **more):
        """A process tells what it has to until this moment, and is ended."""
        daily = Daily(self.store.archive, self.marks, self.alerts, self.clock, hour=18, zone="UTC", **more)
        running = asyncio.create_task(daily.run())
        await settle()
        await self.clock.advance_to(until)
        await end(running)


async def test_each_event_is_summed_up_at_the_hour():
    office = Office()
    await office.store.record([*STORY, opened(session_id="s2", event_id="other")])
    await office.life(SIX - 1.0)
    assert office.alerts.told == []
    await office.life(SIX + 1.0)
    (alert,) = office.alerts.told
    assert alert.text.splitlines() == [
        "Sessions: 1",
        "Score: 0.50 on average, 0.25 at the lowest",
        "Interventions: 1",
        "Success: 1 of 1 measured",
        "Lift: not known",
        "Models: 0.00 US dollars for what was shown",
    ]


async def test_across_restarts_it_is_told_exactly_once_a_day():
    office = Office()
    await office.store.record(STORY)
    for minute in range(1, 5):
        await office.life(SIX + minute * 60.0)
    assert len(office.alerts.told) == 1


async def test_an_event_without_sessions_that_day_is_not_told_of():
    office = Office()
    await office.store.record(STORY)
    await office.life(SIX + 3 * 86_400.0 + 1.0)
    assert len(office.alerts.told) == 1


async def test_who_is_away_at_the_hour_tells_it_when_back_within_an_hour():
    late, too_late = Office(SIX + 1800.0), Office(SIX + 4000.0)
    for office in (late, too_late):
        await office.store.record(STORY)
        await office.life(office.clock.now() + 1.0)
    assert (len(late.alerts.told), len(too_late.alerts.told)) == (1, 0)


async def test_what_could_not_be_told_is_told_a_minute_later():
    office = Office()
    office.alerts.refusals = 1
    await office.store.record(STORY)
    await office.life(SIX + 59.0)
    assert office.alerts.told == []
    await office.life(SIX + 120.0)
    assert len(office.alerts.told) == 1


async def test_without_a_store_it_waits_for_one():
    office = Office()
    await office.store.record(STORY)
    await office.store.close()
    await office.life(SIX + 120.0)
    assert office.alerts.told == []


async def test_the_lift_is_told_where_it_is_known_and_demos_are_not():
    office = Office()

    async def lift(event_id):
        return f"+12 points in {event_id}"

    await office.store.record(STORY)
    event_id = STORY[0].event_id
    await office.life(SIX + 1.0, lift=lift)
    assert f"Lift: +12 points in {event_id}" in office.alerts.told[0].text
    other = Office()
    await other.store.record([replace(event, event_id="demo") if event is STORY[0] else event for event in STORY])
    await other.life(SIX + 1.0, but=["demo"])
    assert other.alerts.told == []


async def test_only_sessions_of_the_last_two_days_are_asked_for_and_no_lift_where_nothing_was_heard():
    office, asked = Office(), []

    async def lift(event_id):
        asked.append(event_id)
        return ""

    old = opened(session_id="old", event_id="long ago", at=SIX - 2 * 86_400.0 - 1.0)
    late = replace(update(SIX - 60.0, 0.5), session_id="old", event_id="long ago")
    silent = opened(session_id="silent", event_id="silent", at=SIX - 3600.0)
    await office.store.record([*STORY, old, late, silent])
    await office.life(SIX + 1.0, lift=lift)
    assert asked == [STORY[0].event_id]
    assert len(office.alerts.told) == 1


@pytest.mark.parametrize("hour", [0, 2, 3, 18])
def test_days_of_23_and_25_hours_have_each_hour_once(hour):
    start = datetime(2026, 3, 27, 12, tzinfo=UTC).timestamp()
    at, hours = start, []
    for _ in range(5):
        at = next_hour(at, hour, BERLIN)
        hours.append(at)
        assert latest_hour(at, hour, BERLIN) == at
        assert latest_hour(at - 1.0, hour, BERLIN) < at
    assert [round((later - earlier) / 3600.0) for earlier, later in pairwise(hours)] in (
        [24, 23, 24, 24],
        [24, 24, 23, 24],
        [23, 24, 24, 24],
    )


async def test_marks_last_as_long_as_the_database(tmp_path):
    url = sqlite_url(tmp_path / "marks.db")
    first = await SqlStore.open(url)
    assert await first.marks.put("a")
    assert not await first.marks.put("a")
    await first.close()
    second = await SqlStore.open(url)
    assert not await second.marks.put("a")
    await second.marks.drop("a")
    assert await second.marks.put("a")
    await second.close()
