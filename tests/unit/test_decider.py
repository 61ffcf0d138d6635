import numpy as np
import pytest
from tests.decide_examples import NOW, START, anomaly, context

from conductor.decide.bandit import Bandit
from conductor.decide.decider import Decider
from conductor.decide.policies import POLICIES
from conductor.decide.room import DecisionParams, Delivery, RoomHistory
from conductor.decide.rules import choose_by_rules
from conductor.domain.engagement import AnomalyType, Severity
from conductor.domain.holds import Hold, HoldReason
from conductor.domain.interventions import Arm, Autonomy, Decision, Mode
from conductor.domain.sessions import Phase, SessionProfile, SessionType, SizeBucket
from conductor.domain.strategies import PolicyName

PANEL = SessionProfile(type=SessionType.PANEL)
STARTED = RoomHistory(starts_at=START)
ONLY_POLLS = DecisionParams(arms=(Arm.POLL,))


def taught(*lessons):
    bandit = Bandit()
    for where, arm, successes, failures in lessons:
        for reward, times in ((1.0, successes), (0.0, failures)):
            for _ in range(times):
                bandit.learn(where, arm, reward)
    return bandit


def decide(
    bandit=None, params=None, history=STARTED, *, seed=1, online=True, profile=PANEL, phase=Phase.MIDDLE, **of_anomaly
):
    decider = Decider(bandit, np.random.default_rng(seed))
    return decider.decide(
        anomaly(**of_anomaly),
        params or DecisionParams(),
        profile,
        phase,
        80,
        history,
        is_organiser_online=online,
        now=NOW,
        decision_id="s1-d1",
    )


def made(*args, **kwargs):
    answer = decide(*args, **kwargs)
    assert isinstance(answer, Decision)
    return answer


def held(*args, **kwargs):
    answer = decide(*args, **kwargs)
    assert isinstance(answer, Hold)
    return answer


def test_a_decision_says_what_it_answers_and_under_which_circumstances():
    decision = made(Bandit())
    assert (decision.decision_id, decision.anomaly_id) == ("s1-d1", "s1-a1")
    assert (decision.session_id, decision.event_id, decision.at) == ("s1", "e1", NOW)
    assert decision.context == context()
    assert decision.score_before == 0.31


def test_a_well_known_arm_goes_out_and_says_why():
    decision = made(taught((context(), Arm.POLL, 9, 1)), ONLY_POLLS)
    assert (decision.arm, decision.autonomy, decision.expires_at) == (Arm.POLL, Autonomy.ACT, None)
    assert decision.confidence == pytest.approx(10 / 12, abs=0.02)
    assert decision.reasoning == (
        "Engagement fell suddenly and has been low since minute 29: the score is 31 % where 58 % was expected "
        "(evidence 92 %). A poll is the only thing possible now: for sudden drops in the middle of medium-sized panels "
        "the room picked up after 9 of 10 polls. With a chance of success of 84 % (75 % needed) it goes out without "
        "asking."
    )


def test_an_unsure_agent_asks_the_organiser_who_is_there_with_a_deadline():
    decision = made(Bandit(), ONLY_POLLS)
    assert (decision.autonomy, decision.expires_at) == (Autonomy.ASK, NOW + 60.0)
    assert decision.reasoning.endswith(
        "A poll is the only thing possible now: it has not been tried in any session yet. With a chance of success "
        "of 50 % (75 % needed) the organiser is asked first and has 60 seconds to answer."
    )


def test_an_unsure_agent_lets_it_be_when_nobody_is_there():
    decision = made(Bandit(), ONLY_POLLS, online=False)
    assert (decision.autonomy, decision.expires_at) == (Autonomy.SKIP, None)
    assert "no organiser online, it is left out." in decision.reasoning


