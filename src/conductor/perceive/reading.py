"""What perceiving a tick yields: columns for everybody, and a close look at single rooms."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from conductor.domain.engagement import Anomaly, AnomalyType, RoomSignals, RoomState, Severity
from conductor.domain.events import EngagementUpdated
from conductor.domain.signals import Kind
from conductor.perceive.facts import Facts
from conductor.perceive.score import Observed, Scores, explain_all

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

STATES = (RoomState.WARMING_UP, RoomState.HEALTHY, RoomState.FALLING, RoomState.SIGNAL_LOST)
"""States in the order of their numbers in arrays."""


_CHAT, _QUESTION, _UPVOTE, _REACTION, _VOTE = Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION, Kind.VOTE
_JOIN, _LEAVE, _SLIDE, _SPEECH = Kind.JOIN, Kind.LEAVE, Kind.SLIDE, Kind.SPEECH


def states(usable: Ints, watched: Mask, standing: Ints, lost: Mask) -> Ints:
    """Number of each room's state in `STATES`, shape (rooms,) as all that it follows from.

    Args:
        usable: Ticks back that evidence may look at.
        watched: Rooms in which an effect is awaited.
        standing: What stands in each room, above 0 where something does.
        lost: Rooms whose feed is lost.
    """
    state = np.where((usable > 0) | watched, 1, 0)
    state = np.where(standing > 0, 2, state)
    return np.where(lost, 3, state)


@dataclass(frozen=True, slots=True)
class Raised:
    """An anomaly that was raised in this tick, or became critical.

    Attributes:
        onset: When the fall began, in epoch seconds.
        fresh: Whether it is new (and not a warning that became critical).
    """

    session_id: str
    type: AnomalyType
    severity: Severity
    evidence: float
    onset: float
    current: float
    expected: float
    deviation: float
    fresh: bool

    def anomaly(self, event_id: str, at: float, known: Anomaly | None) -> Anomaly:
        """The anomaly that is raised at this moment, or what the known one has become."""
        return Anomaly(
            # By its time and not by a number, so that a later session of the same id brings no id a second time.
            anomaly_id=f"{self.session_id}-a{at:.0f}" if known is None else known.anomaly_id,
            session_id=self.session_id,
            event_id=event_id,
            at=at,
            onset=self.onset,
            type=self.type if known is None else known.type,
            severity=self.severity,
            evidence=self.evidence,
            current=self.current,
            expected=self.expected,
            deviation=self.deviation,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A tick of all sessions; arrays have one entry per row, shape (rooms,), unless said otherwise.

    Attributes:
        at: End of the tick.
        rooms: Open sessions with their rows.
        state: Number of the state in `STATES`.
        unprompted: Scores without polls of the agent's own and the votes in them, where an effect is awaited;
            elsewhere the scores.
        minute: Scores of the minute that ends with this tick, without what the agent prompted, NaN where nobody knows
            them; None where no minute ends.
        short: Counts in the current window, shape (kinds, rooms), and `short_s` its length.
        raised: Anomalies of this tick.
        cleared: Sessions in which an anomaly ended.
        accepted: Those of them in which the fall has become normal.
    """

    at: float
    rooms: tuple[tuple[int, Facts], ...]
    scores: Scores
    unprompted: Floats
    minute: Floats | None
    evidence: Floats
    state: Ints
    observed: Observed
    short: Floats
    short_s: Floats
    focused: Ints
    presence_s: Floats
    raised: tuple[Raised, ...]
    cleared: tuple[str, ...]
    accepted: tuple[str, ...]

    def updates(self) -> list[EngagementUpdated]:
        """What is told of each room, in the order of `rooms`.

        Of all at once: to fetch a number from an array takes ten times as long as to count with it.
        """
        scores, evidence, state = self.scores.value.tolist(), self.evidence.tolist(), self.state.tolist()
        parts, signals = explain_all(self.scores), self.signals()
        minute = None if self.minute is None else self.minute.tolist()
        return [
            EngagementUpdated(
                facts.session_id,
                facts.event_id,
                self.at,
                scores[row],
                parts[row],
                counted,
                STATES[state[row]],
                evidence[row],
                None if minute is None or isnan(minute[row]) else minute[row],
            )
            for (row, facts), counted in zip(self.rooms, signals, strict=True)
        ]

    def signals(self) -> list[RoomSignals]:
        """What was counted in each room, as people read it, in the order of `rooms`."""
        seen = self.observed
        people = np.maximum(seen.present, 1.0)
        rates = (self.short * 60.0 / self.short_s).T.tolist()
        voting = np.minimum(np.where(seen.polling, seen.voters, 0.0) / people, 1.0).tolist()
        present, active = seen.present.astype(np.int64).tolist(), seen.active.astype(np.int64).tolist()
        focus, presence_s = (self.focused / people).tolist(), (self.presence_s / people).tolist()
        return [
            RoomSignals(
                chat_per_min=rate[_CHAT],
                questions_per_min=rate[_QUESTION],
                reactions_per_min=rate[_REACTION],
                upvotes_per_min=rate[_UPVOTE],
                votes_per_min=rate[_VOTE],
                poll_participation=voting[row],
                present=present[row],
                active=active[row],
                joins_per_min=rate[_JOIN],
                leaves_per_min=rate[_LEAVE],
                focus_ratio=focus[row],
                presence_s=presence_s[row],
                response_s=facts.response_s or 0.0,
                words_per_min=rate[_SPEECH],
                slides_per_min=rate[_SLIDE],
                elapsed_s=max(self.at - facts.opened_at, 0.0),
                phase=facts.phase(self.at),
            )
            for (row, facts), rate in ((room, rates[room[0]]) for room in self.rooms)
        ]
