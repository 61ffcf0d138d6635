"""What perceiving a tick yields: columns for everybody, and a close look at single rooms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.domain.engagement import Anomaly, AnomalyType, RoomSignals, RoomState, Severity
from conductor.domain.events import EngagementUpdated
from conductor.domain.signals import Kind
from conductor.perceive.facts import Facts
from conductor.perceive.score import Observed, Scores, explain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

STATES = (RoomState.WARMING_UP, RoomState.HEALTHY, RoomState.FALLING, RoomState.SIGNAL_LOST)
"""States in the order of their numbers in arrays."""


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
        short: Counts in the current window, shape (kinds, rooms), and `short_s` its length.
        raised: Anomalies of this tick.
        cleared: Sessions in which an anomaly ended.
        accepted: Those of them in which the fall has become normal.
    """

    at: float
    rooms: tuple[tuple[int, Facts], ...]
    scores: Scores
    unprompted: Floats
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

    def update(self, row: int, facts: Facts) -> EngagementUpdated:
        """What is told of one room."""
        return EngagementUpdated(
            session_id=facts.session_id,
            event_id=facts.event_id,
            at=self.at,
            score=float(self.scores.value[row]),
            parts=explain(self.scores, row),
            signals=self.signals(row, facts),
            state=STATES[int(self.state[row])],
            evidence=float(self.evidence[row]),
        )

    def signals(self, row: int, facts: Facts) -> RoomSignals:
        """What was counted in one room, as people read it."""
        seen = self.observed
        present = int(seen.present[row])
        # All kinds at once: to fetch a number from an array takes ten times as long as to count with it.
        counts: list[float] = self.short[:, row].tolist()
        short_s = float(self.short_s[row])

        def per_min(kind: Kind) -> float:
            return counts[kind] * 60.0 / short_s

        voters = float(seen.voters[row]) if seen.polling[row] else 0.0
        return RoomSignals(
            chat_per_min=per_min(Kind.CHAT),
            questions_per_min=per_min(Kind.QUESTION),
            reactions_per_min=per_min(Kind.REACTION),
            upvotes_per_min=per_min(Kind.UPVOTE),
            votes_per_min=per_min(Kind.VOTE),
            poll_participation=min(voters / max(present, 1), 1.0),
            present=present,
            active=int(seen.active[row]),
            joins_per_min=per_min(Kind.JOIN),
            leaves_per_min=per_min(Kind.LEAVE),
            focus_ratio=float(self.focused[row]) / max(present, 1),
            presence_s=float(self.presence_s[row]) / max(present, 1),
            response_s=facts.response_s or 0.0,
            words_per_min=per_min(Kind.SPEECH),
            slides_per_min=per_min(Kind.SLIDE),
            elapsed_s=max(self.at - facts.opened_at, 0.0),
            phase=facts.phase(self.at),
        )
