"""What every policy promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decide_examples import context
from tests.laws.test_bandit_laws import choices_of_arms, contexts, lessons, taught

from conductor.decide.bandit import Bandit
from conductor.decide.policies import POLICIES
from conductor.decide.rules import choose_by_rules
from conductor.domain.interventions import Arm
from conductor.domain.strategies import PolicyName

names = st.sampled_from(sorted(POLICIES))
chances = st.floats(0.0, 1.0, exclude_max=True)


def policy(name, history=()):
    return POLICIES[name](taught(None, history))


@given(names, lessons, contexts, choices_of_arms)
def test_propensities_add_up_to_one(name, history, where, arms):
    found = policy(name, history).propensities(where, arms)
    assert set(found) == set(arms)
    assert sum(found.values()) == pytest.approx(1.0)
    assert min(found.values()) >= 0.0


@given(names, lessons, contexts, choices_of_arms, chances)
def test_a_choice_has_the_propensity_that_was_told(name, history, where, arms, chance):
    with_lessons = policy(name, history)
    choice = with_lessons.choose_by(where, arms, chance)
    assert choice.arm in arms
    assert 0.0 < choice.propensity == with_lessons.propensities(where, arms)[choice.arm]
    assert 0.0 < choice.confidence < 1.0
    assert choice.is_only_arm == (len(arms) == 1)


@given(names, lessons, contexts, choices_of_arms, chances)
def test_the_order_of_arms_does_not_matter(name, history, where, arms, chance):
    with_lessons = policy(name, history)
    assert with_lessons.choose_by(where, arms, chance) == with_lessons.choose_by(where, arms[::-1], chance)


@pytest.mark.parametrize("name", POLICIES)
def test_arms_are_drawn_as_often_as_their_propensities_say(name):
    with_lessons = policy(name, [(context(), Arm.POLL, 1.0)] * 3 + [(context(), Arm.NUDGE, 0.0)] * 2)
    draws = [with_lessons.choose_by(context(), tuple(Arm), (n + 0.5) / 2000).arm for n in range(2000)]
    for arm, propensity in with_lessons.propensities(context(), tuple(Arm)).items():
        assert draws.count(arm) / 2000 == pytest.approx(propensity, abs=0.001)


@pytest.mark.parametrize("name", POLICIES)
def test_without_arms_nothing_can_be_chosen(name):
    with pytest.raises(ValueError, match="no arm"):
        policy(name).choose_by(context(), (), 0.5)


@given(lessons, contexts, choices_of_arms)
def test_the_best_is_the_arm_of_the_highest_mean(history, where, arms):
    bandit = taught(None, history)
    choice = policy(PolicyName.BEST, history).choose_by(where, arms, 0.5)
    assert choice.confidence == max(bandit.posterior(arm, where).mean for arm in arms)
    assert not choice.is_exploring


@given(lessons, contexts, choices_of_arms)
def test_rules_heed_nothing_that_was_learned(history, where, arms):
    assert policy(PolicyName.RULES, history).choose_by(where, arms, 0.5).arm is choose_by_rules(where, arms).arm


def test_the_plain_rule_borrows_nothing_from_other_contexts():
    elsewhere = [(context(session_type=kind), Arm.POLL, 1.0) for kind in ("talk", "workshop")] * 10
    plain = policy(PolicyName.PLAIN, elsewhere).propensities(context(), (Arm.POLL, Arm.CHAT_PROMPT))
    assert plain[Arm.POLL] == pytest.approx(0.5, abs=1e-6)
    assert policy(PolicyName.THOMPSON, elsewhere).propensities(context(), (Arm.POLL, Arm.CHAT_PROMPT))[Arm.POLL] > 0.6


def test_the_plain_rule_is_thompson_sampling_from_beta_distributions():
    history = [(context(), Arm.POLL, 1.0)] * 4 + [(context(), Arm.NUDGE, 0.0)] * 2
    draws = np.random.default_rng(1).beta([[5, 1]], [[1, 3]], size=(200_000, 2))
    found = policy(PolicyName.PLAIN, history).propensities(context(), (Arm.POLL, Arm.NUDGE))
    assert found[Arm.POLL] == pytest.approx((draws[:, 0] > draws[:, 1]).mean(), abs=0.003)


def test_every_name_but_nothing_is_in_the_table():
    assert set(POLICIES) == set(PolicyName) - {PolicyName.NOTHING}
    assert isinstance(POLICIES[PolicyName.THOMPSON](bandit := Bandit()), Bandit)
    assert POLICIES[PolicyName.THOMPSON](bandit) is bandit
