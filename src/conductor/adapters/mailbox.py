"""What a listener to channels holds until it is read, on every bus alike."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence

from conductor.domain.bus import Message

UNREAD = 10_000
"""Messages that a listener holds at most: some seconds of the busiest channel that one process listens to."""


class Mailbox(AsyncIterator[Message]):
    """Messages of one listener in their order; if it does not keep up, the oldest are dropped.

    Args:
        most: How many unread messages it holds, at least 1.
    """

    def __init__(self, most: int = UNREAD) -> None:
        self._unread: deque[Message] = deque(maxlen=most)
        self._stirred = asyncio.Event()
        self._is_closed = False
        self.dropped = 0
        """How many messages were lost because they were not read in time."""

    def put(self, message: Message) -> None:
        """Hold a message for the listener."""
        self.dropped += len(self._unread) == self._unread.maxlen
        self._unread.append(message)
        self._stirred.set()

    def close(self) -> None:
        """Take no more: the listener reads what is there and ends."""
        self._is_closed = True
        self._stirred.set()

    async def __anext__(self) -> Message:
        """The next message, once there is one."""
        while not self._unread:
            if self._is_closed:
                raise StopAsyncIteration
            self._stirred.clear()
            await self._stirred.wait()
        return self._unread.popleft()


def matches(pattern: str) -> Callable[[str], object]:
    """Says (by what is true or not) whether a name fits a pattern in which `*` stands for anything."""
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL).fullmatch


def matches_any(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Says whether a name fits at least one of the patterns."""
    each = [matches(pattern) for pattern in patterns]
    return lambda name: any(fits(name) for fits in each)
