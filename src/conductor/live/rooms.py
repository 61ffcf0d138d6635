"""All rooms of a process: opened when first needed, freed when they are over."""

from __future__ import annotations

from collections.abc import Callable

from conductor.domain.signals import STRAGGLERS, Kind, Signal
from conductor.errors import Conflict, NotFound
from conductor.live.effects import NOTHING, Effects
from conductor.live.params import LiveParams
from conductor.live.room import Room
from conductor.wire.rooms import Note


class Rooms:
    """Rooms by session.

    Args:
        params: Times and bounds of each.
        make: Makes one.
    """

    def __init__(
        self, params: LiveParams | None = None, make: Callable[[str, str, float, LiveParams], Room] = Room
    ) -> None:
        self._params = params or LiveParams()
        self._make = make
        self._of_session: dict[str, Room] = {}

    def __len__(self) -> int:
        return len(self._of_session)

    def session_ids(self) -> tuple[str, ...]:
        """The sessions whose rooms are open."""
        return tuple(self._of_session)

    def open(self, session_id: str, event_id: str, now: float) -> Room:
        """The room of a session, opened if it is not; `now` is in epoch seconds.

        Raises:
            Conflict: The session belongs to another event, or too many rooms are open.
        """
        room = self._of_session.get(session_id)
        if room is None:
            if len(self._of_session) >= self._params.rooms_most:
                raise Conflict(
                    f"{len(self._of_session)} rooms are open, and no more fit; try again later.",
                    code="rooms_full",
                )
            room = self._of_session[session_id] = self._make(session_id, event_id, now, self._params)
        if room.event_id != event_id:
            raise Conflict(
                f"The session {session_id!r} belongs to another event than {event_id!r}; join it under its own.",
                code="other_event",
            )
        return room

    def room(self, session_id: str) -> Room:
        """The open room of a session.

        Raises:
            NotFound: No room is open for it.
        """
        room = self._of_session.get(session_id)
        if room is None:
            raise NotFound(f"No room is open for the session {session_id!r}; join it first.", code="no_room")
        return room

    def apply(self, signal: Signal) -> Effects:
        """Take in a signal of the stream; a room is opened for it if need be.

        Returns:
            Frames alone, and none where the signal is about no room: a source's heartbeat, the end of something
            that is not open, or the first signal of one room too many.
        """
        known = signal.session_id in self._of_session
        if signal.kind is Kind.SOURCE_HEARTBEAT or (signal.kind in STRAGGLERS and not known):
            return NOTHING
        if not known and len(self._of_session) >= self._params.rooms_most:
            return NOTHING
        room = self._of_session.get(signal.session_id)
        return (room or self.open(signal.session_id, signal.event_id, signal.at)).apply(signal)

    def recall(self, note: Note) -> Effects:
        """Take in a note of the stream; a room is opened for it if need be.

        Returns:
            Frames alone, and none for the first note of one room too many.

        Raises:
            Conflict: The session belongs to another event.
        """
        if note.session_id not in self._of_session and len(self._of_session) >= self._params.rooms_most:
            return NOTHING
        return self.open(note.session_id, note.event_id, note.at).recall(note)

    def free(self, now: float) -> None:
        """Let go of rooms that are over."""
        for session_id in [session_id for session_id, room in self._of_session.items() if room.is_over(now)]:
            del self._of_session[session_id]
