"""The circumstances of a decision, and the wider circumstances that they can learn from."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.engagement import Anomaly, AnomalyType
from conductor.domain.interventions import Context, engagement_bucket
from conductor.domain.sessions import Phase, SessionProfile, SessionType, SizeBucket, size_bucket


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of contexts: those that agree with every field that is not None. `Scope()` holds them all."""

    anomaly_type: AnomalyType | None = None
    phase: Phase | None = None
    session_type: SessionType | None = None
    session_size_bucket: SizeBucket | None = None


def build_context(profile: SessionProfile, phase: Phase, audience: float, anomaly: Anomaly) -> Context:
    """The context of a decision about this anomaly, with `audience` people (0 or more) in the room."""
    return Context(
        anomaly_type=anomaly.type,
        phase=phase,
        session_type=profile.type,
        session_size_bucket=size_bucket(audience),
        engagement_bucket=engagement_bucket(anomaly.current),
    )


def lineage(context: Context) -> tuple[Scope, ...]:
    """The scopes that a context lies in, widest first; each is the parent of the one after it.

    What went wrong says most about what may help, then when, then in which kind of session; the size of the
    audience says least and comes last.
    """
    anomaly_type, phase = context.anomaly_type, context.phase
    return (
        Scope(),
        Scope(anomaly_type),
        Scope(anomaly_type, phase),
        Scope(anomaly_type, phase, context.session_type),
        Scope(anomaly_type, phase, context.session_type, context.session_size_bucket),
    )
