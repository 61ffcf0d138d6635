"""Off-policy estimates on a simulated world whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decide_examples import context

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import Arm
from conductor.learn.offpolicy import Estimator, Logged, estimate

KINDS = (AnomalyType.SUDDEN_DROP, AnomalyType.GRADUAL_DECLINE)
CHANCES = {
    AnomalyType.SUDDEN_DROP: (0.7, 0.4, 0.2, 0.3),
    AnomalyType.GRADUAL_DECLINE: (0.2, 0.3, 0.6, 0.3),
}
LOGGING = {
    AnomalyType.SUDDEN_DROP: (0.4, 0.3, 0.2, 0.1),
    AnomalyType.GRADUAL_DECLINE: (0.1, 0.3, 0.3, 0.3),
}
TRIED = {
    AnomalyType.SUDDEN_DROP: (0.7, 0.1, 0.1, 0.1),
    AnomalyType.GRADUAL_DECLINE: (0.05, 0.15, 0.7, 0.1),
}
TRUTH = float(np.mean([np.dot(CHANCES[kind], TRIED[kind]) for kind in KINDS]))


def world(seed, sessions=60, each=5, would=TRIED, spread=0.1):
    """So many sessions, some of which are better at everything."""
    rng = np.random.default_rng(seed)
    log = []
    for session in range(sessions):
        mood = rng.uniform(-spread, spread)
        for _ in range(each):
            kind = KINDS[rng.integers(2)]
            arm = int(rng.choice(4, p=LOGGING[kind]))
            reward = float(rng.random() < CHANCES[kind][arm] + mood)
            probabilities = dict(zip(Arm, would[kind], strict=True))
            log.append(Logged(f"s{session}", context(kind), tuple(Arm)[arm], LOGGING[kind][arm], reward, probabilities))
    return log


@pytest.fixture(scope="module")
def runs():
    return [estimate(world(seed)) for seed in range(400)]


@pytest.mark.parametrize("by", Estimator)
def test_estimates_are_right_on_average(runs, by):
    values = np.array([run.values[by].value for run in runs])
    assert abs(values.mean() - TRUTH) < 3.5 * values.std() / np.sqrt(len(runs))


@pytest.mark.parametrize("by", Estimator)
def test_intervals_hold_the_truth_about_95_times_in_100(runs, by):
    held = np.mean([run.values[by].low <= TRUTH <= run.values[by].high for run in runs])
    assert 0.92 <= held <= 0.98


def test_what_is_expected_makes_an_estimate_narrower(runs):
    spread = {by: np.std([run.values[by].value for run in runs]) for by in Estimator}
    assert spread[Estimator.DOUBLY_ROBUST] < spread[Estimator.IPS]
    assert spread[Estimator.SNIPS] < spread[Estimator.IPS]


def test_the_policy_that_was_logged_comes_to_the_plain_mean():
    log = world(1, would=LOGGING)
    found = estimate(log)
    mean = np.mean([each.reward for each in log])
    assert found.values[Estimator.IPS].value == pytest.approx(mean)
    assert found.values[Estimator.SNIPS].value == pytest.approx(mean)
    assert found.values[Estimator.DOUBLY_ROBUST].value == pytest.approx(mean, abs=0.03)
    assert found.effective == pytest.approx(len(log))
    assert found.unseen == 0.0


@given(st.integers(0, 50), st.randoms(use_true_random=False))
def test_the_order_of_the_log_does_not_matter(seed, shuffled):
    log = world(seed, sessions=20)
    other = list(log)
    shuffled.shuffle(other)
    ours, theirs = estimate(log), estimate(other)
    assert ours.effective == pytest.approx(theirs.effective)
    for by in ours.values:
        assert ours.values[by].value == pytest.approx(theirs.values[by].value)
        assert ours.values[by].low == pytest.approx(theirs.values[by].low)


@given(st.integers(0, 50), st.floats(-2.0, 2.0), st.floats(0.1, 5.0))
def test_snips_and_doubly_robust_move_with_the_rewards(seed, shift, scale):
    log = world(seed, sessions=20)
    moved = [replace(each, reward=each.reward * scale + shift) for each in log]
    ours, theirs = estimate(log), estimate(moved)
    for by in (Estimator.SNIPS, Estimator.DOUBLY_ROBUST):
        assert theirs.values[by].value == pytest.approx(ours.values[by].value * scale + shift, abs=1e-9)


@given(st.integers(0, 50))
def test_an_effective_sample_is_never_larger_than_the_log(seed):
    log = world(seed, sessions=20)
    assert 0.0 < estimate(log).effective <= len(log) + 1e-9


def test_of_a_policy_that_does_what_was_never_done_nothing_is_said():
    never = dict.fromkeys(KINDS, (0.0, 0.0, 0.0, 1.0))
    log = [replace(each, done=Arm.POLL) for each in world(1, would=never)]
    found = estimate(log)
    assert found.values == {}
    assert "100 % was never done" in found.why_not


def test_of_a_log_without_chance_in_it_nothing_is_said_of_a_policy_with_some():
    log = [replace(each, done=Arm.POLL, propensity=1.0) for each in world(1)]
    found = estimate(log)
    assert found.values == {}
    assert found.unseen > 0.5


def test_of_little_overlap_nothing_is_said():
    rare = dict.fromkeys(KINDS, (0.0, 0.0, 0.0, 1.0))
    found = estimate(world(3, sessions=10, would=rare))
    assert found.values == {}
    assert found.why_not.startswith("Too little alike")


def test_of_a_few_sessions_nothing_is_said():
    found = estimate(world(1, sessions=4, each=200))
    assert found.values == {}
    assert found.why_not == "Not enough yet: logged are 800 decisions in 4 sessions; it takes 5 sessions."


def test_of_no_log_nothing_is_said():
    assert estimate([]).why_not.startswith("Not enough yet: logged are 0 decisions in 0 sessions")


def test_doing_nothing_is_a_policy_too():
    rng = np.random.default_rng(4)
    log = []
    for n in range(2000):
        held = rng.random() < 0.2
        reward = float(rng.random() < (0.3 if held else 0.5))
        done, propensity = (None, 0.2) if held else (Arm.POLL, 0.8)
        log.append(Logged(f"s{n // 10}", context(), done, propensity, reward, {None: 1.0}))
    found = estimate(log).values[Estimator.DOUBLY_ROBUST]
    assert found.low < 0.3 < found.high
    assert found.high < 0.45


@pytest.mark.parametrize("propensity", [0.0, -0.1, 1.1, float("nan")])
def test_a_propensity_outside_its_range_is_refused(propensity):
    log = [replace(each, propensity=propensity) for each in world(1, sessions=6)]
    with pytest.raises(ValueError, match="propensity must lie"):
        estimate(log)


def test_what_a_policy_would_do_has_to_add_up():
    log = [replace(each, would={Arm.POLL: 0.5}) for each in world(1, sessions=6)]
    with pytest.raises(ValueError, match="must add up to 1"):
        estimate(log)
