import numpy as np
import pytest
from tests.decide_examples import context

from conductor.decide.bandit import Bandit, BanditParams
from conductor.decide.belief import Beta
from conductor.decide.context import lineage
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm, EngagementBucket
from conductor.domain.learned import Tally
from conductor.domain.sessions import Phase, SessionType, SizeBucket

HERE = context()
OTHER_PHASE = context(phase=Phase.CLOSING)
OTHER_SIZE = context(size=SizeBucket.LARGE)
ALL = tuple(Arm)


def taught(*lessons, params=None):
    bandit = Bandit(params)
    for where, arm, reward, times in lessons:
        for _ in range(times):
            bandit.learn(where, arm, reward)
    return bandit


def test_an_arm_that_was_never_tried_anywhere_may_do_anything():
    assert Bandit().posterior(Arm.POLL, HERE) == Beta(1.0, 1.0)


def test_a_first_success_counts_once_and_not_once_for_every_level():
    assert taught((HERE, Arm.POLL, 1.0, 1)).posterior(Arm.POLL, HERE) == Beta(2.0, 1.0)


def test_a_context_without_data_believes_what_is_believed_of_its_parent():
    bandit = taught((OTHER_PHASE, Arm.POLL, 1.0, 9), (OTHER_SIZE, Arm.POLL, 0.0, 4))
    leaf = bandit.posterior(Arm.POLL, HERE)
    parent = bandit.posterior_along(Arm.POLL, lineage(HERE)[:-1])
    assert leaf.mean == pytest.approx(parent.mean)


def test_borrowed_experience_counts_for_a_stated_number_of_attempts_at_most():
    elsewhere = context(AnomalyType.MASS_EXIT)
    bandit = taught((elsewhere, Arm.POLL, 1.0, 3000), params=BanditParams(borrowed_attempts=12.0))
    child, grandchild = (bandit.posterior_along(Arm.POLL, lineage(HERE)[:depth]) for depth in (2, 3))
    assert child.attempts == pytest.approx(2 + 12, rel=0.01)  # ignorance is worth two
    assert grandchild.attempts == pytest.approx(2 + 6, rel=0.01)


def test_own_experience_outweighs_what_is_borrowed():
    bandit = taught((OTHER_PHASE, Arm.POLL, 1.0, 500), (HERE, Arm.POLL, 0.0, 40))
    assert bandit.posterior(Arm.POLL, HERE).mean < 0.3
    assert bandit.posterior(Arm.POLL, OTHER_PHASE).mean > 0.95


def test_a_close_context_lends_more_than_a_far_one():
    close = taught((OTHER_SIZE, Arm.POLL, 1.0, 5), (context(AnomalyType.MASS_EXIT), Arm.POLL, 0.0, 5))
    far = taught((OTHER_SIZE, Arm.POLL, 0.0, 5), (context(AnomalyType.MASS_EXIT), Arm.POLL, 1.0, 5))
    assert close.posterior(Arm.POLL, HERE).mean > 0.5 > far.posterior(Arm.POLL, HERE).mean


def test_the_score_does_not_tell_posteriors_apart():
    bandit = taught((context(score=EngagementBucket.HIGH), Arm.NUDGE, 1.0, 3))
    assert bandit.posterior(Arm.NUDGE, context(score=EngagementBucket.FAIR)) == Beta(4.0, 1.0)


def test_the_confidence_is_the_mean_of_the_posterior():
    bandit = taught((HERE, Arm.POLL, 1.0, 7), (HERE, Arm.POLL, 0.0, 1))
    choice = bandit.choose(HERE, (Arm.POLL,), np.random.default_rng(0))
    assert choice.confidence == pytest.approx(8 / 10)
    assert (choice.propensity, choice.is_only_arm) == (1.0, True)


def test_arms_are_drawn_with_the_propensity_that_is_logged():
    bandit = taught((HERE, Arm.POLL, 1.0, 3), (HERE, Arm.NUDGE, 0.0, 2), (HERE, Arm.CHAT_PROMPT, 1.0, 1))
    rng = np.random.default_rng(3)
    choices = [bandit.choose(HERE, ALL, rng) for _ in range(2500)]
    for arm, propensity in bandit.propensities(HERE, ALL).items():
        drawn = [choice for choice in choices if choice.arm is arm]
        assert {choice.propensity for choice in drawn} == {propensity}
        assert len(drawn) / len(choices) == pytest.approx(propensity, abs=0.04)  # 4 standard errors


def test_whoever_is_not_the_best_known_arm_is_explored():
    bandit = taught((HERE, Arm.POLL, 1.0, 3), (HERE, Arm.NUDGE, 0.0, 1))
    rng = np.random.default_rng(5)
    choices = [bandit.choose(HERE, ALL, rng) for _ in range(300)]
    assert {choice.arm for choice in choices if not choice.is_exploring} == {Arm.POLL}
    assert {choice.arm for choice in choices if choice.is_exploring} == set(ALL) - {Arm.POLL}
    assert all(choice.past.is_exploring == choice.is_exploring for choice in choices)


