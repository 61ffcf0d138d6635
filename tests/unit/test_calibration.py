"""How often rooms recover, beside how often it was said that they would."""

from dataclasses import replace
from math import hypot
from statistics import NormalDist

import numpy as np
import pytest
from tests.trial_examples import BLANK

from conductor.domain.interventions import Arm, Autonomy
from conductor.domain.trials import FollowUp
from conductor.learn.calibration import (
    LEAST_DECISIONS,
    LEAST_SESSIONS,
    Forecast,
    Verdict,
    calibration,
    forecasts_of,
    wilson,
)
from conductor.learn.outcome import OutcomeParams, recovery

USUAL = OutcomeParams()
FOLLOW_UP = FollowUp(
    "d1", "s1", "e1", 120.0, 0.0, Arm.POLL, BLANK.context, Autonomy.ACT, 0.5, 0.0, delivered=True, before=0.3, after=0.6
)


FINE, LULL, STRAYS = 0.74, 0.3, 0.2
"""Scores of simulated rooms about which those of single minutes stray."""


def by_score(rng, is_fine):
    """How probably a room has recovered, by the score of a minute."""
    return recovery(0.3, float(rng.normal(FINE if is_fine else LULL, STRAYS)), USUAL)


def mean_of(level):
    """What that comes to on average."""
    return NormalDist().cdf((level - USUAL.fine_from) / hypot(STRAYS, USUAL.strays))


def drawn(seed, count, sessions, truth=lambda said: said, alike=0.0, *, graded=False):
    """Forecasts from 20 to 80 % (25 to 80 if graded), in sessions which share their luck as far as `alike` says."""
    rng = np.random.default_rng(seed)
    shared = rng.random(sessions)
    forecasts = []
    for n in range(count):
        said, of_session = float(rng.uniform(0.25 if graded else 0.2, 0.8)), n % sessions
        luck = shared[of_session] if rng.random() < alike else rng.random()
        if graded:
            is_fine = luck < (truth(said) - mean_of(LULL)) / (mean_of(FINE) - mean_of(LULL))
            came = by_score(rng, is_fine)
        else:
            came = float(luck < truth(said))
        forecasts.append(Forecast(said, came, f"s{of_session}"))
    return forecasts


def forecasts(*ends, confidences=None):
    trials = [each for each in ends if not isinstance(each, FollowUp)]
    follow_ups = [each for each in ends if isinstance(each, FollowUp)]
    known = {(each.session_id, each.decision_id): 0.7 for each in ends} if confidences is None else confidences
    return forecasts_of(trials, follow_ups, known, USUAL)


def errors(found):
    """How far off each was, what chance would be, and what it would hardly exceed."""
    return np.array([(each.error, each.by_chance, each.most_by_chance) for each in found], dtype=np.float64).T


def test_what_was_done_counts_whether_or_not_a_coin_was_tossed():
    recovered, did_not = replace(BLANK, before=0.3, after=0.7), replace(FOLLOW_UP, session_id="s2", after=0.3)
    told = forecasts(recovered, did_not)
    assert [(each.confidence, each.session_id) for each in told] == [(0.7, "s1"), (0.7, "s2")]
    assert [each.recovered for each in told] == pytest.approx([0.841, 0.159], abs=5e-4)


def test_a_success_that_leaves_the_room_in_a_lull_counts_less_than_half():
    [told] = forecasts(replace(BLANK, before=0.2, after=0.45))
    assert told.recovered == pytest.approx(0.401, abs=5e-4)


@pytest.mark.parametrize(
    "end",
    [
        replace(BLANK, held_out=True, delivered=False),
        replace(BLANK, after=None),
        replace(BLANK, autonomy=Autonomy.ASK, delivered=False),
        replace(FOLLOW_UP, arm=None),
        replace(FOLLOW_UP, after=None),
        replace(FOLLOW_UP, autonomy=Autonomy.ASK, delivered=False),
    ],
)
def test_what_was_left_alone_refused_or_is_unknown_says_nothing_of_an_arm(end):
    assert forecasts(end) == []


def test_what_an_organiser_approved_counts():
    assert len(forecasts(replace(BLANK, autonomy=Autonomy.ASK, delivered=True))) == 1


def test_a_decision_whose_confidence_nobody_kept_does_not_count():
    assert forecasts(BLANK, FOLLOW_UP, confidences={("s9", BLANK.decision_id): 0.7}) == []


def test_before_there_are_enough_it_says_how_many_more_it_takes():
    found = calibration(drawn(1, 27, 9))
    assert (found.verdict, found.needed, found.sessions_needed) == (Verdict.NOT_YET, LEAST_DECISIONS - 27, 1)
    assert (found.error, found.too_sure_by) == (None, None)
    assert sum(each.count for each in found.tenths) == 27


def test_a_few_that_go_alike_are_not_taken_for_many():
    [tenth] = calibration([Forecast(0.65, 0.9, "s1"), Forecast(0.65, 0.91, "s2")]).tenths
    assert (tenth.low, tenth.high) == wilson(0.905, 2.0)


def test_many_decisions_of_few_sessions_are_not_enough():
    found = calibration(drawn(1, 90, LEAST_SESSIONS - 3))
    assert (found.verdict, found.needed, found.sessions_needed) == (Verdict.NOT_YET, 0, 3)


