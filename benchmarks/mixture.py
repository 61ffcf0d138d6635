"""Mixed signals of many sessions at once: what the benchmarks of speed are run on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from conductor.domain.signals import ChatDetail, Detail, Kind, QuestionDetail, ReactionDetail, Signal
from conductor.perceive.ledger import TICK_S

SHARES = {
    Kind.CHAT: 0.32,
    Kind.REACTION: 0.44,
    Kind.QUESTION: 0.06,
    Kind.UPVOTE: 0.16,
    Kind.JOIN: 0.015,
    Kind.LEAVE: 0.005,
}
"""What signals are made of: reactions and messages above all, as in recorded sessions (`recordings/`)."""


def detail_of(kind: Kind, number: int) -> Detail | None:
    """What the signal of this number carries: ids of its own, as on the bus."""
    if kind is Kind.CHAT:
        return ChatDetail(f"{number:036d}", "thanks, that helps a lot", is_question=False)
    if kind is Kind.QUESTION:
        return QuestionDetail(f"{number:036d}", "how does this work with larger groups?")
    if kind is Kind.UPVOTE:
        return QuestionDetail(f"{number:036d}")
    return ReactionDetail("👍") if kind is Kind.REACTION else None


@dataclass(frozen=True, slots=True)
class Size:
    """How many sessions, how many people are in each about, and how many signals they send.

    Attributes:
        with_ids: Whether messages and questions carry ids, as on the bus, by which repetitions are recognised.
    """

    sessions: int = 1500
    people: int = 30
    per_s: float = 2.0
    with_ids: bool = False


class Mixture:
    """Signals tick by tick; the same seed gives the same signals."""

    def __init__(self, size: Size, seed: int) -> None:
        self.size = size
        self.names = [f"session-{number:06d}" for number in range(size.sessions)]
        self._people = [f"{name}-person-{n:03d}" for name in self.names for n in range(size.people)]
        self._rng = np.random.default_rng(seed)
        self._numbers = itertools.count()

    def tick(self, number: int) -> list[Signal]:
        """Signals of one tick, in the order of their times; in tick 0 everybody joins and nothing else happens."""
        if number == 0:
            return self._arrivals()
        size, rng = self.size, self._rng
        count = round(size.sessions * size.per_s * TICK_S)
        sessions = rng.integers(size.sessions, size=count)
        people = sessions * size.people + rng.integers(size.people, size=count)
        kinds = rng.choice(np.array(list(SHARES)), p=list(SHARES.values()), size=count)
        times = (number + np.sort(rng.random(count))) * TICK_S
        return [
            Signal(self.names[session], "benchmark", at, kind, self._people[person], detail=self._detail(kind))
            for session, at, kind, person in zip(
                sessions.tolist(), times.tolist(), map(Kind, kinds.tolist()), people.tolist(), strict=True
            )
        ]

    def _detail(self, kind: Kind) -> Detail | None:
        return detail_of(kind, next(self._numbers)) if self.size.with_ids else None

    def _arrivals(self) -> list[Signal]:
        """Spread over the tick, so that no feed looks as if it had just come back."""
        size = self.size
        return [
            Signal(
                self.names[number // size.people],
                "benchmark",
                TICK_S * (number % size.people) / size.people,
                Kind.JOIN,
                person,
            )
            for number, person in enumerate(self._people)
        ]
