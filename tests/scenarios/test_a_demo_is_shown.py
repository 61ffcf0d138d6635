"""A live demonstration: a simulated crowd plays through the bus in real time, and the agent plays its own part."""

import asyncio
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from tests.crowd_examples import POLL, intervention
from tests.rooms import START

from conductor.bootstrap.demo import AT_ONCE, LASTS_S, REHEARSED, DemoRooms
from conductor.bootstrap.played import loop_params, make_worker
from conductor.domain.bus import SIGNALS
from conductor.domain.events import InterventionExecuted, OutcomeMeasured
from conductor.domain.interventions import Mode
from conductor.domain.learned import Learned
from conductor.domain.organisers import AgentSettings
from conductor.domain.signals import Kind
from conductor.errors import BusUnavailable, NotFound, TooManyRequests
from conductor.service.demo import SHOWN_ARMS
from conductor.settings import Settings
from conductor.sim.onstage import OnStage
from conductor.sim.presets import StageTimes, stage_room
from conductor.testing import FakeClock, MemoryBus, MemoryStore
from conductor.wire import parse_signal
from conductor.wire.entries import one_by_one
from conductor.wire.rooms import Named, is_note, read_note


class Hall:
    """A platform with one person in it."""

    async def deliver(self, intervention):
        return 1


class World:
    """A bus, a clock and demos."""

    def __init__(self):
        self.clock = FakeClock(START)
        self.bus = MemoryBus(self.clock.now)
        self.demos = DemoRooms(self.bus, Hall(), self.clock, seed=1)

    async def said(self, session_id):
        """Everything in the stream of a session: signals, and names of people."""
        signals, names = [], {}
        kept = await anext(self.bus.follow(SIGNALS + session_id, 0.0))
        for entry in kept:
            for name, value in one_by_one(entry):
                if is_note(name):
                    note = read_note(name, value)
                    if isinstance(note, Named):
                        names[note.user_id] = note.display_name
                else:
                    signals.append(parse_signal(name, value, session_id=session_id, at=entry.at))
        return signals, names


async def test_the_crowd_comes_with_names_plays_in_time_and_ends_by_itself():
    world = World()
    shown = await world.demos.start("demo-1", Mode.AUTO)
    await world.clock.advance_to(START + 10.0)
    early, names = await world.said("demo-1")
    await world.clock.advance_to(shown.ends_at + 1.0)
    signals, _ = await world.said("demo-1")

    assert shown.ends_at == START + LASTS_S[Mode.AUTO]
    assert all(each.at < START + 10.0 for each in early)
    assert {each.user_id for each in early if each.kind is Kind.JOIN} == names.keys()
    assert signals[-1].kind is Kind.ENDED
    with pytest.raises(NotFound):
        await world.demos.stop("demo-1")
    await world.demos.close()


async def test_what_is_delivered_reaches_people_and_crowd_and_elsewhere_people_alone():
    world = World()
    await world.demos.start("demo-1", Mode.AUTO)
    await world.clock.advance_to(START + 5.0)
    crowd = stage_room(np.random.default_rng(1), "demo-1", "demo", START, StageTimes())
    crowd.step(START + 5.0)
    done = replace(intervention(crowd, POLL), at=START + 5.0)

    assert await world.demos.deliver(done) > 60
    assert await world.demos.deliver(replace(done, session_id="s9")) == 1
    await world.clock.advance_to(START + 40.0)
    signals, _ = await world.said("demo-1")
    assert {each.detail.poll_id for each in signals if each.kind is Kind.VOTE} == {done.intervention_id}
    await world.demos.close()


async def test_only_so_many_are_shown_at_once_and_one_that_is_ended_makes_room():
    world = World()
    for n in range(AT_ONCE):
        await world.demos.start(f"demo-{n}", Mode.AUTO)
    with pytest.raises(TooManyRequests) as refused:
        await world.demos.start("demo-9", Mode.AUTO)
    await world.clock.advance_to(START + 10.0)
    await world.demos.stop("demo-0")
    signals, _ = await world.said("demo-0")
    await world.demos.start("demo-9", Mode.MANUAL)

    assert refused.value.retry_after_s == LASTS_S[Mode.AUTO]
    assert signals[-1].kind is Kind.ENDED
    await world.demos.close()


async def test_a_demo_without_a_bus_breaks_off_and_makes_room(caplog):
    world = World()
    await world.bus.close()
    await world.demos.start("demo-1", Mode.AUTO)
    await world.clock.advance_to(START + 5.0)

    with pytest.raises(NotFound):
        await world.demos.stop("demo-1")
    assert "demo-1" in caplog.text
    assert BusUnavailable.__name__ in caplog.text


class OneRoom:
    """A platform that reaches one crowd."""

    def __init__(self, stage):
        self._stage = stage

    async def deliver(self, intervention):
        return self._stage.deliver(intervention)


async def told(seed):
    """What the agent does about a demo, with when it did it, and what it has learned in the end."""
    stage = OnStage(stage_room(np.random.default_rng(seed), "demo-1", "demo", START, StageTimes()), START, Random(seed))
    params = loop_params(Settings(), Mode.AUTO)
    params = replace(params, outcome=replace(params.outcome, rehearsed=REHEARSED))
    worker, loop = make_worker(params, Learned(), OneRoom(stage), MemoryStore(), seed=seed, label="AI", start=START)
    await worker.allow(AgentSettings("demo", mode=Mode.AUTO, arms=SHOWN_ARMS), START)
    events = []
    for tick in range(1, int(LASTS_S[Mode.AUTO] / 5.0) + 2):
        worker.receive(stage.step(START + 5.0 * tick))
        events += [(5.0 * tick, event) for event in await worker.advance(START + 5.0 * tick)]
    return events, loop.learned()


@pytest.mark.parametrize("seed", range(5))
async def test_the_room_is_rescued_while_people_watch_and_nothing_is_learned_from_it(seed):
    events, learned = await told(seed)
    done_s = next(at_s for at_s, event in events if isinstance(event, InterventionExecuted))
    measured_s, outcome = next((at_s, event.outcome) for at_s, event in events if isinstance(event, OutcomeMeasured))

    assert StageTimes().falls_s < done_s < measured_s <= LASTS_S[Mode.AUTO]
    assert outcome.success
    assert learned == Learned()


async def test_ending_all_leaves_nobody_playing():
    world = World()
    await world.demos.start("demo-1", Mode.SEMI_AUTO)
    await world.demos.close()

    assert len(asyncio.all_tasks()) == 1
