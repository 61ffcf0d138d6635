"""All rooms together with the sockets of those who are in them: what happens in a room goes out from here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from conductor.access.rights import EVERY_EVENT, Right, Role, check, covers
from conductor.errors import Conflict, InvalidInput, NotFound
from conductor.live import effects
from conductor.live.effects import Effects, Frame, Lane, People
from conductor.live.fanout import Fanout, said
from conductor.live.people import Connection, everybody, person, speakers, watchers
from conductor.live.presence import NEVER
from conductor.live.publishing import Publisher
from conductor.live.room import Room
from conductor.live.rooms import Rooms
from conductor.overview import Overview

LOG = logging.getLogger(__name__)

FAILED_EVERY_S = 60.0
"""Of a room that fails again and again it is said so often."""


class Hall:
    """Rooms, sockets and the way to the bus.

    Args:
        clock: Gives the time in epoch seconds.
        ids: Makes ids for messages, questions and polls.
    """

    def __init__(
        self, rooms: Rooms, overview: Overview, publisher: Publisher, clock: Callable[[], float], ids: Callable[[], str]
    ) -> None:
        self.rooms = rooms
        self.overview = overview
        self.publisher = publisher
        self.clock = clock
        self.ids = ids
        self.fanout = Fanout()
        self.connections: dict[str, Connection] = {}
        self._of_person: dict[str, dict[str, None]] = {}
        self._chat: dict[str, list[Frame]] = {}
        self._failed_at: dict[str, float] = {}
        self._frames_sent = 0
        self._trusted: dict[str, set[str]] = {}

    def allow(self, connection: Connection, right: Right, session_id: str, event_id: str | None = None) -> str:
        """Let a person do something in a session, and say to which event this belongs.

        Args:
            connection: Whose it is.
            right: What they want to do.
            session_id: Where.
            event_id: What the person says; taken only where nothing is known of the session.

        Raises:
            Forbidden: They may not.
            InvalidInput: The event is said to be called as no event may be.
            NotFound: Nobody knows the session, and neither the person nor their token says its event.
            Conflict: Nobody knows it, and an attendee's token does not name it: they could take its name for another
                event than its own, and fill the service with rooms that nobody holds.
        """
        principal = connection.principal
        known = self.event_of(session_id)
        if known is None and principal.role is Role.ATTENDEE and session_id not in principal.session_ids:
            check(principal, right, session_id=session_id, event_id=principal.event_id)
            raise Conflict("This session has not begun yet; try again once it has.", code="session_not_begun")
        if known is None and principal.event_id != EVERY_EVENT:
            known = principal.event_id
        event = known or event_id
        if event == EVERY_EVENT:
            raise InvalidInput(f"no event may be called {event!r}; choose another id", code="id_reserved")
        check(principal, right, session_id=session_id, event_id=event)
        if event is None:
            raise NotFound(
                f"nobody has heard of the session {session_id!r}; start it, or say its eventId", code="no_session"
            )
        return event

    @property
    def frames_sent(self) -> int:
        """Events sent to sockets until now, each counted once for every socket."""
        return self._frames_sent + sum(each.way.frames_sent for each in self.connections.values())

    def event_of(self, session_id: str) -> str | None:
        """The event of a session, as far as it is known."""
        if session_id in self.rooms.session_ids():
            return self.rooms.room(session_id).event_id
        return self.overview.event_of(session_id)

    def joined(self, connection: Connection, right: Right) -> Room:
        """The room that a person joined, if they may do this there.

        Raises:
            Conflict: They joined none.
            Forbidden: They may not.
        """
        if connection.session_id is None:
            raise Conflict("join a session first: emit session:join with its sessionId", code="not_joined")
        room = self.rooms.room(connection.session_id)
        check(connection.principal, right, session_id=room.session_id, event_id=room.event_id)
        return room

    def admit(self, connection: Connection, session_id: str) -> None:
        """Let a socket hear a session's room, after telling it all that it has to know."""
        principal = connection.principal
        connection.session_id = session_id
        snapshot = self.rooms.room(session_id).snapshot(principal.user_id, self.clock())
        connection.way.send(said(("session.snapshot", snapshot)))
        self.fanout.enter(everybody(session_id), connection.sid, connection.way)
        self.fanout.enter(person(session_id, principal.user_id), connection.sid, connection.way)
        if principal.role is not Role.ATTENDEE:
            self.fanout.enter(speakers(session_id), connection.sid, connection.way)

    def dismiss(self, connection: Connection) -> None:
        """Let it hear the room of its session no more."""
        if session_id := connection.session_id:
            for name in (everybody(session_id), speakers(session_id)):
                self.fanout.leave(name, connection.sid)
            self.fanout.leave(person(session_id, connection.principal.user_id), connection.sid)
            connection.session_id = None

    def watch(self, connection: Connection, session_id: str) -> None:
        """Show an organiser what the agent does in a session: all until now, then each event."""
        snapshot = self.overview.snapshot(session_id, self.clock())
        connection.way.send(said(("agent.snapshot", snapshot)))
        if self.event_of(session_id) is None:
            self._trusted.setdefault(session_id, set()).add(connection.sid)
        connection.watched.add(session_id)
        self.fanout.enter(watchers(session_id), connection.sid, connection.way)

    def unwatch(self, connection: Connection, session_id: str) -> None:
        """Show it no more."""
        self._trust_no_more(session_id, connection)
        connection.watched.discard(session_id)
        self.fanout.leave(watchers(session_id), connection.sid)

    def show(self, session_id: str, event_id: str, *events: tuple[str, object]) -> None:
        """Show what the agent does to those who watch this session.

        Who began to watch before anybody knew its event was let in on their word, which is held to now.
        """
        for sid in self._trusted.pop(session_id, ()):
            connection = self.connections[sid]
            if not covers(connection.principal, session_id=session_id, event_id=event_id):
                self.unwatch(connection, session_id)
        self.fanout.say(watchers(session_id), *events)

    def organisers(self) -> dict[str, int]:
        """How many people watch the agent, by session."""
        people: dict[str, set[str]] = {}
        for connection in self.connections.values():
            for session_id in connection.watched:
                people.setdefault(session_id, set()).add(connection.principal.user_id)
        return {session_id: len(ids) for session_id, ids in people.items()}

    def come(self, connection: Connection, most: int) -> Connection | None:
        """A socket is open; which of its person's is one too many if they may have `most`: the oldest."""
        self.connections[connection.sid] = connection
        own = self._of_person.setdefault(connection.principal.user_id, {})
        own[connection.sid] = None
        return self.connections[next(iter(own))] if len(own) > most else None

    def gone(self, connection: Connection) -> None:
        """A socket is closed; its person may come back."""
        own = self._of_person.get(connection.principal.user_id, {})
        own.pop(connection.sid, None)
        if not own:
            self._of_person.pop(connection.principal.user_id, None)
        session_id = connection.session_id
        self.dismiss(connection)
        for watched in connection.watched:
            self._trust_no_more(watched, connection)
        connection.watched.clear()
        self.fanout.drop(connection.sid)
        if self.connections.pop(connection.sid, None) is not None:
            self._frames_sent += connection.way.frames_sent
        if session_id is not None and session_id in self.rooms.session_ids():
            self.perform(session_id, self.rooms.room(session_id).disconnect(connection.sid, self.clock()))

    def perform(self, session_id: str, what: Effects) -> None:
        """Put what is kept on its way to the bus and frames on theirs to people; chat waits for `flush_chat`."""
        self.publisher.add(what.kept)
        for frame in what.frames:
            if frame.lane is Lane.CHAT:
                self._chat.setdefault(session_id, []).append(frame)
            else:
                self._say(session_id, frame)

    def advance(self, now: float) -> None:
        """Let time pass in all rooms, until `now` in epoch seconds, and free those that are over."""

        def step(session_id: str) -> None:
            self.perform(session_id, self.rooms.room(session_id).advance(now))

        self._in_each(self.rooms.session_ids(), step)
        self.rooms.free(now)

    def flush_chat(self) -> None:
        """Send chat that waits: all of a room in one piece."""
        waiting, self._chat = self._chat, {}

        def send(session_id: str) -> None:
            frames = waiting[session_id]
            shared = [(each.name, each.payload) for each in frames if each.to is effects.Role.EVERYBODY]
            if shared:
                self.fanout.say(everybody(session_id), *shared)
            for frame in frames:
                if frame.to is not effects.Role.EVERYBODY:
                    self._say(session_id, frame)

        self._in_each(waiting, send)

    def _trust_no_more(self, session_id: str, connection: Connection) -> None:
        if trusted := self._trusted.get(session_id):
            trusted.discard(connection.sid)
            if not trusted:
                del self._trusted[session_id]

    def _in_each(self, session_ids: Iterable[str], do: Callable[[str], None]) -> None:
        """Do it in each room; one in which it fails holds up no other, and is told of once a minute."""
        for session_id in session_ids:
            try:
                do(session_id)
            except Exception:  # Each room goes on by itself, as a task of its own would.
                now = self.clock()
                if now - self._failed_at.get(session_id, NEVER) >= FAILED_EVERY_S:
                    self._failed_at[session_id] = now
                    LOG.exception("the room of the session %r failed; the others go on", session_id)

    def _say(self, session_id: str, frame: Frame) -> None:
        event = (frame.name, frame.payload)
        match frame.to:
            case People(user_ids):
                for user_id in user_ids:
                    self.fanout.say(person(session_id, user_id), event)
            case effects.Role.SPEAKER:
                self.fanout.say(speakers(session_id), event)
            case effects.Role.ORGANISER:
                self.fanout.say(watchers(session_id), event)
            case effects.Role.EVERYBODY:
                self.fanout.say(everybody(session_id), event)