@pytest.mark.parametrize(
    ("mode", "autonomy", "said"),
    [
        (Mode.MANUAL, Autonomy.ASK, "In manual mode the organiser is asked first and has 60 seconds to answer."),
        (Mode.AUTO, Autonomy.ACT, "In automatic mode it goes out without asking."),
    ],
)
def test_the_mode_is_given_as_the_reason_where_it_is_one(mode, autonomy, said):
    decision = made(Bandit(), DecisionParams(mode=mode), online=False)
    assert decision.autonomy is autonomy
    assert decision.reasoning.endswith(said)


def test_experience_from_elsewhere_is_named_as_such():
    elsewhere = context(AnomalyType.MASS_EXIT, Phase.OPENING, SessionType.TALK, SizeBucket.LARGE)
    decision = made(taught((elsewhere, Arm.POLL, 3, 2)), ONLY_POLLS)
    assert (decision.past.attempts, decision.past.success_rate) == (0, 0.0)
    assert (
        "it is new for sudden drops in the middle of medium-sized panels; "
        "over all sessions the room picked up after 3 of 5 polls"
    ) in decision.reasoning


def test_what_is_tried_in_order_to_learn_says_so():
    bandit = taught((context(), Arm.CHAT_PROMPT, 1, 0), (context(), Arm.POLL, 1, 2))
    decisions = [made(bandit, seed=seed) for seed in range(200)]
    exploring = [decision for decision in decisions if decision.past.is_exploring]
    assert 0 < len(exploring) < len(decisions)
    assert all(("is tried to learn more about" in d.reasoning) == d.past.is_exploring for d in decisions)
    assert any("the room picked up after 1 of 3 polls" in d.reasoning for d in exploring)
    assert all("looks best so far" in d.reasoning for d in decisions if not d.past.is_exploring)
    assert any("picked up after the only chat prompt." in d.reasoning for d in decisions)


@pytest.mark.parametrize(
    ("recovered", "said"),
    [
        (0.9, "the room picked up after the only poll"),
        (0.1, "the room did not pick up after the only poll"),
        (0.55, "it is not clear whether the room picked up after the only poll"),
    ],
)
def test_of_a_single_room_it_says_no_more_than_its_score_does(recovered, said):
    bandit = Bandit()
    bandit.learn(context(), Arm.POLL, recovered)
    assert said in made(bandit, ONLY_POLLS).reasoning


def test_the_propensity_of_a_decision_is_the_one_of_the_bandit():
    bandit = taught((context(), Arm.POLL, 2, 1))
    decision = made(bandit)
    fitting = (Arm.POLL, Arm.CHAT_PROMPT, Arm.QNA_PROMOTE)
    assert decision.propensity == bandit.propensities(context(), fitting)[decision.arm]


def test_without_a_bandit_fixed_rules_choose_and_say_so():
    decision = made(None)
    assert (decision.arm, decision.propensity, decision.confidence) == (Arm.POLL, 1.0, 0.5)
    assert not decision.past.is_exploring
    assert "A poll comes first by the fixed rules, since what was learned so far cannot be read" in decision.reasoning


def test_where_the_start_is_unknown_time_is_counted_back_from_the_finding():
    assert (
        "Engagement has been low for 45 seconds"
        in made(Bandit(), history=RoomHistory(), type=AnomalyType.LOW_ENGAGEMENT).reasoning
    )
    assert (
        "People have been leaving for 5 minutes"
        in made(Bandit(), history=RoomHistory(), type=AnomalyType.MASS_EXIT, onset=NOW - 290.0).reasoning
    )


def test_the_plan_of_the_session_stands_in_where_the_room_knows_no_better():
    profile = SessionProfile(type=SessionType.PANEL, starts_at=START + 600.0, ends_at=NOW + 60.0)
    assert held(Bandit(), profile=profile, history=RoomHistory()).reason is HoldReason.LAST_MINUTES
    overtime = RoomHistory(starts_at=START, ends_at=NOW + 900.0)
    assert "since minute 29" in made(Bandit(), profile=profile, history=overtime).reasoning
    assert "since minute 19" in made(Bandit(), profile=profile, history=RoomHistory(ends_at=NOW + 900.0)).reasoning


