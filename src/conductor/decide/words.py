"""How the agent speaks of arms, contexts, shares and moments to a person."""

from __future__ import annotations

import math

from conductor.decide.context import Scope
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm
from conductor.domain.sessions import Phase, SessionType, SizeBucket

ONE_ARM = {
    Arm.POLL: "a poll",
    Arm.CHAT_PROMPT: "a chat prompt",
    Arm.NUDGE: "a nudge",
    Arm.QNA_PROMOTE: "a promoted question",
}
ARM_NOUNS = {
    Arm.POLL: ("poll", "polls"),
    Arm.CHAT_PROMPT: ("chat prompt", "chat prompts"),
    Arm.NUDGE: ("nudge", "nudges"),
    Arm.QNA_PROMOTE: ("promoted question", "promoted questions"),
}
ANOMALIES = {
    AnomalyType.SUDDEN_DROP: "sudden drops",
    AnomalyType.GRADUAL_DECLINE: "gradual declines",
    AnomalyType.MASS_EXIT: "mass exits",
    AnomalyType.LOW_ENGAGEMENT: "low engagement",
}
PHASES = {
    Phase.OPENING: "in the opening",
    Phase.MIDDLE: "in the middle",
    Phase.CLOSING: "in the closing",
    Phase.QA: "in the Q&A",
}
_SIZES = {SizeBucket.SMALL: "small", SizeBucket.MEDIUM: "medium-sized", SizeBucket.LARGE: "large"}
_SESSIONS = {
    SessionType.KEYNOTE: "keynotes",
    SessionType.WORKSHOP: "workshops",
    SessionType.PANEL: "panels",
    SessionType.TALK: "talks",
    SessionType.MEETING: "meetings",
}


def describe(scope: Scope) -> str:
    """The contexts of a scope, as in "for sudden drops in the middle of large panels"."""
    if scope.anomaly_type is None:
        return "over all sessions"
    what = f"for {ANOMALIES[scope.anomaly_type]}"
    if scope.phase is None:
        return what
    sessions = "sessions" if scope.session_type is None else _SESSIONS[scope.session_type]
    if scope.session_size_bucket is not None:
        sessions = f"{_SIZES[scope.session_size_bucket]} {sessions}"
    return f"{what} {PHASES[scope.phase]} of {sessions}"


def percent(share: float) -> str:
    """A share in [0, 1] as whole percent."""
    return f"{round(share * 100)} %"


def percent_reached(share: float) -> str:
    """The whole percent that a share has fully reached, so that 0.749 does not pass for 75 %."""
    return f"{math.floor(share * 100 + 1e-9)} %"


def number(weight: float) -> str:
    """A count that may be fractional, with one decimal place at most, from ten on without: older attempts fade."""
    return f"{round(weight, 1 if weight < 10.0 else None):g}"


def length(duration_s: float) -> str:
    """A duration in seconds under two minutes, in minutes from there on; always rounded up."""
    if duration_s < 120.0:
        seconds = max(1, math.ceil(duration_s - 1e-9))
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"{math.ceil(duration_s / 60.0 - 1e-9)} minutes"


def moment_to_come(at: float, now: float, starts_at: float | None) -> str:
    """A moment ahead, in minutes of the session where its start is known; never earlier than it is."""
    if starts_at is None or at < starts_at:
        return f"in {length(at - now)}"
    return f"at minute {math.ceil((at - starts_at) / 60.0 - 1e-9)}"


def moment_past(at: float, now: float, starts_at: float | None) -> str:
    """Since when: the minute of the session where its start is known, else for how long."""
    if starts_at is None or at < starts_at:
        return f"for {length(now - at)}"
    return f"since minute {math.floor((at - starts_at) / 60.0)}"
