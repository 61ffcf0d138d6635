import pytest
from tests.decide_examples import NOW, START, anomaly, context

from conductor.decide.guardrails import Refusal, Situation, allowed_arms, applicable_arms
from conductor.decide.limits import attention_left
from conductor.decide.room import DecisionParams, Delivery, RoomHistory
from conductor.domain.engagement import AnomalyType, Severity
from conductor.domain.holds import HoldReason
from conductor.domain.interventions import Arm
from conductor.domain.sessions import Phase, SessionType

# A sudden drop in the middle of a panel: no nudge, everything else.
FITTING = (Arm.POLL, Arm.CHAT_PROMPT, Arm.QNA_PROMOTE)


def delivered(*pairs):
    return tuple(Delivery(START + minute * 60.0, arm) for minute, arm in pairs)


def look(history=None, params=None, minute=30.0, where=None, **of_anomaly):
    now = START + minute * 60.0
    history = history or RoomHistory(starts_at=START)
    return allowed_arms(
        Situation(anomaly(at=now, **of_anomaly), where or context(), history, params or DecisionParams(), now)
    )


def refused(*args, **kwargs):
    result = look(*args, **kwargs)
    assert isinstance(result, Refusal)
    return result.reason, result.explanation


@pytest.mark.parametrize("anomaly_type", AnomalyType)
@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("session_type", SessionType)
def test_each_arm_is_for_the_moments_that_suit_it(anomaly_type, phase, session_type):
    arms = applicable_arms(anomaly_type, phase, session_type)
    assert (Arm.POLL in arms) == (phase in (Phase.OPENING, Phase.MIDDLE))
    assert (Arm.NUDGE in arms) == (anomaly_type in (AnomalyType.GRADUAL_DECLINE, AnomalyType.LOW_ENGAGEMENT))
    assert (Arm.QNA_PROMOTE in arms) == (phase is Phase.QA or session_type in (SessionType.WORKSHOP, SessionType.PANEL))
    assert Arm.CHAT_PROMPT in arms


def test_a_room_that_was_left_alone_so_far_may_have_whatever_fits():
    assert look() == FITTING


def test_only_arms_that_the_event_allows_are_used():
    assert look(params=DecisionParams(arms=(Arm.QNA_PROMOTE, Arm.NUDGE))) == (Arm.QNA_PROMOTE,)


def test_nothing_is_done_when_the_event_allows_nothing_that_fits():
    reason, said = refused(params=DecisionParams(arms=(Arm.NUDGE,)))
    assert reason is HoldReason.NO_ARM_APPLIES
    assert said == (
        "The event allows only a nudge, which does not suit sudden drops in the middle; "
        "more is possible once the session moves on or the event allows more."
    )


def test_a_disabled_agent_does_nothing():
    assert refused(params=DecisionParams(enabled=False))[0] is HoldReason.DISABLED


@pytest.mark.parametrize(
    ("severity", "score", "is_held"),
    [
        (Severity.CRITICAL, 0.9, False),
        (Severity.WARNING, 0.499, False),
        (Severity.WARNING, 0.5, True),
        (Severity.WARNING, 0.8, True),
    ],
)
def test_a_warning_matters_under_half_the_score_and_a_critical_fall_always(severity, score, is_held):
    assert isinstance(look(severity=severity, current=score), Refusal) == is_held


def test_a_warning_at_a_fine_score_says_what_it_would_take():
    reason, said = refused(severity=Severity.WARNING, current=0.62)
    assert reason is HoldReason.SCORE_STILL_FINE
    assert said == (
        "Engagement is still at 62 %; a warning is acted on only below 50 %, and at any score once it becomes critical."
    )


def test_a_speaker_who_must_not_be_interrupted_is_left_alone():
    assert refused(RoomHistory(is_interruptible=False))[0] is HoldReason.DO_NOT_INTERRUPT


def test_nothing_is_put_on_top_of_an_open_poll():
    assert refused(RoomHistory(is_poll_open=True))[0] is HoldReason.POLL_OPEN


def test_one_intervention_is_measured_at_a_time():
    history = RoomHistory(delivered((29, Arm.POLL)), watching_until=NOW + 60.0, starts_at=START)
    assert refused(history) == (
        HoldReason.ALREADY_INTERVENING,
        "What was done last is still being measured; the next is possible at minute 31.",
    )


def test_the_last_minutes_are_kept_quiet():
    history = RoomHistory(starts_at=START, ends_at=START + 32 * 60.0)
    assert look(history, minute=29.9) == FITTING
    assert refused(history, minute=30.5) == (
        HoldReason.LAST_MINUTES,
        "The session ends in 90 seconds and its last 2 minutes are kept quiet; nothing more is possible in it.",
    )
    assert "past its planned end" in refused(history, minute=40)[1]