def test_a_tie_for_the_best_goes_to_the_first_arm_in_the_stable_order():
    rng = np.random.default_rng(5)
    choices = [Bandit().choose(HERE, (Arm.NUDGE, Arm.POLL), rng) for _ in range(50)]
    assert {(choice.arm, choice.is_exploring) for choice in choices} == {(Arm.POLL, False), (Arm.NUDGE, True)}


def test_the_past_tells_of_this_context_and_the_record_of_the_nearest_one_with_data():
    bandit = taught((OTHER_PHASE, Arm.POLL, 1.0, 3), (OTHER_PHASE, Arm.POLL, 0.0, 2))
    choice = bandit.choose(HERE, (Arm.POLL,), np.random.default_rng(0))
    assert (choice.past.attempts, choice.past.success_rate) == (0, 0.0)
    assert choice.record is not None
    assert choice.record.scope == lineage(HERE)[1]
    assert (choice.record.successes, choice.record.attempts, choice.record.is_here) == (3.0, 5.0, False)

    here = bandit.choose(OTHER_PHASE, (Arm.POLL,), np.random.default_rng(0))
    assert (here.past.attempts, here.past.success_rate) == (5, 0.6)
    assert here.record is not None
    assert here.record.is_here


def test_a_clearly_best_arm_wins_while_no_arm_is_given_up():
    truth = {Arm.POLL: 0.45, Arm.CHAT_PROMPT: 0.75, Arm.NUDGE: 0.3, Arm.QNA_PROMOTE: 0.4}
    bandit, rng = Bandit(), np.random.default_rng(11)
    chosen, propensities = [], []
    for _ in range(2000):
        choice = bandit.choose(HERE, ALL, rng)
        bandit.learn(HERE, choice.arm, float(rng.random() < truth[choice.arm]))
        chosen.append(choice.arm)
        propensities.append(choice.propensity)
    assert chosen[-500:].count(Arm.CHAT_PROMPT) / 500 > 0.8
    assert min(propensities) >= 0.05 / 4
    assert set(chosen[-500:]) == set(ALL)


def test_tallies_come_back_as_they_were_saved():
    bandit = taught((HERE, Arm.POLL, 1.0, 2), (OTHER_SIZE, Arm.NUDGE, 0.25, 3))
    tallies = bandit.tallies()
    assert [(t.arm, t.successes, t.failures) for t in tallies] == [(Arm.NUDGE, 0.75, 2.25), (Arm.POLL, 2.0, 0.0)]
    assert Bandit(tallies=tallies).tallies() == tallies


def test_restoring_forgets_what_was_there_before():
    bandit = taught((HERE, Arm.POLL, 1.0, 9))
    bandit.restore(())
    assert bandit.tallies() == ()
    assert bandit.posterior(Arm.POLL, HERE) == Beta(1.0, 1.0)


def test_restored_tallies_of_the_same_context_add_up():
    rows = [Tally(context(score=bucket), Arm.POLL, 1.0, 1.0) for bucket in EngagementBucket]
    assert Bandit(tallies=rows).posterior(Arm.POLL, HERE) == Beta(4.0, 4.0)


@pytest.mark.parametrize("successes", [-1.0, float("nan"), float("inf")])
def test_a_senseless_tally_is_refused_and_nothing_is_lost(successes):
    bandit = taught((HERE, Arm.POLL, 1.0, 2))
    with pytest.raises(ValueError, match="finite and not negative"):
        bandit.restore([Tally(HERE, Arm.NUDGE, 1.0, 1.0), Tally(HERE, Arm.POLL, successes, 0.0)])
    assert bandit.posterior(Arm.POLL, HERE) == Beta(3.0, 1.0)


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_a_reward_outside_its_range_is_refused(weight):
    bandit = Bandit()
    with pytest.raises(ValueError, match="success_weight"):
        bandit.learn(HERE, Arm.POLL, weight)
    assert bandit.tallies() == ()


def test_choosing_from_no_arms_is_refused():
    with pytest.raises(ValueError, match="no arm"):
        Bandit().choose(HERE, (), np.random.default_rng(0))


@pytest.mark.parametrize("params", [{"floor": 0.0}, {"floor": 1.0}, {"borrowed_attempts": 0.0}])
def test_constants_that_would_break_a_law_are_refused(params):
    with pytest.raises(ValueError, match="must"):
        BanditParams(**params)


def test_a_lineage_leads_from_everything_to_the_context_itself():
    scopes = lineage(HERE)
    known = [
        [f for f in (s.anomaly_type, s.phase, s.session_type, s.session_size_bucket) if f is not None] for s in scopes
    ]
    full = [AnomalyType.SUDDEN_DROP, Phase.MIDDLE, SessionType.PANEL, SizeBucket.MEDIUM]
    assert known == [full[:n] for n in range(5)]
