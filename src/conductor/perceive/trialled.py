"""What a trial needs of perception: norms that stand still, and a score over the same time whatever was done."""

from __future__ import annotations

import numpy as np

from conductor.perceive.ledger import TICK_S
from conductor.perceive.observe import look, observe
from conductor.perceive.perception import Perception
from conductor.perceive.score import score


def hold(perception: Perception, session_id: str) -> None:
    """Let what is normal stay as it is in this room until `release`: what is compared later is measured by it."""
    rooms = perception.rooms
    rooms.tried[rooms.row(session_id)] = True


def release(perception: Perception, session_id: str) -> None:
    """Learn again what is normal in this room."""
    rooms = perception.rooms
    rooms.tried[rooms.row(session_id)] = False


def unprompted_since(perception: Perception, session_id: str, since: float) -> float:
    """Score in [0, 1] of a room at the end of the last tick, without what the agent did.

    Args:
        perception: Knows the room.
        session_id: An open session.
        since: Only what happened from this moment on counts, in epoch seconds; rounded up to whole ticks.
    """
    rooms, ledger, used = perception.rooms, perception.ledger, perception.rooms.used
    now, first = ledger.tick * TICK_S, int(np.ceil(since / TICK_S))
    expected = perception.baseline.expected(rooms.present[:used].astype(np.float64))
    from_tick = np.full(used, first, dtype=np.int64)
    windows = look(ledger, from_tick, rooms.started[:used], perception.baseline.events_per_tick(used))
    seen = observe(windows, rooms, perception.roster, perception.polls, now, unprompted=True)
    return float(score(seen, expected).value[rooms.row(session_id)])
