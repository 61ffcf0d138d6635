"""Whether a live signal can be true: it is about now, not about last week or the year 5138.

Recordings are not live, so nothing of this is asked of them.
"""

from __future__ import annotations

from conductor.domain.signals import Signal
from conductor.errors import InvalidInput

OLDEST_S = 86_400.0
"""A day (stated guess): senders may repeat for hours what they could not deliver, and no window reaches further back
than minutes anyway."""

AHEAD_S = 600.0
"""Ten minutes: clocks of servers that nobody sets differ by less. Later than that is a mistake, such as local time."""


def check_timely(signal: Signal, now: float) -> Signal:
    """The signal, if it may come from something that goes on.

    Args:
        signal: What was sent.
        now: When it came, in epoch seconds.

    Raises:
        InvalidInput: It is older than `OLDEST_S`, or lies more than `AHEAD_S` ahead.
    """
    late_s = now - signal.at
    if late_s > OLDEST_S:
        raise InvalidInput(
            "field timestamp: more than a day ago; live signals take epoch seconds or ISO 8601 in UTC, "
            "and for the past there is `conductor replay`",
            code="too_old",
        )
    if late_s < -AHEAD_S:
        raise InvalidInput(
            "field timestamp: more than 10 minutes ahead; set the sender's clock, and send epoch seconds or "
            "ISO 8601 with its offset",
            code="too_early",
        )
    return signal
