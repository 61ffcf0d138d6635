"""Rooms that live, die and recover in fake time, for the tests of what lies between perceiving and deciding."""

from collections import defaultdict

import numpy as np
from tests.rooms import START, chatter, fading, heart, joins, signal

from conductor.decide.room import DecisionParams
from conductor.domain.events import DecisionMade
from conductor.domain.interventions import (
    Arm,
    Generation,
    GenerationMethod,
    Intervention,
    Mode,
    PromptContent,
)
from conductor.domain.learned import Learned
from conductor.domain.sessions import SessionProfile, SessionType
from conductor.domain.signals import Kind, StartDetail
from conductor.loop import Loop, LoopParams
from conductor.perceive.ledger import TICK_S

PANEL = SessionProfile("Storing what happened", type=SessionType.PANEL)
AUTO = DecisionParams(mode=Mode.AUTO)
# Sure enough of everything to act by itself, and not the automatic mode, in which it may choose to do nothing.
HALF = DecisionParams(mode=Mode.SEMI_AUTO, arms=(Arm.CHAT_PROMPT,), threshold=0.0, holdout_share=0.5)
LEFT_ALONE, HELPED = "b", "a"
"""Sessions whose first fall is held out with seed 0 and a share of a half, and one whose is not."""


def room(name="a", falls_at=600.0, until=1200.0, *, count=60, per_min=150.0, begin=0.0, seed=1, back_at=None):
    """A panel of `count` people who chat until they fall silent, and perhaps come back; its heart beats all along."""
    rng = np.random.default_rng(seed)
    signals = [signal(name, begin, Kind.STARTED, None, detail=StartDetail(PANEL))]
    signals += joins(name, count, at=begin) + heart(name, begin, until)
    signals += chatter(name, per_min, begin, falls_at, count, rng)
    if back_at is not None:
        signals += chatter(name, per_min, back_at, until, count, rng)
    return in_order(signals)


FALLS_AT = 180.0
"""When most rooms of the scenarios fall silent."""


def falling(name, **others):
    """A room that falls silent so early that much can happen afterwards."""
    return room(name, falls_at=FALLS_AT, **{"until": 700.0} | others)


WANES_AT = 240.0
WARNED_AT, CRITICAL_AT = 390.0, 405.0
"""When a room that wanes is raised, first as a warning and then as critical."""


def waning(until=450.0, *, count=60, per_min=150.0, back_at=None):
    """A panel whose chatter dies away over four minutes, and perhaps comes back."""
    rng = np.random.default_rng(1)
    signals = [signal("a", 0.0, Kind.STARTED, None, detail=StartDetail(PANEL))]
    signals += joins("a", count) + heart("a", 0.0, until) + chatter("a", per_min, 0.0, WANES_AT, count, rng)
    fades = fading("a", per_min, WANES_AT, WANES_AT + 240.0, count, rng)
    signals += [s for s in fades if back_at is None or s.at < START + back_at]
    if back_at is not None:
        signals += chatter("a", per_min, back_at, until, count, rng)
    return in_order(signals)


def in_order(signals):
    return sorted(signals, key=lambda s: s.at)


def make_loop(*, decide=AUTO, learned=None, seed=0, begin=START, begun=(), **others):
    params = LoopParams(decide=decide, **others)
    return Loop(params, learned or Learned(), np.random.default_rng(seed), begin, begun)


def delivered(decision, at=None, *, to=60):
    """What a platform would have shown for this decision."""
    return Intervention(
        intervention_id=f"{decision.decision_id}-i",
        decision_id=decision.decision_id,
        session_id=decision.session_id,
        event_id=decision.event_id,
        at=decision.at if at is None else at,
        arm=decision.arm,
        content=PromptContent("What would you ask next?"),
        generation=Generation(GenerationMethod.TEMPLATE, "a template"),
        delivered_to=to,
    )


def deliver_at_once(loop, decision):
    loop.deliver(delivered(decision))


def obey(loop, decision):
    """What the workflow does at once, without the room's doing anything about it."""
    if not decision.held_out:
        deliver_at_once(loop, decision)


def leave_open(loop, decision):
    """Nothing becomes of the decision yet."""


def play(loop, signals, until, respond=deliver_at_once):
    """Everything that happens up to `until`, where `respond` does something about each decision.

    Signals are handed over as they are ordered, each once the tick is being filled in which it happened.
    """
    events = []
    first = loop.next_tick_at - TICK_S
    ticks = defaultdict(list)
    for each in signals:
        ticks[max(each.at, first) // TICK_S].append(each)
    while loop.next_tick_at <= START + until:
        for each in ticks[(loop.next_tick_at - TICK_S) // TICK_S]:
            loop.receive(each)
        happened = loop.advance(loop.next_tick_at)
        for event in happened:
            if isinstance(event, DecisionMade):
                respond(loop, event.decision)
        events += happened + loop.advance(loop.next_tick_at - TICK_S)
    return events


def of(kind, events):
    """The events of one kind, in order."""
    return [event for event in events if isinstance(event, kind)]


def prompts_only(**others):
    """Only chat prompts are allowed, so that what is decided is known beforehand."""
    return DecisionParams(mode=Mode.AUTO, arms=(Arm.CHAT_PROMPT,), **others)
