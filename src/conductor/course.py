"""What the agent is doing in one session: the fall it looks at, the decision it has made, the effect it awaits."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from conductor.decide.room import Delivery, RoomHistory
from conductor.domain.engagement import Anomaly, AnomalyType, Severity
from conductor.domain.events import AnomalyCleared
from conductor.domain.holds import Hold, HoldReason
from conductor.domain.interventions import Decision, Intervention, Origin
from conductor.learn.trial import OpenLeft, OpenTrial
from conductor.learn.watch import Watch


@dataclass(slots=True)
class Course:
    """What the agent is doing in one session.

    Attributes:
        retry_at: When the standing fall is decided on next, in epoch seconds.
        held: What held the last decision back, if it was said.
        answered: With what the agent has answered falls here: ids of its decisions, and of rooms that it left alone.
        decision: The agent's own decision that waits to be carried out.
        trial: The agent's last decision, until its horizon; none in rehearsals.
        left: The room since nothing was chosen for it, until its horizon.
        requests: Everything organisers asked for, by its decision's id.
        open_requests: Those of them that wait to be carried out.
        deliveries: Everything that was delivered, oldest first, whoever asked for it.
        delivered: Ids of these interventions.
        score: The room's score in [0, 1] at the end of the last tick; 0 before the first.
        scored_from: End of the first tick; infinite before it.
    """

    event_id: str
    anomaly: Anomaly | None = None
    retry_at: float = 0.0
    held: HoldReason | None = None
    answered: set[str] = field(default_factory=set)
    decision: Decision | None = None
    watch: Watch | None = None
    trial: OpenTrial | None = None
    left: OpenLeft | None = None
    requests: dict[str, Decision] = field(default_factory=dict)
    open_requests: set[str] = field(default_factory=set)
    deliveries: list[Delivery] = field(default_factory=list)
    delivered: set[str] = field(default_factory=set)
    score: float = 0.0
    scored_from: float = math.inf
    ended: bool = False

    @property
    def is_busy(self) -> bool:
        """Whether something decided or asked for waits to be carried out, or shows what it comes to."""
        awaited = self.decision, self.trial, self.left
        return any(each is not None for each in awaited) or bool(self.open_requests)

    def count(self, interventions: Iterable[Intervention]) -> None:
        """Count these toward caps, cooldowns and attention, each once."""
        for intervention in interventions:
            if intervention.intervention_id not in self.delivered:
                self.delivered.add(intervention.intervention_id)
                self.deliveries.append(Delivery(intervention.at, intervention.arm))
        self.deliveries.sort(key=lambda delivery: delivery.at)

    def take_up(self, decision: Decision) -> None:
        """This was decided, and waits to be carried out, unless it is held out."""
        if decision.origin is Origin.AGENT:
            self.answered.add(decision.decision_id)
            if not decision.held_out:
                self.decision = decision
        else:
            self.requests[decision.decision_id] = decision
            self.open_requests.add(decision.decision_id)

    def remember(self, answer: Decision | Hold) -> None:
        """This was decided, or the room left alone; whether anything is to be done about it is said elsewhere."""
        if isinstance(answer, Hold):
            if answer.left is not None:
                self.answered.add(answer.left.decision_id)
        elif answer.origin is Origin.AGENT:
            self.answered.add(answer.decision_id)
        else:
            self.requests.setdefault(answer.decision_id, answer)

    def waiting(self) -> tuple[Decision, ...]:
        """Everything decided or asked for that waits to be carried out."""
        own = () if self.decision is None else (self.decision,)
        return (*own, *(self.requests[name] for name in sorted(self.open_requests)))

    def room(self, session_id: str, at: float) -> Anomaly:
        """How the room is now: the fall that stands, or else low engagement that somebody sees."""
        if self.anomaly is not None:
            return replace(self.anomaly, at=at, current=self.score)
        kind, severity = AnomalyType.LOW_ENGAGEMENT, Severity.WARNING
        about = ("", session_id, self.event_id, at, at, kind, severity)
        return Anomaly(*about, evidence=0.0, current=self.score, expected=self.score, deviation=0.0)

    def settle(self, decision_id: str) -> Decision | None:
        """Take this decision off the list of those that wait; None if it is not on it."""
        own = self.decision
        if own is not None and own.decision_id == decision_id:
            self.decision = None
            return own
        if decision_id in self.open_requests:
            self.open_requests.remove(decision_id)
            return self.requests[decision_id]
        return None

    def let_go(self, kept: Collection[str] = ()) -> tuple[Decision, ...]:
        """Take everything off the list that waits, but for these decisions, and say what it was."""
        waiting = tuple(decision for decision in self.waiting() if decision.decision_id not in kept)
        for decision in waiting:
            self.settle(decision.decision_id)
        return waiting

    def clear(self, session_id: str, at: float, *, became_normal: bool) -> tuple[AnomalyCleared, ...]:
        """The fall that stood is over, if one did."""
        anomaly, self.anomaly, self.held = self.anomaly, None, None
        if anomaly is None:
            return ()
        return (AnomalyCleared(anomaly.anomaly_id, session_id, self.event_id, at, became_normal),)

    def history(
        self, starts_at: float, ends_at: float | None, *, is_poll_open: bool, is_interruptible: bool
    ) -> RoomHistory:
        """What happened here that bears on the next decision."""
        return RoomHistory(
            deliveries=tuple(self.deliveries),
            watching_until=None if self.watch is None else self.watch.due_at,
            is_poll_open=is_poll_open,
            is_interruptible=is_interruptible,
            starts_at=starts_at,
            ends_at=ends_at,
        )
