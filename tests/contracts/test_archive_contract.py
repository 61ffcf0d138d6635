"""What every archive promises."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import replace
from math import inf
from string import ascii_letters, digits
from typing import Any

import pytest

from conductor.adapters.store_memory import MemoryStore
from conductor.adapters.store_sql import SqlStore
from conductor.domain.engagement import PART_NAMES, RoomState
from conductor.domain.events import (
    EngagementUpdated,
    Event,
    FollowedUp,
    InterventionExecuted,
    OutcomeMeasured,
    SessionOpened,
    TrialEnded,
)
from conductor.domain.interventions import Arm, Intervention
from conductor.errors import InvalidInput, StoreUnavailable
from conductor.ports import Archive, Page, Wanted

NOON = 1_700_000_000.1
"""A moment that microseconds cannot say exactly."""


@pytest.fixture
def archive(store: MemoryStore | SqlStore) -> Archive:
    return store.archive


@pytest.fixture
def of(story):
    """The story's own event of a kind."""
    return lambda kind: next(event for event in story() if isinstance(event, kind))


@pytest.fixture
def done(of):
    """Makes an intervention like the story's."""
    return lambda **changes: replace(of(InterventionExecuted).intervention, **changes)


def executed(*interventions: Intervention) -> list[Event]:
    return [InterventionExecuted(intervention) for intervention in interventions]


