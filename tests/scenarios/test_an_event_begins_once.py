"""What earlier events taught is held less firmly in a new event: once, however often the agent is started in it."""

import pytest
from tests.decide_examples import context
from tests.live_examples import make_loop, play, room

from conductor.adapters.journal_memory import MemoryJournal
from conductor.decide.bandit import Bandit
from conductor.domain.interventions import Arm
from conductor.domain.learned import Learned, Tally

LEARNED = Learned((Tally(context(), Arm.POLL, 60.0, 40.0),))
QUIET = {"falls_at": 900.0, "until": 900.0}


def held_less_firmly(times):
    bandit = Bandit(tallies=LEARNED.tallies)
    for _ in range(times):
        bandit.begin_event()
    return bandit.tallies()


@pytest.fixture
async def world(world):
    await world.store.save_learned(LEARNED)
    return world


async def life(world, signals, until):
    async with world.worker(learned=await world.store.load_learned()):
        await world.live(signals, until)


def test_a_new_event_holds_what_earlier_ones_taught_less_firmly_and_a_known_one_does_not():
    signals = room("a", **QUIET)
    [event_id] = {signal.event_id for signal in signals}
    new, known = make_loop(learned=LEARNED), make_loop(learned=LEARNED, begun={event_id})
    play(new, signals, 60.0)
    play(known, signals, 60.0)
    assert new.learned().tallies == held_less_firmly(1)
    assert known.learned().tallies == LEARNED.tallies


async def test_a_session_that_opens_after_a_restart_in_an_event_that_had_begun_changes_nothing(world):
    await life(world, room("a", **QUIET), 60.0)
    assert (await world.store.load_learned()).tallies == held_less_firmly(1)
    await life(world, room("b", begin=70.0, **QUIET), 130.0)
    await life(world, room("c", begin=140.0, **QUIET), 200.0)
    assert (await world.store.load_learned()).tallies == held_less_firmly(1)


async def test_a_process_that_is_killed_before_it_learned_anything_has_held_it_less_firmly_all_the_same(world):
    await life(world, room("a", **QUIET), 20.0)
    assert (await world.store.load_learned()).tallies == held_less_firmly(1)


async def test_an_event_that_began_while_nobody_was_there_begins_when_it_is_lived_through(world):
    await world.live(room("a", **QUIET), 60.0)
    for until in (80.0, 100.0):
        await life(world, room("a", **QUIET), until)
    assert (await world.store.load_learned()).tallies == held_less_firmly(1)


async def test_an_event_that_was_told_to_have_begun_and_not_kept_begins_once_in_all_later_lives(world):
    world.store.refused = {"record"}
    await life(world, room("a", **QUIET), 20.0)
    world.store.refused, world.journal = set(), MemoryJournal()
    for until in (40.0, 60.0, 80.0):
        await life(world, room("a", **QUIET), until)
    assert [opened.session_id for opened in await world.store.archive.sessions(None)] == ["a"]
    assert (await world.store.load_learned()).tallies == held_less_firmly(1)
    assert len(world.of("session.opened")) == 1
