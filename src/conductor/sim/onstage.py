"""A simulated crowd as people see it: with names, and with words that can be read."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from random import Random

from conductor.domain.interventions import Intervention, PollContent
from conductor.domain.signals import (
    Author,
    ChatDetail,
    Detail,
    JoinDetail,
    Kind,
    QuestionDetail,
    ReactionDetail,
    Signal,
)
from conductor.sim.crowd import Crowd
from conductor.sim.lines import ANSWERS, COMMENTS, EMOJIS, FIRST_NAMES, LAST_INITIALS, QUESTIONS, REPLIES

ANSWERED_FOR_S = 60.0
"""How long people write about what they were asked."""

SAID_LATELY = 12
"""Nobody repeats what was said so few lines ago."""


class OnStage:
    """A crowd from the rise of the curtain on.

    What it did before nobody hears: the room fills at once, as where a platform begins to tell of a session that is
    under way.

    Args:
        crowd: The people, who have been together for a while.
        now: When the curtain rises, in epoch seconds.
        chance: Chooses words.

    Attributes:
        crowd: The people.
    """

    def __init__(self, crowd: Crowd, now: float, chance: Random) -> None:
        self.session_id = crowd.session_id
        self.event_id = crowd.event_id
        self.profile = crowd.profile
        self.crowd = crowd
        self._rises_at = now
        self._chance = chance
        self._asked: Intervention | None = None
        self._lately: deque[str] = deque(maxlen=SAID_LATELY)
        self._messages = 0
        self._is_open = False

    def step(self, now: float) -> list[Signal]:
        """What happened since the last step and before `now` (epoch seconds), oldest first."""
        signals = self.crowd.step(now)
        if not self._is_open:
            self._is_open = True
            signals = [*self._rise(signals), *(each for each in signals if each.at >= self._rises_at)]
        # What the agent shows, the real room shows.
        return [self._worded(each) for each in signals if each.author is not Author.AGENT]

    def deliver(self, intervention: Intervention) -> int:
        """Show it to the crowd, and say how many people could see it. The same again changes nothing."""
        self._asked = intervention
        return self.crowd.deliver(intervention)

    def ended(self, now: float) -> Signal:
        """The session ends before its time."""
        return Signal(self.session_id, self.event_id, now, Kind.ENDED)

    def name_of(self, user_id: str) -> str:
        """Under which name others see somebody; the same every time."""
        number = int(user_id.rpartition(":p")[2]) if ":p" in user_id else 0
        first = FIRST_NAMES[number % len(FIRST_NAMES)]
        round_ = number // len(FIRST_NAMES)
        return first if round_ == 0 else f"{first} {LAST_INITIALS[(round_ - 1) % len(LAST_INITIALS)]}."

    def _rise(self, past: Sequence[Signal]) -> list[Signal]:
        gone = {each.user_id for each in past if each.kind is Kind.LEAVE and each.at < self._rises_at}
        there = [
            each._replace(at=self._rises_at)
            for each in past
            if each.at < self._rises_at
            and (each.kind is Kind.STARTED or (each.kind is Kind.JOIN and each.user_id not in gone))
        ]
        return sorted(there, key=lambda each: each.kind is Kind.JOIN)

    def _worded(self, signal: Signal) -> Signal:
        return signal._replace(detail=self._detail(signal))

    def _detail(self, signal: Signal) -> Detail | None:
        match signal.kind:
            case Kind.CHAT:
                self._messages += 1
                text = self._said(self._lines(signal.at))
                return ChatDetail(f"{self.session_id}:m{self._messages}", text, text.endswith("?"))
            case Kind.REACTION:
                return ReactionDetail(self._chance.choice(EMOJIS))
            case Kind.QUESTION if isinstance(signal.detail, QuestionDetail):
                return QuestionDetail(signal.detail.question_id, self._said(QUESTIONS))
            case Kind.JOIN:
                return JoinDetail(first_session=False)
        return signal.detail

    def _lines(self, at: float) -> Sequence[str]:
        asked = self._asked
        if asked is None or not 0.0 <= at - asked.at < ANSWERED_FOR_S:
            return COMMENTS
        return REPLIES if isinstance(asked.content, PollContent) else ANSWERS

    def _said(self, lines: Sequence[str]) -> str:
        fresh = [line for line in lines if line not in self._lately]
        line = self._chance.choice(fresh or list(lines))
        self._lately.append(line)
        return line
