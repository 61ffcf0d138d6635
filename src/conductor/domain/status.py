"""What the agent is doing in a session, in a word."""

from __future__ import annotations

from enum import StrEnum


class AgentStatus(StrEnum):
    """What the agent is doing in a session."""

    MONITORING = "MONITORING"
    WAITING_APPROVAL = "WAITING_APPROVAL"
    INTERVENING = "INTERVENING"
    LEARNING = "LEARNING"
    IDLE = "IDLE"
