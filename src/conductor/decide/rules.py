"""A choice by fixed rules, for when what was learned can't be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from conductor.decide.belief import IGNORANCE
from conductor.decide.choice import Choice
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm, Context, PastPerformance
from conductor.domain.sessions import Phase

PREFERENCES: Mapping[AnomalyType, tuple[Arm, ...]] = MappingProxyType(
    {
        # Everybody has to notice, at once and with one click.
        AnomalyType.SUDDEN_DROP: (Arm.POLL, Arm.CHAT_PROMPT, Arm.QNA_PROMOTE, Arm.NUDGE),
        # Who is about to leave has stopped reading the chat; a nudge comes too late.
        AnomalyType.MASS_EXIT: (Arm.POLL, Arm.QNA_PROMOTE, Arm.CHAT_PROMPT, Arm.NUDGE),
        # Single people drift off while others go on: speak to those first.
        AnomalyType.GRADUAL_DECLINE: (Arm.NUDGE, Arm.CHAT_PROMPT, Arm.POLL, Arm.QNA_PROMOTE),
        # Nobody wants to be the first: a click is easier than a sentence.
        AnomalyType.LOW_ENGAGEMENT: (Arm.POLL, Arm.NUDGE, Arm.CHAT_PROMPT, Arm.QNA_PROMOTE),
    }
)
"""Sensible, not measured: which arm to try first, by how the room is losing its people."""


def choose_by_rules(context: Context, arms: Iterable[Arm]) -> Choice:
    """The first of these arms by `PREFERENCES`; in the Q&A, questions come before all else.

    There is no chance in it, so the propensity is 1; and as nothing is known, the confidence is the mean of
    the prior, one half.

    Raises:
        ValueError: There are no arms.
    """
    candidates = tuple(arms)
    preferred = [arm for arm in PREFERENCES[context.anomaly_type] if arm in candidates]
    if not preferred:
        raise ValueError("there is no arm to choose from")
    is_for_questions = context.phase is Phase.QA and Arm.QNA_PROMOTE in preferred
    return Choice(
        arm=Arm.QNA_PROMOTE if is_for_questions else preferred[0],
        propensity=1.0,
        confidence=IGNORANCE.mean,
        is_exploring=False,
        past=PastPerformance(success_rate=0.0, attempts=0, is_exploring=False),
        record=None,
        is_only_arm=len(preferred) == 1,
    )
