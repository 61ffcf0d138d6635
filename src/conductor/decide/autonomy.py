"""What the mode allows the agent to do with a proposal, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conductor.domain.interventions import Autonomy, Mode

AUTONOMY: Mapping[tuple[Mode, bool, bool], Autonomy] = MappingProxyType(
    {
        # mode, confidence reaches the threshold, an organiser is online
        (Mode.MANUAL, False, False): Autonomy.ASK,
        (Mode.MANUAL, False, True): Autonomy.ASK,
        (Mode.MANUAL, True, False): Autonomy.ASK,
        (Mode.MANUAL, True, True): Autonomy.ASK,
        (Mode.SEMI_AUTO, False, False): Autonomy.SKIP,
        (Mode.SEMI_AUTO, False, True): Autonomy.ASK,
        (Mode.SEMI_AUTO, True, False): Autonomy.ACT,
        (Mode.SEMI_AUTO, True, True): Autonomy.ACT,
        (Mode.AUTO, False, False): Autonomy.ACT,
        (Mode.AUTO, False, True): Autonomy.ACT,
        (Mode.AUTO, True, False): Autonomy.ACT,
        (Mode.AUTO, True, True): Autonomy.ACT,
    }
)
"""MANUAL asks even when nobody seems to be there: an organiser may come back before the deadline."""


def autonomy_of(mode: Mode, confidence: float, threshold: float, *, is_organiser_online: bool) -> Autonomy:
    """Whether to act, to ask first or to let it be; a confidence equal to the threshold reaches it."""
    return AUTONOMY[mode, confidence >= threshold, is_organiser_online]


def asking_ends_at(autonomy: Autonomy, now: float, ask_deadline_s: float) -> float | None:
    """When a question asked now lapses; None if nobody is asked.

    Every question has a deadline, in MANUAL too: an answer to how the room was long ago is no answer.
    """
    return now + ask_deadline_s if autonomy is Autonomy.ASK else None
