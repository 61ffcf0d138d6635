import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conductor.decide.bandit import Bandit, BanditParams
from conductor.decide.context import lineage
from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm, Context, EngagementBucket
from conductor.domain.sessions import Phase, SessionType, SizeBucket

contexts = st.builds(
    Context,
    # Few of each, so that contexts meet at every level.
    st.sampled_from([AnomalyType.SUDDEN_DROP, AnomalyType.MASS_EXIT]),
    st.sampled_from([Phase.OPENING, Phase.MIDDLE]),
    st.sampled_from([SessionType.TALK, SessionType.PANEL]),
    st.sampled_from([SizeBucket.SMALL, SizeBucket.LARGE]),
    st.sampled_from(EngagementBucket),
)
arms = st.sampled_from(Arm)
choices_of_arms = st.lists(arms, min_size=1, max_size=4, unique=True)
rewards = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0))
lessons = st.lists(st.tuples(contexts, arms, rewards), max_size=60)
params = st.builds(BanditParams, borrowed_attempts=st.floats(0.5, 100.0), floor=st.floats(0.001, 0.5))


def taught(with_params, history):
    bandit = Bandit(with_params)
    for where, arm, reward in history:
        bandit.learn(where, arm, reward)
    return bandit


@given(params, lessons, contexts, arms)
def test_a_mean_lies_strictly_between_zero_and_one(with_params, history, where, arm):
    belief = taught(with_params, history).posterior(arm, where)
    assert 0.0 < belief.mean < 1.0
    assert min(belief.alpha, belief.beta) > 0.0


@given(params, lessons, contexts, contexts, arms)
def test_a_success_never_lowers_a_mean_and_a_failure_never_raises_one(with_params, history, where, there, arm):
    before = taught(with_params, history).posterior(arm, where).mean
    assert taught(with_params, [*history, (there, arm, 1.0)]).posterior(arm, where).mean >= before - 1e-12
    assert taught(with_params, [*history, (there, arm, 0.0)]).posterior(arm, where).mean <= before + 1e-12


@given(params, lessons, contexts, arms)
def test_a_scope_without_data_has_the_mean_of_its_parent(with_params, history, where, arm):
    bandit = taught(with_params, history)
    scopes = lineage(where)
    for depth in range(1, len(scopes)):
        if bandit.count(arm, scopes[depth]).attempts == 0.0:
            parent = bandit.posterior_along(arm, scopes[:depth])
            assert bandit.posterior_along(arm, scopes[: depth + 1]).mean == pytest.approx(parent.mean)


@given(params, lessons)
def test_every_scope_holds_the_sum_of_its_contexts(with_params, history):
    bandit = taught(with_params, history)
    tallies = bandit.tallies()
    for tally in tallies:
        for scope in lineage(tally.context):
            inside = [t for t in tallies if t.arm is tally.arm and scope in lineage(t.context)]
            count = bandit.count(tally.arm, scope)
            assert (count.successes, count.failures) == (
                sum(t.successes for t in inside),
                sum(t.failures for t in inside),
            )


@given(params, lessons, contexts, choices_of_arms, st.integers(0, 2**32 - 1))
def test_a_restored_bandit_is_the_same_to_the_last_bit(with_params, history, where, listed, seed):
    bandit = taught(with_params, history)
    restored = Bandit(with_params, bandit.tallies())
    assert restored.tallies() == bandit.tallies()
    again = restored.choose(where, listed, np.random.default_rng(seed))
    assert again == bandit.choose(where, listed, np.random.default_rng(seed))


@given(params, lessons, st.randoms(use_true_random=False))
def test_the_order_of_lessons_changes_nothing(with_params, history, shuffler):
    shuffled = list(history)
    shuffler.shuffle(shuffled)
    assert taught(with_params, shuffled).tallies() == taught(with_params, history).tallies()


@given(params, lessons, contexts, choices_of_arms)
def test_propensities_add_up_to_one_and_none_falls_under_the_floor(with_params, history, where, listed):
    propensities = taught(with_params, history).propensities(where, listed)
    assert set(propensities) == set(listed)
    assert sum(propensities.values()) == pytest.approx(1.0, abs=1e-12)
    assert min(propensities.values()) >= with_params.floor / len(listed)


@given(lessons, contexts, choices_of_arms, st.randoms(use_true_random=False), st.integers(0, 2**32 - 1))
def test_the_order_in_which_arms_are_listed_does_not_matter(history, where, listed, shuffler, seed):
    bandit = taught(None, history)
    shuffled = list(listed)
    shuffler.shuffle(shuffled)
    assert bandit.choose(where, shuffled, np.random.default_rng(seed)) == bandit.choose(
        where, listed, np.random.default_rng(seed)
    )


@given(lessons, contexts, contexts, contexts, arms, rewards)
def test_a_lesson_reaches_other_contexts_only_through_what_they_share(history, here, there, elsewhere, arm, reward):
    """A lesson taught in either of two contexts means the same to a third that shares equally much with both."""
    shared = set(lineage(here))
    assume(here not in (there, elsewhere))
    assume(lineage(here)[-1] not in (lineage(there)[-1], lineage(elsewhere)[-1]))
    assume(shared & set(lineage(there)) == shared & set(lineage(elsewhere)))
    from_there = taught(None, [*history, (there, arm, reward)])
    from_elsewhere = taught(None, [*history, (elsewhere, arm, reward)])
    before = taught(None, history)
    assert from_there.posterior(arm, here) == from_elsewhere.posterior(arm, here)
    for other in Arm:
        if other is not arm:
            assert from_there.posterior(other, here) == before.posterior(other, here)


@given(contexts, choices_of_arms, st.integers(0, 2**32 - 1), lessons)
def test_the_same_seed_gives_the_same_choices(where, listed, seed, history):
    runs = []
    for _ in range(2):
        bandit, rng = taught(None, history), np.random.default_rng(seed)
        runs.append([bandit.choose(where, listed, rng) for _ in range(5)])
    assert runs[0] == runs[1]
