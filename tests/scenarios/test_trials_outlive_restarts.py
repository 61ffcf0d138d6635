"""A trial that is under way when the agent is restarted is told and kept once, and as it would have been."""

import pytest
from tests.duty_examples import World, scores
from tests.live_examples import FALLS_AT, HALF, HELPED, LEFT_ALONE, falling
from tests.rooms import START


@pytest.mark.parametrize("name", [LEFT_ALONE, HELPED])
@pytest.mark.parametrize("killed_after_s", [6.0, 31.0, 124.0, 127.0])
async def test_after_a_restart_a_trial_is_measured_once_and_as_it_would_have_been(world, name, killed_after_s):
    comes_back = falling(name, back_at=FALLS_AT + 60.0)
    steady = World()
    async with steady.surroundings(), steady.worker(decide=HALF):
        await steady.live(comes_back, FALLS_AT + 140.0)
    async with world.worker(decide=HALF):
        await world.live(comes_back, FALLS_AT + killed_after_s)
    async with world.worker(decide=HALF):
        await world.live(comes_back, FALLS_AT + 140.0)

    assert await world.store.archive.trials(None, None) == await steady.store.archive.trials(None, None)
    assert [each["data"] for each in world.of("agent.outcome")] == [each["data"] for each in steady.of("agent.outcome")]
    assert len(world.of("agent.decision")) == len(steady.of("agent.decision")) == 1
    assert len(world.shown) == (0 if name == LEFT_ALONE else 1)
    assert scores(world) == scores(steady)


@pytest.mark.parametrize("name", [LEFT_ALONE, HELPED])
async def test_a_trial_that_came_to_its_horizon_while_nobody_was_there_is_measured_by_what_the_stream_has_kept(
    world, name
):
    steady = World()
    async with steady.surroundings(), steady.worker(decide=HALF):
        await steady.live(falling(name), FALLS_AT + 140.0)
    async with world.worker(decide=HALF):
        await world.live(falling(name), FALLS_AT + 30.0)
    await world.live(falling(name), FALLS_AT + 140.0)
    for until in (142.0, 144.0):
        async with world.worker(decide=HALF):
            await world.live(falling(name), FALLS_AT + until)

    [trial] = await world.store.archive.trials(None, None)
    assert [trial] == await steady.store.archive.trials(None, None)
    assert len(world.of("agent.outcome")) == 1


@pytest.mark.parametrize("name", [LEFT_ALONE, HELPED])
async def test_a_trial_of_which_the_streams_have_nothing_left_is_unknown_once(world, name):
    async with world.worker(decide=HALF):
        await world.live(falling(name), FALLS_AT + 30.0)
    other = world.without_memory()
    async with other.surroundings():
        await other.live([], FALLS_AT + 300.0)
        for until in (330.0, 360.0):
            async with other.worker(decide=HALF):
                await other.live(falling(name), FALLS_AT + until)

    [trial] = [each for each in await other.store.archive.trials(None, None) if each.decided_at < START + FALLS_AT + 60]
    assert (trial.after, trial.why_unknown) == (None, "the agent was restarted meanwhile")
    assert trial.delivered is (name == HELPED)
    assert len(other.of("agent.outcome.unknown")) == 1


async def test_what_was_told_as_left_alone_and_could_not_be_kept_ends_as_unknown(world):
    async with world.worker(decide=HALF):
        await world.live(falling(LEFT_ALONE), FALLS_AT + 4.0)
        world.store.refused.add("record")
        await world.live(falling(LEFT_ALONE), FALLS_AT + 10.0)
    assert len(world.of("agent.decision")) == 1
    world.store.refused.clear()
    while world.journal.waiting:
        world.journal.drop(1)
    async with world.worker(decide=HALF):
        await world.live(falling(LEFT_ALONE), FALLS_AT + 12.0)

    [lost] = world.of("agent.outcome.unknown")
    assert lost["data"]["decision_id"] == world.of("agent.decision")[0]["data"]["decision"]["id"]
