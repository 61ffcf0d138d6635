"""What the agent may have to do without for a while."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Component(StrEnum):
    """Something beside the agent that it can do without for a while."""

    BUS = "bus"
    DATABASE = "database"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class AgentDegraded:
    """The agent does without something, or has it again. It is told to each session, and no store keeps it.

    Attributes:
        at: When this was found, in epoch seconds.
        since: Since when it has been gone, in epoch seconds.
        is_over: Whether it is there again.
    """

    session_id: str
    event_id: str
    at: float
    component: Component
    since: float
    is_over: bool
