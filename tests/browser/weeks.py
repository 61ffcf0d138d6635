"""What a service remembers of the weeks before, so that there is something to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tests.decide_examples import context, decision
from tests.service.test_rest_summary import SEEN
from tests.trial_examples import BLANK

from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.engagement import RoomState
from conductor.domain.events import (
    DecisionMade,
    EngagementUpdated,
    Event,
    OutcomeMeasured,
    SessionOpened,
    TrialEnded,
)
from conductor.domain.interventions import Arm, Outcome
from conductor.domain.learned import Learned, Tally
from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.learn.drift import BEFORE_WEEKS, WEEK_S
from conductor.learn.outcome import OutcomeParams, recovery

WEEKS = 2
"""Of late, as the page has it at first."""

EVENT = "summit"
WORKSHOP = context(session_type=SessionType.WORKSHOP, phase=Phase.MIDDLE)
ARMS = (Arm.POLL, Arm.CHAT_PROMPT)
SAID = {Arm.POLL: 0.55, Arm.CHAT_PROMPT: 0.65}
"""How sure the agent is of each, in any world."""

SHARE = 0.3
"""Held out."""


@dataclass(frozen=True, slots=True)
class World:
    """How things really are.

    Attributes:
        sessions: Over eight weeks.
        adds: Points of score in [0, 1] that each intervention adds.
        falls: By how much scores are lower in the last two weeks, and what comes of polls.
    """

    sessions: int
    adds: float = 0.0
    falls: float = 0.0


NULL = World(64)
EARLY = World(3)
KNOWN = World(64, adds=0.06, falls=0.08)


async def remember(home: Path, now: float, world: World, seed: int = 1) -> None:
    """Have a service that begins in this home know of so many workshops, and of what came of six falls in each."""
    rng = np.random.default_rng(seed)
    store = await SqlStore.open(sqlite_url(home / "conductor.db"))
    span = (1 + BEFORE_WEEKS) * WEEKS * WEEK_S
    outcomes: list[Outcome] = []
    for n in range(world.sessions):
        at = now - span * (n + 0.5) / world.sessions
        falls = world.falls * (at > now - WEEKS * WEEK_S)
        events = [*session(f"{EVENT}-{n}", at, 0.72 - falls + float(rng.normal(0.0, 0.04)))]
        trials = [*decided(rng, f"{EVENT}-{n}", at, world.adds, falls)]
        measured = [each.outcome for each in trials if isinstance(each, OutcomeMeasured)]
        await store.record([*events, *trials])
        outcomes += measured
    await store.record([], Learned(tuple(tallied(outcomes))))
    await store.close()


def session(session_id: str, at: float, score: float, minutes: int = 6) -> Iterator[Event]:
    """A workshop with a score every five seconds."""
    yield SessionOpened(session_id, EVENT, at, SessionProfile(type=SessionType.WORKSHOP, title="Bees"))
    seen = replace(SEEN, present=40, active=20, chat_per_min=4.0)
    for n in range(1, minutes * 12 + 1):
        yield EngagementUpdated(session_id, EVENT, at + 5.0 * n, score, (), seen, RoomState.HEALTHY, 0.0, score)


def decided(rng: np.random.Generator, session_id: str, at: float, adds: float, falls: float) -> Iterator[Event]:
    """Falls in a session, some of which are left alone, and what came of each."""
    for n in range(6):
        arm, coin, before = ARMS[n % len(ARMS)], float(rng.random()), float(rng.uniform(0.2, 0.45))
        held_out, ended_at = coin < SHARE, at + 30.0 * n
        rise = 0.09 + adds * (not held_out) - falls * (arm is Arm.POLL) + float(rng.normal(0.0, 0.07))
        after = float(np.clip(before + rise, 0.0, 1.0))
        name = f"{session_id}-d{n}"
        made = {"decision_id": name, "session_id": session_id, "event_id": EVENT, "at": ended_at - 120.0, "arm": arm}
        yield DecisionMade(decision(**made, confidence=SAID[arm], held_out=held_out, score_before=before))
        yield TrialEnded(
            replace(
                BLANK,
                decision_id=name,
                session_id=session_id,
                event_id=EVENT,
                at=ended_at,
                decided_at=ended_at - 120.0,
                arm=arm,
                context=WORKSHOP,
                holdout_share=SHARE,
                coin=coin,
                held_out=held_out,
                delivered=not held_out,
                before=before,
                after=after,
            )
        )
        success = after - before >= 0.1
        yield OutcomeMeasured(
            Outcome(
                name, name, session_id, EVENT, ended_at, arm, WORKSHOP, before, after, after - before, success, held_out
            )
        )


def tallied(outcomes: list[Outcome]) -> Iterator[Tally]:
    """What the agent has learned of them."""
    for arm in (*ARMS, None):
        own = [each for each in outcomes if (None if each.held_out else each.arm) is arm]
        recovered = sum(recovery(each.before, each.after, OutcomeParams()) for each in own)
        yield Tally(WORKSHOP, arm, recovered, len(own) - recovered)
