from dataclasses import replace

import numpy as np
import pytest
from tests.decide_examples import NOW, context, decision

from conductor.decide.bandit import Bandit
from conductor.decide.room import DecisionParams
from conductor.domain.endings import ended
from conductor.domain.events import DecisionMade, Event, InterventionExecuted, OutcomeMeasured
from conductor.domain.interventions import (
    Arm,
    Generation,
    GenerationMethod,
    Intervention,
    Origin,
    Outcome,
    PromptContent,
)
from conductor.domain.strategies import PolicyName
from conductor.learn.offpolicy import Estimator
from conductor.trying import Moment, moments, try_policies

PANEL_ARMS = (Arm.POLL, Arm.CHAT_PROMPT, Arm.QNA_PROMOTE)
CHANCES = {Arm.POLL: 0.8, Arm.CHAT_PROMPT: 0.3, Arm.QNA_PROMOTE: 0.3}


def shown(decision_id, at, arm):
    generation = Generation(GenerationMethod.TEMPLATE, "t")
    return InterventionExecuted(
        Intervention(f"{decision_id}-i", decision_id, "s1", "e1", at, arm, PromptContent("Hello?"), generation, 9)
    )


def measured(made, success):
    about = (
        made.decision_id,
        made.decision_id,
        made.session_id,
        made.event_id,
        made.at + 120.0,
        made.arm,
        made.context,
    )
    delta = 0.2 if success else 0.0
    return OutcomeMeasured(Outcome(*about, before=0.4, after=0.4 + delta, delta=delta, success=success))


def test_what_was_possible_follows_from_what_was_delivered_before():
    first = decision(decision_id="s1-d1", arm=Arm.POLL)
    second = decision(decision_id="s1-d2", arm=Arm.CHAT_PROMPT, at=NOW + 400.0)
    events = [DecisionMade(first), shown("s1-d1", NOW + 1.0, Arm.POLL), measured(first, success=True)]
    events += [DecisionMade(second), measured(second, success=False)]
    found = moments(events, DecisionParams())
    assert [each.allowed for each in found] == [PANEL_ARMS, (Arm.CHAT_PROMPT, Arm.QNA_PROMOTE)]
    assert [each.success for each in found] == [True, False]
    assert [each.known_at for each in found] == [NOW + 120.0, NOW + 520.0]


def test_what_was_done_was_possible_whatever_the_settings_say_now():
    made = decision(arm=Arm.POLL)
    [found] = moments([DecisionMade(made), measured(made, success=True)], DecisionParams(arms=(Arm.NUDGE,)))
    assert found.allowed == (Arm.POLL,)


def test_what_organisers_asked_for_is_no_decision_of_the_agents():
    made = decision(origin=Origin.ORGANISER)
    assert moments([DecisionMade(made), measured(made, success=True)], DecisionParams()) == []


def test_a_coin_is_part_of_the_propensity():
    made = decision(propensity=0.5, coin=0.5, holdout_share=0.1, trial_ends_at=NOW + 120.0)
    left = replace(made, decision_id="s1-d2", coin=0.05, held_out=True)
    events: list[Event] = [DecisionMade(made), DecisionMade(left)]
    events += [ended(each, NOW + 120.0, delivered=not each.held_out, after=0.6) for each in (made, left)]
    treated, held = moments(events, DecisionParams())
    assert (treated.done, held.done) == (Arm.POLL, None)
    assert (treated.propensity, held.propensity) == pytest.approx((0.45, 0.1))


def test_a_trial_whose_end_nobody_knows_is_left_out():
    made = decision(coin=0.5, holdout_share=0.1, trial_ends_at=NOW + 120.0)
    gone = ended(made, NOW + 9.0, delivered=True, after=None, why_unknown="the session ended")
    assert moments([DecisionMade(made), gone], DecisionParams()) == []


def log_of(sessions, share=0.2, seed=5):
    """Polls help most, chance chose evenly, and a room left alone recovers in one of five cases."""
    rng = np.random.default_rng(seed)
    log = []
    for n in range(sessions):
        for k in range(3):
            arm = PANEL_ARMS[rng.integers(3)]
            held_out = bool(rng.random() < share)
            at = NOW + n * 7200.0 + k * 1200.0
            made = decision(
                decision_id=f"d{n}-{k}",
                session_id=f"s{n}",
                at=at,
                arm=arm,
                propensity=1 / 3,
                holdout_share=share,
                coin=0.0,
                held_out=held_out,
            )
            success = bool(rng.random() < (0.2 if held_out else CHANCES[arm]))
            log.append(Moment(made, PANEL_ARMS, held_out, is_trial=True, known_at=at + 120.0, success=success))
    return log


def test_policies_are_told_apart_by_what_was_logged():
    tried = {each.policy: each.estimate.values for each in try_policies(log_of(250)).policies}
    by = Estimator.DOUBLY_ROBUST
    assert tried[PolicyName.RANDOM][by].value == pytest.approx(1.4 / 3, abs=0.06)
    assert tried[PolicyName.NOTHING][by].value == pytest.approx(0.2, abs=0.08)
    assert tried[PolicyName.RULES][by].value == pytest.approx(0.8, abs=0.08)
    assert tried[PolicyName.BEST][by].value > 0.7
    assert tried[PolicyName.THOMPSON][by].value > 0.7


def test_the_order_of_the_log_does_not_matter():
    log = log_of(30)
    assert try_policies(log) == try_policies(log[::-1])


def test_nobody_is_judged_by_what_it_learned_from():
    """Where outcomes are noise, a policy that knew them beforehand would seem to do better than the log."""
    rng = np.random.default_rng(8)
    log = [replace(each, success=bool(rng.random() < 0.5), held_out=False) for each in log_of(300, share=0.2)]
    log = [replace(each, is_trial=False) for each in log]
    best = next(each for each in try_policies(log).policies if each.policy is PolicyName.BEST).estimate
    assert best.values[Estimator.DOUBLY_ROBUST].low < 0.5 < best.values[Estimator.DOUBLY_ROBUST].high


def test_where_nothing_was_held_out_nothing_is_said_of_doing_nothing():
    log = [replace(each, is_trial=False, held_out=False) for each in log_of(60)]
    trying = try_policies(log)
    nothing = next(each for each in trying.policies if each.policy is PolicyName.NOTHING)
    assert not trying.rests_on_trials
    assert "100 % was never done" in nothing.estimate.why_not


def test_where_there_are_trials_only_they_count():
    log = log_of(20)
    extra = [replace(each, is_trial=False, held_out=False) for each in log_of(5)]
    trying = try_policies([*log, *extra])
    assert (trying.decisions, trying.sessions, trying.rests_on_trials) == (60, 20, True)


def test_of_an_empty_log_nothing_is_said():
    trying = try_policies([])
    assert trying.recovered is None
    assert all(each.estimate.why_not for each in trying.policies)


def test_the_agents_own_policy_is_tried_with_what_was_learned_before():
    log = log_of(1)
    first = Bandit().propensities(context(), PANEL_ARMS)
    assert sum(first.values()) == pytest.approx(1.0)
    assert try_policies(log).policies[0].policy is PolicyName.THOMPSON
