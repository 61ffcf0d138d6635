"""What nearly every scenario begins with: a world for a worker to live in, and a room that falls silent."""

import pytest
from tests.duty_examples import World
from tests.live_examples import FALLS_AT, room


@pytest.fixture
async def world():
    """A world of its own for each test: nothing has happened in it, and nobody is on duty yet."""
    world = World()
    async with world.surroundings():
        yield world


@pytest.fixture(scope="module")
def falling():
    """Everything that happens in ten minutes of a room that falls silent for good."""
    return room(falls_at=FALLS_AT, until=600.0)
