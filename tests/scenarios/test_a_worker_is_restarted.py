import pytest
from tests.duty_examples import World, answer, answer_to, scores
from tests.live_examples import FALLS_AT, room
from tests.rooms import START, signal

from conductor.adapters.journal_memory import MemoryJournal
from conductor.decide.room import DecisionParams
from conductor.domain.events import DecisionLapsed
from conductor.domain.interventions import Arm, Mode
from conductor.domain.organisers import AgentSettings, Request, Verdict
from conductor.domain.signals import Kind

MANUAL = DecisionParams(mode=Mode.MANUAL)


async def test_a_worker_that_was_killed_goes_on_with_the_same_scores_as_one_that_never_was(world, falling):
    steady = World()
    async with steady.surroundings(), steady.worker():
        await steady.live(falling, 170.0)
    async with world.worker():
        await world.live(falling, 97.0)
    await world.live(falling, 131.0)
    async with world.worker():
        await world.live(falling, 170.0)

    late = {at: score for at, score in scores(steady).items() if at > "2023-11-14T22:15:31"}
    assert late
    assert {at: scores(world)[at] for at in late} == late


async def test_a_worker_that_was_killed_does_nothing_twice_and_still_measures_what_it_did(world, falling):
    async with world.worker():
        await world.live(falling, FALLS_AT + 30.0)
    async with world.worker():
        await world.live(falling, FALLS_AT + 132.0)

    [shown] = world.shown
    [outcome] = world.of("agent.outcome")
    assert len(world.of("agent.decision")) == 1
    assert outcome["data"]["intervention_id"] == shown["action_id"]


async def test_what_should_have_been_measured_while_no_worker_was_there_is_measured_by_what_the_stream_has_kept(
    world, falling
):
    steady = World()
    async with steady.surroundings(), steady.worker():
        await steady.live(falling, FALLS_AT + 205.0)
    async with world.worker():
        await world.live(falling, FALLS_AT + 30.0)
    await world.live(falling, FALLS_AT + 200.0)
    for until in (205.0, 210.0):
        async with world.worker():
            await world.live(falling, FALLS_AT + until)

    [outcome] = world.of("agent.outcome")
    assert [outcome["data"]] == [each["data"] for each in steady.of("agent.outcome")]
    assert (await world.store.load_learned()).tallies == (await steady.store.load_learned()).tallies != ()
    assert len(await world.store.archive.outcomes(None, None)) == 1


@pytest.mark.parametrize("killed_after_s", [31.0, 60.0, 130.0, 152.0])
async def test_scores_are_the_same_after_a_restart_also_where_the_agent_had_done_something(killed_after_s):
    comes_back = room(falls_at=FALLS_AT, until=600.0, back_at=FALLS_AT + 60.0)
    steady, world = World(), World()
    async with steady.surroundings(), steady.worker():
        await steady.live(comes_back, FALLS_AT + 200.0)
    async with world.surroundings():
        async with world.worker():
            await world.live(comes_back, FALLS_AT + killed_after_s)
        async with world.worker():
            await world.live(comes_back, FALLS_AT + 200.0)

    assert len(world.shown) == len(steady.shown) == 1
    assert scores(world) == scores(steady)
    assert [each["data"] for each in world.of("agent.outcome")] == [each["data"] for each in steady.of("agent.outcome")]
    assert len(world.of("engagement.update")) == len(scores(world))


async def test_scores_are_the_same_after_a_restart_also_where_an_organiser_approved_just_after_a_tick_was_over():
    falling = room(falls_at=FALLS_AT, until=600.0, back_at=FALLS_AT + 25.0)
    steady, world = World(), World()
    for each in (steady, world):
        async with each.surroundings():
            async with each.worker(decide=MANUAL):
                await each.live(falling, FALLS_AT + 30.2)
                [asked] = each.of("agent.decision")
                await answer(each, asked, Verdict.APPROVED)
                await each.live(falling, FALLS_AT + (100.0 if each is steady else 31.0))
            if each is world:
                async with each.worker(decide=MANUAL):
                    await each.live(falling, FALLS_AT + 100.0)

    assert len(world.shown) == 1
    assert scores(world) == scores(steady)


async def test_a_question_that_was_open_when_the_worker_was_killed_can_still_be_approved(world, falling):
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 30.0)
    [asked] = world.of("agent.decision")
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 31.0)
        assert world.of("agent.status")[-1]["data"]["status"] == "WAITING_APPROVAL"
        await answer(world, asked, Verdict.APPROVED)
        await world.live(falling, FALLS_AT + 32.0)

    assert [shown["content"] for shown in world.shown] == [asked["data"]["decision"]["content"]]
    assert len(world.of("agent.decision")) == 1
    assert world.of("agent.decision.lapsed") == []


async def test_what_was_approved_while_no_worker_was_there_is_done_at_once(world, falling):
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 30.0)
    [asked] = world.of("agent.decision")
    await world.desk.answer(answer_to(world, asked, Verdict.APPROVED))
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 37.0)

    assert len(world.shown) == 1


async def test_a_question_that_nobody_answered_lapses_at_its_time_also_after_a_restart(world, falling):
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 30.0)
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 90.0)

    [lapsed] = world.of("agent.decision.lapsed")
    assert lapsed["data"]["why"] == "nobody answered in time"
    assert world.shown == []


async def test_what_organisers_set_is_heeded_also_by_a_worker_that_was_restarted(world, falling):
    await world.desk.save_settings(AgentSettings("event", enabled=False))
    async with world.worker():
        await world.live(falling, FALLS_AT - 60.0)
    async with world.worker():
        await world.live(falling, FALLS_AT + 30.0)

    assert [hold["data"]["reason"] for hold in world.of("agent.hold")] == ["DISABLED"]
    assert world.shown == []


