"""`/api/v1/agent/sessions/{id}/decisions`: what the agent asks, and what organisers answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Security

from conductor.access.rights import Right
from conductor.domain.bus import Message
from conductor.domain.events import DecisionLapsed, DecisionMade
from conductor.domain.interventions import Arm, Autonomy
from conductor.domain.organisers import Answer, Verdict
from conductor.errors import NotFound
from conductor.overview import Fate, Situation
from conductor.service.deps import SessionPlace, Sources, session_place
from conductor.service.parts import Parts, ServiceParams, params_of
from conductor.service.pending import pending_in
from conductor.service.problems import NOT_PENDING, NOT_PENDING_OR_RECOVERED, Decided, Recovered
from conductor.wire.answered import answered_message
from conductor.wire.desk import answer_fields, answers_channel
from conductor.wire.events import entry, publication
from conductor.wire.reading import json_bytes, moment_of
from conductor.wire.rest import ApproveBody, Id, RejectBody
from conductor.wire.rest_answers import ApprovedAnswer, PendingAnswer, VerdictAnswer
from conductor.wire.rest_content import content_for
from conductor.wire.rest_decisions import PendingDecision
from conductor.wire.rest_errors import DecidedDetails, RecoveredDetails
from conductor.wire.signals import Fields

router = APIRouter(prefix="/agent/sessions/{session_id:path}/decisions", tags=["decisions"])

DecisionId = Annotated[Id, Path(description="The decision's id.")]
Params = Annotated[ServiceParams, Depends(params_of)]
Answerable = Annotated[SessionPlace, Security(session_place, scopes=[Right.ANSWER])]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What there is to know of a decision before it is answered; `why` says why it lapsed."""

    arm: Arm
    is_asked: bool
    at: float
    score: float | None
    expires_at: float | None
    why: str | None


@router.get("/pending", summary="The decision that waits for an answer")
async def list_pending(
    parts: Sources, place: Annotated[SessionPlace, Security(session_place, scopes=[Right.WATCH_AGENT])]
) -> PendingAnswer:
    """What the agent wants to do and asks about: at most one decision at a time.

    `content` is null while a model is writing it; it may be approved all the same, and what the model writes is shown.
    """
    pending = await pending_in(parts, place.session_id)
    waiting = [] if pending is None else [PendingDecision.model_validate(pending)]
    return PendingAnswer(session_id=place.session_id, pending=waiting)


@router.post("/{decision_id:path}/approve", summary="Approve a decision", responses=NOT_PENDING_OR_RECOVERED)
async def approve_decision(
    decision_id: DecisionId, body: ApproveBody, parts: Sources, params: Params, place: Answerable
) -> ApprovedAnswer:
    """Let the agent do it, as drafted or with other content. The first answer stands; others get a 409.

    With `seen_score` the room is looked at again first. If it has recovered, and its score lies more than 0.05 above
    the one seen, the answer is a 409 with the code `room_recovered`: nothing is settled, and the decision stays
    pending. Approve again with the `score` of the details as `seen_score` to launch it all the same. A room has
    recovered if no fall stands any more, other than because it has come to count as normal, or if its score has risen
    by 0.1 or more to `ENGAGEMENT_THRESHOLD` or above. Of a room whose signals are lost nothing is said.

    Without `seen_score` it is launched at once, and `recovered` says how the room was. Saying the same again gives the
    same answer, and does nothing twice.
    """
    asked = await _asked(parts, place.session_id, decision_id)
    content = content_for(asked.arm, body.content)
    answer = _answer(parts, place, decision_id, Verdict.APPROVED)
    answer = replace(answer, content=content, seen_score=body.seen_score)
    if body.seen_score is not None and not await _is_settled(parts, asked, answer):
        _look_again(parts.overview.situation(place.session_id, asked.at, answer.at), body.seen_score, params.act_below)
    stands = await _settle(parts, place, asked, answer)
    # As it was when it was approved: whoever asks again is told the same.
    then = parts.overview.situation(place.session_id, asked.at, stands.at)
    seen = min((each for each in (stands.seen_score, asked.score) if each is not None), default=None)
    recovered = then.has_recovered(seen, params.act_below)
    return ApprovedAnswer(**_told(stands).model_dump(), recovered=recovered, score=then.score)


