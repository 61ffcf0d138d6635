"""Two ways are tried beside each other: by how rooms did of their own accord, and in the tone that each of them has."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from tests.duty_examples import answer
from tests.live_examples import CRITICAL_AT, WARNED_AT, delivered, in_order, make_loop, of, room, waning
from tests.models_that_answer import NUDGE, fluent
from tests.rooms import START, chatter, even, leaves, poll

from conductor.act.prompts import fixed_part
from conductor.domain.events import DecisionMade, EngagementUpdated
from conductor.domain.interventions import Arm, Mode
from conductor.domain.organisers import AgentSettings, Request, Verdict
from conductor.domain.signals import Kind
from conductor.domain.strategies import ContentStyle, Dealt, Design, PolicyName, StrategyTest, Variant
from conductor.domain.wording import Shape
from conductor.learn.strategies import compare, minutes_of
from conductor.perceive.ledger import TICK_S
from conductor.wire.desk import settings_fields

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
    left = chatter(name, per_min, FALLS_AT, UNTIL, 60, np.random.default_rng(int(name[1:])))
    return lived_through(name, arm, answers, [*room(name, FALLS_AT, UNTIL, seed=int(name[1:])), *left])


def lived_through(name, arm, answers, signals):
    """All scores of a room in which people answer when they are asked."""
    loop, ticks = make_loop(), defaultdict(list)
    loop.allow(AgentSettings("event", mode=Mode.AUTO, arms=(arm,), holdout_share=0.0, strategy_test=ASKING))
    for each in in_order(signals):
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


def silent(name, at):
    """Nobody answers."""
    return ()


def emptied(name, seed):
    """A third of the people leave within twenty seconds; the others go on as before."""
    gone = [f"u{n}" for n in range(20)]
    stayed = [
        each
        for each in room(name, UNTIL, UNTIL, seed=seed)
        if not (each.at > FALLS_AT + START and each.user_id in gone)
    ]
    return [*stayed, *leaves(name, gone, FALLS_AT, spread_s=20.0)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_way_that_acts_while_people_leave_does_not_look_worse_for_those_who_left_before(seed):
    quiet, asks = (next(f"s{n}" for n in range(20) if ASKING.number_of(f"s{n}") == number) for number in (0, 1))
    left, asked = (lived_through(name, Arm.CHAT_PROMPT, silent, emptied(name, seed)) for name in (quiet, asks))
    minutes = [(a.unprompted, b.unprompted) for a, b in zip(left, asked, strict=True) if a.unprompted is not None]
    assert max(abs(a - b) for a, b in minutes) < 0.07


def asked_for(signals, *asked_at):
    """Scores of a room without what the agent prompts, where an organiser asks for a chat prompt at these moments."""
    loop, ticks = make_loop(), defaultdict(list)
    loop.allow(AgentSettings("event", mode=Mode.MANUAL, arms=(Arm.CHAT_PROMPT,), holdout_share=0.0))
    for each in in_order(signals):
        ticks[each.at // TICK_S].append(each)
    scores: dict[float, float] = {}
    while (now := loop.next_tick_at) <= START + UNTIL:
        for each in ticks[(now - TICK_S) // TICK_S]:
            loop.receive(each)
        for at in asked_at:
            if now == START + at:
                loop.deliver(delivered(loop.request("s1", Arm.CHAT_PROMPT, now - 1.0, f"at-{at:g}")))
        updates = of(EngagementUpdated, loop.advance(now))
        scores |= {each.at - START: each.unprompted for each in updates if each.unprompted is not None}
    return scores


@pytest.mark.parametrize(
    ("first_at", "second_at"), [(400.0, 430.0), (400.0, 480.0), (390.0, 460.0)], ids=["meanwhile", "after", "minute"]
)
def test_answers_to_what_was_shown_before_are_not_usual(first_at, second_at):
    """It is a calm room that gets lively when it is asked, for as long as answers are awaited."""
    calm = room("s1", UNTIL, UNTIL, per_min=15.0, seed=3)
    signals = [*calm, *even("s1", 150.0, first_at + 1.0, first_at + 59.0, 60)]
    once, again = asked_for(signals, first_at), asked_for(signals, first_at, second_at)
    assert max(again[at] - once[at] for at in once) < 0.03


TONES = (Variant("usual"), Variant("game", style=ContentStyle.PLAYFUL))


def toned(number, arm):
    """An event that tries two tones, in which room `a` is dealt the first or the second of them."""
    tests = (StrategyTest(f"tones-{n}", Design.SESSIONS, TONES) for n in range(100))
    test = next(each for each in tests if each.number_of("a") == number)
    return AgentSettings("event", mode=Mode.AUTO, arms=(arm,), holdout_share=0.0, strategy_test=test)


def template(world):
    [executed] = world.of("agent.intervention.executed")
    return executed["data"]["generation"]["model"]


@pytest.mark.parametrize("number", [0, 1])
async def test_texts_of_our_own_have_the_tone_that_was_dealt(world, number):
    await world.desk.save_settings(toned(number, Arm.CHAT_PROMPT))
    async with world.worker():
        await world.live(room(falls_at=180.0, until=300.0), 190.0)
    assert template(world).startswith("prompt.playful.") is bool(number)


async def test_what_an_organiser_asks_for_has_the_tone_of_the_event(world):
    await world.desk.save_settings(AgentSettings("event", style=ContentStyle.PLAYFUL))
    async with world.worker():
        await world.live(room(until=120.0), 60.0)
        await world.desk.request(Request("r1", "a", "event", Arm.POLL, world.clock.now(), "olga"))
        await world.say("session:a:requests")
        await world.live([], 70.0)
    assert template(world).startswith("poll.playful.")


@pytest.mark.parametrize("number", [0, 1])
async def test_a_model_is_told_the_tone_also_where_it_words_in_advance(world, number):
    model = fluent()
    world.ask(model)
    await world.desk.save_settings(toned(number, Arm.NUDGE))
    async with world.worker():
        await world.live(waning(), CRITICAL_AT + 5.0)
    [asked] = model.prompts
    assert asked.fixed == fixed_part(Shape.NUDGE, list(ContentStyle)[number])
    assert ("Playful" in asked.fixed) is bool(number)


async def test_what_was_worded_in_advance_in_another_tone_is_not_shown(world):
    model = fluent(replace(NUDGE, message="A vote is coming up, and nothing else."))
    world.ask(model)
    usual = toned(0, Arm.NUDGE)
    await world.desk.save_settings(usual)
    async with world.worker():
        await world.live(waning(), WARNED_AT + 5.0)
        changed = replace(usual, strategy_test=None, style=ContentStyle.PLAYFUL)
        await world.desk.save_settings(changed)
        await world.say("event:event:settings", **settings_fields(changed))
        await world.live(waning(), CRITICAL_AT + 5.0)
    assert ["Playful" in each.fixed for each in model.prompts][:2] == [False, True]
    [executed] = world.of("agent.intervention.executed")
    assert executed["data"]["content"]["message"] == NUDGE.message


async def test_a_decision_says_under_which_variant_it_was_made_also_after_a_restart_without_the_test(world):
    falling, test = room(falls_at=180.0, until=400.0), toned(1, Arm.CHAT_PROMPT)
    await world.desk.save_settings(replace(test, mode=Mode.MANUAL))
    async with world.worker():
        await world.live(falling, 190.0)
    [asked] = world.of("agent.decision")
    dealt = {"testId": test.strategy_test.test_id, "name": "game"}
    assert (asked["data"]["decision"]["variant"], asked["data"]["decision"]["style"]) == (dealt, "playful")

    await world.desk.save_settings(AgentSettings("event", mode=Mode.MANUAL))
    async with world.worker():
        await world.live(falling, 192.0)
        await answer(world, asked, Verdict.APPROVED)
        await world.live(falling, 200.0)
    [made] = [event.decision for event in await world.store.history("a") if isinstance(event, DecisionMade)]
    assert made.variant == Dealt(test.strategy_test.test_id, "game")
    assert template(world).startswith("prompt.playful.")


async def test_without_a_test_a_decision_was_made_under_none(world):
    async with world.worker():
        await world.live(room(falls_at=180.0, until=300.0), 190.0)
    assert world.of("agent.decision")[0]["data"]["decision"]["variant"] is None
