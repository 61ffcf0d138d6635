import pytest
from tests.decide_examples import NOW, decision

from conductor.domain.interventions import Arm
from conductor.learn.outcome import Disturbance, OutcomeParams, draw_lesson, measure

PARAMS = OutcomeParams()


def outcome(before, after, **kwargs):
    return measure(decision(score_before=before), "s1-i1", after, NOW + 120.0, PARAMS, **kwargs)


@pytest.mark.parametrize(
    ("before", "after", "is_success"),
    [(0.4, 0.55, True), (0.5, 0.6, True), (0.4, 0.499, False), (0.4, 0.4, False), (0.4, 0.2, False)],
)
def test_a_rise_by_a_tenth_is_a_success(before, after, is_success):
    result = outcome(before, after)
    assert (result.success, draw_lesson(result).reward) == (is_success, float(is_success))
    assert result.delta == pytest.approx(after - before)


def test_an_outcome_keeps_what_it_is_the_outcome_of():
    result = outcome(0.4, 0.55)
    assert (result.decision_id, result.intervention_id, result.arm) == ("s1-d1", "s1-i1", Arm.POLL)
    assert (result.at, result.before, result.after, result.held_out) == (NOW + 120.0, 0.4, 0.55, False)
    assert result.context == decision().context


def test_an_outcome_is_due_two_minutes_after_the_delivery():
    assert PARAMS.due_at(NOW) == NOW + 120.0


def test_a_held_out_recovery_is_measured_but_no_credit_to_the_arm():
    result = outcome(0.4, 0.7, held_out=True)
    assert (result.held_out, result.success) == (True, True)
    lesson = draw_lesson(result)
    assert (lesson.teaches, lesson.reward) == (False, None)


@pytest.mark.parametrize("disturbance", Disturbance)
def test_a_disturbed_window_teaches_nothing_and_says_why(disturbance):
    lesson = draw_lesson(outcome(0.4, 0.7), disturbance)
    assert (lesson.teaches, lesson.reward) == (False, None)
    assert lesson.why.startswith("Nothing is learned from this: ")


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (0.55, "The score rose by 15 points, which counts as a success."),
        (0.41, "The score rose by 1 point, which does not count as a success."),
        (0.3, "The score fell by 10 points, which does not count as a success."),
        (0.401, "The score stayed where it was, which does not count as a success."),
    ],
)
def test_a_lesson_says_what_was_seen(after, said):
    assert draw_lesson(outcome(0.4, after)).why == said


@pytest.mark.parametrize("senseless", [{"window_s": 0.0}, {"success_delta": 0.0}, {"success_delta": 1.5}])
def test_senseless_constants_are_refused(senseless):
    with pytest.raises(ValueError, match="must"):
        OutcomeParams(**senseless)
