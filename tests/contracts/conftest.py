"""Stores of both kinds, and a small story of a room that falls and is helped, with every kind of event."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from tests import postgres

from conductor.adapters.store_memory import MemoryStore
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.budget import BudgetWindow
from conductor.domain.engagement import (
    PART_NAMES,
    Anomaly,
    AnomalyType,
    RoomSignals,
    RoomState,
    ScorePart,
    Severity,
)
from conductor.domain.events import (
    AnomalyCleared,
    AnomalyDetected,
    BudgetNearLimit,
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    EngagementUpdated,
    Event,
    FollowedUp,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
    SessionClosed,
    SessionOpened,
    StatusChanged,
    TrialEnded,
)
from conductor.domain.holds import Hold, HoldReason, LeftAlone
from conductor.domain.interventions import (
    Arm,
    Autonomy,
    Content,
    Context,
    Decision,
    EngagementBucket,
    Generation,
    GenerationMethod,
    Intervention,
    Mode,
    NudgeContent,
    Origin,
    Outcome,
    PastPerformance,
    PollContent,
    PollTiming,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.sessions import Phase, SessionProfile, SessionType, SizeBucket
from conductor.domain.status import AgentStatus
from conductor.domain.strategies import ContentStyle, Dealt
from conductor.domain.trials import FollowUp, Trial

START = 1_700_000_000.1
"""A start that microseconds cannot say exactly."""

CONTEXT = Context(AnomalyType.SUDDEN_DROP, Phase.MIDDLE, SessionType.KEYNOTE, SizeBucket.LARGE, EngagementBucket.LOW)


def _update(session_id: str, at: float) -> EngagementUpdated:
    signals = RoomSignals(
        12.0, 0.1, 3.5, 0.0, 1 / 3, 0.47, 120, 61, 2.0, 4.0, 0.8, 900.0, 7.5, 130.0, 0.5, 900.0, Phase.MIDDLE
    )
    parts = tuple(ScorePart(name, 0.1 * index, 0.2, 0.02 * index) for index, name in enumerate(PART_NAMES))
    return EngagementUpdated(session_id, "e1", at, 0.1 + 0.2, parts, signals, RoomState.FALLING, 0.91, 1 / 7)


def _anomaly(who: dict[str, Any]) -> Anomaly:
    return Anomaly(
        "a1",
        **who,
        at=START + 5,
        onset=START + 1 / 3,
        type=AnomalyType.SUDDEN_DROP,
        severity=Severity.WARNING,
        evidence=0.7,
        current=0.41,
        expected=0.75,
        deviation=-3.2,
    )


def _decision(who: dict[str, Any]) -> Decision:
    return Decision(
        "d1",
        "a1",
        **who,
        at=START + 10,
        arm=Arm.POLL,
        confidence=0.5,
        propensity=0.25,
        reasoning="“Polls” help here 👍",
        context=CONTEXT,
        past=PastPerformance(2 / 3, 3, is_exploring=True),
        autonomy=Autonomy.ACT,
        score_before=0.41,
        holdout_share=0.1,
        coin=0.1 + 0.2,
        trial_ends_at=START + 130,
        style=ContentStyle.PLAYFUL,
        variant=Dealt("tones-1", "as a game"),
    )


def _intervention(who: dict[str, Any]) -> Intervention:
    return Intervention(
        "i1",
        "d1",
        **who,
        at=START + 11,
        arm=Arm.POLL,
        content=PollContent("Which?", ("this", "that", "neither")),
        generation=Generation(GenerationMethod.TEMPLATE, "poll-1"),
        delivered_to=118,
    )


def _outcome(who: dict[str, Any]) -> Outcome:
    return Outcome(
        "i1",
        "d1",
        **who,
        at=START + 131,
        arm=Arm.POLL,
        context=CONTEXT,
        before=0.41,
        after=0.8,
        delta=0.8 - 0.41,
        success=True,
    )


def _left_alone(who: dict[str, Any]) -> Hold:
    left = LeftAlone("d5", CONTEXT, before=0.4, holdout_share=0.1, ends_at=START + 139)
    return Hold(
        "a1", **who, at=START + 14, reason=HoldReason.ADDS_NOTHING, explanation="Left.", propensity=0.7, left=left
    )


def _follow_up(who: dict[str, Any]) -> FollowUp:
    return FollowUp(
        "d5",
        **who,
        at=START + 139,
        decided_at=START + 14,
        arm=None,
        context=CONTEXT,
        autonomy=Autonomy.ACT,
        propensity=0.7,
        holdout_share=0.1,
        delivered=False,
        before=0.4,
        after=0.55,
    )


def _trial(who: dict[str, Any]) -> Trial:
    return Trial(
        "d1",
        **who,
        at=START + 138,
        decided_at=START + 10,
        arm=Arm.POLL,
        context=CONTEXT,
        autonomy=Autonomy.ACT,
        propensity=0.25,
        holdout_share=0.1,
        coin=0.1 + 0.2,
        held_out=False,
        delivered=True,
        before=0.41,
        after=0.1 + 0.7,
    )


def _story(session_id: str = "s1") -> list[Event]:
    """Every kind of event in a session, oldest first."""
    who: dict[str, Any] = {"session_id": session_id, "event_id": "e1"}
    warning, decision = _anomaly(who), _decision(who)
    critical = replace(warning, at=START + 10, severity=Severity.CRITICAL, evidence=0.1 + 0.7)
    asked = replace(
        decision,
        decision_id="d2",
        at=START + 200,
        autonomy=Autonomy.ASK,
        expires_at=START + 260,
        origin=Origin.ORGANISER,
        content=PollContent("Which?", ("this", "that", "neither")),
        generation=Generation(GenerationMethod.TEMPLATE, "poll-1", 0.1, 0.0),
    )
    return [
        SessionOpened(**who, at=START, profile=SessionProfile("Bees", topics=("hives", "honey"), starts_at=START)),
        _update(session_id, START + 5),
        AnomalyDetected(warning),
        DecisionHeld(Hold("a1", **who, at=START + 5, reason=HoldReason.COOLDOWN, explanation="Too soon.")),
        AnomalyDetected(critical),
        DecisionMade(decision),
        InterventionExecuted(_intervention(who)),
        DecisionHeld(_left_alone(who)),
        OutcomeMeasured(_outcome(who)),
        OutcomeUnknown("i2", "d3", **who, at=START + 135, why="the signal was lost"),
        TrialEnded(_trial(who)),
        FollowedUp(_follow_up(who)),
        AnomalyCleared("a1", **who, at=START + 140),
        StatusChanged(**who, at=START + 200, status=AgentStatus.WAITING_APPROVAL, mode=Mode.MANUAL),
        DecisionMade(asked),
        BudgetNearLimit(**who, at=START + 200, window=BudgetWindow.DAY, spent_usd=40.1, limit_usd=50.0),
        DecisionLapsed("d2", **who, at=START + 260, why="Nobody was there to ask."),
        SessionClosed(**who, at=START + 3600),
    ]


@pytest.fixture
def story() -> Callable[..., list[Event]]:
    """Makes the story of a session (`session_id`)."""
    return _story


@pytest.fixture
def context() -> Context:
    """The circumstances of the story's decision."""
    return CONTEXT


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a database on a real server, for all tests together."""
    with postgres.running() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where nothing is kept yet, of each kind of database."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "conductor.db")
    address: str = request.getfixturevalue("postgresql")
    await postgres.emptied(address)
    return address


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    """Two stores on one database, with connections of their own, as two processes would have."""
    async with AsyncExitStack() as stack:
        stores = [await SqlStore.open(url) for _ in range(2)]
        for store in stores:
            stack.push_async_callback(store.close)
        yield stores[0], stores[1]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MemoryStore | SqlStore]:
    """A new store with its desk and its archive, of each kind."""
    opened: MemoryStore | SqlStore = MemoryStore()
    if request.param == "sqlite":
        opened = await SqlStore.open(sqlite_url(tmp_path / "conductor.db"))
    elif request.param == "postgresql":
        address: str = request.getfixturevalue("postgresql")
        await postgres.emptied(address)
        opened = await SqlStore.open(address)
    yield opened
    await opened.close()


@pytest.fixture(
    params=[
        PollContent("Which?", ("this", "that", "neither"), PollTiming.NEXT_TRANSITION, 45.1, show_results=False),
        PromptContent("What is “missing”? 👍", pinned=False, target_users=("u1", "u2")),
        NudgeContent("Hello {{name}}", "Ask", Segment.LURKERS, expires_after_s=0.1),
        QnaContent(QnaStrategy.SURFACE_BEST, ("q9", "q1")),
        None,
    ],
    ids=lambda content: type(content).__name__,
)
def content(request: pytest.FixtureRequest) -> Content | None:
    """Content of every kind, and none."""
    return cast("Content | None", request.param)
