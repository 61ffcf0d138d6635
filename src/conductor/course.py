"""What the agent is doing in one session: the fall it looks at, the decision it has made, the effect it awaits."""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor.decide.room import Delivery
from conductor.domain.engagement import Anomaly
from conductor.domain.interventions import Decision, HoldReason
from conductor.learn.watch import Watch


@dataclass(slots=True)
class Course:
    """What the agent is doing in one session."""

    event_id: str
    anomaly: Anomaly | None = None
    retry_at: float = 0.0
    held: HoldReason | None = None
    decision: Decision | None = None
    watch: Watch | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    ended: bool = False
