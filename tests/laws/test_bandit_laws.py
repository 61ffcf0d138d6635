from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conductor.decide.bandit import Bandit, BanditParams
from conductor.decide.context import lineage
from conductor.decide.drift import ChangeParams
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
lessons = st.lists(st.tuples(contexts, arms, rewards), max_size=20)
params = st.builds(
    BanditParams,
    floor=st.floats(0.001, 0.5),
    reshaping=st.floats(0.05, 1.0),
    memory_lessons=st.floats(1.0, 1e5),
    carried_attempts=st.floats(0.5, 1000.0),
    change=st.builds(ChangeParams, lessons_between=st.floats(2.0, 1e5)),
)


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


@given(lessons, contexts, arms)
def test_more_successes_in_a_context_raise_its_mean_and_more_failures_lower_it(history, where, arm):
    before = taught(None, history).posterior(arm, where).mean
    assert taught(None, [*history, *[(where, arm, 1.0)] * 5]).posterior(arm, where).mean > before
    assert taught(None, [*history, *[(where, arm, 0.0)] * 5]).posterior(arm, where).mean < before


@given(contexts, contexts, arms)
def test_what_an_arm_does_in_one_context_is_expected_of_it_in_the_next_but_less(where, there, arm):
    """Before it is known how alike contexts are, they are neither taken for the same nor for strangers."""
    assume(lineage(where)[-1] != lineage(there)[-1])
    bandit = taught(None, [(there, arm, 1.0)] * 8)
    assert 0.5 < bandit.posterior(arm, where).mean < bandit.posterior(arm, there).mean


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


@given(lessons, st.randoms(use_true_random=False))
def test_the_order_of_lessons_changes_no_more_than_what_is_forgotten_meanwhile(history, shuffler):
    shuffled = list(history)
    shuffler.shuffle(shuffled)
    params = BanditParams(memory_lessons=1e6)
    first, second = taught(params, history).tallies(), taught(params, shuffled).tallies()
    for one, other in zip(first, second, strict=True):
        assert (one.context, one.arm) == (other.context, other.arm)
        assert (one.successes, one.failures) == pytest.approx(
            (other.successes, other.failures), abs=len(history) ** 2 / 1e6
        )


@given(params, lessons)
def test_nothing_that_is_forgotten_leaves_a_count_below_zero_or_makes_one_grow(with_params, history):
    bandit = taught(with_params, history)
    before = {(t.context, t.arm): t for t in bandit.tallies()}
    bandit.begin_event()
    for tally in bandit.tallies():
        known = before[tally.context, tally.arm]
        assert 0.0 <= tally.successes <= known.successes
        assert 0.0 <= tally.failures <= known.failures
        assert tally.successes + tally.failures <= with_params.carried_attempts + 1e-5


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


CIRCUMSTANCES = {
    "anomaly_type": AnomalyType,
    "phase": Phase,
    "session_type": SessionType,
    "session_size_bucket": SizeBucket,
}


@st.composite
def contexts_that_share_the_same_with_a_third(draw):
    """A context and two others, which both differ from it in the same circumstances, and there in any way."""
    here = draw(contexts)
    differing = draw(st.sets(st.sampled_from(sorted(CIRCUMSTANCES)), min_size=1))
    others = [
        replace(
            here,
            **{
                name: draw(st.sampled_from([value for value in CIRCUMSTANCES[name] if value != getattr(here, name)]))
                for name in sorted(differing)
            },
        )
        for _ in range(2)
    ]
    return here, *others


@given(contexts_that_share_the_same_with_a_third(), arms, rewards)
def test_a_lesson_reaches_other_contexts_only_through_what_they_share(three, arm, reward):
    """A lesson taught in either of two contexts means the same to a third that shares the same with both."""
    here, there, elsewhere = three
    from_there = taught(None, [(there, arm, reward)]).posterior(arm, here)
    from_elsewhere = taught(None, [(elsewhere, arm, reward)]).posterior(arm, here)
    assert (from_there.alpha, from_there.beta) == pytest.approx((from_elsewhere.alpha, from_elsewhere.beta))


@given(contexts, choices_of_arms, st.integers(0, 2**32 - 1), lessons)
def test_the_same_seed_gives_the_same_choices(where, listed, seed, history):
    runs = []
    for _ in range(2):
        bandit, rng = taught(None, history), np.random.default_rng(seed)
        runs.append([bandit.choose(where, listed, rng) for _ in range(5)])
    assert runs[0] == runs[1]
