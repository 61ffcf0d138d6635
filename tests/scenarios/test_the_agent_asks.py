"""Whom the agent asks before it does something, and what becomes of every answer."""

import asyncio

import pytest
from tests.duty_examples import answer, answer_to
from tests.live_examples import FALLS_AT, WARNED_AT, in_order, room, waning
from tests.models_that_answer import PROMPT, fluent
from tests.rooms import START, signal

from conductor.adapters.platform_bus import DeliveryParams
from conductor.decide.room import DecisionParams
from conductor.domain.interventions import Arm, Mode, PromptContent
from conductor.domain.organisers import Verdict
from conductor.domain.signals import Kind
from conductor.wire.content import content_fields
from conductor.wire.desk import answer_fields

ASKED_AT = FALLS_AT + 10.0


def allowed(mode, arm=Arm.CHAT_PROMPT, threshold=0.75):
    return DecisionParams(mode=mode, arms=(arm,), threshold=threshold)


ASKS = allowed(Mode.MANUAL)


@pytest.fixture(scope="module")
def recovering():
    return room(falls_at=FALLS_AT, until=600.0, back_at=FALLS_AT + 15.0)


async def organiser_looks(world):
    await world.say("session:a:organisers", sessionId="a", count=1)


def statuses(world):
    return [message["data"]["status"] for message in world.of("agent.status")]


def lapses(world):
    return [message["data"]["why"] for message in world.of("agent.decision.lapsed")]


def autonomies(world):
    return [message["data"]["decision"]["autonomy"] for message in world.of("agent.decision")]


async def test_a_manual_agent_asks_whether_anybody_is_there_or_not(world, falling):
    async with world.worker(decide=ASKS):
        await world.live(falling, ASKED_AT)

    assert autonomies(world) == ["ASK"]
    assert statuses(world)[-1] == "WAITING_APPROVAL"
    assert world.shown == []


async def test_a_semi_automatic_agent_acts_where_it_is_as_sure_as_it_has_to_be(world, falling):
    async with world.worker(decide=allowed(Mode.SEMI_AUTO, threshold=0.5)):
        await world.live(falling, ASKED_AT)

    assert autonomies(world) == ["ACT"]
    assert len(world.shown) == 1


async def test_a_semi_automatic_agent_that_is_not_sure_asks_who_is_looking(world, falling):
    async with world.worker(decide=allowed(Mode.SEMI_AUTO, threshold=0.99)):
        await world.live(falling, FALLS_AT - 5.0)
        await organiser_looks(world)
        await world.live(falling, ASKED_AT)
        [asked] = world.of("agent.decision")
        await answer(world, asked, Verdict.APPROVED)

    assert autonomies(world) == ["ASK"]
    assert len(world.shown) == 1


async def test_a_semi_automatic_agent_that_is_not_sure_lets_it_be_where_nobody_is_looking(world, falling):
    async with world.worker(decide=allowed(Mode.SEMI_AUTO, threshold=0.99)):
        await world.live(falling, FALLS_AT + 100.0)

    assert autonomies(world) == ["SKIP"]
    assert lapses(world) == ["the agent was not sure enough to act by itself, and nobody was there to ask"]
    assert world.shown == []


async def test_an_automatic_agent_acts_and_asks_nobody(world, falling):
    async with world.worker(decide=allowed(Mode.AUTO)):
        await world.live(falling, FALLS_AT - 5.0)
        await organiser_looks(world)
        await world.live(falling, ASKED_AT)

    assert autonomies(world) == ["ACT"]
    assert len(world.shown) == 1


async def test_a_question_that_nobody_answers_lapses_after_a_minute_and_a_late_click_changes_nothing(world, falling):
    async with world.worker(decide=ASKS):
        await world.live(falling, ASKED_AT)
        [asked] = world.of("agent.decision")
        await world.live(falling, FALLS_AT + 60.0)
        assert lapses(world) == []
        await world.live(falling, FALLS_AT + 70.0)
        standing = await answer(world, asked, Verdict.APPROVED)
        await world.live(falling, FALLS_AT + 100.0)

    assert lapses(world) == ["nobody answered in time"]
    assert standing.verdict is Verdict.LAPSED
    assert statuses(world)[-2:] == ["WAITING_APPROVAL", "MONITORING"]
    assert world.shown == []


