"""Half-space trees over arrays: how unusual a room's present mixture of signals is, for all rooms in one pass.

Tan, Ting and Liu, "Fast Anomaly Detection for Streaming Data", IJCAI 2011. The trees are the same for all rooms
and hold no data, so only the mass of their nodes is kept per room. Given the same trees it gives the same numbers
as River's `HalfSpaceTrees`, which is the oracle in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

ForestState = tuple[NDArray[np.uint8], NDArray[np.uint8], int, bool]
"""A room's reference mass, latest mass, observations of the latest, and whether it has a reference."""

PADDING = 0.15
"""Share of a node's range at each end in which it is not split, as in River's trees."""

SIZE_LIMIT_RATIO = 0.1
"""A node with less than this share of the window is not descended further (the paper's section 4.1)."""


@dataclass(frozen=True, slots=True)
class ForestParams:
    """Shape of a forest; the defaults are those of the original documents for this detector.

    Attributes:
        trees: Number of trees.
        height: Splits on the way from root to leaf.
        window: Observations after which the reference mass is renewed; 255 at most, so that mass fits a byte.
        seed: Of the splits.
    """

    trees: int = 10
    height: int = 8
    window: int = 100
    seed: int = 42


@dataclass(frozen=True, slots=True)
class Trees:
    """Splits of complete binary trees; node `i` has the children `2 i + 1` and `2 i + 2`.

    Attributes:
        features: Feature that an inner node looks at, shape (trees, 2**height - 1).
        thresholds: Values below it go left, same shape.
        height: Splits on the way from root to leaf.
    """

    features: NDArray[np.int64]
    thresholds: Floats
    height: int


def grow_trees(params: ForestParams, features: int) -> Trees:
    """Random splits of the unit cube with so many features."""
    rng = np.random.default_rng(params.seed)
    inner = 2**params.height - 1
    chosen = rng.integers(features, size=(params.trees, inner))
    at = rng.uniform(PADDING, 1 - PADDING, size=(params.trees, inner))
    thresholds = np.empty((params.trees, inner))
    for tree in range(params.trees):
        low = np.zeros((2 * inner + 1, features))
        high = np.ones((2 * inner + 1, features))
        for node in range(inner):
            feature = chosen[tree, node]
            bottom, top = low[node, feature], high[node, feature]
            split = bottom + at[tree, node] * (top - bottom)
            thresholds[tree, node] = split
            for child in (2 * node + 1, 2 * node + 2):
                low[child], high[child] = low[node], high[node]
            high[2 * node + 1, feature] = low[2 * node + 2, feature] = split
    return Trees(chosen, thresholds, params.height)


class Forest:
    """Mass per room, tree and node; 10 kB a room with ten trees of height 8."""

    def __init__(self, trees: Trees, window: int, capacity: int) -> None:
        if not 1 <= window <= 255:
            msg = f"window is {window}; it has to be from 1 to 255"
            raise ValueError(msg)
        self._trees = trees
        self._window = window
        count, inner = trees.features.shape
        self._nodes = 2 * inner + 1
        self._top_score = count * window * (2 ** (trees.height + 1) - 1)
        self._offsets = np.arange(count) * self._nodes
        self._split_offsets = np.arange(count) * inner
        self._flat_features = trees.features.ravel()
        self._flat_thresholds = trees.thresholds.ravel()
        self._reference = np.zeros((capacity, count * self._nodes), dtype=np.uint8)
        self._latest = np.zeros_like(self._reference)
        self._learned = np.zeros(capacity, dtype=np.uint8)
        self._speaks = np.zeros(capacity, dtype=np.bool_)

    def grow(self, capacity: int) -> None:
        """Make room for this many sessions."""
        for name in ("_reference", "_latest", "_learned", "_speaks"):
            old = getattr(self, name)
            new = np.zeros((capacity, *old.shape[1:]), dtype=old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)

    def clear(self, row: int) -> None:
        """Forget a session."""
        self._reference[row] = self._latest[row] = 0
        self._learned[row] = 0
        self._speaks[row] = False

    def speaks(self, rows: int) -> Mask:
        """Which of the first rooms have seen a whole window, without which there is nothing to compare with."""
        return self._speaks[:rows]

    def paths(self, features: Floats) -> NDArray[np.int64]:
        """Nodes that each room passes through.

        Args:
            features: Shape (rooms, features), in [0, 1].

        Returns:
            Shape (height + 1, rooms, trees): indices into a room's row of masses.
        """
        rooms, width = features.shape
        flat = features.ravel()
        start = (np.arange(rooms) * width)[:, None]
        node = np.zeros((rooms, len(self._offsets)), dtype=np.int64)
        passed = np.empty((self._trees.height + 1, *node.shape), dtype=np.int64)
        passed[0] = self._offsets
        for depth in range(self._trees.height):
            split = node + self._split_offsets
            value = flat.take(start + self._flat_features.take(split))
            node = 2 * node + 1
            node += value >= self._flat_thresholds.take(split)
            np.add(node, self._offsets, out=passed[depth + 1])
        return passed

    def score(self, paths: NDArray[np.int64]) -> Floats:
        """How unusual each room is, in [0, 1]: high where few observations fell; 0 while a room has no window.

        Args:
            paths: From `paths`.
        """
        height, rooms, count = paths.shape[0] - 1, paths.shape[1], paths.shape[2]
        row_starts = (np.arange(rooms) * self._reference.shape[1])[:, None]
        masses = self._reference.reshape(-1)
        limit = SIZE_LIMIT_RATIO * self._window
        going = np.ones((rooms, count), dtype=np.bool_)
        total = np.zeros((rooms, count), dtype=np.int64)
        for depth in range(height + 1):
            mass = masses.take(row_starts + paths[depth])
            total += np.where(going, mass.astype(np.int64) << depth, 0)
            going &= mass >= limit
        unusual = 1.0 - total.sum(axis=1) / self._top_score
        return np.where(self._speaks[:rooms], unusual, 0.0)

    def learn(self, paths: NDArray[np.int64], learning: Mask) -> None:
        """Take in this tick's observation of the rooms that are learning, shape (rooms,)."""
        chosen = np.flatnonzero(learning)
        if not len(chosen):
            return
        starts = (chosen * self._latest.shape[1])[:, None]
        masses = self._latest.reshape(-1)
        for nodes in paths:
            # A room passes each tree once a depth, so no index occurs twice and += adds every one.
            masses[starts + nodes[chosen]] += 1
        self._learned[chosen] += 1
        full = chosen[self._learned[chosen] == self._window]
        self._reference[full] = self._latest[full]
        self._latest[full] = 0
        self._learned[full] = 0
        self._speaks[full] = True

    def snapshot(self, row: int) -> ForestState:
        """Everything that a room's forest knows."""
        reference, latest = self._reference[row].copy(), self._latest[row].copy()
        return reference, latest, int(self._learned[row]), bool(self._speaks[row])

    def restore(self, row: int, state: ForestState) -> None:
        """Put a snapshot back."""
        self._reference[row], self._latest[row], self._learned[row], self._speaks[row] = state
