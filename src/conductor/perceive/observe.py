"""Counts → what is observed of each room, in windows that reach back no further than they may."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.domain.signals import Kind
from conductor.perceive.evidence import STRETCHES
from conductor.perceive.ledger import LONG_TICKS, SHORT_TICKS, TICK_S, Ledger
from conductor.perceive.polls import Polls
from conductor.perceive.rooms import Rooms
from conductor.perceive.roster import Roster
from conductor.perceive.score import Observed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LONG_WEIGHT = 0.5
"""Rates are half of the last minute and half of the last five: quick, and yet calm at a few messages a minute."""


LEAST_EVENTS = 10.0
"""With so many events expected a count lies within a third of its mean two times in three (Poisson)."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Counts of the two windows of each room.

    Attributes:
        short: Shape (kinds, rooms); `short_s` is its length, shape (rooms,).
        long: Likewise.
    """

    short: Floats
    short_s: Floats
    long: Floats
    long_s: Floats


def look(ledger: Ledger, since: Ints, started: Ints, normal: Floats) -> Windows:
    """Counts since the given ticks, of a minute and of five minutes at most.

    However short the time since, a window holds enough for `LEAST_EVENTS` normally: a few seconds of a quiet room
    say nothing. It is one tick at least, and reaches back no further than a minute, nor than the session's start.

    Args:
        ledger: Counts.
        since: First tick that counts, shape (rooms,).
        started: First tick of the session, shape (rooms,).
        normal: Events that are normal in a tick, shape (rooms,).
    """
    least = np.clip(np.ceil(LEAST_EVENTS / np.maximum(normal, 1e-9)), 1, SHORT_TICKS).astype(np.int64)
    age = np.maximum(ledger.tick - since, np.minimum(least, np.maximum(ledger.tick - started, 1)))
    short, short_ticks = _window(ledger, age, SHORT_TICKS)
    long, long_ticks = _window(ledger, age, LONG_TICKS)
    return Windows(short, short_ticks * TICK_S, long, long_ticks * TICK_S)


def exactly(ledger: Ledger, ticks: Ints) -> Windows:
    """Counts of the last so many ticks of each room, 1 to a minute of them: both windows are the same."""
    counts, length = _window(ledger, ticks, SHORT_TICKS)
    return Windows(counts, length * TICK_S, counts, length * TICK_S)


def _window(ledger: Ledger, age: Ints, ticks: int) -> tuple[Floats, Floats]:
    counts = ledger.window(ticks)[:, : len(age)].astype(np.float64)
    young = np.flatnonzero(age < ticks)
    if len(young):
        counts[:, young] = ledger.window_of(young, age[young])
    return counts, np.minimum(age, ticks).astype(np.float64)


def stretches(ledger: Ledger, rooms: int, kinds: list[int]) -> Floats:
    """Counts of these kinds together in each of `STRETCHES` up to now, shape (stretches, rooms)."""
    return ledger.windows(STRETCHES, kinds, rooms).astype(np.float64)


def observe(
    windows: Windows, rooms: Rooms, roster: Roster, polls: Polls, now: float, *, unprompted: bool = False
) -> Observed:
    """What is observed of each room.

    Args:
        windows: From `look`.
        rooms: The open sessions.
        roster: Their people.
        polls: Their polls.
        now: End of the tick.
        unprompted: Leave out polls of the agent's own, and the votes in them.
    """
    used = rooms.used
    voters = np.zeros(used)
    polling = np.zeros(used, dtype=np.bool_)
    for row, counting in polls.counting(now):
        votes = [poll.votes for poll in counting if not (unprompted and poll.by_agent)]
        if votes:
            polling[row] = True
            voters[row] = max(votes)
    present = rooms.present[:used].astype(np.float64)
    active = roster.active_count(now - windows.long_s, unprompted=unprompted)
    leaves = windows.short[Kind.LEAVE] * 60.0 / windows.short_s
    return Observed(
        chat_per_min=_rate(windows, Kind.CHAT, Kind.QUESTION),
        reactions_per_min=_rate(windows, Kind.REACTION, Kind.UPVOTE),
        voters=np.minimum(voters, np.maximum(present, 1.0)),
        polling=polling,
        active=active.astype(np.float64),
        leaves_per_min=leaves,
        present=present,
        span_s=windows.long_s,
        has_chat=rooms.has_chat[:used].copy(),
        has_reactions=rooms.has_reactions[:used].copy(),
        has_presence=rooms.has_presence[:used].copy(),
    )


def _rate(windows: Windows, first: Kind, second: Kind) -> Floats:
    """Counts of two kinds a minute, as the mean of both windows."""
    short = (windows.short[first] + windows.short[second]) / windows.short_s
    long = (windows.long[first] + windows.long[second]) / windows.long_s
    rate: Floats = 60.0 * ((1.0 - LONG_WEIGHT) * short + LONG_WEIGHT * long)
    return rate
