from dataclasses import replace

import numpy as np
import pytest
from tests.decide_examples import NOW, context, decision

from conductor.decide.bandit import Bandit, BanditParams
from conductor.decide.room import DecisionParams
from conductor.domain.endings import ended, left_alone
from conductor.domain.engagement import AnomalyType
from conductor.domain.events import DecisionHeld, DecisionMade, Event, InterventionExecuted, OutcomeMeasured
from conductor.domain.holds import Hold, HoldReason, LeftAlone
from conductor.domain.interventions import (
    Arm,
    Autonomy,
    Generation,
    GenerationMethod,
    Intervention,
    Origin,
    Outcome,
    PromptContent,
)
from conductor.domain.strategies import PolicyName
from conductor.learn.offpolicy import Estimator
from conductor.learn.outcome import OutcomeParams, recovery
from conductor.trying import Moment, moments, try_policies

PANEL_ARMS = (Arm.POLL, Arm.CHAT_PROMPT, Arm.QNA_PROMOTE)
BY_0_6 = recovery(0.4, 0.6, OutcomeParams())
"""How probably a room has recovered whose score is 0.6 (`test_outcome.py` has the curve)."""

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
    assert [each.recovered for each in found] == pytest.approx([0.691, 0.309], abs=5e-4)
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


def left(decision_id="s1-d9", at=NOW, alone=0.6, before=0.4):
    """A room for which nothing was chosen."""
    about = LeftAlone(decision_id, context(), before, holdout_share=0.1, ends_at=at + 120.0)
    return Hold("s1-a1", "s1", "e1", at, HoldReason.ADDS_NOTHING, "Left.", propensity=alone, left=about)


def test_a_room_left_alone_counts_with_the_probability_with_which_nothing_was_done():
    made = decision(propensity=0.5, propensity_alone=0.6, coin=0.5, holdout_share=0.1, trial_ends_at=NOW + 120.0)
    held = replace(made, decision_id="s1-d2", coin=0.05, held_out=True)
    events: list[Event] = [DecisionMade(made), DecisionMade(held), DecisionHeld(left())]
    events += [ended(each, NOW + 120.0, delivered=not each.held_out, after=0.6) for each in (made, held)]
    events += [left_alone(left(), NOW + 120.0, after=0.6)]
    treated, by_coin, by_choice = moments(events, DecisionParams())
    assert (treated.done, by_coin.done, by_choice.done) == (Arm.POLL, None, None)
    assert treated.propensity == pytest.approx(0.4 * 0.9 * 0.5)
    assert by_coin.propensity == by_choice.propensity == pytest.approx(0.6 + 0.4 * 0.1)
    assert (by_choice.is_trial, by_choice.recovered, by_choice.teaches) == (True, BY_0_6, True)
    assert by_choice.allowed == PANEL_ARMS


def test_a_room_left_alone_whose_end_nobody_knows_is_left_out():
    gone = left_alone(left(), NOW + 9.0, why_unknown="the session ended")
    assert moments([DecisionHeld(left()), gone], DecisionParams()) == []


@pytest.mark.parametrize("arms", [(Arm.NUDGE,), ()])
def test_a_room_left_alone_counts_where_the_settings_of_now_would_allow_nothing_there(arms):
    events: list[Event] = [DecisionHeld(left()), left_alone(left(), NOW + 120.0, after=0.6)]
    [found] = moments(events, DecisionParams(arms=arms))
    assert sorted(found.allowed) == sorted(PANEL_ARMS)
    assert try_policies([found]).decisions == 1


def test_leaving_rooms_alone_by_choice_biases_nothing():
    """Where little helps, rooms are mostly left alone: what comes of the rest is no fair sample of all."""
    rng = np.random.default_rng(2)
    log = []
    for n in range(3000):
        quiet = n % 2 == 0
        kind = AnomalyType.SUDDEN_DROP if quiet else AnomalyType.GRADUAL_DECLINE
        alone = 0.8 if quiet else 0.1
        helps, recovers = (0.3, 0.3) if quiet else (0.8, 0.3)
        is_done = bool(rng.random() >= alone + (1.0 - alone) * 0.1)
        propensity = (1.0 - alone) * 0.9 if is_done else alone + (1.0 - alone) * 0.1
        log.append(
            Moment(
                f"d{n}",
                f"s{n // 3}",
                "e1",
                NOW + n,
                context(anomaly_type=kind),
                Arm.POLL if is_done else None,
                propensity,
                (Arm.POLL,),
                is_trial=True,
                known_at=NOW + n + 120.0,
                recovered=float(rng.random() < (helps if is_done else recovers)),
            )
        )
    tried = {each.policy: each.estimate.values for each in try_policies(log).policies}
    for by in Estimator:
        assert tried[PolicyName.RULES][by].value == pytest.approx(0.55, abs=0.06)
        assert tried[PolicyName.NOTHING][by].value == pytest.approx(0.3, abs=0.06)


