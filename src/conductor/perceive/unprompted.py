"""How rooms do without what the agent prompted: votes in its own polls, and what people answer to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from conductor.perceive.baseline import Baseline
from conductor.perceive.feed import Feed
from conductor.perceive.ledger import SHORT_TICKS, TICK_S, Ledger
from conductor.perceive.observe import Windows, look, observe
from conductor.perceive.polls import Polls
from conductor.perceive.rooms import Rooms
from conductor.perceive.roster import Roster
from conductor.perceive.score import Expected, Scores, score

Floats = NDArray[np.float64]

_LAST = SHORT_TICKS - 1
# What is told at the moments of one minute (and kept under it) was counted in the ticks that end there.


def where_awaited(
    windows: Windows, rooms: Rooms, roster: Roster, polls: Polls, expected: Expected, scores: Scores, now: float
) -> Floats:
    """The scores, shape (rooms,); without the agent's own polls and the votes in them where an effect is awaited."""
    watched = rooms.watched[: rooms.used]
    if not watched.any():
        return scores.value
    seen = observe(windows, rooms, roster, polls, now, unprompted=True)
    return np.where(watched, score(seen, expected).value, scores.value)


def of_the_minute(
    ledger: Ledger, rooms: Rooms, roster: Roster, polls: Polls, feed: Feed, baseline: Baseline, expected: Expected
) -> Floats | None:
    """Scores of the minute that ended with the last tick, shape (rooms,); None at every other tick.

    However much the agent does, and whatever the score that is shown may look back on, it is the same minute in every
    room, so that rooms can be compared in which more or less was done. NaN where nobody knows: where people answered
    the agent in that minute, and where the feed is lost or has just come back.
    """
    tick, used = ledger.tick, rooms.used
    if tick % SHORT_TICKS != _LAST:
        return None
    now, first = tick * TICK_S, tick - SHORT_TICKS
    windows = look(
        ledger, np.maximum(rooms.started[:used], first), rooms.started[:used], baseline.events_per_tick(used)
    )
    found = score(observe(windows, rooms, roster, polls, now, unprompted=True), expected).value
    answering = rooms.answering[:used] | (rooms.answered[:used] > first)
    is_known = ~answering & (feed.settled_ticks(used, now) >= SHORT_TICKS) & rooms.open_rows()
    return np.where(is_known, found, np.nan)
