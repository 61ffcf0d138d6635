"""Bodies and answers about who somebody is, and about invitations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from conductor.wire.ids import NO_CONTROL
from conductor.wire.rest import Taken
from conductor.wire.rest_fields import EventId, SessionId, said

LEAST_TTL_S = 60.0
MOST_TTL_S = 31 * 86_400.0
TTL_S = 43_200.0
"""A conference day."""

NAME_CHARS = 60
"""As long as a name in a room may be."""

UserId = Annotated[str, said("Tells people apart; it says nothing else of them.", "attendee-q3Vf0cR8mT1xZw2K")]
Token = Annotated[
    str, said("To be sent as `Authorization: Bearer …`, or to the rooms as `auth: {token}`.", "eyJhbGciOi…")
]
ExpiresAt = Annotated[float, said("Until when, in seconds since 1970 (UTC).", 1800043200.0)]
Name = Annotated[str, said("Under which others see them; may be empty.", "Ana")]


class MeAnswer(BaseModel):
    """Whom a token is for."""

    role: Annotated[Literal["ORGANISER", "SPEAKER", "ATTENDEE", "SERVICE"], said("Who they are.")]
    user_id: UserId
    name: Name
    event_id: Annotated[str | None, said("The only event that the token is for; null for every event.", "event-1")]
    session_ids: Annotated[
        list[str], said("The only sessions that it is for; empty for all of the event.", ["session-7"])
    ]
    rights: Annotated[list[str], said("What this role may do there.", ["CHAT", "JOIN", "VOTE"])]
    expires_at: ExpiresAt


class InviteBody(Taken):
    """Whom to invite into a session."""

    role: Literal["attendee", "speaker"] = Field(description="`attendee` is for many people, `speaker` for one.")
    ttl_s: Annotated[float, Field(ge=LEAST_TTL_S, le=MOST_TTL_S, allow_inf_nan=False)] = Field(
        TTL_S,
        description="Seconds for which it can be accepted, and for which whoever accepts it stays signed in.",
        examples=[TTL_S],
    )


class InvitedAnswer(BaseModel):
    """An invitation, and the address that accepts it: the fragment reaches no server or log."""

    url: Annotated[str, said("What to hand to people.", "https://example.org/room/session-7#invite=eyJhbGciOi…")]
    token: Annotated[
        str, said("The invitation alone; it opens nothing but `POST …/invitations/accept`.", "eyJhbGciOi…")
    ]
    invitation_id: Annotated[str, said("By which it can be called back.", "q3Vf0cR8mT1xZw2K")]
    role: Annotated[Literal["attendee", "speaker"], said("Who is invited.")]
    session_id: SessionId
    expires_at: ExpiresAt


class AcceptBody(Taken):
    """Somebody takes up an invitation."""

    invitation: Annotated[str, Field(min_length=1, max_length=4096)] = Field(
        description="What follows `#invite=` in the address.", examples=["eyJhbGciOi…"]
    )
    display_name: Annotated[str, Field(max_length=NAME_CHARS, pattern=rf"^{NO_CONTROL}*$")] = Field(
        "", description="Under which others see them.", examples=["Ana"]
    )


class AcceptedAnswer(BaseModel):
    """A token of one's own, for this session and nothing else."""

    token: Token
    role: Annotated[Literal["ATTENDEE", "SPEAKER"], said("Who they are.")]
    user_id: UserId
    name: Name
    event_id: EventId
    session_id: SessionId
    expires_at: ExpiresAt
