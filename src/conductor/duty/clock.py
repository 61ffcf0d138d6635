"""The time, and how to wait for it."""

from __future__ import annotations

import asyncio
import time

from conductor.domain.timeline import Timeline


class SystemClock:
    """The machine's time. A faster clock lets a demonstration or a test pass an hour in a minute.

    Args:
        speed: Seconds of this clock in a real one, above 0.
        since: When the clock begins to run at its own speed, in real epoch seconds.

    Attributes:
        timeline: How its time and the machine's belong together.
    """

    def __init__(self, speed: float = 1.0, since: float = 0.0) -> None:
        self.timeline = Timeline(speed, since)

    def now(self) -> float:
        """Epoch seconds."""
        return self.timeline.of_real(time.time())

    async def sleep_until(self, moment: float) -> None:
        """Come back at this moment; at once if it is over, but others get their turn."""
        await asyncio.sleep(max(moment - self.now(), 0.0) / self.timeline.speed)
