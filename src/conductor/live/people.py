"""Who is connected: one object for each socket, with its person, its way out and where it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor.access.rights import Principal
from conductor.limits import Bucket
from conductor.live.fanout import Place, Way


@dataclass(frozen=True, slots=True)
class FloodParams:
    """How much one connection may emit.

    Attributes:
        rate_per_s: Emits a second that are answered at once for as long as anybody likes, above 0. A person who
            types, reacts and votes stays below 3; a finger held on a reaction reaches about 8.
        burst: How many may come at once after a while of silence, 1 or more.
        patience: How many in a row may be slowed before the next is refused, 1 or more.
    """

    rate_per_s: float = 10.0
    burst: float = 20.0
    patience: int = 50


@dataclass(slots=True, eq=False)
class Connection:
    """One socket.

    Attributes:
        until: When its person's token runs out, in epoch seconds.
        session_id: The session that it joined, if any.
        watched: Sessions whose agent it watches.
        slowed: How many emits in a row had to wait.
        token_ids: Under which their token can be called back.
    """

    sid: str
    engine_sid: str
    principal: Principal
    way: Way
    bucket: Bucket
    until: float
    session_id: str | None = None
    watched: set[str] = field(default_factory=set)
    slowed: int = 0
    token_ids: tuple[str, ...] = ()


def everybody(session_id: str) -> Place:
    """All who joined a session."""
    return "everybody", session_id


def speakers(session_id: str) -> Place:
    """Those who joined it as speakers."""
    return "speakers", session_id


def watchers(session_id: str) -> Place:
    """Organisers who watch its agent."""
    return "watchers", session_id


def person(session_id: str, user_id: str) -> Place:
    """One person's sockets in a session."""
    return "person", session_id, user_id
