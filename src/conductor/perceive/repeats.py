"""What was heard already: the bus delivers at least once, so the same message may come twice."""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor.domain.signals import ChatDetail, Detail, Kind, QuestionDetail

KEPT_TICKS = 60
"""Ids are remembered for five minutes at least, since no window reaches further back; for ten at most."""

KEPT_MOST = 2048
"""So many ids of a room at least, and twice as many at most: at ten messages a second they last over three minutes."""

Id = str | tuple[str, ...]
"""A message's id; a question's alone in a tuple; an upvote's question and person."""

RepeatState = tuple[frozenset[Id], frozenset[Id], int] | None
"""Ids of a room, those from before, and the tick in which the former become the latter; None if nothing was heard."""


def key_of(kind: Kind, user_id: str | None, question_id: str) -> Id | None:
    """What tells a question apart, or an upvote; None if nothing does."""
    if kind is not Kind.UPVOTE:
        return (question_id,)
    return None if user_id is None else (question_id, user_id)


@dataclass(slots=True)
class HeardIds:
    """Ids of a room in two generations, so that old ones are forgotten without looking at each."""

    turns_at: int
    latest: set[Id] = field(default_factory=set)
    before: set[Id] = field(default_factory=set)

    def has(self, key: Id, tick: int) -> bool:
        """Whether this was heard before; from now on it was."""
        latest = self.latest
        if tick >= self.turns_at or len(latest) >= KEPT_MOST:
            self.before = latest
            self.latest = latest = set()
            self.turns_at = tick + KEPT_TICKS
        if key in latest or key in self.before:
            return True
        latest.add(key)
        return False

    def are_new(self, keys: set[Id], tick: int) -> bool:
        """Whether all of these are heard for the first time; then from now on they were.

        If not, or if it is time to forget, nothing changes: each has to be asked for by itself.
        """
        latest = self.latest
        if tick >= self.turns_at or len(latest) + len(keys) > KEPT_MOST:
            return False
        if not (latest.isdisjoint(keys) and self.before.isdisjoint(keys)):
            return False
        latest |= keys
        return True


class Repeats:
    """Ids of messages, questions and upvotes by session; what has no id is never taken for a repetition."""

    def __init__(self) -> None:
        self._of_room: dict[int, HeardIds] = {}

    def heard(self, row: int, kind: Kind, user_id: str | None, detail: Detail, tick: int) -> bool:
        """Whether this was heard before in this room; from now on it was.

        Args:
            row: The session's row.
            kind: Whether it is a message, a question or an upvote.
            user_id: Who did it: an upvote is the same only if it is by the same person, and without one it is new.
            detail: What it carries.
            tick: The tick that is being filled.
        """
        if isinstance(detail, ChatDetail):
            key: Id | None = detail.message_id
        else:
            key = key_of(kind, user_id, detail.question_id) if isinstance(detail, QuestionDetail) else None
        if key is None:
            return False
        return (self._of_room.get(row) or self.begin(row, tick)).has(key, tick)

    def find(self, row: int) -> HeardIds | None:
        """What was heard in a room, if anything was."""
        return self._of_room.get(row)

    def begin(self, row: int, tick: int) -> HeardIds:
        """Remember from now on what is heard in a room."""
        heard = self._of_room[row] = HeardIds(tick + KEPT_TICKS)
        return heard

    def clear(self, row: int) -> None:
        """Forget a session."""
        self._of_room.pop(row, None)

    def snapshot(self, row: int) -> RepeatState:
        """Everything remembered of a session."""
        heard = self._of_room.get(row)
        return None if heard is None else (frozenset(heard.latest), frozenset(heard.before), heard.turns_at)

    def restore(self, row: int, state: RepeatState) -> None:
        """Put a snapshot back."""
        if state is not None:
            latest, before, turns_at = state
            self._of_room[row] = HeardIds(turns_at, set(latest), set(before))
