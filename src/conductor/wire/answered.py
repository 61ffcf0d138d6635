"""Who answered a decision, told to everybody who looks on: of the events, the one that the service tells."""

from __future__ import annotations

from conductor.domain.organisers import Answer
from conductor.wire.events import DECISION_ANSWERED
from conductor.wire.reading import moment_text
from conductor.wire.signals import Fields


def answered_message(answer: Answer, event_id: str, name: str = "") -> Fields:
    """The message that tells of an answer that stands; told again it is the same.

    Args:
        answer: An approval or a rejection. That nobody answered in time the agent tells itself.
        event_id: The event of its session.
        name: How others see who answered; empty where nobody knows.
    """
    at = moment_text(answer.at)
    return {
        "type": DECISION_ANSWERED,
        "session_id": answer.session_id,
        "event_id": event_id,
        "timestamp": at,
        "data": {
            "decision_id": answer.decision_id,
            "verdict": answer.verdict.value,
            "by": answer.by,
            "name": name,
            "reason": answer.reason,
            "at": at,
        },
    }
