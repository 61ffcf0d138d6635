"""Chance that is found again after a restart, and that no restart repeats."""

from dataclasses import replace

import numpy as np
import pytest
from tests.decide_examples import context, decision
from tests.live_examples import AUTO, deliver_at_once, in_order, make_loop, of, play, room
from tests.rooms import START

from conductor.decide.bandit import Bandit
from conductor.decide.chance import Chances
from conductor.decide.decider import Decider
from conductor.domain.endings import left_alone
from conductor.domain.events import DecisionHeld, DecisionMade
from conductor.domain.holds import Hold, HoldReason, LeftAlone
from conductor.domain.interventions import Arm
from conductor.worker.unfinished import left_open

FALLS_AT = 180.0


def first_arm(loop, name, *others, until=300.0):
    """The arm that is chosen first in this room."""
    signals = [*room(name, falls_at=FALLS_AT, until=until), *others]
    events = play(loop, sorted(signals, key=lambda s: s.at), until, deliver_at_once)
    return next(made.decision.arm for made in of(DecisionMade, events) if made.decision.session_id == name)


def test_the_same_name_finds_the_same_draw_in_whatever_order_it_is_asked_for():
    first, again = (Chances(np.random.default_rng(3)) for _ in range(2))
    names = [f"s{n}-a5/0" for n in range(50)]
    assert [first.of(name) for name in names] == [again.of(name) for name in names[::-1]][::-1]


def test_draws_are_even():
    chances = Chances(np.random.default_rng(3))
    drawn = np.array([chances.of(f"a/{n}") for n in range(4000)])
    assert np.all((drawn >= 0.0) & (drawn < 1.0))
    assert np.bincount((drawn * 10).astype(int), minlength=10) == pytest.approx(400, abs=80)


def test_what_is_drawn_for_decisions_has_nothing_to_do_with_their_coins():
    rng = np.random.default_rng(3)
    coins, chances = Chances(rng), Chances(rng)
    names = [f"a/{n}" for n in range(2000)]
    both = np.corrcoef([coins.of(name) for name in names], [chances.of(name) for name in names])
    assert abs(both[0, 1]) < 0.1


def test_a_restart_with_the_same_seed_does_not_draw_the_same_again():
    arms = {first_arm(make_loop(decide=AUTO), f"room-{n}") for n in range(8)}
    assert len(arms) > 1


def test_a_decision_that_is_made_again_finds_the_same_chance_whatever_else_was_decided_before():
    earlier = room("other", falls_at=FALLS_AT - 60.0, until=300.0)
    for name in ("a", "b", "c"):
        assert first_arm(make_loop(decide=AUTO), name) is first_arm(make_loop(decide=AUTO), name, *earlier)


def test_each_answer_to_the_same_fall_has_a_chance_of_its_own():
    decider = Decider(Bandit(), np.random.default_rng(0))
    drawn = [decider.draw(f"a-a5/{n}") for n in range(3)]
    assert len(set(drawn)) == 3
    events = play(make_loop(decide=AUTO), room("a", falls_at=FALLS_AT, until=2000.0), 2000.0, deliver_at_once)
    assert len({made.decision.arm for made in of(DecisionMade, events)} & set(Arm)) > 1


def answers():
    """A decision, and a room that was left alone, of an earlier life."""
    about = LeftAlone("s1-d9", context(), 0.4, holdout_share=0.1, ends_at=START + 120.0)
    hold = Hold("s1-a1", "s1", "e1", START, HoldReason.ADDS_NOTHING, "Left.", propensity=0.6, left=about)
    return decision(), hold


def arms_after(*answers):
    """The arms that are chosen first in some rooms where this was answered before a restart."""
    loop, names = make_loop(), "abcd"
    signals = in_order([each for name in names for each in room(name, falls_at=FALLS_AT, until=240.0)])
    play(loop, [each for each in signals if each.at < START + 60.0], 60.0)
    for name in names:
        loop.remember([replace(answer, session_id=name) for answer in answers], ())
    events = play(loop, [each for each in signals if each.at >= START + 60.0], 240.0)
    return sorted((made.decision.session_id, made.decision.arm) for made in of(DecisionMade, events))


def test_what_was_answered_before_a_restart_has_used_up_its_chance_once_and_so_has_a_room_left_alone():
    made, hold = answers()
    assert arms_after() != arms_after(hold) == arms_after(made) == arms_after(made, made)
    assert arms_after(made) != arms_after(made, hold)


def test_of_a_history_all_that_was_answered_is_remembered_whether_or_not_it_has_ended():
    made, hold = answers()
    found = left_open([DecisionHeld(hold), left_alone(hold, START + 120.0, after=0.6), DecisionMade(made)])
    assert (found.answers, found.alone) == ((made, hold), ())
