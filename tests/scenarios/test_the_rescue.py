"""The 60-second rescue, and simulated rooms with the agent and without."""

import io

import pytest
from rich.console import Console

from conductor.bootstrap import played as bootstrap
from conductor.cli.demo import DEMO_SEED
from conductor.domain.events import AnomalyDetected, DecisionMade, InterventionExecuted, OutcomeMeasured
from conductor.settings import Settings
from conductor.telling.rescue import tell_end, tell_tick, tell_title
from conductor.telling.simulated import simulated_report, tell_simulated


async def rescue(seed=DEMO_SEED):
    return [tick async for tick in bootstrap.rescue(Settings(), seed=seed)]


async def nothing(at_s):
    """Nobody looks at the clock."""


async def study(*, sessions=2, minutes=10, seed=3, effect=1.0):
    return await bootstrap.simulate(
        Settings(), sessions=sessions, minutes=minutes, seed=seed, effect=effect, on_tick=nothing
    )


@pytest.fixture(scope="module")
def console():
    return Console(file=io.StringIO(), width=100)


async def test_the_story_lasts_a_minute_and_ends_with_a_rescue():
    ticks = await rescue()

    assert [tick.t for tick in ticks] == [5.0 * n for n in range(1, 13)]
    assert ticks[-1].is_rescued
    assert not ticks[0].is_rescued


async def test_the_room_is_well_falls_is_answered_and_comes_back():
    ticks = await rescue()
    happened = [(tick.t, type(event)) for tick in ticks for event in tick.events]
    fell, decided, done, measured = (
        next(t for t, kind in happened if kind is wanted)
        for wanted in (AnomalyDetected, DecisionMade, InterventionExecuted, OutcomeMeasured)
    )

    assert 10.0 < fell <= decided <= done < measured <= 60.0
    assert measured - done == bootstrap.RESCUE_OUTCOME_S
    scores = [tick.update.score for tick in ticks]
    assert scores[0] > 0.7
    assert min(scores) < 0.6
    assert scores[-1] > 0.7


async def test_the_same_seed_tells_the_same_story():
    assert await rescue(5) == await rescue(5)


async def test_it_is_told_line_by_line(console):
    ticks = await rescue()
    tell_title(console)
    for tick in ticks:
        tell_tick(console, tick)
    tell_end(console, ticks[-1])
    told = console.file.getvalue()

    assert told.count("reactions") == 12
    assert "● AI assistant: “" in told
    assert "Rescued:" in told


async def test_simulated_rooms_are_compared_with_the_same_rooms_left_alone(console):
    seen = await study(sessions=4, minutes=30)
    told = simulated_report(seen, 1.5)
    tell_simulated(seen, console)

    assert (told["sessions"], told["minutes"], told["seed"], told["effect"]) == (4, 30, 3, 1.0)
    assert told["decisions"] == len(seen.chosen)
    assert told["elapsed_s"] == 1.5
    assert 0.0 <= seen.regret <= seen.best
    assert all(choice.chance <= choice.best_chance for choice in seen.chosen)
    assert "4 simulated rooms of 30 minutes" in console.file.getvalue()


async def test_the_same_seed_gives_the_same_rooms_and_another_one_others():
    first, again, other = await study(), await study(), await study(seed=4)

    assert simulated_report(first, 0.0) == simulated_report(again, 0.0)
    assert simulated_report(first, 0.0)["score"] != simulated_report(other, 0.0)["score"]


async def test_where_interventions_do_nothing_there_is_no_chance_to_miss():
    seen = await study(sessions=3, minutes=20, effect=0.0)

    assert {choice.best_chance - choice.chance for choice in seen.chosen} <= {0.0}
    assert seen.regret == 0.0
