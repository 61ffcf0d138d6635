"""The store goes away in the middle of something: what was decided is done once, and goes on when it is back."""

import pytest
from tests.duty_examples import answer, scores
from tests.live_examples import FALLS_AT
from tests.models_that_answer import PROMPT, fluent

from conductor.decide.room import DecisionParams
from conductor.domain.interventions import Arm, Mode
from conductor.domain.organisers import Verdict

ASKED_AT = FALLS_AT + 10.0
ACTS = DecisionParams(mode=Mode.AUTO, arms=(Arm.CHAT_PROMPT,))
ASKS = DecisionParams(mode=Mode.MANUAL, arms=(Arm.CHAT_PROMPT,))
DEADLINES = {"put", "drop", "all"}


@pytest.fixture
async def world(world):
    world.ask(fluent())
    return world


def lapses(world):
    return [message["data"]["why"] for message in world.of("agent.decision.lapsed")]


def assert_done_once(world):
    assert len(world.shown) == 1
    assert len(world.of("agent.intervention.executed")) == 1
    assert lapses(world) == []
    assert world.shown[0]["content"]["message"] == PROMPT.message


async def test_where_deadlines_cannot_be_kept_the_agent_asks_when_they_can(world, falling):
    async with world.worker(decide=ASKS):
        world.deadlines.refused = DEADLINES
        await world.live(falling, FALLS_AT + 20.0)
        assert await world.store.deadlines.all() == []
        world.deadlines.refused = set()
        await world.live(falling, FALLS_AT + 30.0)
        [*_, worded] = world.of("agent.decision")
        await answer(world, worded, Verdict.APPROVED)

    assert_done_once(world)


async def test_an_approval_that_cannot_be_heeded_is_heeded_when_the_store_is_back(world, falling):
    async with world.worker(decide=ASKS):
        await world.live(falling, ASKED_AT)
        [*_, worded] = world.of("agent.decision")
        world.deadlines.refused = DEADLINES
        await answer(world, worded, Verdict.APPROVED)
        await answer(world, worded, Verdict.APPROVED, by="otto")
        assert world.shown == []
        world.deadlines.refused = set()
        await world.live(falling, FALLS_AT + 20.0)

    assert_done_once(world)


async def test_a_question_whose_time_is_over_while_the_store_is_away_lapses_when_it_is_back(world, falling):
    async with world.worker(decide=ASKS):
        await world.live(falling, ASKED_AT)
        world.deadlines.refused, world.store.refused = DEADLINES, {"record"}
        await world.live(falling, FALLS_AT + 80.0)
        assert lapses(world) == []
        world.deadlines.refused = world.store.refused = set()
        await world.live(falling, FALLS_AT + 90.0)

    assert lapses(world) == ["nobody answered in time"]
    assert world.shown == []


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.MANUAL])
@pytest.mark.parametrize("calls_left", range(0, 24, 2))
async def test_at_whichever_checkpoint_the_store_goes_away_what_was_decided_is_done_once(
    world, falling, calls_left, mode
):
    async with world.worker(decide=ACTS if mode is Mode.AUTO else ASKS):
        await world.live(falling, FALLS_AT)
        world.checkpoints.calls_left = calls_left
        await world.live(falling, FALLS_AT + 12.0)
        if mode is Mode.MANUAL:
            await answer(world, world.of("agent.decision")[-1], Verdict.APPROVED)
        await world.live(falling, FALLS_AT + 22.0)
        world.checkpoints.calls_left = None
        await world.live(falling, FALLS_AT + 60.0)

    assert_done_once(world)
    assert len(scores(world)) >= 46


@pytest.mark.parametrize("calls_left", range(0, 24, 3))
async def test_a_worker_that_is_killed_while_the_store_is_away_leaves_nothing_that_is_done_twice(
    world, falling, calls_left
):
    async with world.worker(decide=ACTS):
        await world.live(falling, FALLS_AT)
        world.checkpoints.calls_left = calls_left
        await world.live(falling, FALLS_AT + 12.0)
    world.checkpoints.calls_left = None
    async with world.worker(decide=ACTS):
        # What could not be carried out is followed to its horizon before anything else is decided.
        await world.live(falling, FALLS_AT + 140.0)

    shown = {message["data"]["decision_id"] for message in world.of("agent.intervention.executed")}
    lapsed = [message["data"]["decision_id"] for message in world.of("agent.decision.lapsed")]
    assert len(world.shown) == len(shown) == 1
    assert shown.isdisjoint(lapsed)
    assert len(set(lapsed)) == len(lapsed)


async def test_what_was_shown_while_the_store_was_away_is_measured_all_the_same(world, falling):
    async with world.worker(decide=ACTS):
        await world.live(falling, FALLS_AT + 5.5)
        world.store.refused, world.deadlines.refused = {"record", "save_learned"}, set()
        await world.live(falling, FALLS_AT + 90.0)
        world.store.refused = set()
        await world.live(falling, FALLS_AT + 140.0)

    assert_done_once(world)
    assert len(world.of("agent.outcome")) == 1
    assert len(await world.store.archive.outcomes(None, None)) == 1


@pytest.mark.parametrize("calls_left", range(0, 24, 2))
async def test_at_whichever_checkpoint_the_store_goes_away_a_model_is_asked_about_the_room_once_and_told_of_once(
    world, falling, calls_left
):
    async with world.worker(decide=ASKS):
        await world.live(falling, FALLS_AT)
        world.checkpoints.calls_left = calls_left
        await world.live(falling, FALLS_AT + 22.0)
        world.checkpoints.calls_left = None
        await world.live(falling, FALLS_AT + 40.0)

    assert len(world.of("agent.analysis")) == 1
    assert world.calls.qsize() == 2
