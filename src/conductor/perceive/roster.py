"""Who is in the room, and who did something when: people of all sessions in one set of columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from conductor.domain.signals import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = -np.inf

FIRST_CAPACITY = 64
"""Rows to begin with, and the least by which they grow; otherwise by one for `GROWTH`."""

GROWTH = 8

_COLUMNS: dict[str, tuple[type, float]] = {
    "session": (np.int64, -1),
    "joined_at": (np.float64, NEVER),
    "seen_at": (np.float64, NEVER),
    "left_at": (np.float64, NEVER),
    "active_at": (np.float64, NEVER),
    "unprompted_at": (np.float64, NEVER),
    "interactions": (np.uint32, 0),
    "present": (np.bool_, False),
    "focused": (np.bool_, True),
    "first_session": (np.bool_, False),
}


class Roster:
    """One row a person, columns as arrays.

    Attributes:
        session: Row of the person's session; -1 where a row is free.
        joined_at: When the person came (or was first heard of); as all times here in epoch seconds.
        seen_at: When the person last joined or was said to be there.
        left_at: When the person last left.
        active_at: When the person last did something.
        unprompted_at: The same without votes in a poll of the agent's own.
        interactions: How often the person did something.
        present: Whether the person is in the room: came or did something after leaving last.
        focused: Whether the session is in front on the person's screen.
        first_session: Whether it is the person's first session.
    """

    session: Ints
    joined_at: Floats
    seen_at: Floats
    left_at: Floats
    active_at: Floats
    unprompted_at: Floats
    interactions: NDArray[np.uint32]
    present: NDArray[np.bool_]
    focused: NDArray[np.bool_]
    first_session: NDArray[np.bool_]

    def __init__(self) -> None:
        self._of_session: dict[int, dict[str, int]] = {}
        self._free: list[int] = []
        self._used = 0
        self._capacity = 0
        self._here: tuple[Ints, Ints] | None = None
        self._grow(FIRST_CAPACITY)

    def _grow(self, capacity: int) -> None:
        for name, (dtype, empty) in _COLUMNS.items():
            column: NDArray[np.generic] = np.full(capacity, empty, dtype=dtype)
            if self._capacity:
                column[: self._capacity] = getattr(self, name)
            setattr(self, name, column)
        self._capacity = capacity

    def person(self, row: int, user_id: str, at: float) -> int:
        """The person's row; somebody not heard of before is taken to have come at `at`."""
        people = self._of_session.get(row)
        if people is None:
            people = self._of_session[row] = {}
        known = people.get(user_id)
        if known is not None:
            return known
        if self._free:
            person = self._free.pop()
        else:
            person = self._used
            self._used += 1
            if self._used > self._capacity:
                self._grow(self._capacity + max(self._capacity // GROWTH, FIRST_CAPACITY))
        people[user_id] = person
        self.session[person] = row
        self.joined_at[person] = at
        self.present[person] = True
        self._here = None
        return person

    def touch(self, people: Ints, times: Floats, unprompted: NDArray[np.bool_]) -> None:
        """These people did something at these times; who does something is in the room, until the next leave."""
        np.maximum.at(self.active_at, people, times)
        own = np.flatnonzero(unprompted)
        np.maximum.at(self.unprompted_at, people.take(own), times.take(own))
        np.add.at(self.interactions, people, np.uint32(1))
        absent = people.take(np.flatnonzero(~self.present.take(people)))
        self.present[absent] = self._is_present(absent)
        self._here = None

    def notice(self, kind: Kind, person: int, at: float) -> None:
        """Somebody joined, left, is still there, or looks elsewhere; news that come late change nothing later."""
        if kind is Kind.LEAVE:
            self.left_at[person] = max(self.left_at[person], at)
            if self.joined_at[person] <= at < self.seen_at[person]:
                self.joined_at[person] = self.seen_at[person]
        else:
            if kind is Kind.JOIN and not self.present[person]:
                self.joined_at[person] = at
            self.seen_at[person] = max(self.seen_at[person], at)
            if kind is not Kind.HEARTBEAT:
                self.focused[person] = kind is not Kind.BLUR
        self.present[person] = self._is_present(person)
        self._here = None

    def _is_present(self, people: Ints | int) -> NDArray[np.bool_]:
        """Whether people are there by the times that are known of them."""
        # At the same moment a join outweighs a leave (a reconnection), and a leave a last word.
        left_at = self.left_at[people]
        present: NDArray[np.bool_] = (self.seen_at[people] >= left_at) | (self.active_at[people] > left_at)
        return present

    def present_count(self, rooms: int) -> Ints:
        """People in each of the first rooms, shape (rooms,)."""
        return self._per_room(self._those_here()[1], rooms)

    def active_count(self, since: Floats, *, unprompted: bool = False) -> Ints:
        """People in each room who are there and did something since the given time.

        Args:
            since: One time per room, shape (rooms,).
            unprompted: Leave out votes in polls of the agent's own.

        Returns:
            Shape (rooms,).
        """
        column = self.unprompted_at if unprompted else self.active_at
        people, room = self._those_here()
        active = np.flatnonzero(column.take(people) >= since.take(room))
        return self._per_room(room.take(active), len(since))

    def focused_count(self, rooms: int) -> Ints:
        """People in each of the first rooms who have it in front, shape (rooms,)."""
        people, room = self._those_here()
        return self._per_room(room.take(np.flatnonzero(self.focused.take(people))), rooms)

    def presence_sum_s(self, rooms: int, now: float) -> Floats:
        """How long the people of each room have been there, summed, in seconds."""
        people, room = self._those_here()
        stay = now - self.joined_at.take(people)
        # Whole milliseconds add up to the same whatever the order of the rows.
        total_ms = np.bincount(room, weights=np.rint(1000.0 * stay), minlength=rooms)[:rooms]
        return total_ms.astype(np.float64) / 1000.0

    def here(self, row: int, now: float) -> tuple[tuple[str, float, float, int, bool], ...]:
        """People in a room: id, seconds present, seconds idle, interactions, whether it is their first session."""
        return tuple(
            (
                user,
                float(now - self.joined_at[person]),
                float(now - max(self.active_at[person], self.joined_at[person])),
                int(self.interactions[person]),
                bool(self.first_session[person]),
            )
            for user, person in self.people(row).items()
            if self.present[person]
        )

    def people(self, row: int) -> dict[str, int]:
        """Everybody known in a room: user id → person's row."""
        return self._of_session.get(row, {})

    def close(self, row: int) -> None:
        """Forget everybody of a room."""
        for person in self._of_session.pop(row, {}).values():
            for name, (_, empty) in _COLUMNS.items():
                getattr(self, name)[person] = empty
            self._free.append(person)
        self._here = None

    def snapshot(self, row: int) -> dict[str, tuple[float, ...]]:
        """Everybody of a room: user id → values in the order of the columns, without the session."""
        names = [name for name in _COLUMNS if name != "session"]
        return {
            user: tuple(float(getattr(self, name)[person]) for name in names)
            for user, person in self.people(row).items()
        }

    def restore(self, row: int, people: dict[str, tuple[float, ...]]) -> None:
        """Put a snapshot back."""
        names = [name for name in _COLUMNS if name != "session"]
        for user, values in people.items():
            person = self.person(row, user, 0.0)
            for name, value in zip(names, values, strict=True):
                getattr(self, name)[person] = value
        self._here = None

    def _those_here(self) -> tuple[Ints, Ints]:
        """Rows of the people who are there, and of their rooms; kept until somebody comes or goes."""
        if self._here is None:
            people = np.flatnonzero(self.present[: self._used])
            self._here = people, self.session.take(people)
        return self._here

    def _per_room(self, room: Ints, rooms: int) -> Ints:
        return np.bincount(room, minlength=rooms)[:rooms].astype(np.int64, copy=False)
