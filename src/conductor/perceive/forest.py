"""Half-space trees over arrays: how unusual a room's present mixture of signals is, for all rooms in one pass.

Tan, Ting and Liu, "Fast Anomaly Detection for Streaming Data", IJCAI 2011. The trees are the same for all rooms
and hold no data, so only what fell into their leaves is kept per room. Given the same trees it gives the same numbers
as River's `HalfSpaceTrees`, which is the oracle in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]
Mask = NDArray[np.bool_]

ForestState = tuple[Ints, Ints, int, bool]
"""What a room's leaves are worth, the leaves it has fallen into since, how many, and whether a window was full."""

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
        window: Observations after which the reference mass is renewed; 255 at most, so that their number fits a byte.
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
    """What each room has shown its trees; 6 kB a room with ten trees of height 8 and a window of 100.

    A room's score depends only on the leaves it falls into, until its window is full. So what each leaf is worth is
    worked out once a window and kept, and of the window being filled only the leaves are kept.
    """

    def __init__(self, trees: Trees, window: int, capacity: int) -> None:
        if not 1 <= window <= 255:
            msg = f"window is {window}; it has to be from 1 to 255"
            raise ValueError(msg)
        self._trees = trees
        self._window = window
        count, inner = trees.features.shape
        self._leaves = inner + 1
        # Nodes are numbered through all trees; the left child of a node, and one after it the right one.
        self._roots = np.arange(count) * inner
        self._left = 2 * np.arange(count * inner) + 1 - self._roots.repeat(inner)
        most = window * (2 ** (trees.height + 1) - 1)
        self._top_score = count * most
        self._worth = np.zeros((capacity, count, self._leaves), dtype=np.min_scalar_type(most))
        self._seen = np.zeros((capacity, window, count), dtype=np.min_scalar_type(inner))
        self._learned = np.zeros(capacity, dtype=np.uint8)
        self._speaks = np.zeros(capacity, dtype=np.bool_)

    def grow(self, capacity: int) -> None:
        """Make room for this many sessions."""
        for name in ("_worth", "_seen", "_learned", "_speaks"):
            old = getattr(self, name)
            new = np.zeros((capacity, *old.shape[1:]), dtype=old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)

    def clear(self, row: int) -> None:
        """Forget a session."""
        self._worth[row] = 0
        self._learned[row] = 0
        self._speaks[row] = False

    def speaks(self, rows: int) -> Mask:
        """Which of the first rooms have seen a whole window, without which there is nothing to compare with."""
        return self._speaks[:rows]

    def leaves(self, features: Floats) -> Ints:
        """Leaves that each room falls into.

        Args:
            features: Shape (rooms, features), in [0, 1].

        Returns:
            Number of the leaf in each tree, from left to right, shape (rooms, trees).
        """
        rooms, width = features.shape
        _, inner = self._trees.features.shape
        flat = features.ravel()
        at_feature, at_threshold = self._trees.features.ravel(), self._trees.thresholds.ravel()
        starts = (np.arange(rooms) * width)[:, None]
        # All rooms stand at the roots, so their first step needs no looking up.
        node: Ints = self._left.take(self._roots) + (
            features.take(at_feature.take(self._roots), axis=1) >= at_threshold.take(self._roots)
        )
        for _ in range(self._trees.height - 1):
            cell = at_feature.take(node)
            cell += starts
            right = flat.take(cell) >= at_threshold.take(node)
            node = self._left.take(node)
            node += right
        node -= self._roots + inner
        return node

    def score(self, leaves: Ints) -> Floats:
        """How unusual each room is, in [0, 1]: high where few observations fell; 0 while a room has no window.

        Args:
            leaves: From `leaves`.
        """
        rooms, count = leaves.shape
        starts = (np.arange(rooms * count) * self._leaves).reshape(rooms, count)
        total = self._worth.reshape(-1).take(starts + leaves).sum(axis=1, dtype=np.int64)
        return np.where(self._speaks[:rooms], 1.0 - total / self._top_score, 0.0)

    def learn(self, leaves: Ints, learning: Mask) -> None:
        """Take in this tick's observation of the rooms that are learning, shape (rooms,)."""
        chosen = np.flatnonzero(learning)
        self._seen[chosen, self._learned[chosen]] = leaves[chosen]
        self._learned[chosen] += 1
        full = chosen[self._learned[chosen] == self._window]
        for first in range(0, len(full), _ROOMS_AT_ONCE):
            some = full[first : first + _ROOMS_AT_ONCE]
            self._worth[some] = self._worths(self._seen[some])
        self._learned[full] = 0
        self._speaks[full] = True

    def _worths(self, seen: Ints) -> Ints:
        """What each leaf is worth after a window of these leaves: the masses on its way, each times 2**depth.

        Args:
            seen: Shape (rooms, window, trees).

        Returns:
            Shape (rooms, trees, leaves).
        """
        rooms, _, count = seen.shape
        cells = np.arange(rooms)[:, None, None] * count + np.arange(count)
        size = rooms * count * self._leaves
        mass = [np.bincount((cells * self._leaves + seen).ravel(), minlength=size).reshape(rooms, count, self._leaves)]
        for _ in range(self._trees.height):
            mass.append(mass[-1][..., ::2] + mass[-1][..., 1::2])
        mass.reverse()
        worth: Ints = mass[0]
        going = mass[0] >= SIZE_LIMIT_RATIO * self._window
        for depth in range(1, self._trees.height + 1):
            going = going.repeat(2, axis=-1)
            worth = worth.repeat(2, axis=-1) + (mass[depth] * going << depth)
            going &= mass[depth] >= SIZE_LIMIT_RATIO * self._window
        return worth

    def snapshot(self, row: int) -> ForestState:
        """Everything that a room's forest knows."""
        return self._worth[row].copy(), self._seen[row].copy(), int(self._learned[row]), bool(self._speaks[row])

    def restore(self, row: int, state: ForestState) -> None:
        """Put a snapshot back."""
        self._worth[row], self._seen[row], self._learned[row], self._speaks[row] = state


_ROOMS_AT_ONCE = 64
"""So many rooms' masses fit into a processor's cache while a window is turned over."""
