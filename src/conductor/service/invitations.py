"""Invitations: how attendees and speakers come by a token of their own."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request, Response, Security

from conductor.access.invitations import Invitation
from conductor.access.revocation import called_back_in, invitation_key
from conductor.access.rights import Right, Role
from conductor.errors import Conflict, NotFound
from conductor.service.deps import SessionPlace, Sources, session_place, take_as_guest
from conductor.service.links import base_of
from conductor.wire.rest_people import MOST_TTL_S, AcceptBody, AcceptedAnswer, InviteBody, InvitedAnswer

router = APIRouter(tags=["people"])

PAGES = {Role.ATTENDEE: "room", Role.SPEAKER: "speak"}
"""Where each of them belongs in the web app."""

MOST_CALLED_BACK = 1000
"""Of one session. All processes are told the whole list every few seconds, so nobody may fill it with made-up ids."""


@router.post("/sessions/{session_id:path}/invitations", status_code=201, summary="Invite into a session")
async def invite(
    body: InviteBody,
    request: Request,
    parts: Sources,
    place: Annotated[SessionPlace, Security(session_place, scopes=[Right.INVITE])],
) -> InvitedAnswer:
    """Make a link that lets people into this session, and nowhere else.

    One for attendees can be handed to everybody: each who accepts it becomes somebody new. One for a speaker makes
    whoever accepts it the same speaker on each of their devices. Links run out, and can be called back before.
    """
    role = Role(body.role.upper())
    invitation = Invitation.new(role, place.event_id, place.session_id)
    token = parts.access.invite(invitation, body.ttl_s)
    url = f"{base_of(request)}/{PAGES[role]}/{quote(place.session_id, safe='')}#invite={token}"
    expires_at = parts.clock() + body.ttl_s
    return InvitedAnswer(
        url=url,
        token=token,
        invitation_id=invitation.invitation_id,
        role=body.role,
        session_id=place.session_id,
        expires_at=expires_at,
    )


@router.delete(
    "/sessions/{session_id:path}/invitations/{invitation_id}", status_code=204, summary="Call an invitation back"
)
async def call_back(
    invitation_id: Annotated[str, Path(min_length=1, max_length=200, description="As it was told with the link.")],
    parts: Sources,
    place: Annotated[SessionPlace, Security(session_place, scopes=[Right.INVITE])],
) -> None:
    """Let nobody in by it any more, and put out whoever came in by it: within seconds in all processes.

    Calling it back again changes nothing, and neither does calling back what never was.
    """
    if parts.revoked is None:
        raise NotFound("nothing keeps here what was called back", code="nothing_kept")
    key, now = invitation_key(place.session_id, invitation_id), parts.clock()
    _check_room(place.session_id, key, parts.access.called_back.ids)
    await parts.revoked.add(key, now + MOST_TTL_S, now)
    parts.access.called_back.add(key)


def _check_room(session_id: str, key: str, known: frozenset[str]) -> None:
    if key not in known and called_back_in(session_id, known) >= MOST_CALLED_BACK:
        raise Conflict(
            f"{MOST_CALLED_BACK} invitations into this session are called back already, and no more are kept; "
            f"each is forgotten {MOST_TTL_S / 86_400:.0f} days after it was called back",
            code="too_many_called_back",
        )


@router.post("/invitations/accept", summary="Accept an invitation", dependencies=[Depends(take_as_guest)])
async def accept_invitation(body: AcceptBody, parts: Sources, response: Response) -> AcceptedAnswer:
    """Get a token of one's own for the session of an invitation; it runs out when the invitation does."""
    response.headers["Cache-Control"] = "no-store"
    token, guest, expires_at = parts.access.accept(body.invitation, body.display_name.strip())
    return AcceptedAnswer(
        token=token,
        role="SPEAKER" if guest.role is Role.SPEAKER else "ATTENDEE",
        user_id=guest.user_id,
        name=guest.name,
        event_id=guest.event_id,
        session_id=next(iter(guest.session_ids)),
        expires_at=expires_at,
    )
