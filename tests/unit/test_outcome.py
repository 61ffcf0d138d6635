import pytest
from tests.decide_examples import NOW, decision

from conductor.domain.interventions import Arm, Autonomy
from conductor.learn.outcome import Lesson, OutcomeParams, may_rest, measure, recovery
from conductor.learn.trial import teaches

PARAMS = OutcomeParams()


def outcome(before, after, **kwargs):
    return measure(decision(score_before=before), "s1-i1", after, NOW + 120.0, PARAMS, **kwargs)


@pytest.mark.parametrize(
    ("before", "after", "is_success"),
    [(0.4, 0.55, True), (0.5, 0.6, True), (0.4, 0.499, False), (0.4, 0.4, False), (0.4, 0.2, False)],
)
def test_a_rise_by_a_tenth_is_a_success(before, after, is_success):
    result = outcome(before, after)
    assert result.success is is_success
    assert result.delta == pytest.approx(after - before)


@pytest.mark.parametrize(
    ("before", "after", "rests"),
    [(0.2, 0.35, False), (0.2, 0.5, True), (0.45, 0.52, False), (0.6, 0.7, True), (0.6, 0.65, False)],
)
def test_a_fall_is_let_rest_once_the_room_has_risen_and_is_fine_again(before, after, rests):
    assert may_rest(outcome(before, after), PARAMS) is rests


@pytest.mark.parametrize(("after", "expected"), [(0.1, 0.023), (0.3, 0.159), (0.5, 0.5), (0.7, 0.841), (0.9, 0.977)])
def test_a_room_has_recovered_the_more_probably_the_further_its_score_lies_over_the_line(after, expected):
    assert recovery(0.2, after, PARAMS) == pytest.approx(expected, abs=5e-4)


def test_a_score_at_the_line_says_as_much_for_recovery_as_against_it_wherever_the_line_is():
    assert recovery(0.2, 0.35, OutcomeParams(fine_from=0.35)) == 0.5


def test_the_plain_rule_of_the_blueprint_learns_from_any_rise_and_lets_no_more_rooms_rest():
    plain = OutcomeParams(lesson=Lesson.RISE)
    assert (recovery(0.2, 0.35, plain), recovery(0.2, 0.25, plain)) == (1.0, 0.0)
    assert not may_rest(outcome(0.2, 0.35), plain)


def test_an_outcome_keeps_what_it_is_the_outcome_of():
    result = outcome(0.4, 0.55)
    assert (result.decision_id, result.intervention_id, result.arm) == ("s1-d1", "s1-i1", Arm.POLL)
    assert (result.at, result.before, result.after, result.held_out) == (NOW + 120.0, 0.4, 0.55, False)
    assert result.context == decision().context


def test_an_outcome_is_due_two_minutes_after_the_delivery():
    assert PARAMS.due_at(NOW) == NOW + 120.0


def test_a_held_out_recovery_is_measured():
    result = outcome(0.4, 0.7, held_out=True)
    assert (result.held_out, result.success) == (True, True)


@pytest.mark.parametrize(
    ("autonomy", "held_out", "delivered", "expected"),
    [
        (Autonomy.ACT, False, True, True),
        (Autonomy.ACT, False, False, True),
        (Autonomy.ACT, True, False, True),
        (Autonomy.ASK, False, True, True),
        (Autonomy.ASK, False, False, False),
        (Autonomy.ASK, True, False, False),
    ],
)
def test_what_organisers_chose_not_to_do_teaches_nothing_and_what_chance_chose_does(
    autonomy, held_out, delivered, expected
):
    assert teaches(autonomy, held_out=held_out, delivered=delivered) is expected


@pytest.mark.parametrize(
    "senseless",
    [{"window_s": 0.0}, {"success_delta": 0.0}, {"success_delta": 1.5}, {"fine_from": -0.1}, {"strays": 0.0}],
)
def test_senseless_constants_are_refused(senseless):
    with pytest.raises(ValueError, match="must"):
        OutcomeParams(**senseless)
