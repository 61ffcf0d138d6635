"""Chance that is found again: even draws that follow from a key and a name alone."""

from __future__ import annotations

from hashlib import sha256

import numpy as np

_KEY_BYTES = 16
_FRACTION_BITS = 53
"""As many as a double in [0, 1) has."""


class Chances:
    """An even draw in [0, 1) for each name.

    Whoever asks for the same name again, in a later life of the process too, finds the same draw; and whoever asks for
    another one finds another, however often the process has been started with the same seed.

    Args:
        rng: Whose seed the draws come from; nothing is drawn from it. Each one made from the same `rng` has its own.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        [own] = rng.spawn(1)
        self._key = own.bytes(_KEY_BYTES)

    def of(self, name: str) -> float:
        """The draw of this name."""
        digest = sha256(self._key + name.encode()).digest()
        return float((int.from_bytes(digest[:8], "big") >> (64 - _FRACTION_BITS)) / (1 << _FRACTION_BITS))
