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

    def lent(self, at_most: float) -> Beta:
        """The same mean, held less firmly: what is known here, as the prior of a narrower scope.

        n attempts count as n k / (n + k), where k is `at_most`: nearly all of the first few, and never more
        than k. (Uncertainty about the wider scope and the spread between the scopes within it add up, 1/n +
        1/k, as in any hierarchical model; Gelman et al., Bayesian Data Analysis, ch. 5.) The two attempts
        that ignorance is worth are kept, so that ignorance stays what it is however far it is handed down.
        """
        ignorant = IGNORANCE.attempts
        known = max(0.0, self.attempts - ignorant)
        share = (ignorant + known * at_most / (known + at_most)) / (ignorant + known)
        return Beta(self.alpha * share, self.beta * share)


IGNORANCE = Beta(1.0, 1.0)
"""What is believed of an arm that was never tried anywhere: every probability is as likely as any other
(Bayes 1763, Laplace 1774)."""


@dataclass(frozen=True, slots=True)
class Count:
    """Successes and failures as weights, 0 or more."""

    successes: float = 0.0
    failures: float = 0.0

    @property
    def attempts(self) -> float:
        """How often it was tried."""
        return self.successes + self.failures

    def __add__(self, other: Count) -> Count:
        return Count(self.successes + other.successes, self.failures + other.failures)

    def __sub__(self, other: Count) -> Count:
        return Count(self.successes - other.successes, self.failures - other.failures)


NOTHING = Count()
