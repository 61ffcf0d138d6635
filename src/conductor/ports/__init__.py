"""What the agent needs of the outside world, as small protocols with at least two implementations each."""

from conductor.ports.alerts import Alerts, Marks
from conductor.ports.kept import (
    Answers,
    Archive,
    Audit,
    AuditPage,
    AuditWanted,
    Deadline,
    Deadlines,
    Desk,
    Journal,
    Page,
    Store,
    Waiting,
    Wanted,
)
from conductor.ports.models import Budget, Reservation, Spending, TextModel
from conductor.ports.world import Bus, Clock, KeepingBus, Platform, Streams

__all__ = [
    "Alerts",
    "Answers",
    "Archive",
    "Audit",
    "AuditPage",
    "AuditWanted",
    "Budget",
    "Bus",
    "Clock",
    "Deadline",
    "Deadlines",
    "Desk",
    "Journal",
    "KeepingBus",
    "Marks",
    "Page",
    "Platform",
    "Reservation",
    "Spending",
    "Store",
    "Streams",
    "TextModel",
    "Waiting",
    "Wanted",
]