async def test_what_an_organiser_rewrites_is_shown_as_they_wrote_it(world, falling):
    edited = PromptContent("What would you try first?")
    async with world.worker(decide=ASKS):
        await world.live(falling, ASKED_AT)
        [asked] = world.of("agent.decision")
        await answer(world, asked, Verdict.APPROVED, content=edited)
        await world.live(falling, ASKED_AT + 5.0)

    [shown] = world.shown
    [done] = world.of("agent.intervention.executed")
    assert shown["content"] == done["data"]["content"] == content_fields(edited)
    assert done["data"]["generation"]["method"] == "ORGANISER"


async def test_what_an_organiser_rejects_is_let_go_of_with_their_reason(world, falling):
    async with world.worker(decide=ASKS):
        await world.live(falling, ASKED_AT)
        [asked] = world.of("agent.decision")
        await answer(world, asked, Verdict.REJECTED, reason="we are nearly done")
        await answer(world, asked, Verdict.APPROVED, by="otto")
        await world.live(falling, FALLS_AT + 100.0)

    assert lapses(world) == ["an organiser rejected it: we are nearly done"]
    assert statuses(world)[-1] == "MONITORING"
    assert world.shown == []


@pytest.mark.parametrize("verdicts", [("APPROVED", "APPROVED"), ("APPROVED", "REJECTED"), ("REJECTED", "APPROVED")])
async def test_of_two_organisers_who_answer_at_once_the_first_is_heeded_and_everybody_hears_of_it(
    world, falling, verdicts
):
    first, second = map(Verdict, verdicts)
    async with world.worker(decide=ASKS):
        await world.live(falling, ASKED_AT)
        [asked] = world.of("agent.decision")
        clicks = [answer_to(world, asked, first, by="olga"), answer_to(world, asked, second, by="otto")]
        standing = await asyncio.gather(*map(world.desk.answer, clicks))
        for click in standing:
            await world.say("session:a:answers", **answer_fields(click))
        await world.live(falling, FALLS_AT + 100.0)

    assert [click.by for click in standing] == ["olga", "olga"]
    was_shown = int(first is Verdict.APPROVED)
    assert len(world.shown) == len(world.of("agent.intervention.executed")) == was_shown
    assert len(lapses(world)) == 1 - was_shown


async def test_who_answers_while_a_model_still_writes_is_heeded_as_soon_as_it_has_written(world, falling):
    silent = asyncio.Event()
    world.ask(fluent(silent, silent))
    async with world.worker(decide=ASKS):
        await world.live(falling, ASKED_AT)
        [asked] = world.of("agent.decision")
        assert asked["data"]["decision"]["content"] is None
        await answer(world, asked, Verdict.APPROVED)
        await answer(world, asked, Verdict.APPROVED, by="otto")
        assert statuses(world)[-1] == "INTERVENING"
        silent.set()
        await world.live(falling, ASKED_AT + 1.0)

    assert [shown["content"] for shown in world.shown] == [content_fields(PROMPT)]
    assert len(world.of("agent.intervention.executed")) == 1


async def test_who_rejects_while_a_model_still_writes_is_heeded_as_well(world, falling):
    silent = asyncio.Event()
    world.ask(fluent(silent, silent))
    async with world.worker(decide=ASKS):
        await world.live(falling, ASKED_AT)
        [asked] = world.of("agent.decision")
        await answer(world, asked, Verdict.REJECTED)
        silent.set()
        await world.live(falling, FALLS_AT + 100.0)

    assert lapses(world) == ["an organiser rejected it"]
    assert world.shown == []


async def test_who_approves_gets_it_though_the_room_has_recovered_meanwhile(world, recovering):
    async with world.worker(decide=ASKS):
        await world.live(recovering, FALLS_AT + 64.0)
        assert world.of("anomaly.cleared")
        [asked] = world.of("agent.decision")
        await answer(world, asked, Verdict.APPROVED)

    assert len(world.shown) == 1


