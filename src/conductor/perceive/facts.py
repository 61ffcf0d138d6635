"""What a session is, and where it stands: type, phase, what it has, how fast people answer."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from conductor.domain.sessions import Phase, SessionProfile
from conductor.perceive.answers import Answers
from conductor.perceive.norms import Kinship

OPENING_RATIO = 0.1
"""Opening and closing are the first and last tenth of the planned time …"""

EDGE_LEAST_S, EDGE_MOST_S = 180.0, 600.0
"""… but between three and ten minutes (stated guess: greetings are over by then)."""

EDGE_UNPLANNED_S = 300.0
"""Without a plan the opening takes five minutes, and the closing isn't known."""

RESPONSE_MEMORY = 0.2
"""Weight of the latest answer in the mean response time: the last five or so count."""


@dataclass(slots=True)
class Facts:
    """One session's facts, changed as signals come.

    Attributes:
        opened_at: First signal, or the planned start if the platform says so.
        spoken_phase: The speaker's word on the phase, which outweighs the clock.
        interruptible: Whether the speaker may be interrupted.
        kin: The kind of session whose norm is in use.
        response_s: Mean time from a question to the next message of somebody else; None so far.
        unheard: Questions by whom and when that nobody followed yet.
        heard_at: When the last signal came.
        answers: What people answered to the agent in this minute; None if nothing.
    """

    session_id: str
    event_id: str
    opened_at: float
    profile: SessionProfile = field(default_factory=SessionProfile)
    spoken_phase: Phase | None = None
    interruptible: bool = True
    kin: Kinship | None = None
    response_s: float | None = None
    unheard: tuple[str | None, float] | None = None
    heard_at: float = 0.0
    answers: Answers | None = None

    def phase(self, now: float) -> Phase:
        """Where the session stands, by the speaker's word or else by the clock."""
        if self.spoken_phase is not None:
            return self.spoken_phase
        middle_at, closing_at = self._turns()
        if now >= closing_at:
            return Phase.CLOSING
        return Phase.OPENING if now < middle_at else Phase.MIDDLE

    def phase_until(self, now: float) -> float:
        """When the clock may put the session into another phase than now's; infinite if it never will."""
        return min((turn for turn in self._turns() if turn > now), default=math.inf)

    def _turns(self) -> tuple[float, float]:
        """When, by the clock, the opening ends and the closing begins."""
        start = self.opened_at if self.profile.starts_at is None else self.profile.starts_at
        end = self.profile.ends_at
        if end is None:
            return start + EDGE_UNPLANNED_S, math.inf
        edge_s = min(max(OPENING_RATIO * (end - start), EDGE_LEAST_S), EDGE_MOST_S)
        return start + edge_s, end - edge_s

    def said(self, user_id: str | None, at: float, *, is_question: bool) -> None:
        """Somebody wrote: perhaps an answer, perhaps a question."""
        if self.unheard is not None and self.unheard[0] != user_id:
            took_s = max(at - self.unheard[1], 0.0)
            before = took_s if self.response_s is None else self.response_s
            self.response_s = before + RESPONSE_MEMORY * (took_s - before)
            self.unheard = None
        if is_question:
            self.unheard = (user_id, at)
