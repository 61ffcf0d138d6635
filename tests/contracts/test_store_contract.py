"""What every store promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from conductor.domain.engagement import Norm
from conductor.domain.events import (
    AnomalyDetected,
    BudgetNearLimit,
    DecisionHeld,
    DecisionMade,
    EngagementUpdated,
    Event,
    InterventionExecuted,
    SessionClosed,
    SessionOpened,
    StatusChanged,
)
from conductor.domain.interventions import (
    Arm,
    NudgeContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.learned import Learned, Tally
from conductor.domain.sessions import Phase, SessionType, SizeBucket
from conductor.errors import StoreUnavailable
from conductor.wire.codec import NotStorable

NOT_IN_HISTORY = SessionOpened | SessionClosed | EngagementUpdated | StatusChanged | BudgetNearLimit


def told(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, NOT_IN_HISTORY)]


async def test_a_new_store_knows_nothing(store):
    assert list(await store.history("s1")) == []
    assert await store.load_learned() == Learned()


async def test_history_gives_back_what_happened(store, story):
    await store.record(story())
    assert list(await store.history("s1")) == told(story())


async def test_history_is_oldest_first_however_it_was_recorded(store, story):
    backwards = story()[::-1]
    await store.record(backwards[:5])
    await store.record(backwards[5:])
    assert list(await store.history("s1")) == told(story())


async def test_at_the_same_moment_the_cause_comes_first(store, story):
    decision = next(event for event in story() if isinstance(event, DecisionMade))
    anomaly = next(event for event in story() if isinstance(event, AnomalyDetected)).anomaly
    detected = AnomalyDetected(replace(anomaly, at=decision.decision.at))
    await store.record([decision, detected])
    assert list(await store.history("s1")) == [detected, decision]


@pytest.mark.parametrize(
    "content",
    [
        PromptContent("What is missing?", pinned=False, target_users=("u1", "u2")),
        NudgeContent("Hello {{name}}", "Ask", Segment.LURKERS, expires_after_s=0.1),
        QnaContent(QnaStrategy.SURFACE_BEST, ("q9", "q1")),
    ],
)
async def test_every_kind_of_content_comes_back(store, story, content):
    executed = next(event for event in story() if isinstance(event, InterventionExecuted))
    other = InterventionExecuted(replace(executed.intervention, content=content))
    await store.record([other])
    assert list(await store.history("s1")) == [other]


async def test_recording_twice_keeps_it_once(store, story):
    await store.record(story() + story())
    await store.record(story())
    assert list(await store.history("s1")) == told(story())


async def test_the_first_record_of_a_decision_stands(store, story):
    first = next(event for event in story() if isinstance(event, DecisionMade))
    await store.record([first])
    await store.record([DecisionMade(replace(first.decision, reasoning="On second thoughts."))])
    assert list(await store.history("s1")) == [first]


async def test_two_sessions_do_not_mix_even_with_the_same_ids_inside(store, story):
    mixed = [event for pair in zip(story("s1"), story("s2"), strict=True) for event in pair]
    await store.record(mixed)
    assert list(await store.history("s1")) == told(story("s1"))
    assert list(await store.history("s2")) == told(story("s2"))
    assert list(await store.history("s3")) == []


async def test_recording_nothing_is_fine(store):
    await store.record([])
    assert list(await store.history("s1")) == []


@pytest.mark.parametrize(
    "change",
    [
        {"reasoning": object()},
        {"reasoning": "half a pair: \ud83d"},
        {"reasoning": "cut\0here"},
        {"confidence": float("nan")},
        {"propensity": float("inf")},
        {"at": "noon"},
        {"arm": "POLL"},
        {"context": None},
        {"expires_at": False},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_one_bad_event_leaves_nothing_of_its_batch(store, story, change):
    good = next(event for event in story() if isinstance(event, DecisionMade))
    bad = DecisionMade(replace(good.decision, decision_id="d9", **change))
    with pytest.raises(NotStorable, match=f"Decision.{next(iter(change))}: "):
        await store.record([*story(), bad])
    assert list(await store.history("s1")) == []


async def test_what_is_no_event_is_refused(store, story):
    with pytest.raises(NotStorable, match="object is not an event"):
        await store.record([*story(), object()])
    assert list(await store.history("s1")) == []


async def test_an_event_that_carries_the_wrong_thing_is_refused(store, story):
    hold = next(event for event in story() if isinstance(event, DecisionHeld)).hold
    detected = next(event for event in story() if isinstance(event, AnomalyDetected))
    wrong: dict[str, Any] = {"anomaly": hold}
    with pytest.raises(NotStorable, match=r"AnomalyDetected\.anomaly: Hold where Anomaly belongs"):
        await store.record([replace(detected, **wrong)])


async def test_records_made_at_the_same_time_are_all_kept(store, story):
    sessions = [f"s{number}" for number in range(20)]
    await asyncio.gather(*(store.record(story(session)) for session in sessions))
    for session in sessions:
        assert list(await store.history(session)) == told(story(session))


async def test_a_later_tally_takes_the_place_of_an_earlier_one(store, context):
    await store.save_learned(Learned((Tally(context, Arm.POLL, 1.0, 0.0), Tally(context, Arm.NUDGE, 0.1, 0.2))))
    await store.save_learned(Learned((Tally(context, Arm.POLL, 1.0, 1.0),)))
    assert set((await store.load_learned()).tallies) == {
        Tally(context, Arm.POLL, 1.0, 1.0),
        Tally(context, Arm.NUDGE, 0.1, 0.2),
    }


async def test_tallies_of_other_circumstances_are_kept_apart(store, context):
    closing = replace(context, phase=Phase.CLOSING)
    tallies = {Tally(context, Arm.POLL, 3.0, 1.0), Tally(closing, Arm.POLL, 0.0, 2.0)}
    await store.save_learned(Learned(tuple(tallies)))
    assert set((await store.load_learned()).tallies) == tallies


async def test_tallies_come_back_in_the_same_order_whatever_order_they_were_saved_in(store, context):
    tallies = [Tally(context, arm, 1.0, 2.0) for arm in Arm]
    await store.save_learned(Learned(tuple(tallies)))
    first = list((await store.load_learned()).tallies)
    await store.save_learned(Learned(tuple(tallies[::-1])))
    assert list((await store.load_learned()).tallies) == first


async def test_of_two_tallies_of_the_same_the_last_counts(store, context):
    await store.save_learned(Learned((Tally(context, Arm.POLL, 1.0, 0.0), Tally(context, Arm.POLL, 5.0, 0.0))))
    assert list((await store.load_learned()).tallies) == [Tally(context, Arm.POLL, 5.0, 0.0)]


async def test_one_bad_tally_changes_none(store, context):
    before = [Tally(context, Arm.POLL, 1.0, 0.0)]
    await store.save_learned(Learned(tuple(before)))
    good, bad = Tally(context, Arm.POLL, 2.0, 0.0), Tally(context, Arm.NUDGE, 1.0, float("nan"))
    with pytest.raises(NotStorable, match=r"Tally\.failures"):
        await store.save_learned(Learned((good, bad)))
    assert list((await store.load_learned()).tallies) == before


async def test_what_was_learned_is_kept_with_what_happened_or_not_at_all(store, story, context):
    before = [Tally(context, Arm.POLL, 1.0, 0.0)]
    await store.record(story("s1"), Learned(tuple(before)))
    assert list((await store.load_learned()).tallies) == before
    with pytest.raises(NotStorable, match=r"Tally\.failures"):
        await store.record(story("s2"), Learned((Tally(context, Arm.POLL, 1.0, float("nan")),)))
    assert list(await store.history("s2")) == []
    assert list((await store.load_learned()).tallies) == before


async def test_saving_no_tallies_changes_nothing(store, context):
    await store.save_learned(Learned((Tally(context, Arm.POLL, 1.0, 0.0),)))
    await store.save_learned(Learned())
    assert list((await store.load_learned()).tallies) == [Tally(context, Arm.POLL, 1.0, 0.0)]


async def test_closing_twice_is_fine(store):
    await store.close()
    await store.close()


async def test_a_closed_store_says_so(store, story, context):
    await store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.record(story())
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.history("s1")
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.save_learned(Learned((Tally(context, Arm.POLL, 1.0, 0.0),)))
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.load_learned()


async def test_norms_are_kept_and_a_later_one_takes_the_place_of_an_earlier_one(store):
    def norm(person_min: float) -> Norm:
        return Norm(SessionType.PANEL, SizeBucket.MEDIUM, Phase.MIDDLE, person_min, (1.5, 2 / 3, 0.0, 0.25, 0.5))

    await store.save_learned(Learned(norms=(norm(100.0),)))
    await store.save_learned(Learned(norms=(norm(250.0),)))
    assert (await store.load_learned()).norms == (norm(250.0),)
