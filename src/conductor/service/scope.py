"""What part of the history somebody asks for, kept within what their token is for."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.access.rights import EVERY_EVENT
from conductor.service.deps import Caller, event_of, known
from conductor.service.parts import Parts


@dataclass(frozen=True, slots=True)
class Scope:
    """A session, an event, or (both None) everything."""

    session_id: str | None
    event_id: str | None


async def narrowed(parts: Parts, who: Caller, session_id: str | None, event_id: str | None) -> Scope:
    """The part asked for; a token of one event that names none asks for all of its own.

    Raises:
        Forbidden: Some of it lies outside what the token is for.
        NotFound: Nobody heard of the session.
    """
    if session_id is not None:
        of_session = await event_of(parts, session_id)
        who.check(session_id=session_id, event_id=of_session)
        return Scope(session_id, event_id or known(session_id, of_session))
    own = who.principal
    if event_id is None and (own.event_id != EVERY_EVENT or own.session_ids):
        event_id = own.event_id
    who.check(event_id=event_id)
    return Scope(None, event_id)
