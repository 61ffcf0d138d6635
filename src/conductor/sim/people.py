"""The people of a simulated audience: what each of them is like, drawn once and never changed.

A person is a row: every array here has one entry a person. The formulas and the reasons for the constants are
in `docs/math.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.domain.sessions import SessionType

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NORMAL_LEVEL = 0.75
"""Level of a healthy room: the same 0.75 that a score calls normal (`ScorePart.level`)."""

TALK_SIGMA = 1.4
"""Spread (log scale) of how much people write. Of the writers in four recorded public meetings the busiest
tenth wrote 33 to 47 % of the messages and the quieter half 5 to 17 %."""

BUSIEST_Z = 2.5
"""Nobody is further out than this: the busiest of 75 then writes a sixth of all messages, as in the recorded meetings
(9 to 17 % where there were 40 writers and more), and no room hangs on one person."""

REACT_SIGMA = 1.0
"""The same for reactions, which cost less and are spread more evenly: in the three of these meetings that had
them, the quieter half of those who reacted gave 18 to 19 %."""

IMPATIENCE_SIGMA = 0.5
"""Stated guess: in the middle two thirds of a room the least patient leave 2.7 times as easily as the
most patient."""

TEMPERAMENT_SD = 0.2
"""Stated guess: at the same room level one person in six is a fifth more attentive than the mean."""

FIRST_TIME_RATIO = 0.25
"""Stated guess: every fourth attendee is here for the first time."""

TIRE_MEAN_PER_H = 0.12
"""Stated guess: after an hour a person pays an eighth less attention; the direction is well known from
lectures."""

WILLING = (5.0, 3.0)
"""Beta parameters of a person's willingness to vote (mean 0.63): stated guess, so that an attentive room
votes with just under half of its people, which is what organisers call a good poll."""


@dataclass(frozen=True, slots=True)
class CrowdParams:
    """What kind of audience it is. Rates are per person present in a healthy room, per minute.

    Attributes:
        size: How many people come in all (1 or more).
        duration_s: Length of the session.
        reply_ratio: How many answers a message draws on average in a healthy room, in [0, 0.6]: the branching
            ratio of the cascade.
        reply_delay_s: Mean time until such an answer (exponential).
        early_ratio: Share that is there within the first minute; the others drop in later, `late_s` on
            average.
        focus: Whether the platform reports tab focus and blur.
        heartbeat_s: Time between the platform's signs of life, or None for a platform without.
        base_leaves_per_min: Chance per minute that an attentive person leaves for reasons of their own.
        bored_leaves_per_min: What is added once attention has stayed at nothing.
    """

    size: int = 60
    session_type: SessionType = SessionType.TALK
    duration_s: float = 3600.0
    chat_per_min: float = 0.05
    reactions_per_min: float = 0.05
    questions_per_min: float = 0.003
    upvotes_per_min: float = 0.01
    reply_ratio: float = 0.59
    reply_delay_s: float = 50.0
    early_ratio: float = 0.75
    late_s: float = 300.0
    slides_per_min: float = 0.8
    words_per_min: float = 140.0
    focus: bool = True
    heartbeat_s: float | None = 15.0
    base_leaves_per_min: float = 0.002
    bored_leaves_per_min: float = 0.03

    def __post_init__(self) -> None:
        if self.size < 1 or self.duration_s <= 0.0:
            raise ValueError("a crowd needs at least one person and a duration above 0 s")
        if not 0.0 <= self.reply_ratio <= 0.6:
            raise ValueError("reply_ratio must lie in [0, 0.6]: above that an attentive room never falls silent")


@dataclass(frozen=True, slots=True)
class People:
    """The traits of everybody who will come, one entry a person.

    Attributes:
        joins_s: When they join, in seconds from the start.
        temperament: Their attention relative to the room level (mean 1).
        talk: How much they write; times temperament its mean is 1. `react` and `ask` likewise.
        willing: Probability that they vote in a poll that has their full attention.
        impatience: Factor on the hazard of leaving out of boredom (mean 1).
        stamina_loss_per_h: Share of attention lost per hour present.
        leave_at_hazard: Accumulated hazard at which they leave (exponential with mean 1).
        is_new: Whether this is their first session.
        lag: A fixed number in [0, 1) that spreads what happens at a tick over the tick.
    """

    joins_s: Floats
    temperament: Floats
    talk: Floats
    react: Floats
    ask: Floats
    willing: Floats
    impatience: Floats
    stamina_loss_per_h: Floats
    leave_at_hazard: Floats
    is_new: Mask
    lag: Floats


def draw_people(rng: np.random.Generator, params: CrowdParams) -> People:
    """Everybody who will come to this session."""
    n = params.size
    early = rng.random(n) < params.early_ratio
    # The early ones trickle in over the first minute, most of them at once.
    joins = np.where(early, np.minimum(rng.exponential(15.0, n), 60.0), 60.0 + rng.exponential(params.late_s, n))
    temperament = np.clip(rng.normal(1.0, TEMPERAMENT_SD, n), 0.4, 1.6)
    return People(
        joins_s=joins,
        temperament=temperament,
        talk=_propensity(rng, temperament, TALK_SIGMA),
        react=_propensity(rng, temperament, REACT_SIGMA),
        ask=_propensity(rng, temperament, TALK_SIGMA),
        willing=rng.beta(*WILLING, n),
        impatience=_propensity(rng, np.ones(n), IMPATIENCE_SIGMA),
        stamina_loss_per_h=rng.gamma(2.0, TIRE_MEAN_PER_H / 2.0, n),
        leave_at_hazard=rng.exponential(1.0, n),
        is_new=rng.random(n) < FIRST_TIME_RATIO,
        lag=rng.random(n),
    )


def choose_people(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """`count` row numbers, drawn with replacement in proportion to `weights`."""
    edges = np.cumsum(weights)
    chosen: Ints = np.searchsorted(edges, rng.random(count) * edges[-1], side="right").astype(np.int64)
    return np.minimum(chosen, len(weights) - 1)


def _propensity(rng: np.random.Generator, temperament: Floats, sigma: float) -> Floats:
    # Divided by what this very room gives of it in the mean: rates are then those of the params, whoever came.
    drawn: Floats = np.exp(sigma * np.minimum(rng.standard_normal(len(temperament)), BUSIEST_Z))
    return drawn / float((drawn * temperament).mean())