def token(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


async def everything(archive: Archive, wanted: Wanted, limit: int) -> list[Intervention]:
    """All pages, one after the other."""
    found: list[Intervention] = []
    cursor = None
    while True:
        page = await archive.interventions(wanted, limit, cursor)
        assert len(page.interventions) <= limit
        found += page.interventions
        cursor = page.next_cursor
        if cursor is None:
            return found


async def test_a_new_archive_knows_nothing(archive):
    assert list(await archive.sessions(None)) == []
    assert list(await archive.curve("s1", 0.0, inf)) == []
    assert await archive.interventions(Wanted(), 10, None) == Page((), None)
    assert list(await archive.outcomes(None, None)) == []


async def test_sessions_come_newest_first_each_with_its_latest_opening(store, archive, of):
    opened = of(SessionOpened)
    again = replace(opened, at=NOON + 90, profile=replace(opened.profile, title="Wasps"))
    second = replace(opened, session_id="s2", at=NOON + 60)
    await store.record([again, second, opened])
    assert list(await archive.sessions(None)) == [again, second]


async def test_sessions_that_opened_together_come_in_the_order_of_their_ids(store, archive, of):
    opened = [replace(of(SessionOpened), session_id=f"s{number}") for number in (3, 1, 2)]
    await store.record(opened)
    assert [each.session_id for each in await archive.sessions(None)] == ["s1", "s2", "s3"]


async def test_sessions_of_one_event_leave_out_those_of_others(store, archive, of):
    here, there = of(SessionOpened), replace(of(SessionOpened), session_id="s2", event_id="e2")
    await store.record([here, there])
    assert list(await archive.sessions("e1")) == [here]
    assert list(await archive.sessions("e2")) == [there]
    assert list(await archive.sessions("e3")) == []


async def test_a_session_that_moved_belongs_to_the_event_it_opened_in_last(store, archive, of):
    moved = replace(of(SessionOpened), event_id="e2", at=NOON + 60)
    await store.record([of(SessionOpened), moved])
    assert list(await archive.sessions("e1")) == []
    assert list(await archive.sessions("e2")) == [moved]


async def test_a_curve_holds_its_beginning_and_not_its_end_oldest_first(store, archive, of):
    points = [replace(of(EngagementUpdated), at=NOON + 5 * number) for number in range(6)]
    await store.record(points[::-1])
    assert list(await archive.curve("s1", NOON + 5, NOON + 20)) == points[1:4]
    assert list(await archive.curve("s1", -inf, inf)) == points


async def test_a_curve_is_of_one_session(store, archive, of):
    await store.record([of(EngagementUpdated), replace(of(EngagementUpdated), session_id="s2")])
    assert list(await archive.curve("s1", 0.0, inf)) == [of(EngagementUpdated)]


async def test_minutes_sum_what_their_ticks_say(store, archive, of):
    tick = of(EngagementUpdated)
    minute = NOON // 60 * 60
    scores = [0.25, 0.5, 0.75, 0.375]
    ticks = [
        replace(
            tick,
            at=minute + 0.5 + 20 * number,
            score=score,
            state=RoomState.FALLING if number == 2 else RoomState.HEALTHY,
            parts=tuple(replace(part, level=score / 2) for part in tick.parts),
        )
        for number, score in enumerate(scores)
    ]
    await store.record([*ticks, replace(tick, session_id="s2", at=minute)])
    first, second = await archive.minutes("s1", minute, inf)
    assert (first.at, first.score, first.lowest, first.highest, first.ticks) == (minute, 0.5, 0.25, 0.75, 3)
    assert (first.state, first.parts) == (RoomState.FALLING, dict.fromkeys(PART_NAMES, 0.25))
    assert (second.at, second.score, second.ticks, second.state) == (minute + 60, 0.375, 1, RoomState.HEALTHY)


async def test_a_minute_knows_how_it_went_without_what_the_agent_prompted_if_anybody_does(store, archive, of):
    tick, minute = of(EngagementUpdated), NOON // 60 * 60
    ticks = [replace(tick, at=minute + 5.0 * number, unprompted=None) for number in range(24)]
    await store.record([replace(each, unprompted=0.25) if each.at == minute + 55 else each for each in ticks])
    assert [each.unprompted for each in await archive.minutes("s1", minute, inf)] == [0.25, None]


async def test_a_minute_belongs_where_it_begins(store, archive, of):
    minute = NOON // 60 * 60
    await store.record([replace(of(EngagementUpdated), at=minute + 30 + 60 * number) for number in range(4)])
    begun = [each.at for each in await archive.minutes("s1", minute + 60, minute + 180)]
    assert begun == [minute + 60, minute + 120]
    assert [each.at for each in await archive.minutes("s1", minute + 1, minute + 61)] == [minute + 60]


async def test_interventions_come_newest_first_and_as_they_were(store, archive, done, content):
    made = [done(intervention_id=f"i{number}", at=NOON + number / 3) for number in range(3)]
    if content is not None:
        made = [replace(each, content=content) for each in made]
    await store.record(executed(*made))
    assert await archive.interventions(Wanted(), 3, None) == Page(tuple(made[::-1]), None)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_pages_give_everything_once_even_what_was_done_in_the_same_moment(store, archive, done, limit):
    made = [
        done(intervention_id=f"i{number}", session_id=session_id, at=NOON + number // 3)
        for number in range(7)
        for session_id in ("s1", "s2")
    ]
    await store.record(executed(*made))
    newest_first = sorted(made, key=lambda each: (each.at, each.intervention_id, each.session_id), reverse=True)
    assert await everything(archive, Wanted(), limit) == newest_first


async def test_pages_stay_as_they_are_while_new_interventions_arrive(store, archive, done):
    made = [done(intervention_id=f"i{number}", at=NOON + number) for number in range(4)]
    await store.record(executed(*made))
    first = await archive.interventions(Wanted(), 2, None)
    await store.record(executed(done(intervention_id="i9", at=NOON + 9)))
    second = await archive.interventions(Wanted(), 2, first.next_cursor)
    assert first.interventions + second.interventions == tuple(made[::-1])
    assert second.next_cursor is None


async def test_only_what_was_asked_for_is_given(store, archive, done):
    here, poll = {"session_id": "s1"}, {"arm": Arm.POLL}
    made = [
        done(intervention_id="i0", at=NOON, event_id="e1", **here, **poll),
        done(intervention_id="i1", at=NOON + 1, event_id="e1", **here, arm=Arm.NUDGE),
        done(intervention_id="i2", at=NOON + 2, event_id="e1", session_id="s2", **poll),
        done(intervention_id="i3", at=NOON + 3, event_id="e2", session_id="s3", **poll),
    ]
    await store.record(executed(*made))

    async def ids(**wanted: Any) -> str:
        return " ".join(each.intervention_id for each in await everything(archive, Wanted(**wanted), 1))

    assert await ids(**here) == "i1 i0"
    assert await ids(event_id="e1") == "i2 i1 i0"
    assert await ids(**poll) == "i3 i2 i0"
    assert await ids(since=NOON + 1, until=NOON + 3) == "i2 i1"
    assert await ids(since=-inf, until=inf) == "i3 i2 i1 i0"
    assert await ids(event_id="e1", since=NOON, **here, **poll) == "i0"
    assert await ids(event_id="e2", **here) == ""


async def test_a_cursor_can_stand_in_an_address_whatever_the_ids_are(store, archive, done):
    made = [done(intervention_id=f"“ü?/+&{number}👍", session_id="s/ 1", at=NOON) for number in range(3)]
    await store.record(executed(*made))
    page = await archive.interventions(Wanted(), 1, None)
    assert set(page.next_cursor or "?") <= set(ascii_letters + digits + "-_")
    assert await everything(archive, Wanted(), 1) == made[::-1]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "0",
        "näh",
        "not a cursor",
        token("[]"),
        token("{}"),
        token('{"time":1.5,"intervention_id":"i1"}'),
        token('{"time":"noon","intervention_id":"i1","session_id":"s1"}'),
        token('{"time":NaN,"intervention_id":"i1","session_id":"s1"}'),
        token('{"time":1' + "0" * 400 + ',"intervention_id":"i1","session_id":"s1"}'),
        token('{"time":1.5,"intervention_id":"\\u0000","session_id":"s1"}'),
        token('{"time":1.5,"intervention_id":"i1","session_id":"s1","more":1}'),
        token('{"time":1.5,"intervention_id":"i1","session_id":"s1"}') + "=",
        token("[" * 100_000),
        "\ud83d",
    ],
    ids=lambda cursor: ascii(cursor[:60]),
)
async def test_a_cursor_of_somebody_else_is_refused(archive, cursor):
    with pytest.raises(InvalidInput, match="cursor: is none") as refused:
        await archive.interventions(Wanted(), 10, cursor)
    assert refused.value.code == "invalid_cursor"


