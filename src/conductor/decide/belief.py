"""What was counted of an arm, and what is believed of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beta:
    """A Beta distribution: what is believed of a probability of success. Both parameters are above 0."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """The expected probability of success, in (0, 1)."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def attempts(self) -> float:
        """How many attempts the belief is worth."""
        return self.alpha + self.beta


IGNORANCE = Beta(1.0, 1.0)
"""What is believed of an arm in a context that has nothing in common with any other: every probability is as likely
as any other (Bayes 1763, Laplace 1774)."""


@dataclass(frozen=True, slots=True)
class Count:
    """Successes and failures as weights, 0 or more."""

    successes: float = 0.0
    failures: float = 0.0

    @property
    def attempts(self) -> float:
        """How often it was tried."""
        return self.successes + self.failures
