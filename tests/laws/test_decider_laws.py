import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.decide_examples import NOW, anomaly

from conductor.decide.bandit import Bandit
from conductor.decide.context import build_context
from conductor.decide.decider import Decider
from conductor.decide.guardrails import applicable_arms
from conductor.decide.limits import attention_left
from conductor.decide.room import DecisionParams, Delivery, RoomHistory
from conductor.domain.engagement import AnomalyType, Severity
from conductor.domain.interventions import Arm, Autonomy, Decision, Mode
from conductor.domain.sessions import Phase, SessionProfile, SessionType

ratios = st.floats(0.0, 1.0)
moments = st.one_of(st.none(), st.floats(NOW - 7200.0, NOW + 7200.0))
anomalies = st.builds(
    anomaly,
    type=st.sampled_from(AnomalyType),
    severity=st.sampled_from(Severity),
    onset=st.floats(NOW - 900.0, NOW),
    evidence=st.floats(0.6, 1.0),
    current=ratios,
    expected=ratios,
)
params = st.builds(
    DecisionParams,
    enabled=st.sampled_from([True, True, True, False]),
    mode=st.sampled_from(Mode),
    threshold=ratios,
    max_per_hour=st.integers(0, 6),
    arms=st.lists(st.sampled_from(Arm), unique=True).map(tuple),
    cooldown_s=st.dictionaries(st.sampled_from(Arm), st.floats(0.0, 3600.0)),
    quiet_end_s=st.floats(0.0, 600.0),
)
deliveries = st.lists(st.builds(Delivery, st.floats(NOW - 7200.0, NOW), st.sampled_from(Arm)), max_size=8).map(
    lambda made: tuple(sorted(made, key=lambda delivery: delivery.at))
)
histories = st.builds(
    RoomHistory, deliveries, moments, st.sampled_from([False, False, True]), starts_at=moments, ends_at=moments
)
profiles = st.builds(SessionProfile, type=st.sampled_from(SessionType), starts_at=moments, ends_at=moments)
bandits = st.sampled_from([None, Bandit()])


def answer(found, allowed, history, profile, phase, bandit, online):
    decider = Decider(bandit, np.random.default_rng(1))
    about = (found, allowed, profile, phase, 80, history)
    return decider.decide(*about, is_organiser_online=online, now=NOW, decision_id="s1-d1")


@given(anomalies, params, histories, profiles, st.sampled_from(Phase), bandits, st.booleans())
def test_every_anomaly_gets_one_whole_answer_in_words(found, allowed, history, profile, phase, bandit, online):
    given_answer = answer(found, allowed, history, profile, phase, bandit, online)
    words = given_answer.reasoning if isinstance(given_answer, Decision) else given_answer.explanation
    assert re.fullmatch(r"[A-Z0-9].*\.", words)
    assert not re.search(r"\bnan\b|\binf\b|None|minute -|[ _]{2}|\b[A-Z]+_[A-Z]+\b", words)
    assert given_answer == answer(found, allowed, history, profile, phase, bandit, online)


@given(anomalies, params, histories, profiles, st.sampled_from(Phase), bandits, st.booleans())
def test_no_decision_breaks_a_guardrail(found, allowed, history, profile, phase, bandit, online):
    decision = answer(found, allowed, history, profile, phase, bandit, online)
    if not isinstance(decision, Decision):
        return
    assert allowed.enabled
    assert not history.is_poll_open
    assert found.severity is Severity.CRITICAL or found.current < 0.5
    assert decision.arm in allowed.arms
    assert decision.arm in applicable_arms(found.type, phase, profile.type)
    ends_at = profile.ends_at if history.ends_at is None else history.ends_at
    assert ends_at is None or ends_at - allowed.quiet_end_s > NOW
    assert history.watching_until is None or history.watching_until <= NOW
    assert sum(made.at > NOW - 3600.0 for made in history.deliveries) < allowed.max_per_hour
    assert all(
        made.at + allowed.cooldown_of(made.arm) <= NOW for made in history.deliveries if made.arm is decision.arm
    )
    assert attention_left(history.deliveries, allowed, NOW) >= allowed.cost_of(decision.arm) - 1e-9


@given(anomalies, params, histories, profiles, st.sampled_from(Phase), bandits, st.booleans())
def test_a_decision_is_a_probability_with_a_deadline_only_if_somebody_is_asked(
    found, allowed, history, profile, phase, bandit, online
):
    decision = answer(found, allowed, history, profile, phase, bandit, online)
    if not isinstance(decision, Decision):
        return
    assert 0.0 < decision.confidence < 1.0
    assert 0.0 < decision.propensity <= 1.0
    assert (decision.expires_at is not None) == (decision.autonomy is Autonomy.ASK)
    assert decision.context == build_context(profile, phase, 80, found)


@given(deliveries, params, st.floats(0.0, 7200.0))
def test_attention_stays_within_its_budget_and_never_falls_by_waiting(made, allowed, wait_s):
    now = attention_left(made, allowed, NOW)
    later = attention_left(made, allowed, NOW + wait_s)
    assert 0.0 <= now <= later <= allowed.attention_budget
