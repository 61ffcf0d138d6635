import numpy as np
import pytest
from scipy.special import gammaln
from tests.decide_examples import context

from conductor.decide.bandit import Bandit, BanditParams
from conductor.decide.belief import Count
from conductor.decide.context import lineage
from conductor.decide.drift import ChangeParams, ChangeWatch
from conductor.decide.loggamma import log_gamma
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm, EngagementBucket
from conductor.domain.learned import Tally
from conductor.domain.sessions import Phase, SessionType, SizeBucket

HERE = context()
OTHER_PHASE = context(phase=Phase.CLOSING)
OTHER_SIZE = context(size=SizeBucket.LARGE)
ALL = tuple(Arm)
NEVER_FORGETS = BanditParams(memory_lessons=1e12)


def taught(*lessons, params=None):
    bandit = Bandit(params)
    for where, arm, reward, times in lessons:
        for _ in range(times):
            bandit.learn(where, arm, reward)
    return bandit


def test_an_arm_that_was_never_tried_anywhere_may_do_anything():
    belief = Bandit().posterior(Arm.POLL, HERE)
    assert belief.mean == pytest.approx(0.5)
    assert belief.attempts < 2.0


def test_a_first_success_counts_once_and_not_once_for_every_degree_of_likeness():
    before, after = Bandit().posterior(Arm.POLL, HERE), taught((HERE, Arm.POLL, 1.0, 1)).posterior(Arm.POLL, HERE)
    assert after.mean == pytest.approx((before.alpha + 1.0) / (before.attempts + 1.0), abs=0.02)
    assert after.attempts - before.attempts == pytest.approx(1.0, abs=0.25)


EVERYWHERE = [context(a, p, t, s) for a in AnomalyType for p in Phase for t in SessionType for s in SizeBucket]


def test_where_contexts_prove_to_be_alike_a_new_one_is_foretold_by_the_others():
    bandit = taught(*((where, Arm.POLL, float(n % 10 != 0), 1) for n, where in enumerate(EVERYWHERE) if where != HERE))
    belief = bandit.posterior(Arm.POLL, HERE)
    assert belief.mean == pytest.approx(0.9, abs=0.05)
    assert belief.attempts > 10


def test_what_a_factor_does_is_told_apart_from_the_arm():
    bandit = taught(*((w, Arm.POLL, float(w.phase is Phase.MIDDLE), 1) for w in EVERYWHERE if w.phase is not Phase.QA))
    middle, closing, new = (bandit.posterior(Arm.POLL, context(phase=p)).mean for p in (*PHASES_SEEN, Phase.QA))
    assert middle > 0.8
    assert closing < 0.15
    assert closing < new < middle


PHASES_SEEN = (Phase.MIDDLE, Phase.CLOSING)


def test_where_contexts_prove_to_share_nothing_each_goes_by_itself():
    rng = np.random.default_rng(2)
    sides = [(where, 20.0 * (rng.random() < 0.5)) for where in EVERYWHERE if where != HERE]
    bandit = Bandit(tallies=[Tally(where, Arm.POLL, won, 20.0 - won) for where, won in sides])
    belief = bandit.posterior(Arm.POLL, HERE)
    assert (belief.alpha, belief.beta) == pytest.approx((1.0, 1.0), abs=0.1)


def test_own_experience_outweighs_what_is_borrowed():
    bandit = taught((OTHER_PHASE, Arm.POLL, 1.0, 60), (HERE, Arm.POLL, 0.0, 20))
    assert bandit.posterior(Arm.POLL, HERE).mean < 0.3
    assert bandit.posterior(Arm.POLL, OTHER_PHASE).mean > 0.9


def test_a_close_context_lends_more_than_a_far_one():
    far = context(AnomalyType.MASS_EXIT, Phase.QA, SessionType.TALK, SizeBucket.SMALL)
    of_close = taught((OTHER_SIZE, Arm.POLL, 1.0, 5), (far, Arm.POLL, 0.0, 5))
    of_far = taught((OTHER_SIZE, Arm.POLL, 0.0, 5), (far, Arm.POLL, 1.0, 5))
    assert of_close.posterior(Arm.POLL, HERE).mean > 0.5 > of_far.posterior(Arm.POLL, HERE).mean


