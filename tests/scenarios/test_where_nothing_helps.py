"""In automatic mode the agent falls quiet where much has shown that nothing helps, and goes on where something does."""

import math
from dataclasses import replace

import pytest
from tests.live_examples import FALLS_AT, make_loop, obey, of, play, prompts_only, room
from tests.rooms import START, signal

from conductor.decide.cells import CELLS
from conductor.decide.stakes import TRIED_RATIO
from conductor.domain.events import DecisionHeld, DecisionMade, FollowedUp
from conductor.domain.holds import HoldReason
from conductor.domain.interventions import Arm, Mode
from conductor.domain.learned import Learned, Tally
from conductor.domain.signals import Kind
from conductor.learn.outcome import OutcomeParams, recovery

PROMPTS = prompts_only(holdout_share=0.1)
SEEDS = range(6)
FADES = math.exp(-1.0 / 3000.0)


def seen(with_prompt, alone):
    """Prompts and rooms left alone picked up this often, in each context a few times."""
    shares = ((Arm.CHAT_PROMPT, with_prompt), (None, alone))
    return Learned(tuple(Tally(cell, arm, 10.0 * p, 10.0 * (1.0 - p)) for cell in CELLS for arm, p in shares))


NULL, KNOWN = seen(0.3, 0.3), seen(0.6, 0.3)


def falling(**others):
    return room("a", falls_at=FALLS_AT, **{"until": 900.0} | others)


def holds(events):
    return [event.hold for event in of(DecisionHeld, events) if event.hold.reason is HoldReason.ADDS_NOTHING]


def left_alone(**others):
    """A room that is left alone because nothing was chosen for it."""
    for seed in SEEDS:
        loop = make_loop(decide=PROMPTS, learned=NULL, seed=seed)
        events = play(loop, falling(**others), others.get("until", 900.0), obey)
        if holds(events) and not of(DecisionMade, events):
            return loop, events
    raise AssertionError("something was done with every seed")


def counted(learned, arm):
    return sum(each.successes + each.failures for each in learned.tallies if each.arm is arm)


def succeeded(learned, arm):
    return sum(each.successes for each in learned.tallies if each.arm is arm)


def test_where_nothing_adds_anything_the_agent_falls_quiet_and_says_why():
    runs = [play(make_loop(decide=PROMPTS, learned=NULL, seed=seed), falling(), 900.0, obey) for seed in SEEDS]
    assert sum(bool(of(DecisionMade, events)) for events in runs) <= 3
    _, events = left_alone()
    hold = holds(events)[0]
    assert hold.explanation.startswith("Left alone: by what was seen so far, little is expected to be gained")
    assert "by themselves in about 30 % of cases" in hold.explanation
    assert 0.5 < hold.propensity <= 1.0 - TRIED_RATIO


def test_where_something_helps_the_agent_goes_on_helping_and_says_what_it_adds():
    for seed in SEEDS:
        events = play(make_loop(decide=PROMPTS, learned=KNOWN, seed=seed), falling(until=400.0), 400.0, obey)
        [made] = [event.decision for event in of(DecisionMade, events)][:1]
        assert holds(events) == []
        assert made.adds == pytest.approx(0.3, abs=0.05)
        assert made.propensity_alone < 0.05
        assert "It is expected to help in 30 of 100 cases more" in made.reasoning


@pytest.mark.parametrize("back_at", [240.0, None])
def test_what_becomes_of_a_room_left_alone_shows_what_nothing_comes_to(back_at):
    loop, events = left_alone(back_at=back_at, until=480.0)
    at = holds(events)[0].at
    before, after = learned_by(at, back_at), loop.learned()
    assert counted(after, Arm.CHAT_PROMPT) == counted(before, Arm.CHAT_PROMPT)
    # A lesson makes older ones count for a little less.
    assert counted(after, None) == pytest.approx(counted(before, None) * FADES + 1.0, abs=1e-3)
    end = of(FollowedUp, events)[0].follow_up
    lesson = recovery(end.before, end.after, OutcomeParams())
    assert (lesson > 0.9) if back_at else (lesson < 0.1)
    assert succeeded(after, None) == pytest.approx(succeeded(before, None) * FADES + lesson, abs=1e-3)


def learned_by(at, back_at):
    """What was known when the room was left alone: another event had just begun."""
    for seed in SEEDS:
        loop = make_loop(decide=PROMPTS, learned=NULL, seed=seed)
        signals = [each for each in falling(back_at=back_at, until=480.0) if each.at < at + 5.0]
        if holds(play(loop, signals, at + 5.0 - START, obey)):
            return loop.learned()
    raise AssertionError("no seed left the room alone")


def test_the_room_is_looked_at_again_after_a_rest():
    _, events = left_alone()
    first = holds(events)[0]
    times = [event.hold.at for event in of(DecisionHeld, events)]
    assert all(at == first.at or at >= first.at + 300.0 for at in times if at >= first.at)


@pytest.mark.parametrize(
    "allowed", [replace(PROMPTS, mode=Mode.SEMI_AUTO, threshold=0.0), replace(PROMPTS, holdout_share=0.0)]
)
def test_nothing_is_an_arm_only_where_the_agent_acts_all_by_itself_and_lift_is_measured(allowed):
    for seed in SEEDS:
        events = play(make_loop(decide=allowed, learned=NULL, seed=seed), falling(until=400.0), 400.0, obey)
        assert holds(events) == []
        assert of(DecisionMade, events)[0].decision.propensity_alone == 0.0


def test_a_session_that_ends_before_teaches_nothing_of_it():
    loop, events = left_alone(until=900.0)
    at = holds(events)[0].at
    ended = [each for each in falling() if each.at < at + 30.0] + [signal("a", at + 30.0 - START, Kind.ENDED, None)]
    for seed in SEEDS:
        again = make_loop(decide=PROMPTS, learned=NULL, seed=seed)
        if holds(play(again, ended, 600.0, obey)):
            assert counted(again.learned(), None) < counted(loop.learned(), None)
            return
    raise AssertionError("no seed left the room alone")
