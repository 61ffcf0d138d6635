"""The coin that decides which falls are left alone."""

from dataclasses import replace

import numpy as np
import pytest
from tests.decide_examples import NOW, decision

from conductor.decide.allowed import Allowed
from conductor.decide.holdout import Coins, left_alone
from conductor.decide.room import DecisionParams
from conductor.domain.endings import ended, unknown
from conductor.domain.endings import left_alone as left_alone_ended
from conductor.domain.events import FollowedUp, OutcomeUnknown, TrialEnded
from conductor.domain.holds import Hold, HoldReason
from conductor.domain.interventions import Arm, Autonomy, Origin
from conductor.domain.organisers import AgentSettings

COINS = Coins(np.random.default_rng(3), window_s=120.0)


def tossed(share=0.5, number=0, **changes):
    return COINS.toss(replace(decision(), decision_id=f"d{number}", **changes), share)


def one_that_is(held_out, **changes):
    return next(made for made in (tossed(number=n, **changes) for n in range(50)) if made.held_out is held_out)


def test_what_is_held_out_does_not_say_that_it_is_done():
    goes_out = "It goes out."
    made = [COINS.toss(replace(decision(), decision_id=f"d{n}"), 0.5, otherwise=goes_out) for n in range(40)]
    assert {goes_out in each.reasoning for each in made if each.held_out} == {False}
    assert {each.reasoning.endswith(f"{decision().reasoning} {goes_out}") for each in made if not each.held_out} == {
        True
    }


def test_what_is_held_out_says_so_plainly():
    assert one_that_is(True).reasoning.endswith(
        "Nothing is done this time, on purpose: one in two falls is left alone, to learn what happens anyway."
    )
    assert one_that_is(False).reasoning == decision().reasoning


@pytest.mark.parametrize(
    ("share", "said"), [(0.1, "one in ten falls is"), (0.25, "one in four falls is"), (0.15, "15% of falls are")]
)
def test_the_share_is_said_in_words(share, said):
    assert f": {said} left alone," in left_alone(share).replace("\u202f", "").replace("\xa0", "").replace(" %", "%")


def test_a_decision_is_held_out_where_its_coin_lies_under_the_share():
    for number in range(200):
        made = tossed(share=0.3, number=number)
        assert made.held_out == (made.coin < 0.3)
        assert made.holdout_share == 0.3


@pytest.mark.parametrize("changes", [{"autonomy": Autonomy.SKIP}, {"origin": Origin.ORGANISER}])
def test_no_coin_is_tossed_for_what_the_agent_would_not_do_by_itself(changes):
    bare = replace(decision(), decision_id="d0", **changes)
    assert tossed(**changes) == bare


def test_with_no_share_no_coin_is_tossed_and_the_horizon_is_the_same():
    made = tossed(share=0.0)
    assert (made.coin, made.held_out, made.holdout_share) == (None, False, 0.0)
    assert made.trial_ends_at == tossed(share=0.5).trial_ends_at == NOW + 120.0


def test_where_nothing_is_to_be_learned_there_is_no_horizon():
    bare = replace(decision(), decision_id="d0")
    assert COINS.toss(bare, 0.5, teaches=False) == bare


def test_nobody_is_asked_about_what_is_held_out():
    asked = {"autonomy": Autonomy.ASK, "expires_at": NOW + 60.0}
    assert one_that_is(True, **asked).expires_at is None
    assert one_that_is(False, **asked).expires_at == NOW + 60.0


@pytest.mark.parametrize("arm", [Arm.CHAT_PROMPT, Arm.POLL])
@pytest.mark.parametrize(("expires_at", "after_s"), [(None, 120.0), (NOW + 60.0, 180.0)])
def test_the_horizon_leaves_time_to_ask_and_is_the_same_whatever_the_arm_and_the_coin(arm, expires_at, after_s):
    autonomy = Autonomy.ACT if expires_at is None else Autonomy.ASK
    about = {"arm": arm, "expires_at": expires_at, "autonomy": autonomy, "at": NOW}
    assert {one_that_is(held_out, **about).trial_ends_at for held_out in (True, False)} == {NOW + after_s}


def test_nothing_is_held_out_in_rehearsed_events_and_as_much_as_its_settings_say_in_others():
    allowed = Allowed(DecisionParams(holdout_share=0.1), rehearsed={"demo"})
    allowed.put(AgentSettings("demo", holdout_share=0.4))
    allowed.put(AgentSettings("e1", holdout_share=0.4))
    assert [allowed.of("s1", event).holdout_share for event in ("demo", "e1", "e2")] == [0.0, 0.4, 0.1]
    assert [allowed.of("s1", event).teaches for event in ("demo", "e1", "e2")] == [False, True, True]


@pytest.mark.parametrize("share", [-0.01, 0.51])
def test_at_most_half_may_be_held_out(share):
    with pytest.raises(ValueError, match="holdout_share"):
        DecisionParams(holdout_share=share)


def test_a_decision_without_a_coin_ends_as_no_trial():
    end = ended(decision(), NOW, delivered=True, after=0.7)
    assert isinstance(end, FollowedUp)
    assert (end.follow_up.arm, end.follow_up.after, end.follow_up.holdout_share) == (Arm.POLL, 0.7, 0.0)


def test_only_what_was_left_alone_by_choice_is_followed_up():
    held = Hold("s1-a1", "s1", "e1", NOW, HoldReason.COOLDOWN, "Too soon.")
    with pytest.raises(ValueError, match="not left alone by choice"):
        left_alone_ended(held, NOW + 120.0, after=0.7)


def test_a_trial_that_will_never_be_known_says_why_and_of_a_held_out_one_so_does_its_outcome():
    [lost, end] = unknown(one_that_is(True), NOW, "it rained", delivered=False)
    assert isinstance(lost, OutcomeUnknown)
    assert isinstance(end, TrialEnded)
    assert (end.trial.after, end.trial.delta, end.trial.why_unknown) == (None, None, "it rained")
    [treated] = unknown(one_that_is(False), NOW, "it rained", delivered=True)
    assert isinstance(treated, TrialEnded)
    assert (treated.trial.held_out, treated.trial.delivered) == (False, True)