@pytest.mark.parametrize("limit", [0, -1])
async def test_a_page_of_nothing_is_refused(archive, limit):
    with pytest.raises(InvalidInput, match="at least 1") as refused:
        await archive.interventions(Wanted(), limit, None)
    assert refused.value.code == "invalid_limit"


async def test_outcomes_come_oldest_first_of_one_event_or_of_all(store, archive, of):
    outcome = of(OutcomeMeasured).outcome
    outcomes = [replace(outcome, decision_id=f"d{number}", at=NOON + number / 3) for number in range(4)]
    outcomes[2] = replace(outcomes[2], session_id="s2", event_id="e2", held_out=True)
    await store.record([OutcomeMeasured(each) for each in outcomes[::-1]])
    assert list(await archive.outcomes(None, None)) == outcomes
    assert list(await archive.outcomes(None, outcomes[1].at)) == outcomes[1:]
    assert list(await archive.outcomes("e1", outcomes[1].at)) == [outcomes[1], outcomes[3]]
    assert list(await archive.outcomes("e2", None)) == [outcomes[2]]


async def test_trials_come_as_they_ended_known_or_not_of_one_event_or_of_all(store, archive, of):
    trial = of(TrialEnded).trial
    trials = [replace(trial, decision_id=f"d{number}", at=NOON + number / 3) for number in range(4)]
    trials[1] = replace(trials[1], after=None, why_unknown="the signal was lost")
    trials[2] = replace(trials[2], session_id="s2", event_id="e2", held_out=True, delivered=False)
    await store.record([TrialEnded(each) for each in trials[::-1]])
    await store.record([TrialEnded(replace(trials[0], after=0.0))])
    assert list(await archive.trials(None, None)) == trials
    assert list(await archive.trials(None, trials[1].at)) == trials[1:]
    assert list(await archive.trials("e1", trials[1].at)) == [trials[1], trials[3]]
    assert list(await archive.trials("e2", None)) == [trials[2]]


async def test_follow_ups_come_as_they_ended_known_or_not_of_one_event_or_of_all(store, archive, of):
    follow_up = of(FollowedUp).follow_up
    found = [replace(follow_up, decision_id=f"d{number}", at=NOON + number / 3) for number in range(4)]
    found[1] = replace(found[1], after=None, why_unknown="the signal was lost")
    found[2] = replace(found[2], session_id="s2", event_id="e2", arm=Arm.NUDGE, holdout_share=0.0, delivered=True)
    await store.record([FollowedUp(each) for each in found[::-1]])
    await store.record([FollowedUp(replace(found[0], after=0.0))])
    assert list(await archive.follow_ups(None, None)) == found
    assert list(await archive.follow_ups(None, found[1].at)) == found[1:]
    assert list(await archive.follow_ups("e1", found[1].at)) == [found[1], found[3]]
    assert list(await archive.follow_ups("e2", None)) == [found[2]]


async def test_an_archive_answers_until_its_store_is_closed(store, archive):
    await archive.ping()
    await store.close()
    for call in (
        archive.ping(),
        archive.sessions(None),
        archive.curve("s1", 0.0, inf),
        archive.interventions(Wanted(), 10, None),
        archive.outcomes(None, None),
        archive.trials(None, None),
        archive.follow_ups(None, None),
    ):
        with pytest.raises(StoreUnavailable, match="closed"):
            await call
