"""One JSON object of everything that happened in a session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from conductor.domain.engagement import Anomaly, RoomState
from conductor.domain.events import (
    AnomalyCleared,
    AnomalyDetected,
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    EngagementUpdated,
    Event,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
)
from conductor.domain.sessions import SessionProfile
from conductor.domain.signals import Signal


@dataclass(frozen=True, slots=True)
class Played:
    """A session that was played from start to end.

    Attributes:
        start: Epoch seconds at which it began; what is told counts from there.
        losses: What could not be read of it, one sentence each.
    """

    session_id: str
    profile: SessionProfile
    format: str
    mode: str
    seed: int
    start: float
    duration_s: float
    signals: Sequence[Signal]
    events: Sequence[Event]
    losses: Sequence[str] = ()


def scores(events: Iterable[Event]) -> list[EngagementUpdated]:
    """The ticks of a session, in order."""
    return [event for event in events if isinstance(event, EngagementUpdated)]


def known_scores(events: Iterable[Event]) -> list[float]:
    """Scores of all ticks but those before enough was known of the room (of all, if it never was)."""
    ticks = scores(events)
    known = [tick.score for tick in ticks if tick.state is not RoomState.WARMING_UP]
    return known or [tick.score for tick in ticks]


def anomalies(events: Iterable[Event]) -> list[tuple[Anomaly, Anomaly, float | None]]:
    """Each anomaly as it was first raised, as it was told last, and when it was over (None if never)."""
    first: dict[str, Anomaly] = {}
    last: dict[str, Anomaly] = {}
    over: dict[str, float] = {}
    for event in events:
        if isinstance(event, AnomalyDetected):
            first.setdefault(event.anomaly.anomaly_id, event.anomaly)
            last[event.anomaly.anomaly_id] = event.anomaly
        elif isinstance(event, AnomalyCleared):
            over[event.anomaly_id] = event.at
    return [(first[name], last[name], over.get(name)) for name in first]


def report(played: Played, elapsed_s: float) -> dict[str, Any]:
    """Everything as plain values; apart from `elapsed_s` the same session and seed give the same bytes.

    Args:
        played: The session.
        elapsed_s: How long it took to play it.
    """

    def t(at: float) -> float:
        return at - played.start

    ticks = scores(played.events)
    values = known_scores(played.events)
    counts = Counter(signal.kind.name.lower() for signal in played.signals)
    return {
        "session": {
            "id": played.session_id,
            "title": played.profile.title,
            "type": played.profile.type.value,
            "topics": list(played.profile.topics),
            "format": played.format,
            "mode": played.mode,
            "seed": played.seed,
        },
        "signals": dict(sorted(counts.items())),
        "losses": list(played.losses),
        "duration_s": played.duration_s,
        "score": {"min": min(values), "median": median(values), "max": max(values)} if values else None,
        "series": [{"t": t(tick.at), "score": tick.score, "state": tick.state.value} for tick in ticks],
        "anomalies": [_anomaly(*told, played.start) for told in anomalies(played.events)],
        "decisions": [
            {"t": t(e.decision.at), **asdict(e.decision)} for e in played.events if isinstance(e, DecisionMade)
        ],
        "holds": [{"t": t(e.hold.at), **asdict(e.hold)} for e in played.events if isinstance(e, DecisionHeld)],
        "lapses": [{"t": t(e.at), **asdict(e)} for e in played.events if isinstance(e, DecisionLapsed)],
        "interventions": [
            {"t": t(e.intervention.at), **asdict(e.intervention)}
            for e in played.events
            if isinstance(e, InterventionExecuted)
        ],
        "outcomes": [
            {"t": t(e.outcome.at), **asdict(e.outcome)} for e in played.events if isinstance(e, OutcomeMeasured)
        ],
        "unknown_outcomes": [{"t": t(e.at), **asdict(e)} for e in played.events if isinstance(e, OutcomeUnknown)],
        "elapsed_s": elapsed_s,
    }


def _anomaly(first: Anomaly, last: Anomaly, over_at: float | None, start: float) -> dict[str, Any]:
    """One entry an anomaly: as it was raised, and how grave it became."""
    return {
        "t": first.at - start,
        **asdict(first),
        "severity": last.severity.value,
        "raised_as": first.severity.value,
        "onset_t": first.onset - start,
        "cleared_t": None if over_at is None else over_at - start,
    }
