"""Two ways are tried beside each other: by how rooms did of their own accord, and in the tone that each of them has."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from tests.act_examples import decision
from tests.duty_examples import World
from tests.live_examples import CRITICAL_AT, WARNED_AT, delivered, in_order, make_loop, of, room, waning
from tests.models_that_answer import NUDGE, fluent
from tests.rooms import START, chatter, even, poll

from conductor.act.prompts import fixed_part
from conductor.domain.events import DecisionMade, EngagementUpdated
from conductor.domain.interventions import Arm, Mode, PollContent
from conductor.domain.organisers import AgentSettings, Request
from conductor.domain.signals import Kind
from conductor.domain.strategies import ContentStyle, Design, PolicyName, StrategyTest, Variant
from conductor.domain.wording import Shape
from conductor.learn.strategies import compare, minutes_of
from conductor.perceive.ledger import TICK_S

FALLS_AT, UNTIL = 300.0, 900.0
ASKING = StrategyTest(
    "asking", Design.SESSIONS, (Variant("quiet", policy=PolicyName.NOTHING), Variant("asks", policy=PolicyName.RULES))
)


def votes(name, at):
    """Nearly all vote within half a minute, and go back to sleep."""
    yield poll(name, at, Kind.POLL_OPENED, by_agent=True)
    for n in range(50):
        yield poll(name, at + 1.0 + 30.0 * n / 50, Kind.VOTE, user=f"u{n}", by_agent=True)
    yield poll(name, at + 60.0, Kind.POLL_CLOSED, by_agent=True)


def replies(name, at):
    """Many say a word, and go back to sleep."""
    yield from even(name, 120.0, at + 1.0, at + 50.0, 60)


def awakes(name, at):
    """Many say a word, and go on talking."""
    yield from even(name, 120.0, at + 1.0, UNTIL, 60)


def lived(name, arm, answers, per_min):
    """All scores of a room that falls for good, in which people do answer when they are asked."""
    loop, ticks = make_loop(), defaultdict(list)
    loop.allow(AgentSettings("event", mode=Mode.AUTO, arms=(arm,), holdout_share=0.0, strategy_test=ASKING))
    left = chatter(name, per_min, FALLS_AT, UNTIL, 60, np.random.default_rng(int(name[1:])))
    for each in in_order([*room(name, FALLS_AT, UNTIL, seed=int(name[1:])), *left]):
        ticks[each.at // TICK_S].append(each)
    events = []
    while loop.next_tick_at <= START + UNTIL:
        for each in ticks[(loop.next_tick_at - TICK_S) // TICK_S]:
            loop.receive(each)
        happened = loop.advance(loop.next_tick_at)
        for made in of(DecisionMade, happened):
            loop.deliver(replace(delivered(made.decision), arm=arm))
            for each in answers(name, made.decision.at - START):
                ticks[each.at // TICK_S].append(each)
        events += happened
    return of(EngagementUpdated, events)


def compared(rooms, score_of):
    told = ((name, [(each.at, score_of(each)) for each in updates]) for name, updates in rooms.items())
    return compare(ASKING, [each for name, pairs in told for each in minutes_of(name, "event", pairs)])


@pytest.mark.parametrize("per_min", [0.0, 40.0], ids=["dead", "drowsy"])
@pytest.mark.parametrize(("arm", "answers"), [(Arm.POLL, votes), (Arm.CHAT_PROMPT, replies)], ids=["votes", "replies"])
def test_a_way_that_asks_a_lot_does_not_look_better_where_people_answer_and_do_not_stay(arm, answers, per_min):
    rooms = {f"s{n}": lived(f"s{n}", arm, answers, per_min) for n in range(14)}
    assert compared(rooms, lambda each: each.score).low > 0.005
    unprompted = compared(rooms, lambda each: each.unprompted)
    assert unprompted.low < 0.0 < unprompted.high
    assert abs(unprompted.difference) < 0.01
    assert all(each.count > 60 for each in unprompted.variants)


def test_a_way_that_brings_people_back_looks_better():
    rooms = {f"s{n}": lived(f"s{n}", Arm.CHAT_PROMPT, awakes, 0.0) for n in range(12)}
    assert compared(rooms, lambda each: each.unprompted).low > 0.1
