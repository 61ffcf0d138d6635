"""Two ways tried beside each other, and drift: `/api/v1/events/{id}/strategy-test`, `/api/v1/analytics/agent`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, Security

from conductor.access.rights import Right
from conductor.domain.strategies import Design, StrategyTest, Variant
from conductor.errors import Conflict
from conductor.learn.strategies import Observed, Shown, compare, minutes_of
from conductor.ports import Archive
from conductor.service.agent import save_settings, settings_of
from conductor.service.deps import Caller, Sources, caller
from conductor.service.drifting import DAY_S
from conductor.service.parts import DEMO_EVENT
from conductor.service.scope import narrowed
from conductor.wire.rest import EventName, Id
from conductor.wire.rest_strategies import (
    DriftAnswer,
    StrategiesAnswer,
    StrategyAnswer,
    StrategyTestBody,
    VariantRow,
)
from conductor.wire.strategies import read_strategy_test

router = APIRouter(tags=["strategies"])

EventId = Annotated[EventName, Path(description="The event's id.")]
Changer = Annotated[Caller, Security(caller, scopes=[Right.CHANGE_SETTINGS])]
Reader = Annotated[Caller, Security(caller, scopes=[Right.READ_HISTORY])]


@router.put("/events/{event_id:path}/strategy-test", summary="Try two ways beside each other")
async def put_strategy_test(event_id: EventId, body: StrategyTestBody, parts: Sources, who: Changer) -> StrategyAnswer:
    """From now on sessions, or blocks of time, are dealt one way or the other, by chance and by their ids alone."""
    who.check(event_id=event_id)
    test = read_strategy_test(body.model_dump(mode="json") | {"since": parts.clock()})
    async with parts.changing:
        settings = await settings_of(parts, event_id)
        test = _instead_of(settings.strategy_test, test)
        await save_settings(parts, replace(settings, strategy_test=test), who)
    return await strategy_answer(parts.archive, event_id, test)


@router.delete("/events/{event_id:path}/strategy-test", status_code=204, summary="End a strategy test")
async def delete_strategy_test(event_id: EventId, parts: Sources, who: Changer) -> Response:
    """From now on the event's settings hold everywhere. Ending none changes nothing."""
    who.check(event_id=event_id)
    async with parts.changing:
        await save_settings(parts, replace(await settings_of(parts, event_id), strategy_test=None), who)
    return Response(status_code=204)


@router.get("/analytics/agent/strategies", summary="What strategy tests have shown")
async def get_strategies(
    parts: Sources,
    who: Reader,
    event_id: Annotated[Id | None, Query(description="Of this event only.")] = None,
) -> StrategiesAnswer:
    """How rooms did with either way: mean scores of all minutes since the test began, whatever was done in them.

    It is not the score that is shown: votes in the agent's own polls are left out, and what people answer to it, so
    that a way does not look better for asking more. The intervals are for who looks once; whoever looks every day sees
    a difference by chance more often.
    """
    scope = await narrowed(parts, who, None, event_id)
    if scope.event_id is None:
        events = sorted({opened.event_id for opened in await parts.archive.sessions(None)})
    else:
        events = [scope.event_id]
    found = [(each, (await settings_of(parts, each)).strategy_test) for each in events]
    return StrategiesAnswer(
        tests=[await strategy_answer(parts.archive, each, test) for each, test in found if test is not None]
    )


@router.get("/analytics/agent/drift", summary="Whether anything has changed of late")
async def get_drift(
    parts: Sources,
    who: Reader,
    event_id: Annotated[Id | None, Query(description="Of this event only.")] = None,
    weeks: Annotated[int, Query(ge=1, le=26, description="How many weeks count as of late.")] = 2,
) -> DriftAnswer:
    """How sessions of the last weeks differ from those of three times as many before, beyond chance.

    Each session counts once, and each kind of sessions is compared by itself. Looked up every ten minutes at most.
    """
    scope = await narrowed(parts, who, None, event_id)
    return await parts.drifts.of(parts.archive, scope.event_id, weeks, parts.clock(), without=DEMO_EVENT)


def _instead_of(running: StrategyTest | None, test: StrategyTest) -> StrategyTest:
    """The test that runs from now on: the running one goes on where it is merely said again."""
    if running is None:
        return test
    if running.test_id != test.test_id:
        since = datetime.fromtimestamp(running.since, UTC).isoformat(timespec="seconds")
        raise Conflict(
            f"strategy test {running.test_id!r} is running since {since}; end it first, "
            "or give its own test_id to change it",
            code="strategy_test_running",
        )
    return running if test == replace(running, since=test.since) else test


async def strategy_answer(archive: Archive, event_id: str, test: StrategyTest) -> StrategyAnswer:
    """What a test has shown so far: every minute without what the agent prompted, by what was dealt to it."""
    seen: list[Observed] = []
    for opened in await archive.sessions(event_id):
        # A session opens again after a break, and what is known of it is when it did so last.
        until = max(opened.at, test.since) + DAY_S
        minutes = await archive.minutes(opened.session_id, test.since, until)
        seen += minutes_of(opened.session_id, event_id, ((minute.at, minute.unprompted) for minute in minutes))
    found = compare(test, seen)
    has_blocks = test.design is not Design.SESSIONS
    return StrategyAnswer(
        event_id=event_id,
        test_id=test.test_id,
        design=test.design,
        since=test.since,
        share=test.share,
        block_s=test.block_s if has_blocks else None,
        burn_in_s=test.burn_in_s if has_blocks else None,
        variants=[_row(*each) for each in zip(test.variants, found.variants, strict=True)],
        difference=found.difference,
        low=found.low,
        high=found.high,
        is_misdealt=found.is_misdealt,
        split_p_value=found.split_p,
        why_not=found.why_not or None,
    )


def _row(variant: Variant, did: Shown) -> VariantRow:
    return VariantRow(
        name=variant.name,
        policy=variant.policy,
        threshold=variant.threshold,
        act_below=variant.act_below,
        style=variant.style,
        units=did.units,
        minutes=did.count,
        score=did.mean,
        unknown_minutes=did.unknown,
    )
