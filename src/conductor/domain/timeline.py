"""How the time of this process and that of the machine belong together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeline:
    """A time that may run faster than the machine's, so that an hour passes in a minute.

    Attributes:
        speed: Its seconds in a real one, above 0.
        since: When it begins to run at its own speed, in real epoch seconds: then both say the same.
    """

    speed: float = 1.0
    since: float = 0.0

    def of_real(self, real: float) -> float:
        """What this time says when the machine says `real`; both in epoch seconds."""
        return real if self.speed == 1.0 else self.since + (real - self.since) * self.speed

    def to_real(self, moment: float) -> float:
        """What the machine says at this moment; both in epoch seconds."""
        return moment if self.speed == 1.0 else self.since + (moment - self.since) / self.speed


REAL = Timeline()
"""The machine's own time."""
