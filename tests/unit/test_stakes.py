from itertools import permutations

import numpy as np
import pytest
from tests.decide_examples import context

from conductor.decide.bandit import Bandit
from conductor.decide.beliefs import believed
from conductor.decide.cells import number_of
from conductor.decide.choice import ARM_ORDER
from conductor.decide.lifts import ADDING, BEFOREHAND, Lifts, fit_lifts
from conductor.decide.stakes import RESHAPING, TRIED_RATIO, Stakes, stakes
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm
from conductor.domain.learned import Learned, Tally
from conductor.domain.sessions import Phase, SessionType

COST = 0.03
HERE = context()
ELSEWHERE = context(phase=Phase.OPENING, session_type=SessionType.TALK)


def taught(*lessons):
    """A bandit that saw so many successes and failures: context, arm or None, successes, failures."""
    return Bandit(tallies=[Tally(*each) for each in lessons])


def alike(times):
    """Every arm and nothing succeed alike, three times in ten."""
    return taught(*((HERE, arm, 3 * times, 7 * times) for arm in (*ARM_ORDER, None)))


def at_stake(bandit, arms, cost=COST) -> Stakes:
    """What is at stake here, where rooms were left alone."""
    found = stakes(bandit, HERE, arms, cost)
    assert found is not None
    return found


def lift(bandit, arm, column) -> float:
    """What this arm adds, where rooms were left alone."""
    lifts = bandit.lifts()
    assert isinstance(lifts, Lifts)
    return lifts.of(arm, column)


def test_while_no_room_was_left_alone_nobody_knows_what_arms_add():
    bandit = taught((HERE, Arm.POLL, 9, 1))
    assert stakes(bandit, HERE, ARM_ORDER, COST) is None
    assert bandit.lifts() is None


def test_where_arms_do_as_well_as_nothing_the_room_is_left_alone_more_and_more_but_never_for_good():
    alone = [at_stake(alike(times), ARM_ORDER).alone for times in (1, 10, 100)]
    assert alone == sorted(alone)
    assert alone[-1] > 0.7
    assert alone[-1] <= 1.0 - TRIED_RATIO


@pytest.mark.parametrize("failures", [50, 60, 65, 68, 70])
def test_doubt_counts_in_proportion_until_it_is_likelier_than_not_that_nothing_is_worth_it(failures):
    bandit = taught((HERE, Arm.POLL, 30, failures), (HERE, None, 30, 70))
    lifts = bandit.lifts()
    assert lifts is not None
    worth = lifts.chance_that_one_adds([Arm.POLL], number_of(HERE), COST, RESHAPING)
    alone, in_proportion = at_stake(bandit, [Arm.POLL]).alone, (1.0 - TRIED_RATIO) * (1.0 - worth)
    assert alone == in_proportion if worth >= 0.5 else in_proportion < alone <= 1.0 - TRIED_RATIO


def test_where_an_arm_helps_the_room_is_hardly_ever_left_alone():
    bandit = taught((HERE, Arm.POLL, 60, 40), (HERE, None, 25, 75))
    found = at_stake(bandit, [Arm.POLL])
    assert found.alone < 0.02
    assert found.best is Arm.POLL
    assert found.adds[Arm.POLL] == pytest.approx(0.35, abs=0.07)
    assert found.without == pytest.approx(0.25, abs=0.05)


def test_what_was_seen_elsewhere_counts_here():
    bandit = taught((ELSEWHERE, Arm.POLL, 60, 40), (ELSEWHERE, None, 25, 75))
    assert at_stake(bandit, [Arm.POLL]).adds[Arm.POLL] > 0.2


def test_rooms_that_seldom_pick_up_by_themselves_do_not_make_an_arm_look_bad():
    # The arm was used where rooms seldom pick up, and rooms were left alone where they often do.
    hard, easy = HERE, context(AnomalyType.GRADUAL_DECLINE)
    bandit = taught((hard, Arm.POLL, 90, 210), (hard, None, 4, 26), (easy, None, 210, 90), (easy, Arm.POLL, 25, 5))
    assert lift(bandit, Arm.POLL, 0) > 0.05


def test_an_arm_that_annoys_takes_away():
    bandit = taught((HERE, Arm.NUDGE, 10, 90), (HERE, None, 40, 60))
    assert at_stake(bandit, [Arm.NUDGE]).adds[Arm.NUDGE] < -0.2


def test_the_more_an_interruption_costs_the_more_often_rooms_are_left_alone():
    bandit = taught((HERE, Arm.POLL, 40, 60), (HERE, None, 30, 70))
    alone = [at_stake(bandit, [Arm.POLL], cost).alone for cost in (0.0, 0.03, 0.1, 0.3)]
    assert alone == sorted(alone)
    assert alone[-1] > 0.8


def test_answers_are_weighed_by_what_was_seen():
    assert len(BEFOREHAND) == len(ADDING)
    assert sum(BEFOREHAND) == pytest.approx(1.0)
    unseen = fit_lifts({})
    np.testing.assert_allclose(unseen.weights, BEFOREHAND)
    assert fit_lifts(alike(200).counts()).weights[0] > 0.3
    assert fit_lifts(taught((HERE, Arm.POLL, 60, 40), (HERE, None, 25, 75)).counts()).weights[0] < 0.01


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
def test_the_order_of_lessons_of_nothing_does_not_matter_but_for_what_is_forgotten(order):
    lessons = [(HERE, None, 1.0), (ELSEWHERE, None, 0.0), (HERE, Arm.POLL, 1.0)]
    one, other = Bandit(), Bandit()
    for lesson, differently in zip(lessons, (lessons[n] for n in order), strict=True):
        one.learn(*lesson)
        other.learn(*differently)
    for where in (HERE, ELSEWHERE):
        assert one.posterior(None, where).mean == pytest.approx(other.posterior(None, where).mean, abs=1e-3)
        assert lift(one, Arm.POLL, 3) == pytest.approx(lift(other, Arm.POLL, 3), abs=1e-3)


def test_a_restored_bandit_leaves_rooms_alone_exactly_as_often():
    bandit = taught((HERE, Arm.POLL, 4, 3), (ELSEWHERE, None, 2, 5))
    again = Bandit(tallies=bandit.tallies())
    assert stakes(again, HERE, ARM_ORDER, COST) == stakes(bandit, HERE, ARM_ORDER, COST)
    assert again.tallies() == bandit.tallies()


def test_the_order_in_which_arms_are_listed_does_not_matter():
    bandit = taught((HERE, Arm.POLL, 4, 3), (HERE, None, 2, 5))
    assert stakes(bandit, HERE, ARM_ORDER[::-1], COST) == stakes(bandit, HERE, ARM_ORDER, COST)


def test_what_is_told_of_beliefs_is_what_is_chosen_by():
    bandit = taught((HERE, Arm.POLL, 4, 3), (HERE, None, 2, 5))
    poll, nothing = believed(Learned(bandit.tallies()))
    assert (poll.alpha, poll.beta) == (bandit.posterior(Arm.POLL, HERE).alpha, bandit.posterior(Arm.POLL, HERE).beta)
    assert poll.adds == at_stake(bandit, [Arm.POLL]).adds[Arm.POLL]
    assert (nothing.arm, nothing.adds) == (None, None)
    assert nothing.attempts == pytest.approx(7.0, abs=0.02)