def test_what_was_learned_long_ago_counts_for_less():
    bandit = taught((HERE, Arm.POLL, 1.0, 100), params=BanditParams(memory_lessons=10.0))
    assert bandit.count(Arm.POLL, lineage(HERE)[-1]).attempts == pytest.approx(1 / (1 - np.exp(-0.1)), rel=0.01)


def test_an_arm_forgets_only_with_lessons_of_its_own():
    bandit = taught((HERE, Arm.POLL, 1.0, 1), (HERE, Arm.NUDGE, 0.0, 50))
    assert bandit.count(Arm.POLL, lineage(HERE)[-1]).attempts == 1.0


def test_an_arm_that_turns_is_believed_anew_long_before_it_is_forgotten():
    turned = ((HERE, Arm.POLL, 1.0, 100), (HERE, Arm.POLL, 0.0, 30))
    never = BanditParams(change=ChangeParams(lessons_between=1e300))
    assert taught(*turned).posterior(Arm.POLL, HERE).mean < 0.5
    assert taught(*turned, params=never).posterior(Arm.POLL, HERE).mean > 0.7


def test_where_one_arm_turned_the_others_are_trusted_less_too():
    bandit = taught((HERE, Arm.NUDGE, 1.0, 100), (HERE, Arm.POLL, 1.0, 100), (HERE, Arm.POLL, 0.0, 20))
    assert bandit.count(Arm.NUDGE, lineage(HERE)[-1]).attempts == pytest.approx(30, abs=1)


def test_what_earlier_events_taught_is_held_less_firmly_the_more_there_is():
    bandit = Bandit(tallies=[Tally(HERE, Arm.POLL, 1.0, 0.0), Tally(OTHER_PHASE, Arm.POLL, 300.0, 0.0)])
    bandit.begin_event()
    assert bandit.count(Arm.POLL, lineage(HERE)[-1]).attempts == pytest.approx(1 * 100 / 101, abs=1e-3)
    assert bandit.count(Arm.POLL, lineage(OTHER_PHASE)[-1]).attempts == pytest.approx(300 * 100 / 400, abs=1e-3)


def test_the_score_does_not_tell_posteriors_apart():
    bandit = taught((context(score=EngagementBucket.HIGH), Arm.NUDGE, 1.0, 3))
    beliefs = [bandit.posterior(Arm.NUDGE, context(score=bucket)) for bucket in EngagementBucket]
    assert beliefs == [beliefs[0]] * 3


def test_the_confidence_is_the_mean_of_the_posterior():
    bandit = taught((HERE, Arm.POLL, 1.0, 7), (HERE, Arm.POLL, 0.0, 1))
    choice = bandit.choose(HERE, (Arm.POLL,), np.random.default_rng(0))
    assert choice.confidence == bandit.posterior(Arm.POLL, HERE).mean == pytest.approx(8 / 10, abs=0.03)
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
    lessons = ((OTHER_PHASE, Arm.POLL, 1.0, 3), (OTHER_PHASE, Arm.POLL, 0.0, 2))
    bandit = taught(*lessons, params=NEVER_FORGETS)
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
    for _ in range(800):
        choice = bandit.choose(HERE, ALL, rng)
        bandit.learn(HERE, choice.arm, float(rng.random() < truth[choice.arm]))
        chosen.append(choice.arm)
        propensities.append(choice.propensity)
    assert chosen[-400:].count(Arm.CHAT_PROMPT) / 400 > 0.8
    assert min(propensities) >= 0.05 / 4
    assert set(chosen) == set(ALL)


def test_tallies_come_back_as_they_were_saved():
    bandit = taught((HERE, Arm.POLL, 1.0, 2), (OTHER_SIZE, Arm.NUDGE, 0.25, 3), params=NEVER_FORGETS)
    tallies = bandit.tallies()
    assert [(t.arm, t.successes, t.failures) for t in tallies] == [(Arm.NUDGE, 0.75, 2.25), (Arm.POLL, 2.0, 0.0)]
    assert Bandit(tallies=tallies).tallies() == tallies