def test_without_any_there_is_nothing_in_any_tenth():
    found = calibration([])
    assert (found.count, found.tenths, found.needed) == (0, (), LEAST_DECISIONS)


def test_the_error_is_the_mean_gap_each_tenth_by_its_count():
    """A fifth of 0.15 and half of 0.9, worked out by hand."""
    low = [Forecast(0.15, float(n < 8), f"s{n}") for n in range(40)]
    high = [Forecast(0.9, float(n < 30), f"s{n}") for n in range(60)]
    found = calibration(low + high)
    assert [(each.number, each.count) for each in found.tenths] == [(1, 40), (9, 60)]
    assert [each.recovered for each in found.tenths] == pytest.approx([0.2, 0.5])
    assert found.error == pytest.approx((40 * 0.05 + 60 * 0.4) / 100)
    assert found.too_sure_by == pytest.approx((40 * -0.05 + 60 * 0.4) / 100)


def test_a_confidence_of_one_lies_in_the_last_tenth():
    found = calibration([Forecast(1.0, 1.0, "s1"), Forecast(0.0, 0.0, "s2")])
    assert [each.number for each in found.tenths] == [0, 9]


@pytest.mark.parametrize("said", [-0.1, 1.1, float("nan")])
def test_a_confidence_that_is_no_probability_is_refused(said):
    with pytest.raises(ValueError, match="confidence"):
        calibration([Forecast(said, 1.0, "s1")])


@pytest.mark.parametrize("graded", [False, True])
def test_what_chance_alone_gives_is_what_right_confidence_shows(graded):
    found = [calibration(drawn(seed, 300, 60, graded=graded)) for seed in range(200)]
    seen, by_chance, most = errors(found)
    assert seen.mean() == pytest.approx(by_chance.mean(), rel=0.08)
    above = (seen > most).mean()
    assert 0.01 < above < 0.1


def test_by_how_probably_rooms_have_recovered_less_is_told_by_chance_than_by_whether_they_have():
    yes_or_no, graded = ([calibration(drawn(s, 300, 60, graded=each)) for s in range(30)] for each in (False, True))
    assert errors(graded)[1].mean() < 0.85 * errors(yes_or_no)[1].mean()


def test_where_sessions_go_alike_chance_gives_more():
    found = [calibration(drawn(seed, 300, 30, alike=0.5)) for seed in range(100)]
    apart = [calibration(drawn(seed, 300, 30)) for seed in range(100)]
    assert errors(found)[1].mean() > 1.3 * errors(apart)[1].mean()
    wide, narrow = ([each.tenths[2].high - each.tenths[2].low for each in some] for some in (found, apart))
    assert np.mean(wide) > 1.2 * np.mean(narrow)


@pytest.mark.parametrize("graded", [False, True])
@pytest.mark.parametrize("alike", [0.0, 0.4])
def test_right_confidence_is_hardly_ever_called_wrong(alike, graded):
    verdicts = [calibration(drawn(seed, 250, 50, alike=alike, graded=graded)).verdict for seed in range(200)]
    wrong = sum(each not in {Verdict.ABOUT_RIGHT, Verdict.NO_SIGN} for each in verdicts)
    assert wrong <= 12


def test_the_interval_of_how_much_too_sure_it_is_holds_the_truth_19_times_in_20():
    found = [calibration(drawn(seed, 200, 40, lambda said: said - 0.1, alike=0.3)) for seed in range(200)]
    ends = np.array([(each.low, each.high) for each in found], dtype=np.float64)
    held = (ends[:, 0] <= 0.1) & (ends[:, 1] >= 0.1)
    assert 180 <= held.sum() <= 198


@pytest.mark.parametrize(
    ("truth", "verdict"),
    [
        (lambda said: said, Verdict.ABOUT_RIGHT),
        (lambda said: said + 0.02, Verdict.ABOUT_RIGHT),
        (lambda said: said - 0.12, Verdict.TOO_SURE),
        (lambda said: said + 0.12, Verdict.NOT_SURE_ENOUGH),
        (lambda said: 0.5, Verdict.UNEVEN),
    ],
)
def test_every_way_of_being_right_or_wrong_has_its_verdict(truth, verdict):
    found = calibration(drawn(3, 2000, 200, truth))
    assert (found.verdict, found.needed) == (verdict, 0)


def test_where_chance_alone_would_hide_five_points_it_is_not_called_right():
    found = calibration(drawn(4, 80, 40))
    assert found.verdict is Verdict.NO_SIGN
    more = calibration(drawn(4, 80 + found.needed, 40))
    assert more.by_chance == pytest.approx(0.05, rel=0.15)


def test_the_order_of_decisions_changes_nothing():
    some = drawn(5, 200, 40)
    assert calibration(some[::-1]).error == pytest.approx(calibration(some).error)


def test_the_interval_of_a_share_is_wilsons():
    """Of 9 of 10 (Brown, Cai & DasGupta 2001 give the formula; worked out by hand)."""
    assert wilson(0.9, 10.0) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert wilson(0.0, 10.0) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(1.0, 10.0)[1] == pytest.approx(1.0)
