"""Errors as every route answers them: one shape, with details that the case has."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict

from conductor.domain.organisers import Verdict
from conductor.errors import Category
from conductor.wire.rest_fields import said


class Misfit(BaseModel):
    """One place of a request that does not fit."""

    where: Annotated[str, said("The place, from the part of the request on.", "body.session_id")]
    what: Annotated[str, said("What is wrong with it.", "Field required")]
    type: Annotated[str, said("A stable name of that, for programs.", "missing")]


class NoDetails(BaseModel):
    """Most errors have none."""

    model_config = ConfigDict(extra="forbid")


class MisfitDetails(BaseModel):
    """Of `invalid_input` where the shape of a request does not fit: the first twenty places."""

    model_config = ConfigDict(extra="forbid")

    errors: Annotated[list[Misfit], said("Every place that does not fit.")]


class DecidedDetails(BaseModel):
    """Of `decision_not_pending`: what became of the decision."""

    model_config = ConfigDict(extra="forbid")

    verdict: Annotated[Verdict | None, said("What stands; null where nobody was asked.", "APPROVED")]
    by: Annotated[str, said("Who answered; empty where nobody did.", "user-3")]
    at: Annotated[float | None, said("When, in seconds since 1970 (UTC); null without an answer.", 1800000000.0)]
    reason: Annotated[str, said("Why it was rejected, where somebody said so.", "not now")]


class RecoveredDetails(BaseModel):
    """Of `room_recovered`: how the room is, and how it was seen."""

    model_config = ConfigDict(extra="forbid")

    score: Annotated[float, said("The score now, in [0, 1]: as `seen_score` it approves all the same.", 0.72)]
    seen_score: Annotated[float, said("The score in [0, 1] that the answering person saw.", 0.41)]


Details = MisfitDetails | DecidedDetails | RecoveredDetails | NoDetails


class ErrorBody(BaseModel):
    """What went wrong, where, and how to mend it."""

    category: Annotated[Category, said("What kind of error it is.")]
    code: Annotated[str, said("A stable name of the exact case, for programs.", "not_found")]
    message: Annotated[str, said("A sentence for a person.", "no session 'session-8'; register it")]
    details: Annotated[Details, said("What else there is to know; which shape it has, `code` says.", {})]
    retry_after_s: Annotated[float | None, said("Seconds after which trying again may help; null if not.", 12.5)]
    request_id: Annotated[str, said("The id of the request, as in `X-Request-Id`.", "9f1c7c9e5d3f4f0e")]


class Problem(BaseModel):
    """The shape of every error."""

    error: Annotated[ErrorBody, said("What went wrong.")]


def _example(code: str, message: str, details: dict[str, Any]) -> dict[str, Any]:
    told = {"category": Category.CONFLICT.value, "code": code, "message": message, "details": details}
    return {"value": {"error": {**told, "retry_after_s": None, "request_id": "9f1c7c9e5d3f4f0e"}}}


ANSWERED_ALREADY = {
    "summary": "Somebody else answered first",
    **_example(
        "decision_not_pending",
        "decision 'session-7-d1' is no longer pending: rejected by user-3",
        {"verdict": "REJECTED", "by": "user-3", "at": 1800000000.0, "reason": "not now"},
    ),
}
TOO_LATE = {
    "summary": "Nobody answered in time, or the agent let go of it",
    **_example(
        "decision_not_pending",
        "decision 'session-7-d1' is no longer pending: lapsed",
        {"verdict": "LAPSED", "by": "", "at": 1800000060.0, "reason": ""},
    ),
}
NOBODY_ASKED = {
    "summary": "The agent did it by itself",
    **_example(
        "decision_not_pending",
        "nobody was asked about decision 'session-7-d1'",
        {"verdict": None, "by": "", "at": None, "reason": ""},
    ),
}
RECOVERED = {
    "summary": "The room has recovered since it was looked at; nothing is settled",
    **_example(
        "room_recovered",
        "The room has recovered: its score is 72 % now, and was 41 % when you saw it. Nothing was launched; "
        "to launch it all the same, approve again with seen_score 0.72.",
        {"score": 0.72, "seen_score": 0.41},
    ),
}
