"""Organisers set limits and ask for things, and a restarted agent remembers what was done."""

from dataclasses import replace

import pytest
from tests.live_examples import delivered, leave_open, make_loop, of, play, prompts_only, room
from tests.rooms import START

from conductor.domain.events import DecisionHeld, DecisionLapsed, DecisionMade, OutcomeMeasured, OutcomeUnknown
from conductor.domain.holds import HoldReason
from conductor.domain.interventions import Arm, Autonomy, Mode, Origin, PromptContent
from conductor.domain.organisers import AgentSettings, SessionMode
from conductor.domain.signals import Kind, PhaseDetail, Signal


def after(moment):
    return [s for s in room() if s.at >= START + moment]


def test_an_event_that_is_switched_off_is_left_alone_and_a_session_may_have_its_own_mode():
    loop = make_loop()
    loop.allow(AgentSettings("event", enabled=False, session_modes=(SessionMode("a", Mode.MANUAL),)))
    events = play(loop, room(), 640.0)

    assert [event.hold.reason for event in of(DecisionHeld, events)] == [HoldReason.DISABLED]
    assert loop.mode_of("a", "event") is Mode.MANUAL


def test_what_an_organiser_wants_is_done_and_measured_and_teaches_nothing():
    loop = make_loop(decide=prompts_only())
    events = play(loop, room(), 300.0)
    asked = loop.request("a", Arm.POLL, START + 300.0, "r1")
    assert loop.request("a", Arm.POLL, START + 301.0, "r1") is asked
    events += play(loop, after(300.0), 450.0)

    assert (asked.origin, asked.propensity, asked.reasoning) == (Origin.ORGANISER, 1.0, "An organiser asked for it.")
    assert [event.decision for event in of(DecisionMade, events)] == [asked]
    assert len(of(OutcomeMeasured, events)) == 1
    assert loop.learned().tallies == ()


def test_nothing_that_holds_the_agent_back_holds_back_an_organiser():
    loop = make_loop(decide=prompts_only())
    loop.allow(AgentSettings("event", enabled=False, max_per_hour=0, arms=(), session_modes=()))
    closed = Signal("a", "event", START + 1.0, Kind.PHASE, detail=PhaseDetail(None, interruptible=False))
    play(loop, [closed, *room()], 300.0)
    first = loop.request("a", Arm.POLL, START + 300.0, "r1")
    loop.deliver(delivered(first))
    second = loop.request("a", Arm.POLL, START + 301.0, "r2")

    assert [each.autonomy for each in (first, second)] == [Autonomy.ACT, Autonomy.ACT]


def test_an_organisers_wish_disturbs_what_was_awaited():
    loop = make_loop(decide=prompts_only())
    play(loop, room(), 640.0)
    loop.request("a", Arm.POLL, START + 640.0, "r1")
    [unknown] = of(OutcomeUnknown, play(loop, after(640.0), 700.0))

    assert "something else was done" in unknown.why


def test_a_pending_decision_stays_pending_beside_an_organisers_wish_and_lapses_by_its_id():
    loop = make_loop(decide=prompts_only())
    [own] = of(DecisionMade, play(loop, room(), 640.0, leave_open))
    loop.deliver(delivered(loop.request("a", Arm.POLL, START + 640.0, "r1")))
    loop.lapse(replace(own.decision, content=PromptContent("Hello?")), START + 641.0, "rejected")
    events = play(loop, after(640.0), 655.0, leave_open)

    assert len(of(DecisionLapsed, events)) == 1
    assert of(DecisionMade, events)[1:] == []


def test_nothing_can_be_asked_for_in_a_session_that_is_not_open():
    with pytest.raises(KeyError):
        make_loop().request("a", Arm.POLL, START, "r1")


def test_what_was_delivered_before_a_restart_counts_toward_the_cooldown():
    [made] = of(DecisionMade, play(make_loop(decide=prompts_only()), room(), 640.0))
    restarted = make_loop(decide=prompts_only())
    restarted.recall([delivered(made.decision)])
    events = play(restarted, room(), 800.0)

    assert of(DecisionMade, events) == []
    assert [event.hold.reason for event in of(DecisionHeld, events)] == [HoldReason.COOLDOWN]
