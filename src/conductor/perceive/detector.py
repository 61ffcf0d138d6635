"""Evidence that a room has fallen: two detectors behind one shape, of which the default won the benchmark.

`sequential` weighs the counts (`evidence.py`); how unusual the room looks otherwise, to half-space trees and to a
z-score of its score, decides how readily it believes them. `hybrid` is the original documents' plain mixture of
those two, 0.7 and 0.3, without the counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from conductor.perceive.evidence import EXITS, FALLS, STRETCHES, EvidenceParams, Stretch, weigh
from conductor.perceive.forest import Forest, ForestParams, ForestState, Trees, grow_trees

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

DetectorState = tuple[ForestState, Floats]
"""What a detector knows of a session: masses of the forest, sums of the z-score."""

FEATURES = 4
"""What the forest looks at: score, chat level, active level, staying level, all in [0, 1]."""


class DetectorName(StrEnum):
    """Detectors to choose from."""

    SEQUENTIAL = "sequential"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class DetectorParams:
    """Which detector, and its constants.

    Attributes:
        forest_weight: Weight of the forest beside the z-score (the documents' 0.7 to 0.3).
        z_full: A z-score so far below 0 counts as 1; three standard deviations by convention.
        z_memory_ticks: Memory of the z-score's mean and variance: the documents' ten minutes.
        least_sd: Standard deviation of the score that is taken at least, so that tiny variances raise nothing.
        sway: How much a perfectly unusual (or usual) room multiplies (or divides) the hazard.
    """

    name: DetectorName = DetectorName.SEQUENTIAL
    evidence: EvidenceParams = field(default_factory=EvidenceParams)
    forest: ForestParams = field(default_factory=ForestParams)
    forest_weight: float = 0.7
    z_full: float = 3.0
    z_memory_ticks: float = 120.0
    least_sd: float = 0.02
    sway: float = 1.5


@dataclass(frozen=True, slots=True)
class View:
    """What a detector gets to see of a tick, one entry a room.

    Attributes:
        counts: Events in each of `STRETCHES` up to now, shape (stretches, rooms).
        usable: Ticks that may be looked back at, shape (rooms,).
        normal: Events that are normal in a tick, shape (rooms,).
        known: Events that `normal` rests on, shape (rooms,).
        spread: How many times the usual variance the counts have here, shape (rooms,).
        fallen: Rooms that had fallen before what may be looked at, shape (rooms,).
        leaves: People who left in each of `STRETCHES` up to now, shape (stretches, rooms).
        usual_leaves: How many leave in a tick normally, shape (rooms,).
        score: Of the tick, in [0, 1], shape (rooms,).
        features: What the forest looks at, in [0, 1], shape (rooms, FEATURES).
    """

    counts: Floats
    usable: Ints
    normal: Floats
    known: Floats
    spread: Floats
    fallen: Mask
    leaves: Floats
    usual_leaves: Floats
    score: Floats
    features: Floats


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a detector says of a tick.

    Attributes:
        evidence: In [0, 1], shape (rooms,).
        stretch: Where the fall can be seen.
        exits: Whether it is people leaving that is the evidence, shape (rooms,).
    """

    evidence: Floats
    stretch: Stretch
    exits: Mask


class Detector(Protocol):
    """Evidence of falls, tick by tick; rises are never evidence."""

    def detect(self, view: View) -> Verdict:
        """Judge a tick; learns nothing."""

    def learn(self, learning: Mask) -> None:
        """Take in the tick that was judged last, in the rooms that are learning, shape (rooms,)."""

    def grow(self, capacity: int) -> None:
        """Make room for this many sessions."""

    def clear(self, row: int) -> None:
        """Forget a session."""

    def snapshot(self, row: int) -> DetectorState:
        """Everything known of a session."""

    def restore(self, row: int, state: DetectorState) -> None:
        """Put a snapshot back."""


class Hybrid:
    """How unusual a room looks: half-space trees and the z-score of its score.

    While the trees have no window yet the z-score speaks alone, so it works from the first minute.
    """

    def __init__(self, params: DetectorParams, capacity: int, trees: Trees | None = None) -> None:
        self._params = params
        self._forest = Forest(trees or grow_trees(params.forest, FEATURES), params.forest.window, capacity)
        self._keep = 1.0 - 1.0 / params.z_memory_ticks
        self._sums = np.zeros((3, capacity))
        self._leaves: NDArray[np.integer] = np.zeros((0, 0), dtype=np.int64)
        self._score = np.zeros(0)

    def grow(self, capacity: int) -> None:
        """Make room for this many sessions."""
        self._forest.grow(capacity)
        sums = np.zeros((3, capacity))
        sums[:, : self._sums.shape[1]] = self._sums
        self._sums = sums

    def clear(self, row: int) -> None:
        """Forget a session."""
        self._forest.clear(row)
        self._sums[:, row] = 0.0

    def detect(self, view: View) -> Verdict:
        """Unusual and below its mean: evidence."""
        rooms = len(view.score)
        self._score = view.score
        self._leaves = self._forest.leaves(view.features)
        unusual = self._forest.score(self._leaves)
        z = self._z(rooms)
        weight = np.where(self._forest.speaks(rooms), self._params.forest_weight, 0.0)
        mixture = weight * unusual + (1.0 - weight) * np.clip(-z / self._params.z_full, 0.0, 1.0)
        ticks = np.where(view.usable > 0, 1, 0)
        ratio = view.counts[0] / np.maximum(view.normal, 1e-9)
        evidence = np.where((z < 0) & (view.usable > 0), mixture, 0.0)
        return Verdict(evidence, Stretch(ticks, z, ratio), np.zeros(rooms, dtype=np.bool_))

    def learn(self, learning: Mask) -> None:
        """Take in the tick that was judged last."""
        self._forest.learn(self._leaves, learning)
        seen = np.stack([np.ones_like(self._score), self._score, self._score**2])
        sums = self._sums[:, : len(learning)]
        self._sums[:, : len(learning)] = np.where(learning, sums * self._keep + seen, sums)

    def snapshot(self, row: int) -> DetectorState:
        """Everything known of a session."""
        return self._forest.snapshot(row), self._sums[:, row].copy()

    def restore(self, row: int, state: DetectorState) -> None:
        """Put a snapshot back."""
        forest, sums = state
        self._forest.restore(row, forest)
        self._sums[:, row] = sums

    def _z(self, rooms: int) -> Floats:
        weight, first, second = self._sums[:, :rooms]
        mean = first / np.maximum(weight, 1.0)
        variance = np.maximum(second / np.maximum(weight, 1.0) - mean**2, self._params.least_sd**2)
        known = weight >= _Z_TICKS
        return np.where(known, (self._score - mean) / np.sqrt(variance), 0.0)


_Z_TICKS = 6.0
"""A z-score needs half a minute of scores to stand on."""


EXIT_PEOPLE = 5
"""Fewer people than this leaving are no mass (stated guess)."""

EXIT_KNOWN = 4.0
"""What is normal for leaving is known only as well as four people's leaving would tell (stated guess)."""


class Sequential:
    """Counts decide whether a room has fallen; how unusual it looks decides how readily that is believed."""

    def __init__(self, params: DetectorParams, capacity: int, trees: Trees | None = None) -> None:
        self._params = params
        self._hybrid = Hybrid(params, capacity, trees)
        self.grow = self._hybrid.grow
        self.clear = self._hybrid.clear
        self.learn = self._hybrid.learn
        self.snapshot = self._hybrid.snapshot
        self.restore = self._hybrid.restore

    def detect(self, view: View) -> Verdict:
        """Weigh the counts: of what people do, and of people who leave."""
        unusual = self._hybrid.detect(view).evidence
        # Half unusual is neutral; more makes a fall likelier beforehand, less makes it less likely.
        hazard = self._params.sway ** (2.0 * unusual - 1.0)
        params = self._params.evidence
        evidence, stretch = weigh(
            params, FALLS, view.counts, view.usable, view.normal, view.known, view.spread, hazard, view.fallen
        )
        verdict = Verdict(evidence, stretch, np.zeros(len(evidence), dtype=np.bool_))
        leaving = np.flatnonzero(view.leaves[-1] >= EXIT_PEOPLE)
        if len(leaving):
            self._weigh_exits(view, leaving, verdict)
        return verdict

    def _weigh_exits(self, view: View, rows: Ints, verdict: Verdict) -> None:
        """Where leaving is the stronger evidence, put it in the place of the other."""
        evidence, stretch = verdict.evidence, verdict.stretch
        known = np.full(len(rows), EXIT_KNOWN)
        counts, usable = view.leaves[:, rows], view.usable[rows]
        exits, where = weigh(
            self._params.evidence, EXITS, counts, usable, view.usual_leaves[rows], known, np.ones(len(rows))
        )
        stronger = (exits > evidence[rows]) & (where.ratio > 1.0)
        chosen = rows[stronger]
        verdict.exits[chosen] = True
        evidence[chosen] = exits[stronger]
        stretch.ticks[chosen] = where.ticks[stronger]
        stretch.deviation[chosen] = -where.deviation[stronger]
        stretch.ratio[chosen] = 1.0 / where.ratio[stronger]


def make_detector(params: DetectorParams, capacity: int, trees: Trees | None = None) -> Detector:
    """The detector that the parameters name; with trees of its own, or else the given ones."""
    chosen: type[Sequential | Hybrid] = Sequential if params.name is DetectorName.SEQUENTIAL else Hybrid
    return chosen(params, capacity, trees)


LOOKBACK_TICKS = int(STRETCHES[-1])
"""No detector looks further back than this."""
