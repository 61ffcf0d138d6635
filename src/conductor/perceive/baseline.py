"""What is normal for this session: its kind's norm, and more and more what the session itself has been like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.domain.signals import Kind
from conductor.perceive.ledger import TICK_S, Ledger
from conductor.perceive.norms import HABITS
from conductor.perceive.score import NORMAL_LEVEL, Expected

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

TICK_MIN = TICK_S / 60.0
MINUTE_TICKS = 12

EVENTS = [int(kind) for kind in (Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION)]
"""What counts as an event of the audience. Votes don't: a poll makes them come and go."""


@dataclass(frozen=True, slots=True)
class BaselineParams:
    """How a session's own normal is learned.

    The figures were chosen on recorded sessions, thinned and not (`benchmarks/detection.py`), from a broad flat
    optimum: memory between 7 and 10 minutes and lag between 60 and 90 s do as well.

    Attributes:
        memory_ticks: Time constant of forgetting: 8 min.
        lag_ticks: How old a tick is when it is learned, so that a fall does not lower what it is measured
            against: 60 s.
        first_lag_ticks: The same in a session's first moments; it grows with half the session's age.
        burst_sd: A tick's count is cut at so many standard deviations above normal before it is learned: a
            burst of greetings is no new normal.
        minute_dispersion: Variance over mean of a minute's count in an ordinary room, as the detector assumes it.
        spread_memory_ticks: Time constant of forgetting how bursty the room is: 15 min.
        spread_prior_ticks: What the ordinary room weighs beside its own minutes: 3 min.
        spread_clip: No single minute says more than three standard deviations.
        spread_most: No room is taken to be more bursty than this many times the ordinary.
        norm_ticks: What the norm of the kind weighs beside the session's own ticks: 2 min.
    """

    memory_ticks: float = 96.0
    lag_ticks: int = 12
    first_lag_ticks: int = 2
    burst_sd: float = 2.0
    minute_dispersion: float = 2.1
    spread_memory_ticks: float = 180.0
    spread_prior_ticks: float = 36.0
    spread_clip: float = 9.0
    spread_most: float = 4.0
    norm_ticks: float = 24.0


