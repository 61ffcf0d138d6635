"""How rooms do without what the agent prompted: votes in its own polls, and what people answer to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from conductor.perceive.answers import Answers
from conductor.perceive.baseline import Baseline
from conductor.perceive.feed import Feed
from conductor.perceive.ledger import SHORT_TICKS, TICK_S, Ledger
from conductor.perceive.observe import Windows, exactly, look, observe
from conductor.perceive.polls import Polls
from conductor.perceive.rooms import Rooms
from conductor.perceive.roster import Roster
from conductor.perceive.score import Expected, Scores, score

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LAST = SHORT_TICKS - 1
# What is told at the moments of one minute (and kept under it) was counted in the ticks that end there.


@dataclass(frozen=True, slots=True)
class Unprompted:
    """Scores without what the agent prompted.

    Every minute is scored by itself, the same minute in every room, however much the agent does there and whatever the
    score that is shown looks back on: so rooms can be compared in which more or less was done.
    """

    ledger: Ledger
    rooms: Rooms
    roster: Roster
    polls: Polls
    feed: Feed
    baseline: Baseline

    def where_awaited(self, windows: Windows, expected: Expected, scores: Scores, now: float) -> Floats:
        """The scores, shape (rooms,); without its own polls and votes in them where an effect is awaited."""
        watched = self.rooms.watched[: self.rooms.used]
        if not watched.any():
            return scores.value
        seen = observe(windows, self.rooms, self.roster, self.polls, now, unprompted=True)
        return np.where(watched, score(seen, expected).value, scores.value)

    def begin_answers(self, row: int) -> None:
        """The agent has shown something: people answer it now."""
        facts, rooms, tick = self.rooms.facts[row], self.rooms, self.ledger.tick
        known = facts.answers
        if known is not None and known.since is not None:
            return
        normal = self.baseline.events_per_tick(rooms.used)
        windows = look(self.ledger, rooms.since[: rooms.used], rooms.started[: rooms.used], normal)
        ticks = int(windows.short_s[row] / TICK_S)
        before = float(self._active(self._minute_began())[row])
        if known is not None and tick - ticks < known.until:
            # As far back as one looks they were answering something else: what was usual before that still is.
            facts.answers = replace(known, since=tick, active_before=before)
            return
        usual = windows.short[:, row] / ticks
        usual_active = float(self._active(tick - ticks)[row]) / ticks
        beyond, active_beyond = (np.zeros(len(usual)), 0.0) if known is None else (known.beyond, known.active_beyond)
        facts.answers = Answers(usual, usual_active, tick, before, beyond, active_beyond)

    def end_answers(self, row: int) -> None:
        """They have answered, or nobody waits for it any more."""
        known = self.rooms.facts[row].answers
        if known is not None and known.since is not None:
            self.rooms.facts[row].answers = self._counted(row, known, self._minute_began())

    def minute(self, expected: Expected, now: float) -> Floats | None:
        """Scores of the minute that ends with the last tick, shape (rooms,); None at every other tick.

        NaN where nobody knows: where the feed is lost or has just come back.
        """
        rooms, used, tick = self.rooms, self.rooms.used, self.ledger.tick
        if tick % SHORT_TICKS != _LAST:
            return None
        begun = np.maximum(rooms.started[:used], tick - SHORT_TICKS)
        windows = exactly(self.ledger, np.maximum(tick - begun, 1))
        seen = observe(windows, rooms, self.roster, self.polls, now, unprompted=True)
        beyond = self._beyond(tick - SHORT_TICKS)
        if beyond:
            for row, answers in beyond.items():
                windows.short[:, row] = np.maximum(windows.short[:, row] - answers.beyond, 0.0)
            active = seen.active
            seen = observe(windows, rooms, self.roster, self.polls, now, unprompted=True)
            for row, answers in beyond.items():
                seen.active[row] = max(active[row] - answers.active_beyond, 0.0)
        is_known = (self.feed.settled_ticks(used, now) >= SHORT_TICKS) & rooms.open_rows()
        return np.where(is_known, score(seen, expected).value, np.nan)

    def _beyond(self, began: int) -> dict[int, Answers]:
        """Rooms in which people answered in the minute that is over; where they still do, another minute begins."""
        found: dict[int, Answers] = {}
        for row, facts in self.rooms.facts.items():
            known = facts.answers
            if known is None:
                continue
            found[row] = known if known.since is None else self._counted(row, known, began)
            facts.answers = known.in_the_next_minute(self.ledger.tick, SHORT_TICKS)
        return found

    def _counted(self, row: int, known: Answers, began: int) -> Answers:
        ticks = self.ledger.tick - (self.ledger.tick if known.since is None else known.since)
        counts = self.ledger.window_of(np.array([row]), np.array([ticks]))[:, 0].astype(np.float64)
        return known.counted(counts, float(self._active(began)[row]), ticks, self.ledger.tick)

    def _minute_began(self) -> int:
        """First tick of the minute that is being filled."""
        return self.ledger.tick - (self.ledger.tick - _LAST) % SHORT_TICKS

    def _active(self, since: int) -> Ints:
        """People in each room who did something unprompted from this tick on, shape (rooms,)."""
        return self.roster.active_count(np.full(self.rooms.used, since * TICK_S), unprompted=True)