@router.post("/{decision_id:path}/reject", summary="Reject a decision", responses=NOT_PENDING)
async def reject_decision(
    decision_id: DecisionId, body: RejectBody, parts: Sources, place: Answerable
) -> VerdictAnswer:
    """Let it be. The first answer stands; others get a 409. Saying the same again gives the same answer."""
    asked = await _asked(parts, place.session_id, decision_id)
    answer = _answer(parts, place, decision_id, Verdict.REJECTED)
    return _told(await _settle(parts, place, asked, replace(answer, reason=body.reason)))


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
        return _Asked(
            arm=Arm(decision["interventionType"]),
            is_asked=decision.get("autonomy") == Autonomy.ASK and decision.get("heldOut") is not True,
            at=moment_of(decision.get("timestamp")) or 0.0,
            score=decision.get("scoreBefore"),
            expires_at=moment_of(decision.get("expiresAt")),
            why=str(told["why"]) if told["fate"] == Fate.LAPSED else None,
        )
    return await _kept(parts, session_id, decision_id)


async def _kept(parts: Parts, session_id: str, decision_id: str) -> _Asked:
    history = await parts.store.history(session_id)
    lapses = (event for event in history if isinstance(event, DecisionLapsed) and event.decision_id == decision_id)
    why = next((event.why for event in lapses), None)
    for event in history:
        if isinstance(event, DecisionMade) and event.decision.decision_id == decision_id:
            made = event.decision
            is_asked = made.autonomy is Autonomy.ASK and not made.held_out
            return _Asked(made.arm, is_asked, made.at, made.score_before, made.expires_at, why)
    raise NotFound(f"session {session_id!r} has no decision {decision_id!r}", code="decision_unknown")


def _is_late(asked: _Asked, at: float) -> bool:
    return asked.why is not None or (asked.expires_at is not None and at >= asked.expires_at)


async def _is_settled(parts: Parts, asked: _Asked, answer: Answer) -> bool:
    """Whether it does not matter any more how the room is."""
    if not asked.is_asked or _is_late(asked, answer.at):
        return True
    return await parts.answers.answered(answer.session_id, answer.decision_id) is not None


def _look_again(now: Situation, seen_score: float, fine_from: float) -> None:
    """Let an approval pass unless the room has recovered and whoever gives it cannot know.

    Raises:
        Recovered: It has.
    """
    if now.score is None or not now.is_news_to(seen_score, fine_from):
        return
    raise Recovered(
        f"The room has recovered: its score is {now.score:.0%} now, and was {seen_score:.0%} when you saw it. Nothing "
        f"was launched; to launch it all the same, approve again with seen_score {now.score}.",
        RecoveredDetails(score=now.score, seen_score=seen_score),
    )


async def _settle(parts: Parts, place: SessionPlace, asked: _Asked, answer: Answer) -> Answer:
    """Keep the answer if it is the first, and tell the agent and whoever looks on which one stands.

    Raises:
        Decided: Another answer stands, or nobody was asked.
    """
    if not asked.is_asked:
        details = DecidedDetails(verdict=None, by="", at=None, reason="")
        raise Decided(f"nobody was asked about decision {answer.decision_id!r}", details)
    lapsed = Answer(answer.decision_id, answer.session_id, answer.at, Verdict.LAPSED)
    stands = await parts.answers.answer(lapsed if _is_late(asked, answer.at) else answer)
    news = _news(parts, place, stands)
    await parts.bus.append([entry(message) for message in news])
    heard = Message(answers_channel(stands.session_id), json_bytes(answer_fields(stands)))
    # Told again whenever somebody asks again: the message may have been lost the first time.
    await parts.bus.publish([*map(publication, news), heard])
    if not _says_the_same(stands, answer):
        raise _decided(stands, asked)
    return stands


def _news(parts: Parts, place: SessionPlace, stands: Answer) -> list[Fields]:
    """What is to be told of an answer to those who look on: nothing if they know it, or nobody gave it."""
    known = parts.overview.decision(stands.session_id, stands.decision_id, stands.at)
    if known is None or known["answered"] is not None or stands.verdict is Verdict.LAPSED:
        return []
    who = place.caller.principal
    return [answered_message(stands, place.event_id, who.name if who.user_id == stands.by else "")]


def _says_the_same(stands: Answer, answer: Answer) -> bool:
    """Whether somebody only said again what they said: an answer of ours may have been lost on its way."""
    return (stands.verdict, stands.by, stands.content) == (answer.verdict, answer.by, answer.content)


def _told(stands: Answer) -> VerdictAnswer:
    return VerdictAnswer(decision_id=stands.decision_id, verdict=stands.verdict, by=stands.by, at=stands.at)


def _decided(stands: Answer, asked: _Asked) -> Decided:
    by = f" by {stands.by}" if stands.by else ""
    reason = stands.reason or (asked.why or "" if stands.verdict is Verdict.LAPSED else "")
    details = DecidedDetails(verdict=stands.verdict, by=stands.by, at=stands.at, reason=reason)
    return Decided(f"decision {stands.decision_id!r} is no longer pending: {stands.verdict.value.lower()}{by}", details)