def test_decisions_without_a_coin_count_at_their_horizon_and_not_when_their_outcome_was_told():
    made = decision(trial_ends_at=NOW + 180.0)
    events = [DecisionMade(made), measured(made, success=False), ended(made, NOW + 180.0, delivered=True, after=0.6)]
    [found] = moments(events, DecisionParams())
    assert (found.known_at, found.recovered, found.is_trial, found.propensity) == (NOW + 180.0, BY_0_6, False, 0.4)


def test_what_counts_as_recovery_is_what_counts_everywhere():
    made = decision(coin=0.5, holdout_share=0.1, score_before=0.4, trial_ends_at=NOW + 120.0)
    events: list[Event] = [DecisionMade(made), ended(made, NOW + 120.0, delivered=True, after=0.55)]
    assert [each.recovered for each in moments(events, DecisionParams())] == pytest.approx([0.5987], abs=1e-4)
    stricter = moments(events, DecisionParams(), OutcomeParams(fine_from=0.6))
    assert [each.recovered for each in stricter] == pytest.approx([0.4013], abs=1e-4)


def test_what_an_organiser_did_not_let_happen_counts_and_teaches_nothing():
    asked = decision(autonomy=Autonomy.ASK, coin=0.5, holdout_share=0.1, trial_ends_at=NOW + 240.0)
    own = replace(asked, decision_id="s1-d2", autonomy=Autonomy.ACT)
    events: list[Event] = [DecisionMade(asked), DecisionMade(own)]
    events += [ended(each, NOW + 240.0, delivered=False, after=0.6) for each in (asked, own)]
    rejected, let_be = moments(events, DecisionParams())
    assert (rejected.recovered, rejected.done, rejected.teaches) == (BY_0_6, Arm.POLL, False)
    assert (let_be.recovered, let_be.done, let_be.teaches) == (BY_0_6, Arm.POLL, True)


def test_a_policy_learns_on_the_log_what_it_would_have_learned_live():
    def preferred(teaches):
        """How much more of a policy that does what has helped is worth, where only unseen prompts went well."""
        log = [replace(each, teaches=teaches, recovered=float(each.done is Arm.CHAT_PROMPT)) for each in log_of(60)]
        best = next(each for each in try_policies(log).policies if each.policy is PolicyName.BEST)
        return best.estimate.values[Estimator.SNIPS].value if best.estimate.values else 0.0

    assert preferred(teaches=True) > preferred(teaches=False)


def log_of(sessions, share=0.2, seed=5):
    """Polls help most, chance chose evenly, and a room left alone recovers in one of five cases."""
    rng = np.random.default_rng(seed)
    log = []
    for n in range(sessions):
        for k in range(3):
            arm = PANEL_ARMS[rng.integers(3)]
            held_out = bool(rng.random() < share)
            at = NOW + n * 7200.0 + k * 1200.0
            log.append(
                Moment(
                    f"d{n}-{k}",
                    f"s{n}",
                    "e1",
                    at,
                    context(),
                    None if held_out else arm,
                    share if held_out else (1.0 - share) / 3.0,
                    PANEL_ARMS,
                    is_trial=True,
                    known_at=at + 120.0,
                    recovered=float(rng.random() < (0.2 if held_out else CHANCES[arm])),
                )
            )
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
    log = [replace(each, recovered=float(rng.random() < 0.5), is_trial=False) for each in log_of(300, share=0.0)]
    best = next(each for each in try_policies(log).policies if each.policy is PolicyName.BEST).estimate
    assert best.values[Estimator.DOUBLY_ROBUST].low < 0.5 < best.values[Estimator.DOUBLY_ROBUST].high


def test_where_nothing_was_held_out_nothing_is_said_of_doing_nothing():
    log = [replace(each, is_trial=False) for each in log_of(60, share=0.0)]
    trying = try_policies(log)
    nothing = next(each for each in trying.policies if each.policy is PolicyName.NOTHING)
    assert not trying.rests_on_trials
    assert "100 % was never done" in nothing.estimate.why_not


def test_where_there_are_trials_only_they_count():
    log = log_of(20)
    extra = [replace(each, is_trial=False) for each in log_of(5, share=0.0)]
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


def test_policies_learn_on_the_log_as_the_agent_does_live():
    log = log_of(20)
    assert try_policies(log) == try_policies(log, BanditParams()) != try_policies(log, BanditParams(floor=0.9))
