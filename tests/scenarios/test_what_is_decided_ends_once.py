"""Each decision, and each room left alone by choice, ends just once, whatever happens until its horizon."""

import pytest
from tests.duty_examples import World
from tests.live_examples import FALLS_AT, HALF, delivered, falling, in_order, make_loop, obey, of, play, prompts_only
from tests.rooms import START, signal

from conductor.decide.bandit import Bandit
from conductor.decide.cells import CELLS
from conductor.domain.events import DecisionHeld, DecisionMade, FollowedUp, TrialEnded
from conductor.domain.holds import HoldReason
from conductor.domain.interventions import Arm
from conductor.domain.learned import Learned, Tally
from conductor.domain.signals import Kind

NULL = Learned(
    tuple(Tally(cell, arm, 30.0, 70.0) for cell in CELLS for arm in (Arm.CHAT_PROMPT, None)),
)

KINDS = {
    "held out": ("b", HALF, None),
    "treated": ("a", HALF, None),
    "without a coin": ("a", prompts_only(), None),
    "left alone": ("c", prompts_only(holdout_share=0.1), NULL),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def ends_of(events):
    """How what was decided first ended: trials and follow-ups alike."""
    ends = [event.trial for event in of(TrialEnded, events)] + [event.follow_up for event in of(FollowedUp, events)]
    first = min(ends, key=lambda end: end.decided_at).decided_at
    return [end for end in ends if end.decided_at == first]


def is_of(kind, end):
    name = type(end).__name__
    return name == ("Trial" if kind in {"held out", "treated"} else "FollowUp") and (end.propensity <= 1.0)


def lived(kind, signals, until=400.0):
    _, decide, learned = KINDS[kind]
    loop = make_loop(decide=decide, learned=learned)
    return loop, play(loop, signals, until, obey)


@kinds
def test_what_is_left_undisturbed_ends_at_its_horizon_and_teaches_once(kind):
    name, _, learned = KINDS[kind]
    loop, events = lived(kind, falling(name, back_at=240.0))
    [end] = ends_of(events)
    assert is_of(kind, end)
    assert (end.at, end.why_unknown) == (end.decided_at + 120.0, "")
    taught = sum(t.successes + t.failures for t in loop.learned().tallies)
    if learned is None:
        assert taught == 1.0


@kinds
def test_a_session_that_ends_within_the_watch_leaves_one_end_that_nobody_knows(kind):
    name, *_ = KINDS[kind]
    signals = in_order([*falling(name), signal(name, 250.0, Kind.ENDED, None)])
    loop, events = lived(kind, [s for s in signals if s.at <= START + 250.0])
    [end] = ends_of(events)
    assert (end.after, end.at) == (None, START + 255.0)
    assert end.why_unknown == "the session ended before the outcome could be measured"
    if kind != "left alone":
        assert loop.learned().tallies == ()


@kinds
def test_a_feed_that_is_lost_within_the_watch_leaves_one_end_that_nobody_knows(kind):
    name, *_ = KINDS[kind]
    _, events = lived(kind, [s for s in falling(name) if s.at <= START + 210.0])
    [end] = ends_of(events)
    assert (end.after, end.at) == (None, end.decided_at + 120.0)
    assert "signal was lost" in end.why_unknown


@kinds
def test_an_organiser_who_steps_in_within_the_watch_leaves_one_end_that_is_known(kind):
    name, decide, learned = KINDS[kind]
    until = 205.0
    loop = make_loop(decide=decide, learned=learned)
    signals = falling(name)
    events = play(loop, [s for s in signals if s.at < START + until], until, obey)
    asked = loop.request(name, Arm.QNA_PROMOTE, START + until, "theirs")
    loop.deliver(delivered(asked, START + until))
    events += play(loop, [s for s in signals if s.at >= START + until], 400.0, obey)
    [end] = ends_of(events)
    assert end.after is not None
    assert end.at == end.decided_at + 120.0


def test_each_time_a_room_is_left_alone_it_is_said_and_followed_up_with_its_probability():
    name, *_ = KINDS["left alone"]
    _, events = lived("left alone", falling(name, until=900.0), 900.0)
    holds = [event.hold for event in of(DecisionHeld, events) if event.hold.reason is HoldReason.ADDS_NOTHING]
    decided = of(DecisionMade, events)
    ends = [event.follow_up for event in of(FollowedUp, events)]
    assert len(holds) + len(decided) >= 2
    assert [(end.decided_at, end.propensity) for end in ends] == [(hold.at, hold.propensity) for hold in holds]
    assert [end.decision_id for end in ends] == [hold.left.decision_id for hold in holds]
    assert all((end.arm, end.holdout_share) == (None, 0.1) for end in ends)


async def life(world, kind, signals, until):
    _, decide, _ = KINDS[kind]
    async with world.worker(decide=decide, learned=await world.store.load_learned()):
        await world.live(signals, until)


async def begin(world, kind):
    _, _, learned = KINDS[kind]
    if learned is not None:
        await world.store.save_learned(learned)


def before_it(kind):
    """What was learned before, which a new event holds less firmly."""
    bandit = Bandit(tallies=(KINDS[kind][2] or Learned()).tallies)
    bandit.begin_event()
    return bandit.tallies()


async def all_ends(world):
    ends = [*await world.store.archive.trials(None, None), *await world.store.archive.follow_ups(None, None)]
    return [end for end in ends if end.decided_at < START + FALLS_AT + 60.0]


@kinds
@pytest.mark.parametrize("killed_after_s", [6.0, 31.0, 124.0, 127.0])
async def test_a_process_that_is_killed_within_the_watch_leaves_one_end_that_teaches_once(world, kind, killed_after_s):
    name, *_ = KINDS[kind]
    signals = falling(name, back_at=FALLS_AT + 60.0)
    steady = World()
    await begin(steady, kind)
    await begin(world, kind)
    async with steady.surroundings():
        await life(steady, kind, signals, FALLS_AT + 140.0)
    await life(world, kind, signals, FALLS_AT + killed_after_s)
    await life(world, kind, signals, FALLS_AT + 140.0)

    [end] = await all_ends(world)
    assert [end] == await all_ends(steady)
    assert end.after is not None
    tallies = (await world.store.load_learned()).tallies
    assert tallies == (await steady.store.load_learned()).tallies != before_it(kind)


@kinds
async def test_a_horizon_that_passed_while_nobody_was_there_is_measured_by_what_the_stream_has_kept(world, kind):
    name, *_ = KINDS[kind]
    signals = falling(name)
    steady = World()
    await begin(steady, kind)
    await begin(world, kind)
    async with steady.surroundings():
        await life(steady, kind, signals, FALLS_AT + 140.0)
    await life(world, kind, signals, FALLS_AT + 30.0)
    await world.live(signals, FALLS_AT + 140.0)
    for until in (142.0, 144.0):
        await life(world, kind, signals, FALLS_AT + until)

    [end] = await all_ends(world)
    assert [end] == await all_ends(steady)
    assert (await world.store.load_learned()).tallies == (await steady.store.load_learned()).tallies


@kinds
async def test_where_the_streams_have_nothing_left_there_is_one_end_that_nobody_knows(world, kind):
    name, *_ = KINDS[kind]
    await begin(world, kind)
    await life(world, kind, falling(name), FALLS_AT + 30.0)
    other = world.without_memory()
    async with other.surroundings():
        await other.live([], FALLS_AT + 300.0)
        for until in (330.0, 360.0):
            await life(other, kind, falling(name), FALLS_AT + until)

    [end] = await all_ends(other)
    assert (end.after, end.why_unknown) == (None, "the agent was restarted meanwhile")
