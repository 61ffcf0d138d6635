"""Ready-made rooms: an ordinary one of each kind, and the one that dies and can be rescued."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm
from conductor.domain.sessions import SessionProfile, SessionType
from conductor.sim.crowd import Crowd
from conductor.sim.effects import BASE, EffectTable
from conductor.sim.people import CrowdParams
from conductor.sim.stage import Lull, Scenario, random_scenario

# Per person and minute: chat, reactions, questions. Panel and meeting follow four recorded public
# meetings (0.04 messages a minute for each of 75-90 attendees; 0.2 for each of 15); the others are stated
# guesses around them.
RATES: dict[SessionType, tuple[float, float, float]] = {
    SessionType.KEYNOTE: (0.03, 0.08, 0.001),
    SessionType.TALK: (0.05, 0.05, 0.003),
    SessionType.PANEL: (0.04, 0.035, 0.005),
    SessionType.WORKSHOP: (0.12, 0.06, 0.008),
    SessionType.MEETING: (0.20, 0.08, 0.003),
}

RESCUE_PEOPLE = 120
RESCUE_LULL_S = 600.0

STAGE_PEOPLE = 80
STAGE_PAST_S = 300.0
"""How long the crowd on stage has been together when the curtain rises: everybody is in their place."""

SURE = 0.995


def ordinary_params(session_type: SessionType, size: int, duration_s: float = 3600.0) -> CrowdParams:
    """An audience as this kind of session usually has it."""
    chat, reactions, questions = RATES[session_type]
    return CrowdParams(
        size=size,
        session_type=session_type,
        duration_s=duration_s,
        chat_per_min=chat,
        reactions_per_min=reactions,
        questions_per_min=questions,
    )


def ordinary_room(
    rng: np.random.Generator,
    session_id: str,
    params: CrowdParams,
    *,
    event_id: str = "simulated",
    effects: EffectTable | None = None,
    lulls_per_hour: float = 2.0,
    start: float = 0.0,
) -> Crowd:
    """A room with lulls at random moments."""
    scenario = random_scenario(rng, params.duration_s, lulls_per_hour=lulls_per_hour)
    profile = SessionProfile(type=params.session_type, starts_at=start, ends_at=start + params.duration_s)
    return Crowd(session_id, event_id, profile, params, effects or EffectTable(), scenario, rng, start)


def rescue_room(
    rng: np.random.Generator, *, session_id: str = "rescue", event_id: str = "demo", start: float = 0.0
) -> Crowd:
    """The room of the demonstration: a busy webinar that dies and can be rescued.

    120 people, 150 and more things a minute from them. Ten minutes of health, then a collapse within ten
    seconds from which the room never comes back by itself. It is chosen to answer a poll nearly always
    and a chat prompt mostly; an ordinary room doesn't (`EffectTable()`).
    """
    params = replace(
        ordinary_params(SessionType.TALK, RESCUE_PEOPLE, 2700.0),
        chat_per_min=0.58,
        reactions_per_min=0.9,
        reply_ratio=0.5,
        reply_delay_s=30.0,
        early_ratio=1.0,
    )
    profile = SessionProfile(
        title="Building with language models: from prototype to production",
        description="A live webinar on what it takes to run an application on a language model.",
        type=SessionType.TALK,
        topics=("retrieval", "agents", "fine-tuning", "prompt design"),
        speaker="The host",
        starts_at=start,
        ends_at=start + params.duration_s,
    )
    likely = {arm: dict(row) for arm, row in BASE.items()}
    likely[Arm.POLL][AnomalyType.SUDDEN_DROP] = 0.995
    likely[Arm.CHAT_PROMPT][AnomalyType.SUDDEN_DROP] = 0.8
    scenario = Scenario((Lull(RESCUE_LULL_S, 0.85),), wander_sd=0.03)
    effects = EffectTable(base=likely, room_sd=0.0, lift=0.95)
    return Crowd(session_id, event_id, profile, params, effects, scenario, rng, start)


@dataclass(frozen=True, slots=True)
class StageTimes:
    """What happens when in a room that is shown live, in seconds from the rise of the curtain.

    Attributes:
        falls_s: The room loses interest: so late that the agent heard what is normal there, though it needs longer to
            be sure of it.
        ends_s: The session ends.
    """

    falls_s: float = 14.0
    ends_s: float = 100.0


def stage_room(rng: np.random.Generator, session_id: str, event_id: str, now: float, times: StageTimes) -> Crowd:
    """The room of the live demonstration, in which a minute or so has to be enough.

    80 people, who write and react so much and so evenly that a quarter of a minute of them shows what is normal. Then
    everybody stops within ten seconds, and never comes back by themselves. Their platform gives signs of life all the
    time, or else their silence would prove nothing for a while. The room is chosen to answer whatever is done.
    """
    ends_s = STAGE_PAST_S + times.ends_s
    params = replace(
        ordinary_params(SessionType.TALK, STAGE_PEOPLE, ends_s),
        chat_per_min=0.6,
        reactions_per_min=1.4,
        questions_per_min=0.02,
        reply_ratio=0.1,
        reply_delay_s=10.0,
        early_ratio=1.0,
        heartbeat_s=2.0,
    )
    profile = SessionProfile(
        title="Building with language models: from prototype to production",
        description="A simulated webinar that shows the agent at work.",
        type=SessionType.TALK,
        topics=("retrieval", "agents", "fine-tuning", "prompt design"),
        speaker="The host",
        starts_at=now - 900.0,
        ends_at=now + 2700.0,
    )
    sure = {arm: dict.fromkeys(row, SURE) for arm, row in BASE.items()}
    scenario = Scenario((Lull(STAGE_PAST_S + times.falls_s, 0.995),), wander_sd=0.03)
    effects = EffectTable(base=sure, fatigue_ratio=0.95, room_sd=0.0, lift=0.95)
    return Crowd(session_id, event_id, profile, params, effects, scenario, rng, now - STAGE_PAST_S)
