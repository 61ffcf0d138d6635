"""A desk that cannot be had: the settings that it had last stand, also in a later life."""

import pytest
from tests.duty_examples import Gate

from conductor.adapters.desk_remembered import RememberingDesk
from conductor.adapters.store_memory import MemoryStore
from conductor.domain.interventions import Mode
from conductor.domain.organisers import AgentSettings
from conductor.errors import StoreUnavailable

MANUAL = AgentSettings("event", mode=Mode.MANUAL, label="Robot")


@pytest.fixture
def behind():
    return Gate(MemoryStore().desk, StoreUnavailable("away"))


async def test_settings_that_were_read_once_are_known_when_the_desk_is_away_and_after_a_restart(behind, tmp_path):
    path = tmp_path / "settings.jsonl"
    await behind.save_settings(MANUAL)
    desk = RememberingDesk(behind, path)
    assert await desk.settings("event") == MANUAL
    behind.refused = {"settings"}

    assert await desk.settings("event") == MANUAL
    assert await RememberingDesk(behind, path).settings("event") == MANUAL
    with pytest.raises(StoreUnavailable):
        await desk.settings("another")


async def test_what_the_desk_says_counts_as_soon_as_it_can_be_had(behind, tmp_path):
    desk = RememberingDesk(behind, tmp_path / "settings.jsonl")
    await desk.save_settings(MANUAL)
    await behind.save_settings(AgentSettings("event", enabled=False))

    assert await desk.settings("event") == AgentSettings("event", enabled=False)
    assert await desk.settings("another") is None


async def test_a_file_that_cannot_be_read_is_forgotten(behind, tmp_path):
    path = tmp_path / "settings.jsonl"
    path.write_text("no JSON")
    await behind.save_settings(MANUAL)
    assert await RememberingDesk(behind, path).settings("event") == MANUAL
