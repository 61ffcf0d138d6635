"""What every desk promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from conductor.adapters.store_memory import MemoryStore
from conductor.adapters.store_sql import SqlStore
from conductor.domain.interventions import Arm, Mode
from conductor.domain.organisers import AgentSettings, Answer, Request, SessionMode, Verdict
from conductor.domain.strategies import Design, PolicyName, StrategyTest, Variant
from conductor.errors import StoreUnavailable
from conductor.ports import Desk
from conductor.wire.codec import NotStorable

NOON = 1_700_000_000.1
"""A moment that microseconds cannot say exactly."""

STRICT = AgentSettings(
    "e1",
    enabled=False,
    mode=Mode.MANUAL,
    threshold=2 / 3,
    max_per_hour=0,
    arms=(Arm.NUDGE, Arm.POLL),
    label="Robot",
    share_chat=True,
    quiet_end_s=0.1 + 0.2,
    holdout_share=0.1 + 0.2,
    session_modes=(SessionMode("s1", Mode.AUTO), SessionMode("s2", Mode.SEMI_AUTO)),
    strategy_test=StrategyTest(
        "t1", Design.EVENT_BLOCKS, (Variant("usual"), Variant("bold", PolicyName.BEST, 2 / 3, 1 / 3)), 0.1 + 0.2, 900.0
    ),
)
YES = Answer("d1", "s1", NOON, Verdict.APPROVED, by="u1", seen_score=1 / 3)
NO = Answer("d1", "s1", NOON + 1 / 3, Verdict.REJECTED, by="u2", reason="Not “now”.")
WISH = Request("r1", "s1", "e1", Arm.CHAT_PROMPT, NOON, "u1")


@pytest.fixture
def desk(store: MemoryStore | SqlStore) -> Desk:
    return store.desk


async def test_a_new_desk_knows_nothing(desk):
    assert await desk.settings("e1") is None
    assert list(await desk.due(NOON)) == []


@pytest.mark.parametrize("settings", [STRICT, AgentSettings("e1"), replace(STRICT, arms=(), session_modes=())])
async def test_settings_come_back_as_they_were_saved(desk, settings):
    await desk.save_settings(settings)
    assert await desk.settings("e1") == settings


async def test_later_settings_take_the_place_of_earlier_ones(desk):
    await desk.save_settings(STRICT)
    await desk.save_settings(AgentSettings("e1", threshold=0.9))
    assert await desk.settings("e1") == AgentSettings("e1", threshold=0.9)


async def test_each_event_has_its_own_settings(desk):
    await desk.save_settings(STRICT)
    await desk.save_settings(AgentSettings("e2"))
    assert await desk.settings("e1") == STRICT
    assert await desk.settings("e2") == AgentSettings("e2")
    assert await desk.settings("e3") is None


async def test_settings_that_do_not_fit_are_refused_and_the_earlier_ones_stand(desk):
    await desk.save_settings(STRICT)
    with pytest.raises(NotStorable, match=r"AgentSettings\.threshold"):
        await desk.save_settings(replace(STRICT, threshold=float("nan")))
    assert await desk.settings("e1") == STRICT


async def test_the_first_answer_stands_and_everybody_is_told_which(desk):
    assert await desk.answer(YES) == YES
    assert await desk.answer(NO) == YES
    assert await desk.answer(YES) == YES


async def test_of_answers_at_the_same_time_one_stands(desk):
    answers = [replace(YES, by=f"u{number}") for number in range(20)]
    told = await asyncio.gather(*map(desk.answer, answers))
    assert len(set(told)) == 1
    assert told[0] in answers
    assert await desk.answer(NO) == told[0]


async def test_each_decision_has_its_own_answer_even_with_the_same_id_in_another_session(desk):
    other_decision, other_session = replace(NO, decision_id="d2"), replace(NO, session_id="s2")
    assert await desk.answer(YES) == YES
    assert await desk.answer(other_decision) == other_decision
    assert await desk.answer(other_session) == other_session


async def test_what_lapsed_unanswered_can_no_longer_be_approved(desk):
    lapsed = Answer("d1", "s1", NOON, Verdict.LAPSED)
    assert await desk.answer(lapsed) == lapsed
    assert await desk.answer(YES) == lapsed


async def test_an_answer_keeps_content_of_every_kind(desk, content):
    edited = replace(YES, content=content)
    assert await desk.answer(edited) == edited
    assert await desk.answer(NO) == edited


async def test_an_answer_that_does_not_fit_is_refused_and_leaves_room_for_one_that_does(desk):
    with pytest.raises(NotStorable, match=r"Answer\.reason"):
        await desk.answer(replace(NO, reason="cut\0here"))
    assert await desk.answer(YES) == YES


async def test_a_request_is_kept_until_it_is_due_and_given_until_it_is_done(desk):
    await desk.request(WISH)
    assert list(await desk.due(NOON - 0.1)) == []
    assert list(await desk.due(NOON)) == [WISH]
    assert list(await desk.due(NOON + 1)) == [WISH]
    assert list(await desk.due(NOON + 1, [WISH])) == []
    assert list(await desk.due(NOON + 1)) == []


async def test_only_what_is_done_is_not_given_again(desk):
    other = replace(WISH, request_id="r2")
    await desk.request(WISH)
    await desk.request(other)
    assert list(await desk.due(NOON, [WISH])) == [other]
    assert list(await desk.due(NOON, [WISH, replace(WISH, request_id="never asked for")])) == [other]


async def test_requests_come_earliest_first_and_later_ones_wait(desk):
    wishes = [replace(WISH, request_id=f"r{number}", at=NOON + number / 3) for number in range(5)]
    for wish in wishes[::-1]:
        await desk.request(wish)
    assert list(await desk.due(NOON + 1)) == wishes[:4]
    assert list(await desk.due(NOON + 2, wishes[:4])) == wishes[4:]


async def test_the_same_request_again_changes_nothing(desk):
    await desk.request(WISH)
    await desk.request(replace(WISH, arm=Arm.POLL, at=NOON - 60))
    assert list(await desk.due(NOON)) == [WISH]
    await desk.due(NOON, [WISH])
    await desk.request(WISH)
    assert list(await desk.due(NOON)) == []


async def test_a_request_keeps_content_of_every_kind(desk, content):
    await desk.request(replace(WISH, content=content))
    assert list(await desk.due(NOON)) == [replace(WISH, content=content)]


async def test_of_callers_at_the_same_time_everybody_is_given_what_is_not_done(desk):
    wishes = [replace(WISH, request_id=f"r{number}") for number in range(10, 30)]
    await asyncio.gather(*map(desk.request, wishes))
    await asyncio.gather(*(desk.due(NOON, wishes[number::8]) for number in range(7)))
    assert list(await desk.due(NOON)) == wishes[7::8]


async def test_a_request_that_does_not_fit_is_refused(desk):
    wrong: dict[str, Any] = {"content": "Hello"}
    with pytest.raises(NotStorable, match=r"Request\.content"):
        await desk.request(replace(WISH, **wrong))
    assert list(await desk.due(NOON)) == []


async def test_a_desk_is_closed_with_its_store(store, desk):
    await store.close()
    for call in (
        desk.settings("e1"),
        desk.save_settings(STRICT),
        desk.answer(YES),
        desk.request(WISH),
        desk.due(NOON),
    ):
        with pytest.raises(StoreUnavailable, match="closed"):
            await call
