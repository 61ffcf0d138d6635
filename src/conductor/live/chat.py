"""What was written in a room: the last messages, and the one that is pinned."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.signals import Author
from conductor.live.effects import Payload


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        user_id: Who wrote it; None for the agent, and where a platform does not say.
        at: When, in epoch seconds.
        label: What the agent's messages are shown under; None for people's.
        pinned: Whether it stays in sight.
        only_for: Who may see it; None for everybody.
    """

    message_id: str
    user_id: str | None
    content: str
    at: float
    author: Author = Author.ATTENDEE
    is_question: bool = False
    label: str | None = None
    pinned: bool = False
    highlighted: bool = False
    only_for: frozenset[str] | None = None

    def is_for(self, user_id: str) -> bool:
        """Whether this person may see it."""
        return self.only_for is None or user_id in self.only_for

    def payload(self, name: str | None) -> Payload:
        """What sockets get of it, under the name of who wrote it."""
        return {
            "messageId": self.message_id,
            "userId": self.user_id,
            "displayName": self.label or name,
            "content": self.content,
            "author": self.author.value,
            "isQuestion": self.is_question,
            "label": self.label,
            "pinned": self.pinned,
            "highlighted": self.highlighted,
            "timestamp": self.at,
        }


class Chat:
    """The last messages of a room, as many as are kept."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._messages: dict[str, Message] = {}

    def add(self, message: Message) -> bool:
        """Take in a message; False if it is known already."""
        if message.message_id in self._messages:
            return False
        self._messages[message.message_id] = message
        if len(self._messages) > self._kept:
            del self._messages[next(iter(self._messages))]
        return True

    def last(self, user_id: str, most: int) -> list[Message]:
        """The last messages that this person may see, oldest first."""
        seen = [message for message in self._messages.values() if message.is_for(user_id)]
        return seen[-most:]

    def pinned(self, user_id: str) -> Message | None:
        """The latest message that stays in sight of this person."""
        return next((each for each in reversed(self._messages.values()) if each.pinned and each.is_for(user_id)), None)
