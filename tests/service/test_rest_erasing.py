"""Erasing people and events, and comparing what was learned, over HTTP."""

import pytest

from conductor.access.rights import Role
from conductor.adapters.bus_memory import MemoryBus
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.bootstrap.erasing import Eraser
from conductor.domain.bus import Entry
from conductor.domain.events import SessionOpened
from conductor.domain.sessions import SessionProfile

AT = 1_700_000_000.0


async def nothing(_event_id):
    """There is no file beside this store."""


@pytest.fixture
async def kept(house, tmp_path):
    """A house in which one event with one session is kept."""
    store = await SqlStore.open(sqlite_url(tmp_path / "conductor.db"))
    await store.record([SessionOpened("s1", "e1", AT, SessionProfile())])
    house.going_on = []
    house.bus = MemoryBus(lambda: AT)
    await house.bus.append([Entry("signals:s1", (("chat:message:new", b'{"userId":"attendee-1"}'),), 10)])
    house.erasing = Eraser(store, house.bus, lambda: house.going_on, nothing, lambda: AT)
    yield house
    await store.close()


async def test_an_organiser_of_all_events_erases_an_attendee(kept):
    async with kept.client(Role.ORGANISER) as client:
        first = await client.delete("/api/v1/attendees/attendee-1")
        again = await client.delete("/api/v1/attendees/attendee-1?event_id=e1")
    assert first.json() == {"rows": {}, "entries": {"signals:s1": 1}, "noted": 0, "again": []}
    assert again.json()["entries"] == {}


async def test_an_event_is_erased_when_its_sessions_are_over(kept):
    async with kept.client(Role.ORGANISER) as client:
        kept.going_on = ["s1"]
        early = await client.delete("/api/v1/events/e1")
        kept.going_on = []
        done = await client.delete("/api/v1/events/e1")
        late = await client.delete("/api/v1/events/e1")
    assert [early.status_code, done.status_code, late.status_code] == [409, 200, 404]
    assert done.json()["rows"] == {"sessions": 1}


@pytest.mark.parametrize("path", ["/api/v1/attendees/attendee-1", "/api/v1/events/e1"])
async def test_an_organiser_of_one_event_erases_nothing(kept, path):
    async with kept.client(Role.ORGANISER, "e1") as client:
        answer = await client.delete(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope")


async def test_what_an_import_would_change_is_said_and_not_done(organiser):
    tally = {
        "anomaly_type": "SUDDEN_DROP",
        "phase": "middle",
        "session_type": "talk",
        "session_size_bucket": "large",
        "engagement_bucket": "low",
        "arm": "POLL",
        "successes": 2.0,
        "failures": 1.0,
    }
    body = {"schema_version": 1, "tallies": [tally], "norms": []}
    said = await organiser.post("/api/v1/agent/state/compare", json=body)
    assert said.json() == {"new": 1, "changed": 0, "same": 0, "staying": 0}
    assert (await organiser.get("/api/v1/agent/state")).json()["tallies"] == []
