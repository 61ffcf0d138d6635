"""When a model is left alone, and when it is asked again."""

import pytest

from conductor.act.breaker import Breaker, BreakerParams

PARAMS = BreakerParams(failures=2, open_s=60.0, misconfigured_s=900.0)


@pytest.fixture
def breaker():
    return Breaker(PARAMS)


def fail(breaker, *times):
    for now in times:
        assert breaker.admit(now)
        breaker.failed(now)


def test_at_first_everybody_is_let_through(breaker):
    assert breaker.admit(0.0)
    assert breaker.admit(0.0)


def test_failures_in_a_row_open_it_for_a_while(breaker):
    fail(breaker, 0.0, 1.0)
    assert not breaker.admit(60.9)
    assert breaker.admit(61.0)


def test_a_success_between_them_forgives_failures(breaker):
    fail(breaker, 0.0)
    breaker.succeeded()
    fail(breaker, 1.0)
    assert breaker.admit(2.0)


def test_one_call_alone_finds_out_whether_it_answers_again(breaker):
    fail(breaker, 0.0, 0.0)
    assert breaker.would_admit(60.0)
    assert breaker.admit(60.0)
    assert not breaker.would_admit(60.0)
    assert not breaker.admit(60.0)
    breaker.succeeded()
    assert breaker.admit(60.0)
    assert breaker.admit(60.0)


def test_a_probe_that_fails_opens_it_again(breaker):
    fail(breaker, 0.0, 0.0, 60.0)
    assert not breaker.admit(119.0)
    assert breaker.admit(120.0)


def test_a_probe_that_nobody_waited_for_can_be_made_again(breaker):
    fail(breaker, 0.0, 0.0)
    assert breaker.admit(60.0)
    breaker.let_go()
    assert breaker.admit(60.0)


def test_wrong_settings_open_it_at_once_and_for_long(breaker):
    assert breaker.admit(0.0)
    breaker.misconfigured(0.0)
    assert not breaker.admit(899.0)
    assert breaker.admit(900.0)


def test_a_late_failure_does_not_cut_short_what_is_known(breaker):
    assert breaker.admit(0.0)
    assert breaker.admit(0.0)
    assert breaker.admit(0.0)
    breaker.misconfigured(0.0)
    breaker.failed(1.0)
    breaker.failed(1.0)
    assert not breaker.admit(899.0)


@pytest.mark.parametrize(("said", "waits"), [(20.0, 20.0), (-5.0, 0.0), (1e9, 900.0)])
def test_a_model_that_says_when_to_come_back_is_left_alone_until_then(breaker, said, waits):
    assert breaker.admit(0.0)
    breaker.failed(0.0, retry_after_s=said)
    assert breaker.admit(waits - 0.1) is False or waits == 0.0
    assert breaker.admit(waits)
