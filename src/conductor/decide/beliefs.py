"""All that is believed, wherever something was tried or left alone."""

from __future__ import annotations

from conductor.decide.bandit import Bandit
from conductor.decide.cells import number_of
from conductor.domain.learned import Belief, Learned


def believed(learned: Learned) -> list[Belief]:
    """What the bandit believes that learned this, in the order in which it tells it."""
    bandit = Bandit(tallies=learned.tallies)
    lifts, found = bandit.lifts(), []
    for tally in bandit.tallies():
        belief = bandit.posterior(tally.arm, tally.context)
        adds = None if lifts is None or tally.arm is None else lifts.of(tally.arm, number_of(tally.context))
        attempts = tally.successes + tally.failures
        found.append(Belief(tally.context, tally.arm, attempts, tally.successes, belief.alpha, belief.beta, adds))
    return found
