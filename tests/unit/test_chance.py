"""Chance that is found again after a restart, and that no restart repeats."""

import numpy as np
import pytest
from tests.live_examples import AUTO, deliver_at_once, make_loop, of, play, room

from conductor.decide.bandit import Bandit
from conductor.decide.chance import Chances
from conductor.decide.decider import Decider
from conductor.domain.events import DecisionMade
from conductor.domain.interventions import Arm

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
