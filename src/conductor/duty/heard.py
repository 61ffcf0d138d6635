"""What platforms said and no stream keeps yet."""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from conductor.domain.bus import Message

HELD = 20_000
"""Messages that wait while the bus is away: a minute of a busy conference. The oldest go first."""

log = logging.getLogger(__name__)


class Heard:
    """Messages in the order in which they came, until somebody takes them.

    Args:
        held: How many may wait.

    Attributes:
        lost: How many went because too many waited.
    """

    def __init__(self, held: int = HELD) -> None:
        self._messages: deque[Message] = deque(maxlen=held)
        self._stirred = asyncio.Event()
        self._said = 0
        self.lost = 0

    def add(self, message: Message) -> None:
        """This was said now."""
        self.lost += len(self._messages) == self._messages.maxlen
        self._messages.append(message)
        self._stirred.set()

    async def wait(self) -> None:
        """Come back when there is something."""
        await self._stirred.wait()

    def take(self) -> list[Message]:
        """Everything that waits."""
        if self.lost > self._said:
            log.warning("%d messages of platforms are lost: the bus was away for too long", self.lost - self._said)
            self._said = self.lost
        taken = list(self._messages)
        self._messages.clear()
        self._stirred.clear()
        return taken
