"""A crowd and what the tests of it share."""

import numpy as np

from conductor.domain.interventions import (
    Arm,
    Generation,
    GenerationMethod,
    Intervention,
    PollContent,
)
from conductor.domain.sessions import SessionProfile, SessionType
from conductor.domain.signals import Kind
from conductor.sim.crowd import Crowd
from conductor.sim.effects import EffectTable
from conductor.sim.people import CrowdParams
from conductor.sim.stage import Lull, Scenario

START = 1_700_000_000.0
PROFILE = SessionProfile(title="Bees", type=SessionType.TALK)
BUSY = CrowdParams(size=60, duration_s=900.0, chat_per_min=0.3, reactions_per_min=0.3)
DEEP = Scenario((Lull(300.0, 0.8),))
SURE = EffectTable().scaled(1000.0)
POLL = PollContent("Which?", ("one", "two", "three"))


def crowd(seed=1, params=BUSY, scenario=DEEP, effects=SURE):
    return Crowd("s1", "e1", PROFILE, params, effects, scenario, np.random.default_rng(seed), START)


def intervention(room, content=POLL, arm=Arm.POLL, name="i1"):
    how = Generation(GenerationMethod.TEMPLATE, "test")
    return Intervention(name, "d1", room.session_id, "e1", room.now, arm, content, how, 0)


def play(room, until_s, step_s=5.0):
    signals = []
    while room.now < room.start + until_s:
        signals += room.step(min(room.now + step_s, room.start + until_s))
    return signals


def of(signals, *kinds):
    return [signal for signal in signals if signal.kind in kinds]


def acts(signals):
    return of(signals, Kind.CHAT, Kind.REACTION)
