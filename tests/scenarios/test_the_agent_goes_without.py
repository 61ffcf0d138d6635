"""The bus, the database or the models are gone for a while: the agent goes on, says so, and catches up by itself."""

import pytest
from tests.duty_examples import scores
from tests.live_examples import FALLS_AT, room
from tests.rooms import START

from conductor.decide.room import DecisionParams
from conductor.domain.events import EngagementUpdated
from conductor.domain.interventions import Arm, Mode
from conductor.domain.organisers import AgentSettings
from conductor.errors import ModelMisconfigured
from conductor.overview import Overview
from conductor.testing import ScriptedModel

ACTS = DecisionParams(mode=Mode.AUTO, arms=(Arm.CHAT_PROMPT,))
STORE = {"record", "history", "save_learned"}
DEADLINES = {"put", "drop", "all"}


@pytest.fixture(scope="module")
def steady():
    return room(falls_at=3600.0, until=800.0)


def take_database(world):
    world.store.refused, world.deadlines.refused = set(STORE), set(DEADLINES)
    world.checkpoints.calls_left = 0
    world.desk.refused = {"settings", "due", "answer", "answered"}


def give_database(world):
    world.store.refused = world.deadlines.refused = world.desk.refused = set()
    world.checkpoints.calls_left = None


async def kept_scores(world):
    return [each.at - START for each in world.store.events if isinstance(each, EngagementUpdated)]


def ticks(until):
    return [5.0 * n for n in range(1, round(until / 5.0) + 1)]


def degraded(world, component):
    found = [each["data"] for each in world.of("agent.degraded")]
    return [each["until"] is not None for each in found if each["component"] == component]


async def test_what_the_database_does_not_take_waits_in_the_journal_and_is_replayed_in_order(world, steady):
    async with world.worker() as duty:
        await world.live(steady, 60.0)
        take_database(world)
        await world.live(steady, 701.0)
        assert world.journal.waiting > 0
        assert "database" in duty.outages.since
        give_database(world)
        await world.live(steady, 711.0)
        assert world.journal.waiting == 0
        assert not duty.outages.since
        await duty.close()

    assert await kept_scores(world) == ticks(710.0)
    assert degraded(world, "database") == [False, True]


async def test_a_worker_that_ends_while_the_database_is_gone_leaves_everything_to_the_next(world, falling):
    async with world.worker(decide=ACTS):
        await world.live(falling, FALLS_AT + 12.0)
        take_database(world)
        await world.live(falling, FALLS_AT + 90.0)
    give_database(world)
    async with world.worker(decide=ACTS) as duty:
        assert world.journal.waiting == 0
        await world.live(falling, FALLS_AT + 161.0)
        await duty.close()

    assert sorted(await kept_scores(world)) == ticks(FALLS_AT + 160.0)
    assert len(world.shown) == len(world.of("agent.intervention.executed")) == 1


async def test_scores_that_nobody_was_there_to_make_are_made_when_somebody_is(world, steady):
    async with world.worker():
        await world.live(steady, 63.0)
    await world.live(steady, 90.0)
    async with world.worker() as duty:
        await world.live(steady, 121.0)
        await duty.close()

    assert sorted(await kept_scores(world)) == ticks(120.0)
    assert len(scores(world)) == len(world.of("engagement.update")) == len(ticks(120.0))


async def test_nothing_is_decided_twice_and_nothing_is_lost_where_the_database_goes_in_the_middle_of_a_decision(
    world, falling
):
    async with world.worker(decide=ACTS) as duty:
        await world.live(falling, FALLS_AT + 4.0)
        take_database(world)
        await world.live(falling, FALLS_AT + 40.0)
        assert world.shown == []
        give_database(world)
        await world.live(falling, FALLS_AT + 61.0)
        await duty.close()

    decided = {each["data"]["decision"]["id"] for each in world.of("agent.decision")}
    ended = [each["data"]["decision_id"] for each in world.of("agent.intervention.executed")]
    ended += [each["data"]["decision_id"] for each in world.of("agent.decision.lapsed")]
    assert sorted(ended) == sorted(decided)
    assert len(world.shown) == len(world.of("agent.intervention.executed"))
    assert sorted(await kept_scores(world)) == ticks(FALLS_AT + 60.0)


async def test_without_the_bus_sessions_stay_nobody_is_disturbed_and_every_score_is_told_later(world, steady):
    async with world.worker(decide=ACTS) as duty:
        await world.live(steady, 200.0)
        world.bus.refused = {"append", "publish"}
        # Rooms keep what people do until the bus is back.
        await world.clock.advance_to(START + 260.0)
        assert "bus" in duty.outages.since
        world.bus.refused = set()
        await world.keep([each for each in steady if START + 200.0 <= each.at < START + 260.0])
        await world.live(steady, 401.0)
        await duty.close()

    assert world.shown == []
    assert world.of("agent.decision") == world.of("session.closed") == []
    assert len(scores(world)) == len(world.of("engagement.update")) == len(ticks(400.0))
    assert sorted(await kept_scores(world)) == ticks(400.0)
    assert degraded(world, "bus") == [False, True]


async def test_without_models_templates_speak_and_organisers_are_told(world, falling):
    world.ask(ScriptedModel(ModelMisconfigured("no such key")))
    async with world.worker(decide=ACTS):
        await world.live(falling, FALLS_AT + 40.0)

    [done] = world.of("agent.intervention.executed")
    assert done["data"]["generation"]["method"] == "TEMPLATE"
    assert degraded(world, "model") == [False]


async def test_whoever_comes_later_sees_what_is_gone_until_it_is_back(world, steady):
    overview = Overview()
    async with world.worker():
        await world.live(steady, 30.0)
        take_database(world)
        await world.live(steady, 70.0)
        for message in world.told:
            overview.take(message)
        degraded_then = overview.snapshot("a", world.clock.now())["degraded"]
        give_database(world)
        await world.live(steady, 90.0)
    for message in world.told:
        overview.take(message)

    assert isinstance(degraded_then, list)
    assert [gone["component"] for gone in degraded_then] == ["database"]
    assert overview.snapshot("a", world.clock.now())["degraded"] == []


async def test_settings_stand_while_the_desk_cannot_be_had_and_new_ones_are_heeded_when_it_is_back(world, falling):
    await world.desk.save_settings(AgentSettings("event", mode=Mode.MANUAL, holdout_share=0.0))
    async with world.worker(decide=ACTS):
        await world.live(falling, 60.0)
        take_database(world)
        await world.live(falling, 130.0)
        give_database(world)
        await world.desk.save_settings(AgentSettings("event", mode=Mode.MANUAL, holdout_share=0.0, label="Robot"))
        await world.live(falling, FALLS_AT + 40.0)

    assert {each["data"]["decision"]["autonomy"] for each in world.of("agent.decision")} == {"ASK"}
    assert world.shown == []