async def test_a_poll_that_waits_for_a_slide_is_let_be_once_the_room_has_recovered(world):
    slides = [signal("a", at, Kind.SLIDE, None) for at in (WARNED_AT - 30.0, WARNED_AT + 22.0)]
    polls = DecisionParams(mode=Mode.AUTO, arms=(Arm.POLL,), act_below=1.0)
    async with world.worker(decide=polls):
        await world.live(in_order([*waning(back_at=WARNED_AT + 2.0), *slides]), WARNED_AT + 30.0)

    [decision] = world.of("agent.decision")
    assert decision["data"]["decision"]["content"]["timing"] == "NEXT_TRANSITION"
    assert lapses(world) == ["the room has recovered meanwhile"]
    assert world.shown == []


async def test_a_poll_that_waits_for_a_slide_is_shown_with_it_where_the_room_still_needs_it(world):
    slides = [signal("a", at, Kind.SLIDE, None) for at in (WARNED_AT - 30.0, WARNED_AT + 7.0)]
    polls = DecisionParams(mode=Mode.AUTO, arms=(Arm.POLL,), act_below=1.0)
    async with world.worker(decide=polls):
        await world.live(in_order([*waning(), *slides]), WARNED_AT + 5.0)
        assert world.shown == []
        await world.live(in_order([*waning(), *slides]), WARNED_AT + 30.0)

    assert [shown["action"] for shown in world.shown] == ["poll.launch"]


async def test_a_session_that_ends_while_somebody_is_asked_lets_go_of_the_question_once(world, falling):
    async with world.worker(decide=ASKS):
        await world.live(ending(falling, ASKED_AT + 5.0), ASKED_AT + 15.0)
        [asked] = world.of("agent.decision")
        await answer(world, asked, Verdict.APPROVED)
        await world.live([], ASKED_AT + 100.0)

    assert lapses(world) == ["the session ended before it could be done"]
    assert statuses(world)[-1] == "IDLE"
    assert world.shown == []
    assert await world.store.deadlines.all() == []


@pytest.mark.parametrize("mode", [Mode.MANUAL, Mode.AUTO])
async def test_a_session_that_ends_while_a_model_writes_gets_nothing_and_hears_of_it_once(world, falling, mode):
    silent = asyncio.Event()
    world.ask(fluent(silent, silent))
    async with world.worker(decide=allowed(mode)):
        await world.live(ending(falling, ASKED_AT + 5.0), ASKED_AT + 15.0)
        silent.set()
        await world.live([], ASKED_AT + 100.0)

    assert lapses(world) == ["the session ended before it could be done"]
    assert [message["data"]["decision"]["content"] for message in world.of("agent.decision")] == [None]
    assert statuses(world)[-1] == "IDLE"
    assert world.shown == []
    assert await world.store.deadlines.all() == []


async def test_what_is_on_its_way_to_the_rooms_when_the_session_ends_is_shown_once_and_told(world, falling):
    world.rooms_answer.clear()
    world.delivery = DeliveryParams(deadline_s=60.0)
    async with world.worker(decide=allowed(Mode.AUTO)):
        await world.live(ending(falling, FALLS_AT + 6.5), FALLS_AT + 11.0)
        assert world.of("session.closed")
        world.rooms_answer.set()
        await world.live([], FALLS_AT + 100.0)

    assert len(world.shown) == 1
    assert len(world.of("agent.intervention.executed")) == 1
    assert lapses(world) == []
    assert statuses(world)[-1] == "IDLE"


async def test_what_the_rooms_of_a_session_that_ends_do_not_take_is_told_once_and_with_the_reason(world, falling):
    world.rooms_answer.clear()
    world.delivery = DeliveryParams(again_s=0.2, deadline_s=2.0)
    async with world.worker(decide=allowed(Mode.AUTO)):
        await world.live(ending(falling, FALLS_AT + 6.5), FALLS_AT + 11.0)
        await world.hears("agent.decision.lapsed")
        await world.live([], FALLS_AT + 100.0)

    assert lapses(world) == ["the rooms did not take it in time"]
    assert world.of("agent.intervention.executed") == []


def ending(signals, at):
    """The same session, until it ends at this moment."""
    return [s for s in signals if s.at < START + at] + [signal("a", at, Kind.ENDED, None)]