def test_a_hold_names_the_anomaly_and_gives_a_sentence():
    answer = held(Bandit(), severity=Severity.WARNING, current=0.6)
    assert (answer.anomaly_id, answer.session_id, answer.event_id, answer.at) == ("s1-a1", "s1", "e1", NOW)
    assert answer.reason is HoldReason.SCORE_STILL_FINE


def test_a_hold_draws_nothing_so_that_later_choices_stay_the_same():
    rng, untouched = np.random.default_rng(4), np.random.default_rng(4)
    decider = Decider(Bandit(), rng)
    off = DecisionParams(enabled=False)
    about = (anomaly(), off, PANEL, Phase.MIDDLE, 80, STARTED)
    decider.decide(*about, is_organiser_online=True, now=NOW, decision_id="s1-d1")
    assert rng.random() == untouched.random()


@pytest.mark.parametrize(
    ("anomaly_type", "phase", "session_type", "arm"),
    [
        (AnomalyType.SUDDEN_DROP, Phase.MIDDLE, SessionType.TALK, Arm.POLL),
        (AnomalyType.GRADUAL_DECLINE, Phase.MIDDLE, SessionType.TALK, Arm.NUDGE),
        (AnomalyType.LOW_ENGAGEMENT, Phase.OPENING, SessionType.TALK, Arm.POLL),
        (AnomalyType.LOW_ENGAGEMENT, Phase.CLOSING, SessionType.TALK, Arm.NUDGE),
        (AnomalyType.GRADUAL_DECLINE, Phase.QA, SessionType.KEYNOTE, Arm.QNA_PROMOTE),
        (AnomalyType.MASS_EXIT, Phase.CLOSING, SessionType.PANEL, Arm.QNA_PROMOTE),
        (AnomalyType.MASS_EXIT, Phase.CLOSING, SessionType.TALK, Arm.CHAT_PROMPT),
    ],
)
def test_the_rules_choose_what_suits_the_fall_and_the_phase(anomaly_type, phase, session_type, arm):
    profile = SessionProfile(type=session_type)
    assert made(None, profile=profile, phase=phase, type=anomaly_type).arm is arm


def test_the_rules_refuse_to_choose_from_nothing():
    with pytest.raises(ValueError, match="no arm"):
        choose_by_rules(context(), ())


def test_deliveries_hold_the_next_decision_back():
    history = RoomHistory((Delivery(NOW - 60.0, Arm.POLL),), starts_at=START)
    assert held(Bandit(), ONLY_POLLS, history).explanation == (
        "What fits here was used a short while ago; the next is possible at minute 39."
    )


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (PolicyName.THOMPSON, "A poll looks best so far"),
        (PolicyName.BEST, "A poll looks best so far"),
        (PolicyName.RULES, "A poll comes first by the fixed rules, which are tried here"),
        (PolicyName.RANDOM, "was drawn by lot among what is possible now"),
        (PolicyName.PLAIN, "A poll looks best so far"),
    ],
)
def test_another_policy_chooses_where_it_is_tried(policy, says):
    bandit = taught((context(), Arm.POLL, 30, 0), (context(), Arm.CHAT_PROMPT, 0, 30))
    params = DecisionParams(mode=Mode.AUTO, arms=(Arm.POLL, Arm.CHAT_PROMPT), policy=policy)
    decision = made(bandit, params)
    assert says in decision.reasoning
    expected = POLICIES[policy](bandit).propensities(context(), params.arms)
    assert decision.propensity == expected[decision.arm]


def test_where_nothing_is_tried_every_fall_is_let_pass():
    hold = held(Bandit(), DecisionParams(policy=PolicyName.NOTHING))
    assert hold.reason is HoldReason.DISABLED
    assert hold.explanation.startswith("Here it is tried to do nothing at all, on purpose")
