"""Trials with a known effect, for the tests of lift: every field has a value, and any can be changed."""

from dataclasses import replace

import numpy as np
from tests.decide_examples import NOW, context

from conductor.domain.interventions import Arm, Autonomy
from conductor.domain.trials import Trial

BLANK = Trial(
    decision_id="d",
    session_id="s1",
    event_id="e1",
    at=NOW + 120.0,
    decided_at=NOW,
    arm=Arm.POLL,
    context=context(),
    autonomy=Autonomy.ACT,
    propensity=0.5,
    holdout_share=0.1,
    coin=0.5,
    held_out=False,
    delivered=True,
    before=0.3,
    after=0.5,
)


def trial(n, **changes):
    """The n-th: one a second."""
    return replace(BLANK, decision_id=f"d{n}", decided_at=NOW + n, at=NOW + 120.0 + n, **changes)


def drawn(seed, count, share=0.3, effect=0.1, noise=0.05, **changes):
    """So many by a fair coin, in rooms that partly recover by themselves."""
    rng = np.random.default_rng(seed)
    trials = []
    for n in range(count):
        coin, before = rng.random(), rng.uniform(0.1, 0.5)
        held = bool(coin < share)
        after = float(np.clip(0.2 + 0.6 * before + effect * (not held) + rng.normal(0.0, noise), 0.0, 1.0))
        how = {"holdout_share": share, "coin": float(coin), "held_out": held, "delivered": not held}
        trials.append(trial(n, before=float(before), after=after, **how, **changes))
    return trials