class Baseline:
    """Two memories of each session: of its events as such, for the detector, and of its habits, for the score."""

    def __init__(self, params: BaselineParams, capacity: int) -> None:
        self._params = params
        self._keep = 1.0 - 1.0 / params.memory_ticks
        self.events = np.zeros(capacity)
        self.ticks = np.zeros(capacity)
        self._habits = np.zeros((len(HABITS), capacity))
        self._person_min = np.zeros(capacity)
        self._poll_people = np.zeros(capacity)
        self._norm = np.ones((len(HABITS), capacity))
        self._scores = np.zeros((2, capacity))
        self._spread = np.zeros((2, capacity))

    def grow(self, capacity: int) -> None:
        """Make room for this many sessions."""
        for name in ("events", "ticks", "_habits", "_person_min", "_poll_people", "_norm", "_scores", "_spread"):
            old = getattr(self, name)
            new = np.zeros((*old.shape[:-1], capacity))
            new[..., : old.shape[-1]] = old
            setattr(self, name, new)

    def open(self, row: int, norm: Floats) -> None:
        """Begin a session of a kind with this norm (in the order of `HABITS`)."""
        for column in (self.events, self.ticks, self._person_min, self._poll_people):
            column[row] = 0.0
        self._habits[:, row] = 0.0
        self._scores[:, row] = 0.0
        self._spread[:, row] = 0.0
        self._norm[:, row] = norm

    def set_norm(self, row: int, norm: Floats) -> None:
        """The session turned out to be of another kind, or is in another phase."""
        self._norm[:, row] = norm

    def lag(self, age: Ints) -> Ints:
        """How old a tick is when it is learned, for sessions of this age in ticks, shape (rooms,)."""
        return np.clip(age // 2, self._params.first_lag_ticks, self._params.lag_ticks)

    def learn(self, ledger: Ledger, age: Ints, learning: Mask, present: Floats, active_ratio: Floats) -> None:
        """Take in one tick of each room that is learning.

        Args:
            ledger: Counts.
            age: Ticks since the room's first, or since its feed came back, shape (rooms,).
            learning: Which rooms learn now, shape (rooms,).
            present: People in the room, shape (rooms,).
            active_ratio: Share of them who did something within five minutes, shape (rooms,).
        """
        lag = self.lag(age)
        # While the lag grows no tick comes due: it would be the one that was learned last.
        rows = np.flatnonzero(learning & (age > lag) & (lag == self.lag(age - 1)))
        if not len(rows):
            return
        counts = ledger.window_of(rows, 1, lag[rows]).astype(np.float64)
        chat, reactions, leaves = _sorted(counts)
        self._learn_spread(rows[age[rows] >= lag[rows] + MINUTE_TICKS], ledger, lag)
        self._learn_events(rows, chat + reactions)
        people = np.maximum(present[rows], 1.0)
        minutes = people * TICK_MIN
        seen = np.stack([chat, reactions, active_ratio[rows] * minutes, leaves])
        self._habits[:4, rows] = self._habits[:4, rows] * self._keep + seen
        self._person_min[rows] = self._person_min[rows] * self._keep + minutes

    def _learn_spread(self, rows: Ints, ledger: Ledger, lag: Ints) -> None:
        """See how far a minute's count lies from what is normal, in units of the usual variance."""
        counts = ledger.window_of(rows, MINUTE_TICKS, lag[rows])[EVENTS].sum(axis=0).astype(np.float64)
        normal = MINUTE_TICKS * self.events[rows] / np.maximum(self.ticks[rows], 1.0)
        usual = np.maximum(self._params.minute_dispersion * normal, 0.3)
        squares = np.minimum((counts - normal) ** 2 / usual, self._params.spread_clip)
        keep = 1.0 - 1.0 / self._params.spread_memory_ticks
        self._spread[:, rows] = self._spread[:, rows] * keep + np.stack([squares, np.ones_like(squares)])

    def spread(self, rooms: int) -> Floats:
        """How many times the usual variance the counts of each of the first rooms have, at least 1."""
        squares, weight = self._spread[:, :rooms]
        prior = self._params.spread_prior_ticks
        ratio: Floats = np.clip((prior + squares) / (prior + weight), 1.0, self._params.spread_most)
        return ratio

    def _learn_events(self, rows: Ints, events: Floats) -> None:
        known = self.ticks[rows] > self._params.lag_ticks
        normal = self.events[rows] / np.maximum(self.ticks[rows], 1.0)
        # Counts of a tick are a little over-dispersed: twice the Poisson variance, and not 0 in a silent room.
        ceiling = normal + self._params.burst_sd * np.sqrt(2.0 * normal + 0.3)
        events = np.where(known, np.minimum(events, ceiling), events)
        self.events[rows] = self.events[rows] * self._keep + events
        self.ticks[rows] = self.ticks[rows] * self._keep + 1.0

    def learn_score(self, scores: Floats, learning: Mask) -> None:
        """Take in this tick's score of the rooms that are learning, shape (rooms,) each."""
        sums = self._scores[:, : len(scores)]
        seen = np.stack([scores, np.ones_like(scores)])
        self._scores[:, : len(scores)] = np.where(learning, sums * self._keep + seen, sums)

    def expected_score(self, rooms: int) -> Floats:
        """What the score of each of the first rooms usually is; the normal level while nothing is known."""
        sums, weights = self._scores[:, :rooms]
        return np.where(weights > 0, sums / np.maximum(weights, 1e-9), NORMAL_LEVEL)

    def learn_poll(self, row: int, voters: int, people: int) -> None:
        """A poll of the host's ended: so many of the people who were there voted."""
        self._habits[4, row] += voters
        self._poll_people[row] += people

    def accept(self, rows: Ints, counts: Floats, ticks: Ints, present: Floats) -> None:
        """What stood as a fall has become the rooms' normal: begin anew from it, as two minutes' worth.

        Args:
            rows: The rooms, shape (n,).
            counts: What was counted since the fall, shape (kinds, n).
            ticks: In how many ticks, at least 1, shape (n,).
            present: People in each of the rooms, shape (n,).
        """
        weight = np.minimum(ticks, self._params.norm_ticks)
        chat, reactions, leaves = _sorted(counts * (weight / ticks))
        self.events[rows] = chat + reactions
        self.ticks[rows] = weight
        minutes = weight * TICK_MIN * np.maximum(present, 1.0)
        active = self._habits[2, rows] / np.maximum(self._person_min[rows], 1e-9) * minutes
        self._habits[:4, rows] = np.stack([chat, reactions, active, leaves])
        self._person_min[rows] = minutes
        self._scores[:, rows] = 0.0

    def events_per_tick(self, rooms: int) -> Floats:
        """Events that are normal in a tick, shape (rooms,)."""
        return self.events[:rooms] / np.maximum(self.ticks[:rooms], 1.0)

    def expected(self, present: Floats) -> Expected:
        """What is normal for each of the rooms with so many people, shape (rooms,)."""
        rooms = len(present)
        norm = self._norm[:, :rooms]
        norm_weight = self._params.norm_ticks * TICK_MIN * np.maximum(present, 1.0)
        weight = np.stack([*[self._person_min[:rooms]] * 4, self._poll_people[:rooms]])
        norm_weights = np.stack([*[norm_weight] * 4, np.maximum(present, 1.0)])
        rate = (self._habits[:, :rooms] + norm * norm_weights) / (weight + norm_weights)
        return Expected(
            chat_per_person_min=rate[0],
            reactions_per_person_min=rate[1],
            active_ratio=np.clip(rate[2], 0.01, 0.99),
            leaves_per_person_min=np.maximum(rate[3], 1e-4),
            voting_ratio=rate[4],
        )

    def habits(self, row: int) -> tuple[Floats, float]:
        """What the session itself has been like (in the order of `HABITS`), and over how many person-minutes."""
        minutes = float(self._person_min[row])
        polled = float(self._poll_people[row])
        own = self._habits[:, row] / max(minutes, 1e-9)
        own[4] = self._habits[4, row] / polled if polled else self._norm[4, row]
        return own, minutes

    def snapshot(self, row: int) -> Floats:
        """Everything known of a session, shape (8 + 2 * habits,)."""
        columns = (self.events, self.ticks, self._person_min, self._poll_people)
        tables = (self._habits, self._norm, self._scores, self._spread)
        return np.concatenate([[c[row] for c in columns], *[t[:, row] for t in tables]])

    def restore(self, row: int, state: Floats) -> None:
        """Put a snapshot back."""
        columns = (self.events, self.ticks, self._person_min, self._poll_people)
        for column, value in zip(columns, state[:4], strict=True):
            column[row] = value
        habits = len(HABITS)
        self._habits[:, row] = state[4 : 4 + habits]
        self._norm[:, row] = state[4 + habits : 4 + 2 * habits]
        self._scores[:, row] = state[4 + 2 * habits : 6 + 2 * habits]
        self._spread[:, row] = state[6 + 2 * habits :]


def _sorted(counts: Floats) -> tuple[Floats, Floats, Floats]:
    """Messages, reactions and leaves among counts, shape (kinds, n)."""
    return counts[Kind.CHAT] + counts[Kind.QUESTION], counts[Kind.REACTION] + counts[Kind.UPVOTE], counts[Kind.LEAVE]
