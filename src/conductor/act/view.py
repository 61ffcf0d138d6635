"""A room as it is now, as far as what the agent does there depends on it."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.audience import PersonFacts
from conductor.domain.engagement import Anomaly
from conductor.domain.events import EngagementUpdated
from conductor.domain.sessions import Phase, SessionProfile
from conductor.domain.strategies import ContentStyle


@dataclass(frozen=True, slots=True)
class RoomView:
    """How a room is now.

    Attributes:
        people: Who is present.
        update: Its last score, with what was counted; None before the first.
        anomaly: The fall that stands.
        is_urgent: Whether the fall is critical, so that nothing may wait for the next slide.
        has_recovered: Whether no fall stands any more.
        style: In which tone the agent would word something now; what is decided has its own.
    """

    profile: SessionProfile
    phase: Phase
    people: tuple[PersonFacts, ...] = ()
    update: EngagementUpdated | None = None
    anomaly: Anomaly | None = None
    is_urgent: bool = False
    has_recovered: bool = False
    style: ContentStyle = ContentStyle.FRIENDLY
