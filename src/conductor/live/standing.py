"""What a room notes stands for as long as it is true, and so is said again before the stream forgets it.

A stream keeps so many entries, which in a busy room is less than an hour.
"""

from __future__ import annotations

from collections.abc import Callable

from conductor.wire.rooms import CarriedOut, Named, Note, PollShown, SlideShown


class Standing:
    """Notes of a room, each to be said again so many seconds after it was said last."""

    def __init__(self, again_s: float) -> None:
        self._again_s = again_s
        self._due: dict[tuple[str, str], tuple[float, Note]] = {}

    def add(self, note: Note) -> None:
        """This was said, in the place of what was said earlier about the same thing."""
        self._put(note, note.at)

    def take(self, now: float, still: Callable[[Note], Note | None]) -> list[Note]:
        """What is to be said again by now.

        Args:
            now: Epoch seconds.
            still: Says what is true of a note by now; None if nothing is.
        """
        said: list[Note] = []
        while self._due:
            about, (due_at, note) = next(iter(self._due.items()))
            if due_at > now:
                break
            del self._due[about]
            again = still(note)
            if again is not None:
                self._put(again, now)
                said.append(again)
        return said

    def _put(self, note: Note, at: float) -> None:
        about = _about(note)
        self._due.pop(about, None)
        self._due[about] = at + self._again_s, note


def _about(note: Note) -> tuple[str, str]:
    match note:
        case CarriedOut(action):
            return "action", action.action_id
        case Named(user_id=user_id):
            return "name", user_id
        case PollShown(poll_id=poll_id):
            return "poll", poll_id
        case SlideShown():
            return "slide", ""
