"""`/api/v1/agent/sessions/{id}/decisions`: what the agent asks, and what organisers answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Path, Security

from conductor.access.rights import Right
from conductor.domain.bus import Message
from conductor.domain.events import DecisionLapsed, DecisionMade
from conductor.domain.interventions import Arm, Autonomy
from conductor.domain.organisers import Answer, Verdict
from conductor.errors import NotFound
from conductor.overview import Fate
from conductor.service.deps import SessionPlace, Sources, session_place
from conductor.service.parts import Parts
from conductor.service.problems import Decided
from conductor.wire.desk import answer_fields, answers_channel
from conductor.wire.reading import json_bytes, moment_of
from conductor.wire.rest import ApproveBody, Id, RejectBody, content_for
from conductor.wire.rest_answers import PendingAnswer, VerdictAnswer

router = APIRouter(prefix="/agent/sessions/{session_id}/decisions", tags=["decisions"])

DecisionId = Annotated[Id, Path(description="The decision's id.")]
Answerable = Annotated[SessionPlace, Security(session_place, scopes=[Right.ANSWER])]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What there is to know of a decision before it is answered."""

    arm: Arm
    is_asked: bool
    has_lapsed: bool
    expires_at: float | None


@router.get("/pending", summary="The decision that waits for an answer")
async def list_pending(
    parts: Sources, place: Annotated[SessionPlace, Security(session_place, scopes=[Right.WATCH_AGENT])]
) -> PendingAnswer:
    """What the agent wants to do and asks about: at most one decision at a time."""
    pending = parts.overview.snapshot(place.session_id, parts.clock())["pending"]
    return PendingAnswer(session_id=place.session_id, pending=[pending] if isinstance(pending, dict) else [])


@router.post("/{decision_id}/approve", summary="Approve a decision")
async def approve_decision(
    decision_id: DecisionId, body: ApproveBody, parts: Sources, place: Answerable
) -> VerdictAnswer:
    """Let the agent do it, as drafted or with other content. The first answer stands; others get a 409."""
    asked = await _asked(parts, place.session_id, decision_id)
    content = content_for(asked.arm, body.content)
    answer = _answer(parts, place, decision_id, Verdict.APPROVED)
    return await _settle(parts, asked, replace(answer, content=content, seen_score=body.seen_score))


@router.post("/{decision_id}/reject", summary="Reject a decision")
async def reject_decision(
    decision_id: DecisionId, body: RejectBody, parts: Sources, place: Answerable
) -> VerdictAnswer:
    """Let it be. The first answer stands; others get a 409."""
    asked = await _asked(parts, place.session_id, decision_id)
    answer = _answer(parts, place, decision_id, Verdict.REJECTED)
    return await _settle(parts, asked, replace(answer, reason=body.reason))


def _answer(parts: Parts, place: SessionPlace, decision_id: str, verdict: Verdict) -> Answer:
    by = place.caller.principal.user_id
    return Answer(decision_id, place.session_id, parts.clock(), verdict, by)


async def _asked(parts: Parts, session_id: str, decision_id: str) -> _Asked:
    """A decision from what goes on now, or else from what was kept.

    Raises:
        NotFound: The session has no such decision.
    """
    told = parts.overview.decision(session_id, decision_id, parts.clock())
    if told is not None and isinstance(told["decision"], dict):
        decision = told["decision"]
        is_asked = decision.get("autonomy") == Autonomy.ASK
        has_lapsed = told["fate"] == Fate.LAPSED
        return _Asked(Arm(decision["interventionType"]), is_asked, has_lapsed, moment_of(decision.get("expiresAt")))
    history = await parts.store.history(session_id)
    has_lapsed = any(isinstance(event, DecisionLapsed) and event.decision_id == decision_id for event in history)
    for event in history:
        if isinstance(event, DecisionMade) and event.decision.decision_id == decision_id:
            made = event.decision
            return _Asked(made.arm, made.autonomy is Autonomy.ASK, has_lapsed, made.expires_at)
    raise NotFound(f"session {session_id!r} has no decision {decision_id!r}", code="decision_unknown")


async def _settle(parts: Parts, asked: _Asked, answer: Answer) -> VerdictAnswer:
    """Keep the answer if it is the first, and tell the agent which one stands.

    Raises:
        Decided: Another answer stands, or nobody was asked.
    """
    if not asked.is_asked:
        raise Decided(f"nobody was asked about decision {answer.decision_id!r}", {"verdict": None})
    is_late = asked.has_lapsed or (asked.expires_at is not None and answer.at >= asked.expires_at)
    offered = Answer(answer.decision_id, answer.session_id, answer.at, Verdict.LAPSED) if is_late else answer
    stands = await parts.answers.answer(offered)
    body = json_bytes(answer_fields(stands))
    # Told again whenever somebody asks again: the message may have been lost the first time.
    await parts.bus.publish([Message(answers_channel(stands.session_id), body)])
    if not _says_the_same(stands, answer):
        raise _decided(stands)
    return VerdictAnswer(decision_id=stands.decision_id, verdict=stands.verdict, by=stands.by, at=stands.at)


def _says_the_same(stands: Answer, answer: Answer) -> bool:
    """Whether somebody only said again what they said: an answer of ours may have been lost on its way."""
    return (stands.verdict, stands.by, stands.content) == (answer.verdict, answer.by, answer.content)


def _decided(stands: Answer) -> Decided:
    by = f" by {stands.by}" if stands.by else ""
    details = {"verdict": stands.verdict.value, "by": stands.by, "at": stands.at, "reason": stands.reason}
    return Decided(f"decision {stands.decision_id!r} is no longer pending: {stands.verdict.value.lower()}{by}", details)