def test_restoring_forgets_what_was_there_before():
    bandit = taught((HERE, Arm.POLL, 1.0, 9))
    bandit.restore(())
    assert bandit.tallies() == ()
    assert bandit.posterior(Arm.POLL, HERE) == Bandit().posterior(Arm.POLL, HERE)


def test_restored_tallies_of_the_same_context_add_up():
    rows = [Tally(context(score=bucket), Arm.POLL, 1.0, 1.0) for bucket in EngagementBucket]
    assert Bandit(tallies=rows).count(Arm.POLL, lineage(HERE)[-1]) == Count(3.0, 3.0)


@pytest.mark.parametrize("successes", [-1.0, float("nan"), float("inf"), 1e304])
def test_a_senseless_tally_is_refused_and_nothing_is_lost(successes):
    bandit = taught((HERE, Arm.POLL, 1.0, 2))
    before = bandit.posterior(Arm.POLL, HERE)
    with pytest.raises(ValueError, match="a tally must lie in"):
        bandit.restore([Tally(HERE, Arm.NUDGE, 1.0, 1.0), Tally(HERE, Arm.POLL, successes, 0.0)])
    assert bandit.posterior(Arm.POLL, HERE) == before


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_a_reward_outside_its_range_is_refused(weight):
    bandit = Bandit()
    with pytest.raises(ValueError, match="success_weight"):
        bandit.learn(HERE, Arm.POLL, weight)
    assert bandit.tallies() == ()


def test_choosing_from_no_arms_is_refused():
    with pytest.raises(ValueError, match="no arm"):
        Bandit().choose(HERE, (), np.random.default_rng(0))


@pytest.mark.parametrize(
    "params",
    [
        {"floor": 0.0},
        {"floor": 1.0},
        {"reshaping": 0.0},
        {"reshaping": 1.1},
        {"memory_lessons": 0.5},
        {"carried_attempts": 0.0},
    ],
)
def test_constants_that_would_break_a_law_are_refused(params):
    with pytest.raises(ValueError, match="must"):
        BanditParams(**params)


@pytest.mark.parametrize(
    "params",
    [{"lessons_between": 0.0}, {"shift": 0.0}, {"kept_ratio": 1.1}, {"kept_of_others_ratio": -0.1}],
)
def test_constants_by_which_no_change_could_be_told_are_refused(params):
    with pytest.raises(ValueError, match="must"):
        ChangeParams(**params)


def test_where_nothing_changes_a_change_is_seen_no_more_often_than_stated():
    rng, between, seen, lessons = np.random.default_rng(4), 200.0, 0, 40_000
    watch = ChangeWatch(ChangeParams(lessons_between=between))
    for _ in range(lessons):
        chance = rng.uniform(0.1, 0.9)
        if watch.sees(chance, float(rng.random() < chance)):
            seen, watch = seen + 1, ChangeWatch(ChangeParams(lessons_between=between))
    assert 0 < seen < lessons / between


@pytest.mark.parametrize("turned", [0.25, 0.75])
def test_a_turn_to_the_better_or_the_worse_is_seen_within_a_hundred_lessons_or_so(turned):
    rng, watch = np.random.default_rng(4), ChangeWatch(ChangeParams())
    assert next(n for n in range(1000) if watch.sees(0.5, float(rng.random() < turned))) < 150


def test_the_logarithm_of_the_gamma_function_is_right():
    x = np.geomspace(1e-3, 1e5, 400)
    np.testing.assert_allclose(log_gamma(x), gammaln(x), rtol=1e-9, atol=1e-9)


def test_a_lineage_leads_from_everything_to_the_context_itself():
    scopes = lineage(HERE)
    known = [
        [f for f in (s.anomaly_type, s.phase, s.session_type, s.session_size_bucket) if f is not None] for s in scopes
    ]
    full = [AnomalyType.SUDDEN_DROP, Phase.MIDDLE, SessionType.PANEL, SizeBucket.MEDIUM]
    assert known == [full[:n] for n in range(5)]
