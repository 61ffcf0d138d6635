"""What people do in answer to the agent, and what they would have done meanwhile of their own accord."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from conductor.domain.signals import COUNTED_KINDS, Kind

Floats = NDArray[np.float64]

_MAY_ANSWER = np.isin(np.arange(COUNTED_KINDS), [Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION])
# Nobody leaves in answer: whoever left out those who go would flatter a room, or blame it for what it was before.


@dataclass(frozen=True, slots=True)
class Answers:
    """Of one minute of one room.

    While people answer the agent nobody knows what they would do otherwise; it is taken to be what they did before, as
    much a tick as since the room last changed.

    Attributes:
        usual: Counts of each kind in a tick before they began to answer, shape (kinds,).
        usual_active: People who do something for the first time in a tick, likewise.
        since: First tick in which they answer; None where they have answered.
        active_before: People who had done something in this minute before that.
        beyond: Counts of this minute beyond what would have come anyhow, shape (kinds,); 0 of kinds that answer
            nothing, such as people who leave.
        active_beyond: People who did something in this minute, beyond likewise.
        until: First tick after they had answered; 0 where they never had.
    """

    usual: Floats
    usual_active: float
    since: int | None
    active_before: float
    beyond: Floats
    active_beyond: float = 0.0
    until: int = 0

    def counted(self, counts: Floats, active: float, ticks: int, tick: int) -> Answers:
        """The answers of these last ticks are counted.

        Args:
            counts: Of each kind in these ticks, shape (kinds,).
            active: People who have done something in this minute.
            ticks: How many ticks, 0 or more.
            tick: The first one after them.
        """
        return replace(
            self,
            since=None,
            until=tick,
            beyond=self.beyond + np.where(_MAY_ANSWER, counts - self.usual * ticks, 0.0),
            active_beyond=self.active_beyond + active - self.active_before - self.usual_active * ticks,
        )

    def in_the_next_minute(self, tick: int, remembered_ticks: int) -> Answers | None:
        """What is known as another minute begins; None where nothing of it is needed any more.

        Args:
            tick: Its first tick.
            remembered_ticks: So long after they have answered it still matters what they did before.
        """
        if self.since is None and tick - self.until >= remembered_ticks:
            return None
        since = None if self.since is None else tick
        return Answers(self.usual, self.usual_active, since, 0.0, np.zeros_like(self.beyond), until=self.until)
