"""What is normal for sessions of a kind, learned from sessions that have ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.domain.engagement import Norm
from conductor.domain.sessions import Phase, SessionType, SizeBucket

HABITS = ("chat", "reactions", "active", "leaves", "voting")
"""What a norm speaks of; all of it a person: messages, reactions and leaves a minute, shares of active and of
voting people."""

FIRST_GUESS: dict[SessionType, tuple[float, float, float, float, float]] = {
    # Chat and reactions of panels and meetings: recorded public calls of 15 to 92 people had 0.03 to 0.20
    # messages and 0.02 to 0.04 reactions a person and minute, and 15 to 25 % of those known were active within
    # five minutes. The other formats, leaving, and voting are stated guesses; a session's own counts outweigh
    # them within minutes.
    SessionType.PANEL: (0.05, 0.04, 0.20, 0.010, 0.50),
    SessionType.MEETING: (0.08, 0.04, 0.25, 0.005, 0.60),
    SessionType.WORKSHOP: (0.08, 0.04, 0.30, 0.005, 0.60),
    SessionType.TALK: (0.05, 0.04, 0.20, 0.010, 0.50),
    SessionType.KEYNOTE: (0.04, 0.05, 0.15, 0.010, 0.40),
}

GUESS_PERSON_MIN = 600.0
"""What the first guess weighs beside measured norms, in person-minutes: ten people for an hour."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """The kind of session that a norm is for."""

    type: SessionType
    size: SizeBucket
    phase: Phase


class Norms:
    """Norms of all kinds of sessions; a kind never seen falls back on its type, and that on the first guess."""

    def __init__(self, known: Iterable[Norm] = ()) -> None:
        self._sums: dict[Kinship, NDArray[np.float64]] = {}
        for norm in known:
            kin = Kinship(norm.session_type, norm.session_size_bucket, norm.phase)
            self._sums[kin] = np.array([norm.person_min, *norm.sums])

    def expect(self, kin: Kinship) -> NDArray[np.float64]:
        """What is normal, in the order of `HABITS`, shape (5,)."""
        guess = np.array(FIRST_GUESS[kin.type])
        of_type = self._mean(guess, [s for k, s in self._sums.items() if k.type is kin.type])
        own = self._sums.get(kin)
        return of_type if own is None else self._mean(of_type, [own])

    def absorb(self, kin: Kinship, habits: NDArray[np.float64], person_min: float) -> None:
        """Take in what a session of this kind was like over so many person-minutes."""
        seen = np.concatenate([[person_min], habits * person_min])
        self._sums[kin] = self._sums.get(kin, np.zeros(1 + len(HABITS))) + seen

    def known(self) -> tuple[Norm, ...]:
        """Everything learned, to be stored."""
        return tuple(
            Norm(kin.type, kin.size, kin.phase, float(sums[0]), tuple(sums[1:].tolist()))
            for kin, sums in self._sums.items()
        )

    @staticmethod
    def _mean(prior: NDArray[np.float64], seen: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        weight = GUESS_PERSON_MIN + sum(float(s[0]) for s in seen)
        return (prior * GUESS_PERSON_MIN + sum((s[1:] for s in seen), np.zeros(len(HABITS)))) / weight
