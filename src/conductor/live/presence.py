"""Who is in a room: people, not connections."""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor.errors import Conflict
from conductor.live.params import LiveParams

NAMELESS = "Guest"
"""What others see of somebody who gave no name."""

NEVER = float("-inf")


@dataclass(slots=True)
class Person:
    """Somebody who is or was in the room.

    Attributes:
        name: Under which others see them; None until they come here.
        connections: Their connections here.
        present: Whether they are there, here or elsewhere.
        changed_at: When they came or left last; as all times here, in epoch seconds.
        seen_at: When they last were said to be there.
        active_at: When they last did something; `NEVER` if they did nothing yet.
        beats: Whether signs of life of them come by the stream, so that silence says that they left.
        focused: Whether the session is in front on their screen.
        first_session: Whether it is their first session, where known.
    """

    name: str | None = None
    connections: set[str] = field(default_factory=set)
    present: bool = False
    changed_at: float = NEVER
    seen_at: float = NEVER
    active_at: float = NEVER
    beats: bool = False
    focused: bool = True
    first_session: bool = False


class Presence:
    """People of a room. What comes due is kept in the order in which it does, so that a full room costs little.

    Attributes:
        was_joined: Whether anybody ever came here, rather than on another platform or before a restart.
    """

    def __init__(self, params: LiveParams) -> None:
        self._params = params
        self._people: dict[str, Person] = {}
        self._of_connection: dict[str, str] = {}
        self._present: dict[str, None] = {}
        self._absent: dict[str, None] = {}
        self._leaving: dict[str, float] = {}
        self._unheard: dict[str, None] = {}
        self._beat_due: dict[str, float] = {}
        self._told: dict[str, None] = {}
        self.was_joined = False

    def join(self, user_id: str, name: str, connection_id: str, now: float) -> bool:
        """Somebody opens a connection; True if they were not there before.

        Raises:
            Conflict: The connection is somebody else's, they have too many, or the room is full.
        """
        if self._of_connection.get(connection_id, user_id) != user_id:
            raise Conflict("This connection joined as somebody else; leave first, then join.", code="other_person")
        person = self._person(user_id)
        if person is None:
            most = self._params.people_most
            raise Conflict(f"The room is full ({most} people); try again once somebody has left.", code="room_full")
        if len(person.connections | {connection_id}) > self._params.connections_most:
            raise Conflict(
                f"You are here {self._params.connections_most} times already; close another window.",
                code="too_many_connections",
            )
        person.name = name
        person.connections.add(connection_id)
        self._of_connection[connection_id] = user_id
        self._leaving.pop(user_id, None)
        self._told.pop(user_id, None)
        if user_id not in self._beat_due:
            # The first sign of life goes out at once: after a restart it says that there will be more.
            self._unheard[user_id] = None
        self.was_joined = True
        return self._come(user_id, person, now)

    def disconnect(self, connection_id: str, now: float) -> str | None:
        """A connection is gone; whose last one it was, if anybody's."""
        user_id = self._of_connection.pop(connection_id, None)
        if user_id is None:
            return None
        person = self._people[user_id]
        person.connections.discard(connection_id)
        if person.connections:
            return None
        self._leaving[user_id] = now
        return user_id

    def leave(self, user_id: str, at: float) -> bool:
        """Somebody without a connection here is gone; False if they were before, or came later than this."""
        person = self._people.get(user_id)
        if person is None or not person.present or person.connections or at < person.changed_at:
            return False
        person.present, person.changed_at, person.beats = False, at, False
        for waiting in (self._leaving, self._unheard, self._beat_due, self._told, self._present):
            waiting.pop(user_id, None)
        self._absent[user_id] = None
        return True

    def told(self, user_id: str, at: float, *, beats: bool = False) -> bool:
        """The stream says that somebody is there, as a sign of life or otherwise; True if they were not before."""
        person = self._person(user_id)
        if person is None or (not person.present and at < person.changed_at):
            return False
        person.seen_at = max(person.seen_at, at)
        came = self._come(user_id, person, at)
        person.beats = person.beats or beats
        if person.beats and not person.connections:
            self._told.pop(user_id, None)
            self._told[user_id] = None
        return came

    def take_gone(self, now: float) -> list[str]:
        """People who left by now: their grace is over, or nothing was heard of them for long; they are told once."""
        gone = _due(self._leaving, now - self._params.grace_s)
        while self._told:
            user_id = next(iter(self._told))
            if self._people[user_id].seen_at > now - self._params.silent_s:
                break
            del self._told[user_id]
            gone.append(user_id)
        return [user_id for user_id in gone if self.leave(user_id, now)]

    def take_beats(self, now: float) -> list[str]:
        """People who are connected and of whom the stream should hear again."""
        due = [*self._unheard, *_due(self._beat_due, now)]
        self._unheard.clear()
        for user_id in due:
            self._beat_due[user_id] = now + self._params.beat_s
        return [user_id for user_id in due if self._people[user_id].connections]

    def named(self, user_id: str, name: str) -> None:
        """The stream says under which name others see somebody."""
        person = self._person(user_id)
        if person is not None:
            person.name = name

    def find(self, user_id: str) -> Person | None:
        """What is known of somebody."""
        return self._people.get(user_id)

    def person_here(self, user_id: str) -> Person:
        """Somebody who joined here and has not left.

        Raises:
            Conflict: They have not joined, or have left.
        """
        person = self._people.get(user_id)
        if person is None or not person.present:
            raise Conflict("You are not in this session; join it first.", code="not_joined")
        return person

    def name(self, user_id: str | None) -> str | None:
        """Under which others see somebody, where known."""
        person = None if user_id is None else self._people.get(user_id)
        return None if person is None else person.name

    def connected(self) -> list[str]:
        """People who have a connection here, in the order in which they came."""
        return [user_id for user_id in self._present if self._people[user_id].connections]

    def count(self) -> int:
        """People who are there, here or elsewhere."""
        return len(self._present)

    def _person(self, user_id: str) -> Person | None:
        """What is known of somebody, from now on at least; None if the room is full."""
        person = self._people.get(user_id)
        if person is not None:
            return person
        if len(self._people) >= self._params.people_most:
            if not self._absent:
                return None
            longest_gone = next(iter(self._absent))
            del self._absent[longest_gone], self._people[longest_gone]
        self._absent[user_id] = None
        person = self._people[user_id] = Person()
        return person

    def _come(self, user_id: str, person: Person, at: float) -> bool:
        person.seen_at = max(person.seen_at, at)
        if person.present:
            return False
        person.present, person.changed_at, person.focused = True, at, True
        self._absent.pop(user_id, None)
        self._present[user_id] = None
        return True


def _due(waiting: dict[str, float], by: float) -> list[str]:
    """Takes out those whose time is up; they wait in the order of their times."""
    due: list[str] = []
    for user_id, at in waiting.items():
        if at > by:
            break
        due.append(user_id)
    for user_id in due:
        del waiting[user_id]
    return due
