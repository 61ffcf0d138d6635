"""Counts → score in [0, 1] with its parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.domain.engagement import PART_NAMES, ScorePart

Floats = NDArray[np.float64]

WEIGHTS = np.array([0.25, 0.30, 0.20, 0.15, 0.10])
"""Weight of chat, polls, active, reactions, staying (`docs/math.md`, "Score")."""

NORMAL_LEVEL = 0.75
"""Level of a part that is just as it normally is: the documents' "healthy" score."""

SPAN = 300.0
"""The long window in seconds, in which the share of active people is expressed."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What was counted, one entry a session, shape (rooms,) each.

    Attributes:
        chat_per_min: Messages and questions of people.
        reactions_per_min: Reactions and upvotes.
        voters: People who voted in polls that count now.
        polling: Whether a poll counts now.
        active: People who did something within `span_s`.
        leaves_per_min: People who left.
        present: People in the room.
        span_s: Length of the window in which active people were counted.
        has_chat: Whether the session has chat at all; the same for reactions and presence.
    """

    chat_per_min: Floats
    reactions_per_min: Floats
    voters: Floats
    polling: NDArray[np.bool_]
    active: Floats
    leaves_per_min: Floats
    present: Floats
    span_s: Floats
    has_chat: NDArray[np.bool_]
    has_reactions: NDArray[np.bool_]
    has_presence: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Expected:
    """What is normal, one entry a session, shape (rooms,) each.

    Attributes:
        chat_per_person_min: Messages that one person in the room writes in a minute.
        reactions_per_person_min: The same for reactions.
        active_ratio: Share of the people who do something within five minutes, in (0, 1).
        leaves_per_person_min: Share of the people who leave in a minute.
        voting_ratio: Share of the people who vote in a poll, in (0, 1].
    """

    chat_per_person_min: Floats
    reactions_per_person_min: Floats
    active_ratio: Floats
    leaves_per_person_min: Floats
    voting_ratio: Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of all sessions.

    Attributes:
        value: In [0, 1], shape (rooms,).
        levels: How each part does, in [0, 1], shape (parts, rooms).
        weights: Its share, 0 where a session has no such signal, shape (parts, rooms); they add up to 1, or to
            0 in a session that has no signal at all (its score is 0).
    """

    value: Floats
    levels: Floats
    weights: Floats


def level(actual: Floats, normal: Floats) -> Floats:
    """Put an amount on the scale on which normal is 0.75: `1 - (1 - 0.75) ** (actual / normal)`.

    Nothing gives 0, twice the normal 0.94, and it never reaches 1 nor falls when the amount rises.
    """
    return 1.0 - (1.0 - NORMAL_LEVEL) ** (actual / normal)


def score(observed: Observed, expected: Expected) -> Scores:
    """Score all sessions; doubling people and events together changes nothing."""
    people = np.maximum(observed.present, 1.0)
    # Of people who act at random moments, so many have acted after a part of the five minutes.
    active_ratio = 1.0 - (1.0 - expected.active_ratio) ** (observed.span_s / SPAN)
    levels = np.stack(
        [
            level(observed.chat_per_min, expected.chat_per_person_min * people),
            level(observed.voters, expected.voting_ratio * people),
            level(observed.active, active_ratio * people),
            level(observed.reactions_per_min, expected.reactions_per_person_min * people),
            # The fewer leave the better: nobody gives 1, the normal share 0.75.
            NORMAL_LEVEL ** (observed.leaves_per_min / (expected.leaves_per_person_min * people)),
        ]
    )
    has = np.stack(
        [
            observed.has_chat,
            observed.polling,
            observed.has_chat | observed.has_reactions | observed.polling | observed.has_presence,
            observed.has_reactions,
            observed.has_presence,
        ]
    )
    weights = WEIGHTS[:, None] * has
    whole = weights.sum(axis=0)
    weights = weights / np.where(whole > 0, whole, 1.0)
    return Scores(value=np.minimum((levels * weights).sum(axis=0), 1.0), levels=levels, weights=weights)


def explain(scores: Scores, row: int) -> tuple[ScorePart, ...]:
    """One session's score as parts that add up to it."""
    return _parts(scores.levels[:, row].tolist(), scores.weights[:, row].tolist())


def explain_all(scores: Scores) -> list[tuple[ScorePart, ...]]:
    """Each session's score as parts that add up to it."""
    return list(map(_parts, scores.levels.T.tolist(), scores.weights.T.tolist()))


def _parts(levels: list[float], weights: list[float]) -> tuple[ScorePart, ...]:
    return tuple(
        ScorePart(name, level, weight, level * weight)
        for name, level, weight in zip(PART_NAMES, levels, weights, strict=True)
    )