def test_three_interventions_an_hour_are_enough():
    used = delivered((-18, Arm.NUDGE), (5, Arm.CHAT_PROMPT), (15, Arm.QNA_PROMOTE))
    assert refused(RoomHistory(used, starts_at=START)) == (
        HoldReason.HOURLY_CAP,
        "3 of 3 interventions used in the last hour; the next is possible at minute 42.",
    )
    assert look(RoomHistory(used, starts_at=START), minute=42) == FITTING


def test_more_than_the_cap_may_have_been_delivered_by_hand_and_still_counts():
    by_hand = delivered((-50, Arm.NUDGE), (-18, Arm.NUDGE), (2, Arm.NUDGE), (5, Arm.NUDGE), (15, Arm.NUDGE))
    assert refused(RoomHistory(by_hand, starts_at=START)) == (
        HoldReason.HOURLY_CAP,
        "4 of 3 interventions used in the last hour; the next is possible at minute 62.",
    )


def test_minutes_are_counted_from_now_where_the_start_is_not_known():
    used = delivered((-18, Arm.NUDGE), (5, Arm.CHAT_PROMPT), (15, Arm.QNA_PROMOTE))
    assert refused(RoomHistory(used))[1].endswith("the next is possible in 12 minutes.")


def test_an_event_without_any_quota_never_intervenes():
    assert refused(params=DecisionParams(max_per_hour=0))[0] is HoldReason.HOURLY_CAP


def test_an_arm_rests_after_its_use_while_others_may_be_used():
    assert look(RoomHistory(delivered((25, Arm.POLL)))) == (Arm.CHAT_PROMPT, Arm.QNA_PROMOTE)
    assert look(RoomHistory(delivered((20, Arm.POLL)))) == FITTING


def test_when_every_arm_rests_the_sentence_names_the_first_to_return():
    params = DecisionParams(arms=(Arm.POLL, Arm.CHAT_PROMPT))
    history = RoomHistory(delivered((27, Arm.CHAT_PROMPT), (29, Arm.POLL)), starts_at=START)
    reason, said = refused(history, params)
    assert reason is HoldReason.COOLDOWN
    # The prompt is back from minute 32 on; 1.3 points of attention are left and 2 are needed.
    assert said == "What fits here was used a short while ago; the next is possible at minute 37."


def test_a_shorter_cooldown_of_an_event_is_respected():
    params = DecisionParams(cooldown_s={Arm.POLL: 60.0})
    assert Arm.POLL in look(RoomHistory(delivered((28.9, Arm.POLL))), params)
    assert Arm.POLL not in look(RoomHistory(delivered((29.1, Arm.POLL))), params)


def test_a_tired_audience_is_left_alone():
    params = DecisionParams(arms=(Arm.POLL,), max_per_hour=9, cooldown_s={Arm.POLL: 0.0})
    history = RoomHistory(delivered((20, Arm.POLL), (30, Arm.POLL)), starts_at=START)
    assert refused(history, params, minute=31) == (
        HoldReason.FATIGUE,
        "The audience was asked for a lot lately; the next is possible at minute 50.",
    )
    assert look(history, params, minute=50) == (Arm.POLL,)


def test_a_cheap_arm_stays_possible_when_the_dear_one_is_too_much():
    used = delivered((10, Arm.POLL), (20, Arm.POLL))
    assert look(RoomHistory(used)) == (Arm.CHAT_PROMPT, Arm.QNA_PROMOTE)


def test_attention_is_spent_by_what_is_delivered_and_returns_with_time():
    params = DecisionParams()
    used = delivered((0, Arm.POLL), (10, Arm.CHAT_PROMPT))
    left = [attention_left(used[:n], params, START + m * 60.0) for n, m in [(0, 0), (1, 0), (1, 10), (2, 10), (2, 600)]]
    assert left == pytest.approx([6.0, 3.0, 4.0, 2.0, 6.0])


def test_three_polls_an_hour_fit_if_they_are_spread_out():
    assert Arm.POLL in look(RoomHistory(delivered((0, Arm.POLL), (20, Arm.POLL))), minute=40)


def test_no_hope_is_given_that_ends_with_the_session():
    used = delivered((-18, Arm.NUDGE), (5, Arm.CHAT_PROMPT), (15, Arm.QNA_PROMOTE))
    history = RoomHistory(used, starts_at=START, ends_at=START + 43 * 60.0)
    assert refused(history)[1].endswith("no other is possible before the session ends.")


@pytest.mark.parametrize(
    "senseless",
    [
        {"threshold": 1.2},
        {"max_per_hour": -1},
        {"attention_per_hour": 0.0},
        {"attention_cost": {Arm.POLL: 7.0}},
    ],
)
def test_senseless_settings_are_refused(senseless):
    with pytest.raises(ValueError, match=r"must|more attention"):
        DecisionParams(**senseless)