async def test_a_store_that_was_away_when_the_worker_came_back_is_asked_again(world, falling):
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 30.0)
    world.store.refused = {"history", "record"}
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 36.0)
        world.store.refused = set()
        await world.live(falling, FALLS_AT + 46.0)
        await answer(world, world.of("agent.decision")[0], Verdict.APPROVED)
        await world.live(falling, FALLS_AT + 47.0)

    assert len(world.shown) == 1


@pytest.mark.parametrize("gone", ["history", "all", "answered"])
async def test_a_question_outlives_a_restart_also_where_something_that_is_kept_cannot_be_had_at_first(
    world, falling, gone
):
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 30.0)
    away = {"history": world.store, "all": world.deadlines, "answered": world.desk}[gone]
    away.refused = {gone}
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 36.0)
        away.refused = set()
        await world.live(falling, FALLS_AT + 46.0)
        await answer(world, world.of("agent.decision")[0], Verdict.APPROVED)
        await world.live(falling, FALLS_AT + 47.0)

    assert len(world.shown) == 1
    assert world.of("agent.decision.lapsed") == []


@pytest.mark.parametrize("decide", [MANUAL, DecisionParams(mode=Mode.AUTO)])
async def test_what_was_told_just_before_the_worker_was_killed_and_kept_nowhere_is_let_go_of_by_the_next(
    world, falling, decide
):
    async with world.worker(decide=decide):
        world.deadlines.refused, world.store.refused = {"put"}, {"record"}
        await world.live(falling, FALLS_AT + 8.0)
    [told] = world.of("agent.decision")
    world.deadlines.refused = world.store.refused = set()
    world.journal = MemoryJournal()
    for until in (9.0, 11.0):
        async with world.worker(decide=decide):
            await world.live(falling, FALLS_AT + until)

    [lapsed] = world.of("agent.decision.lapsed")
    assert lapsed["data"] == {"decision_id": told["data"]["decision"]["id"], "why": "the agent was restarted meanwhile"}
    standing = await world.desk.answered("a", told["data"]["decision"]["id"])
    assert standing.verdict is Verdict.LAPSED


async def test_a_question_is_asked_again_also_where_the_bus_has_forgotten_everything(world, falling):
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 30.0)
    [asked] = world.of("agent.decision")
    forgetful = world.without_memory()
    later = [signal("a", FALLS_AT + 32.0, Kind.CHAT)]
    async with forgetful.surroundings(), forgetful.worker(decide=MANUAL):
        await forgetful.live(later, FALLS_AT + 36.0)
        assert [again["data"] for again in forgetful.of("agent.decision")] == [asked["data"]]
        await answer(forgetful, asked, Verdict.APPROVED)
        await forgetful.live(later, FALLS_AT + 42.0)

    assert len(forgetful.shown) == 1
    assert forgetful.of("agent.decision.lapsed") == []


async def test_a_question_about_a_room_that_does_not_come_back_lapses_at_its_time(world, falling):
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 30.0)
    forgetful = world.without_memory()
    async with forgetful.surroundings(), forgetful.worker(decide=MANUAL):
        await forgetful.live([], FALLS_AT + 90.0)

    [lapsed] = forgetful.of("agent.decision.lapsed")
    assert lapsed["data"]["decision_id"] == world.of("agent.decision")[0]["data"]["decision"]["id"]
    assert [type(event) for event in await world.store.history("a")].count(DecisionLapsed) == 1
    assert forgetful.shown == []


async def test_what_was_done_counts_toward_the_cap_also_where_the_bus_has_forgotten_everything(world, falling):
    once = DecisionParams(mode=Mode.AUTO, max_per_hour=1)
    async with world.worker(decide=once):
        await world.live(falling, FALLS_AT + 30.0)
    later = [each._replace(at=each.at + 300.0) for each in falling]
    forgetful = world.without_memory()
    await world.live([], 299.0)
    async with forgetful.surroundings(), forgetful.worker(decide=once):
        await forgetful.live(later, 300.0 + FALLS_AT + 30.0)

    assert len(world.shown) == 1
    assert forgetful.shown == []
    assert [hold["data"]["reason"] for hold in forgetful.of("agent.hold")] == ["HOURLY_CAP"]


async def test_a_request_that_was_met_just_before_the_worker_was_killed_is_not_met_again(world, falling):
    await world.desk.request(Request("r1", "a", "event", Arm.POLL, START + 90.0, "olga"))
    async with world.worker():
        await world.live(falling, 94.0)
        assert len(await world.desk.due(START + 94.0)) == 1
    async with world.worker():
        await world.live(falling, 110.0)

    assert len(world.shown) == len(world.of("agent.decision")) == 1
    assert list(await world.desk.due(START + 110.0)) == []


async def test_sessions_that_began_or_ended_while_no_worker_was_there_are_told_of_once(world, falling):
    other = [signal("b", at) for at in (50.0, 100.0)]
    await world.live(other, 60.0)
    async with world.worker():
        await world.live([*falling, *other], 120.0)
    await world.live([signal(name, 121.0, Kind.ENDED, None) for name in "ab"], 130.0)
    for until in (140.0, 150.0):
        async with world.worker():
            await world.live([], until)

    assert [message["session_id"] for message in world.of("session.opened")] == ["b", "a"]
    assert sorted(message["session_id"] for message in world.of("session.closed")) == ["a", "b"]
