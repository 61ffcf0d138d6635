"""Everything known of one session, taken out and put back: a room moves, a worker restarts, nothing changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from conductor.perceive.detector import DetectorState
from conductor.perceive.facts import Facts
from conductor.perceive.intake import Waits
from conductor.perceive.perception import Perception
from conductor.perceive.polls import PollState
from conductor.perceive.repeats import RepeatState


@dataclass(frozen=True, slots=True)
class RoomSnapshot:
    """State of one session between two ticks; it belongs to the tick at which it was taken."""

    tick: int
    facts: Facts
    columns: dict[str, object]
    totals: NDArray[np.uint32]
    people: dict[str, tuple[float, ...]]
    polls: list[PollState]
    waiting: list[Waits]
    heard: RepeatState
    baseline: NDArray[np.float64]
    detector: DetectorState
    alarm: tuple[int, ...]
    feed: tuple[float, ...]


def snapshot(perception: Perception, session_id: str) -> RoomSnapshot:
    """Take a copy of everything known of an open session.

    Raises:
        KeyError: The session is not open.
    """
    row = perception.rooms.row(session_id)
    return RoomSnapshot(
        tick=perception.ledger.tick,
        facts=replace(perception.rooms.facts[row]),
        columns=perception.rooms.snapshot(row),
        totals=perception.ledger.snapshot(row),
        people=perception.roster.snapshot(row),
        polls=perception.polls.snapshot(row),
        waiting=perception.intake.snapshot(row),
        heard=perception.intake.repeats.snapshot(row),
        baseline=perception.baseline.snapshot(row),
        detector=perception.detector.snapshot(row),
        alarm=perception.alarms.snapshot(row),
        feed=perception.feed.snapshot(row),
    )


def restore(perception: Perception, state: RoomSnapshot) -> None:
    """Open the session as it was.

    Raises:
        ValueError: The snapshot was taken at another tick, so its windows would not fit.
    """
    if state.tick != perception.ledger.tick:
        raise ValueError(f"the snapshot is of tick {state.tick}, but this is tick {perception.ledger.tick}")
    facts = replace(state.facts)
    perception.open(facts.session_id, facts.event_id, facts.opened_at, facts.profile)
    row = perception.rooms.row(facts.session_id)
    perception.rooms.facts[row] = facts
    perception.rooms.restore(row, state.columns)
    perception.ledger.restore(row, state.totals)
    perception.roster.restore(row, state.people)
    perception.polls.restore(row, state.polls)
    perception.intake.resume(row, state.waiting, perception.roster.people(row))
    perception.intake.repeats.restore(row, state.heard)
    perception.baseline.restore(row, state.baseline)
    perception.detector.restore(row, state.detector)
    perception.alarms.restore(row, state.alarm)
    perception.feed.restore(row, state.feed)
