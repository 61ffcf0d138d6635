"""Keeps each session measured against sessions of the kind that it is now."""

from __future__ import annotations

import numpy as np

from conductor.domain.sessions import LARGE_FROM, SMALL_BELOW, size_bucket
from conductor.perceive.baseline import Baseline
from conductor.perceive.facts import Facts
from conductor.perceive.norms import Kinship, Norms
from conductor.perceive.rooms import Rooms

SIZE_STEPS = np.array([SMALL_BELOW, LARGE_FROM])
"""Where `size_bucket` steps from one bucket to the next."""


class Kinds:
    """Sessions change their kind when they grow, or pass from one phase to the next."""

    def __init__(self, norms: Norms, rooms: Rooms, baseline: Baseline) -> None:
        self._norms = norms
        self._rooms = rooms
        self._baseline = baseline

    def advance(self, now: float) -> None:
        """Look at those sessions whose size or phase may have changed."""
        rooms, used = self._rooms, self._rooms.used
        size = np.searchsorted(SIZE_STEPS, rooms.present[:used], side="right")
        due = rooms.is_open[:used] & ((size != rooms.size[:used]) | (now >= rooms.phase_until[:used]))
        rooms.size[:used] = size
        for row in np.flatnonzero(due).tolist():
            facts = rooms.facts[row]
            rooms.phase_until[row] = facts.phase_until(now)
            self.renew(row, facts, now)

    def renew(self, row: int, facts: Facts, now: float) -> None:
        """Measure one session against the norm of its kind, if that is another one now."""
        kin = Kinship(facts.profile.type, size_bucket(int(self._rooms.present[row])), facts.phase(now))
        if kin != facts.kin:
            renew = self._baseline.open if facts.kin is None else self._baseline.set_norm
            renew(row, self._norms.expect(kin))
            facts.kin = kin
