"""What each role may do, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from conductor.domain.sessions import RESERVED_EVENT_ID
from conductor.errors import Forbidden

EVERY_EVENT = RESERVED_EVENT_ID
"""In the place of an event's id: all of them."""


class Role(StrEnum):
    """Who somebody is. SERVICE is a program, such as the platform that holds the sessions."""

    ORGANISER = "ORGANISER"
    SPEAKER = "SPEAKER"
    ATTENDEE = "ATTENDEE"
    SERVICE = "SERVICE"


class Right(StrEnum):
    """One thing that may be allowed.

    PRESENT covers what a speaker does: slides, phases, polls of their own, marking questions as answered. KNOW_ONESELF
    is to ask who one is, and REHEARSE to have a simulated room shown.
    """

    KNOW_ONESELF = "KNOW_ONESELF"
    WATCH_AGENT = "WATCH_AGENT"
    ANSWER = "ANSWER"
    SET_MODE = "SET_MODE"
    INTERVENE = "INTERVENE"
    INVITE = "INVITE"
    REHEARSE = "REHEARSE"
    READ_HISTORY = "READ_HISTORY"
    CHANGE_SETTINGS = "CHANGE_SETTINGS"
    MANAGE_STATE = "MANAGE_STATE"
    READ_AUDIT = "READ_AUDIT"
    ERASE = "ERASE"
    SEND_SIGNALS = "SEND_SIGNALS"
    REGISTER = "REGISTER"
    JOIN = "JOIN"
    CHAT = "CHAT"
    REACT = "REACT"
    VOTE = "VOTE"
    ASK = "ASK"
    UPVOTE = "UPVOTE"
    PRESENT = "PRESENT"


_ATTENDEE = frozenset({Right.KNOW_ONESELF, Right.JOIN, Right.CHAT, Right.REACT, Right.VOTE, Right.ASK, Right.UPVOTE})

RIGHTS: Mapping[Role, frozenset[Right]] = {
    # Signals come from rooms and programs. A person who could send them could make a score up.
    Role.ORGANISER: frozenset(Right) - {Right.SEND_SIGNALS},
    Role.SPEAKER: _ATTENDEE | {Right.PRESENT},
    Role.ATTENDEE: _ATTENDEE,
    Role.SERVICE: frozenset({Right.KNOW_ONESELF, Right.SEND_SIGNALS, Right.REGISTER}),
}

EVERYWHERE = frozenset({Right.MANAGE_STATE, Right.READ_AUDIT, Right.ERASE})
"""What was learned and who did what are kept for all events together, and nothing brings back what was erased, so a
token of one event won't do."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking.

    Attributes:
        user_id: An opaque id; never empty.
        role: Who they are.
        event_id: The event in which they are that, or `EVERY_EVENT`.
        session_ids: The only sessions of it in which they are that; empty for all.
        name: How others see them; may be empty.
    """

    user_id: str
    role: Role
    event_id: str = EVERY_EVENT
    session_ids: frozenset[str] = frozenset()
    name: str = ""


def covers(principal: Principal, *, session_id: str | None = None, event_id: str | None = None) -> bool:
    """Whether a place lies within what somebody's token is for.

    A session whose event isn't named lies within a token of one event only if the token names that session. An event
    without a session is the event as a whole, and so lies outside a token of some of its sessions. Without either it
    is asked whether there is any such place, and the answer is yes.
    """
    if event_id is not None and principal.event_id not in {EVERY_EVENT, event_id}:
        return False
    if principal.session_ids:
        return session_id in principal.session_ids if session_id is not None else event_id is None
    return session_id is None or event_id is not None or principal.event_id == EVERY_EVENT


def check(principal: Principal, right: Right, *, session_id: str | None = None, event_id: str | None = None) -> None:
    """Let somebody through who has this right in this place.

    Raises:
        Forbidden: They don't; the message says what is missing.
    """
    if right not in RIGHTS[principal.role]:
        able = ", ".join(role for role, rights in RIGHTS.items() if right in rights)
        raise Forbidden(f"{right} is not for the role {principal.role}; it takes {able}", code="role")
    is_narrow = bool(principal.session_ids) or principal.event_id != EVERY_EVENT
    if right in EVERYWHERE and is_narrow:
        raise Forbidden(f"{right} concerns all events; it takes a token of every event", code="scope")
    if not covers(principal, session_id=session_id, event_id=event_id):
        raise Forbidden(f"{right} takes a token for {_place(session_id, event_id)}; {_scope(principal)}", code="scope")


def _place(session_id: str | None, event_id: str | None) -> str:
    event = "its event" if event_id is None else f"the event {event_id!r}"
    return f"all of {event}" if session_id is None else f"the session {session_id!r} of {event}"


def _scope(principal: Principal) -> str:
    event = "every event" if principal.event_id == EVERY_EVENT else f"the event {principal.event_id!r}"
    if not principal.session_ids:
        return f"this one is for {event}"
    return f"this one is for {len(principal.session_ids)} session(s) of {event}"
