"""What the audit log notes of events and of what organisers decide.

Of people it holds two things only: what organisers wrote, and the opaque ids of those who decided. Whom a prompt was
shown to is left out; their number stays.
"""

from __future__ import annotations

from conductor.domain.audit import AuditKind, AuditNote, canonical
from conductor.domain.events import (
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    EngagementUpdated,
    Event,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
)
from conductor.domain.interventions import Decision
from conductor.domain.organisers import AgentSettings, Answer, Request
from conductor.wire.codec import Plain, encode

SAME_TICK_S = 1e-6
"""A score may have been rounded up to the next microsecond, and still is the one that the decision saw."""

_PLACE = ("event_id", "session_id")
_IN_COLUMNS = (*_PLACE, "at")


def seen_at(event: Event) -> tuple[str, float] | None:
    """Of which session and moment a score belongs to this event, as what the agent saw; None if none does."""
    match event:
        case DecisionMade(about) | DecisionHeld(about):
            return about.session_id, about.at + SAME_TICK_S
        case _:
            return None


def note_of(event: Event, seen: EngagementUpdated | None = None) -> AuditNote | None:
    """The note of an event, if the log notes it.

    Args:
        event: What happened.
        seen: The session's score at that moment, where `seen_at` asks for one and there is one.

    Raises:
        NotStorable: A field holds what its type does not allow.
    """
    match event:
        case DecisionMade(decision):
            return _note(AuditKind.DECISION, decision, _told(decision), {"room": _room(seen)})
        case DecisionHeld(hold):
            return _note(AuditKind.HOLD, hold, (hold.anomaly_id, repr(hold.at)), {"room": _room(seen)})
        case _:
            return _note_of_what_came(event)


def _note_of_what_came(event: Event) -> AuditNote | None:
    match event:
        case InterventionExecuted(intervention):
            return _note(AuditKind.INTERVENTION, intervention, (intervention.intervention_id,))
        case OutcomeMeasured(outcome):
            return _note(AuditKind.OUTCOME, outcome, (outcome.decision_id, outcome.intervention_id))
        case DecisionLapsed():
            return _note(AuditKind.LAPSE, event, (event.decision_id,))
        case OutcomeUnknown():
            return _note(AuditKind.OUTCOME_UNKNOWN, event, (event.decision_id, event.intervention_id))
        case _:
            return None


def answer_note(answer: Answer, event_id: str) -> AuditNote:
    """The note of the answer that stands; raises as `note_of` does."""
    return _note(AuditKind.ANSWER, answer, (answer.decision_id,), event_id=event_id)


def request_note(request: Request) -> AuditNote:
    """The note of a request; raises as `note_of` does."""
    return _note(AuditKind.REQUEST, request, (request.request_id,))


def settings_note(settings: AgentSettings, by: str, at: float, number: int) -> AuditNote:
    """The note of settings that changed, as change number `number` of the chain; raises as `note_of` does."""
    body = canonical({"by": by, "settings": encode(settings)})
    key = _key(AuditKind.SETTINGS, (str(number),))
    return AuditNote(settings.event_id, "", at, AuditKind.SETTINGS, key, body)


def _told(decision: Decision) -> tuple[str, ...]:
    # One decision may be told as a question without and with its words, and as approved.
    return decision.decision_id, decision.autonomy.value, "worded" if decision.content is not None else "bare"


def _room(seen: EngagementUpdated | None) -> Plain:
    return None if seen is None else {name: value for name, value in encode(seen).items() if name not in _PLACE}


def _note(
    kind: AuditKind,
    record: object,
    ids: tuple[str, ...],
    besides: dict[str, Plain] | None = None,
    event_id: str | None = None,
) -> AuditNote:
    said = encode(record)
    session_id, at = said["session_id"], said["at"]
    event = said["event_id"] if event_id is None else event_id
    body = {name: _without_people(value) for name, value in said.items() if name not in _IN_COLUMNS}
    key = _key(kind, (str(session_id), *ids))
    return AuditNote(str(event), str(session_id), float(str(at)), kind, key, canonical(body | (besides or {})))


def _without_people(value: Plain) -> Plain:
    users = value.get("target_users") if isinstance(value, dict) else None
    return value | {"target_users": len(users)} if isinstance(value, dict) and isinstance(users, list) else value


def _key(kind: AuditKind, ids: tuple[str, ...]) -> str:
    """Ids as a JSON list: none can be taken for two."""
    return canonical({kind.value: list(ids)})
