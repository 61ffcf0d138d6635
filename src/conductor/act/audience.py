"""Whom a nudge is for."""

from __future__ import annotations

from collections.abc import Sequence

from conductor.domain.audience import PersonFacts, members
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Segment

NEWCOMERS_RATIO = 0.5
"""Our choice: from half of the room on, newcomers are the rule rather than the exception."""


def segment_for(anomaly_type: AnomalyType, people: Sequence[PersonFacts] = ()) -> Segment:
    """Whom to nudge when a room falls in this way.

    A gradual decline is people who were there with us and drifted off, so DISENGAGED; anything else LURKERS,
    or FIRST_TIME where at least half of the room are newcomers. If nobody is in that segment though people
    are known, the segment with the most members is taken (on a tie the first in the order of `Segment`).
    """
    preferred = _preferred(anomaly_type, people)
    if not people or members(people, preferred):
        return preferred
    largest = max(Segment, key=lambda segment: len(members(people, segment)))
    return largest if members(people, largest) else preferred


def _preferred(anomaly_type: AnomalyType, people: Sequence[PersonFacts]) -> Segment:
    if anomaly_type is AnomalyType.GRADUAL_DECLINE:
        return Segment.DISENGAGED
    newcomers = sum(person.first_session for person in people)
    if people and newcomers >= NEWCOMERS_RATIO * len(people):
        return Segment.FIRST_TIME
    return Segment.LURKERS
