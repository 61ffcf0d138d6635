"""At the click the room is looked at again: who cannot know that it has recovered is asked once more."""

from dataclasses import replace

import pytest
from tests.service.conftest import NOW
from tests.service.test_rest_sessions import DECISION, PENDING, POLL, watch
from tests.wire_examples import cleared, detected, update

from conductor.access.rights import Role
from conductor.domain.engagement import RoomState
from conductor.overview import Situation
from conductor.wire.events import event_message

FINE = 0.5


def hear(house, *events):
    for event in events:
        house.overview.take(event_message(event))


def scored(score, at=NOW - 1.0, state=RoomState.HEALTHY):
    return replace(update(at, score), state=state)


def over(at=NOW - 1.0, *, became_normal=False):
    return replace(cleared(at), became_normal=became_normal)


async def approve(client, **body):
    return await client.post(f"{PENDING}/d1/approve", json=body)


@pytest.mark.parametrize(
    ("seen", "news"),
    [
        (0.4, [scored(0.6)]),
        (0.4, [scored(0.5)]),
        (0.45, [over(), scored(0.51)]),
        (0.3, [over(), scored(0.36)]),
    ],
    ids=["well above", "just fine again", "nothing stands any more", "nothing stands, though it is low"],
)
async def test_who_saw_a_worse_room_is_asked_again_and_nothing_is_settled(house, organiser, seen, news):
    watch(house, DECISION)
    hear(house, *news)
    async with house.bus.subscribe("session:*:answers") as listening:
        refused = await approve(organiser, seen_score=seen)
        score = refused.json()["error"]["details"]["score"]
        assert await house.store.desk.answered("s1", "d1") is None
        approved = await approve(organiser, seen_score=score)
        assert (await anext(listening)).channel == "session:s1:answers"

    error = refused.json()["error"]
    assert (refused.status_code, error["category"], error["code"]) == (409, "CONFLICT", "room_recovered")
    assert error["details"] == {"score": score, "seen_score": seen}
    assert f"{score:.0%}" in error["message"]
    assert (approved.status_code, approved.json()["recovered"], approved.json()["score"]) == (200, True, score)


@pytest.mark.parametrize(
    ("seen", "news"),
    [
        (0.4, [scored(0.49)]),
        (0.45, [scored(0.54)]),
        (0.4, [over(became_normal=True), scored(0.46)]),
        (0.4, [over(), scored(0.8, state=RoomState.SIGNAL_LOST)]),
        (0.4, [over(NOW - 5.0), detected(at=NOW - 3.0), scored(0.46)]),
        (0.4, [over(DECISION.at - 1.0), scored(0.46)]),
        (0.6, [over(), scored(0.64)]),
        (0.4, [over()]),
    ],
    ids=[
        "not fine yet",
        "hardly higher",
        "the fall became normal",
        "the signals are lost",
        "it fell again",
        "an earlier fall was over",
        "they saw it",
        "nobody knows the score",
    ],
)
async def test_who_knows_how_the_room_is_is_not_asked_again(house, organiser, seen, news):
    watch(house, DECISION)
    hear(house, *news)
    assert (await approve(organiser, seen_score=seen)).status_code == 200


async def test_without_the_score_that_was_seen_it_is_launched_and_the_answer_says_how_the_room_was(house, organiser):
    watch(house, DECISION)
    hear(house, scored(0.7))
    told = (await approve(organiser)).json()
    assert (told["verdict"], told["recovered"], told["score"]) == ("APPROVED", True, 0.7)


async def test_of_a_room_that_has_not_recovered_that_is_said_too(house, organiser):
    watch(house, DECISION)
    hear(house, scored(0.42))
    told = (await approve(organiser, content=POLL, seen_score=0.4)).json()
    assert (told["recovered"], told["score"]) == (False, 0.42)


async def test_who_asks_again_is_told_how_the_room_was_at_the_approval(house, organiser):
    watch(house, DECISION)
    hear(house, scored(0.42))
    first = await approve(organiser, seen_score=0.4)
    hear(house, over(NOW + 5.0), scored(0.8, NOW + 5.0))
    assert (await approve(organiser, seen_score=0.4)).json() == first.json()


async def test_how_the_room_is_matters_to_nobody_who_comes_too_late(house, organiser):
    watch(house, replace(DECISION, expires_at=NOW - 1.0))
    hear(house, over(NOW - 2.0), scored(0.8))
    assert (await approve(organiser, seen_score=0.4)).json()["error"]["code"] == "decision_not_pending"


async def test_from_which_score_on_a_room_is_fine_can_be_set(house, organiser):
    house.params = replace(house.params, act_below=0.7)
    watch(house, DECISION)
    hear(house, scored(0.6))
    async with house.client(Role.ORGANISER) as client:
        assert (await approve(client, seen_score=0.4)).status_code == 200


@pytest.mark.parametrize(("score", "expected"), [(0.5, True), (0.4999, False)])
def test_a_room_recovers_from_a_tenth_more_on_whatever_floats_make_of_it(score, expected):
    assert Situation(score=score).has_recovered(0.4, FINE) is expected


def test_of_a_room_that_nobody_heard_of_nothing_is_said():
    assert Situation().has_recovered(None, FINE) is False
    assert Situation().is_news_to(0.1, FINE) is False
