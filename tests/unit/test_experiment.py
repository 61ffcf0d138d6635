from dataclasses import replace
from math import exp, inf, log

import numpy as np
import pytest
from scipy import stats
from tests.decide_examples import context
from tests.trial_examples import drawn, trial

from conductor.domain.interventions import Arm
from conductor.domain.sessions import Phase, SessionType
from conductor.learn.adjusted import LEAST_EACH, Moments, adjusted
from conductor.learn.anytime import RHO, Evidence, information_for, level_of, p_value, ratio_log_e
from conductor.learn.experiment import WORTH, Circumstances, Status, effects, experiment, ratio
from conductor.learn.quantiles import t_quantile


def moments(seed=0, count=80, share=0.3, **changes):
    trials = drawn(seed, count, share, **changes)
    return Moments(*(np.array([getattr(each, name) for each in trials]) for name in MEASURED))


MEASURED = ("before", "after", "held_out", "holdout_share")


@pytest.mark.parametrize("df", [1.0, 1.5, 2.0, 4.7, 12.0, 120.0, 640.0, 700.0, 1999.0, 5000.0])
def test_quantiles_of_students_t_agree_with_scipy(df):
    for share in (0.5, 0.9, 0.975, 0.999):
        assert t_quantile(share, df) == pytest.approx(stats.t.ppf(share, round(df, 2)), rel=2e-3 if df > 2000 else 1e-5)


@pytest.mark.parametrize(("share", "df"), [(0.4, 3.0), (1.0, 3.0), (0.9, 0.5), (0.9, float("nan"))])
def test_a_quantile_of_what_is_no_distribution_is_refused(share, df):
    with pytest.raises(ValueError, match="share must lie in"):
        t_quantile(share, df)


def test_without_anything_to_adjust_for_it_is_welchs_interval():
    some = moments()
    plain = adjusted(replace(some, before=np.full(some.count, 0.3)))
    treated, alone = some.after[~some.held_out], some.after[some.held_out]
    welch = stats.ttest_ind(treated, alone, equal_var=False)
    assert plain is not None
    assert plain.estimate == pytest.approx(treated.mean() - alone.mean())
    assert plain.variance == pytest.approx((plain.estimate / welch.statistic) ** 2)


def test_the_degrees_of_freedom_are_those_of_bell_and_mccaffrey():
    some = moments(count=40)
    found = adjusted(some)
    treated = ~some.held_out
    weights = 1.0 / np.where(treated, 1.0 - some.share, some.share)
    x = np.column_stack([np.ones(40), treated, some.before])
    weighted = x * weights[:, None]
    inverse = np.linalg.inv(x.T @ weighted)
    maker = np.eye(40) - x @ inverse @ weighted.T
    pull = weighted @ inverse[1]
    squared = np.diag(pull**2 / (1.0 - np.diag(x @ inverse @ weighted.T)))
    product = squared @ maker @ maker.T
    assert found is not None
    assert found.df == pytest.approx(np.trace(product) ** 2 / np.trace(product @ product))


def test_the_score_before_narrows_the_interval():
    some = moments(noise=0.02)
    with_it, without = adjusted(some), adjusted(replace(some, before=np.full(some.count, 0.3)))
    assert with_it is not None
    assert without is not None
    assert with_it.at_once(0.05) < 0.6 * without.at_once(0.05)


@pytest.mark.parametrize(("treated", "alone"), [(0.0, 0.0), (0.5, 0.4)])
def test_a_few_that_happen_to_end_alike_prove_nothing(treated, alone):
    held_out = np.arange(8) >= 4
    some = Moments(np.full(8, 0.3), np.where(held_out, alone, treated), held_out, np.full(8, 0.5))
    effect = effects({0: some})[0]
    assert effect.status is Status.NOT_YET
    assert effect.estimate == pytest.approx(treated - alone)
    assert effect.low_once is not None
    assert effect.high_once is not None
    assert effect.high_once - effect.low_once > 0.2


@pytest.mark.parametrize("share", [0.5, 0.3])
def test_rooms_that_mostly_fall_silent_do_not_hide_what_helps_the_others(share):
    rng = np.random.default_rng(1)
    for _ in range(40):
        held_out, before = rng.random(40) < share, rng.uniform(0.0, 0.4, 40)
        # 15 points of lift: with it three in ten come to a score of 0.6, without it one in twenty, the others to 0.
        after = np.where(rng.random(40) < np.where(held_out, 0.05, 0.3), 0.6, 0.0)
        whole = Moments(before, after, held_out, np.full(40, share))
        seen = [effects({0: whole.at(np.arange(count))})[0].status for count in range(8, 41)]
        assert Status.KNOWN_SMALL not in seen


def test_where_all_treated_began_alike_and_all_held_out_nothing_is_adjusted_for():
    held_out = np.arange(24) >= 20
    before, after = np.where(held_out, 0.4, 0.3), np.linspace(0.2, 0.8, 24)
    found = adjusted(Moments(before, after, held_out, np.full(24, 0.2)))
    assert found is not None
    assert found.estimate == pytest.approx(after[~held_out].mean() - after[held_out].mean())


@pytest.mark.parametrize("held", [0, LEAST_EACH - 1])
def test_of_a_few_held_out_nothing_is_said_but_how_many_more_it_takes(held):
    trials = [trial(n, held_out=n < held, before=0.3, after=0.4) for n in range(50)]
    overall = experiment(trials).overall
    assert (overall.status, overall.estimate, overall.low, overall.high) == (Status.NOT_YET, None, None, None)
    assert (overall.treated, overall.held_out) == (50 - held, held)
    assert overall.needed is not None
    assert overall.needed > 0


def test_nothing_at_all_is_not_known_yet():
    nothing = experiment([])
    assert nothing.overall.status is Status.NOT_YET
    assert [nothing.by_arm, nothing.by_event, nothing.by_circumstances] == [{}, {}, {}]
    assert [nothing.assigned.is_off, nothing.unknown.is_off] == [False, False]


@pytest.mark.parametrize(
    ("effect", "status"),
    [(0.15, Status.KNOWN_HELPS), (-0.15, Status.KNOWN_HARMS), (0.0, Status.KNOWN_SMALL)],
)
def test_of_enough_trials_it_is_known(effect, status):
    overall = experiment(drawn(3, 600, effect=effect)).overall
    assert overall.status is status
    assert overall.needed is None
    assert overall.low is not None
    assert overall.low <= effect <= (overall.high or 0.0)
    assert overall.low < (overall.low_once or 1.0) < (overall.high_once or -1.0) < (overall.high or 0.0)


def test_so_many_more_as_are_said_to_be_needed_do_tell():
    early = experiment(drawn(4, 40, effect=0.08, noise=0.15)).overall
    assert early.status is Status.NOT_YET
    later = experiment(drawn(4, 40 + 2 * (early.needed or 0), effect=0.08, noise=0.15)).overall
    assert later.status is Status.KNOWN_HELPS


def test_each_slice_has_its_own_trials():
    here, there = context(), context(phase=Phase.QA, session_type=SessionType.TALK)
    trials = drawn(5, 60, context=here) + drawn(6, 40, arm=Arm.NUDGE, context=there, event_id="e2")
    found = experiment(trials)
    assert {arm: each.treated + each.held_out for arm, each in found.by_arm.items()} == {Arm.POLL: 60, Arm.NUDGE: 40}
    spot = Circumstances(Phase.QA, SessionType.TALK)
    counts = (found.by_circumstances[spot], found.by_arm_and_circumstances[Arm.NUDGE, spot], found.by_event["e2"])
    assert [each.treated + each.held_out for each in counts] == [40, 40, 40]


def test_what_ended_unknown_is_left_out_of_the_effect_and_counted_apart():
    trials = drawn(7, 100)
    lost = [replace(each, after=None, why_unknown="the signal was lost") for each in trials[:10]]
    found = experiment(lost + trials[10:])
    assert found.overall.treated + found.overall.held_out == 90
    assert (found.assigned.count, found.unknown.count) == (100, 10)


def test_rejected_ones_count_as_treated():
    trials = drawn(8, 100)
    assert experiment([replace(each, delivered=False) for each in trials]).overall == experiment(trials).overall


def test_a_coin_that_holds_out_too_many_is_noticed_and_a_fair_one_is_not():
    rng = np.random.default_rng(9)
    fair = [trial(n, held_out=bool(rng.random() < 0.1)) for n in range(500)]
    bent = [trial(n, held_out=bool(rng.random() < 0.2)) for n in range(500)]
    assert not ratio(fair).is_off
    assert ratio(bent).is_off
    assert ratio(bent).held_out > ratio(bent).expected == pytest.approx(50.0)


def test_outcomes_that_go_missing_where_something_was_done_are_noticed():
    trials = drawn(10, 400)
    kept = [replace(each, after=None) if not each.held_out and n % 4 else each for n, each in enumerate(trials)]
    found = experiment(kept)
    assert found.unknown.is_off
    assert not found.assigned.is_off


def test_shares_that_changed_on_the_way_do_not_bias_the_estimate():
    # More were held out at first, when rooms came back by themselves.
    easy = [replace(each, after=min((each.after or 0.0) + 0.3, 1.0)) for each in drawn(11, 400, 0.5, effect=0.05)]
    hard = drawn(12, 400, 0.1, effect=0.05)
    overall = experiment(easy + hard).overall
    assert overall.estimate == pytest.approx(0.05, abs=0.03)


def test_the_evalue_reaches_its_threshold_just_when_the_interval_leaves_zero():
    for alpha in (0.05, 0.01):
        radius = Evidence(0.0, 0.001).radius(alpha)
        assert Evidence(radius, 0.001).log_e == pytest.approx(log(1.0 / alpha))
    assert Evidence(0.0, inf).radius(0.05) == inf


def test_what_is_known_excludes_zero_at_the_level_that_is_told():
    slices = {n: moments(seed=n, count=200, effect=0.04 * n) for n in range(5)}
    for each in effects(slices).values():
        assert each.low is not None
        assert each.high is not None
        assert (each.low > 0.0 or each.high < 0.0) == (each.status in {Status.KNOWN_HELPS, Status.KNOWN_HARMS})


def test_the_more_slices_the_more_it_takes_unless_many_speak():
    high, low = log(1.0 / 0.001), 0.0
    assert level_of([high], 0.05) == 0.05
    assert level_of([high, *[low] * 9], 0.05) == pytest.approx(0.005)
    assert level_of([high] * 10, 0.05) == 0.05
    assert level_of([], 0.05) == 0.05


def test_as_much_information_as_is_asked_for_makes_the_interval_as_narrow():
    information = information_for(WORTH, 0.05)
    assert Evidence(0.0, 1.0 / information).radius(0.05) == pytest.approx(WORTH, rel=1e-6)
    assert RHO > 0.0


def test_no_coins_are_no_evidence():
    assert ratio_log_e(np.array([], dtype=np.bool_), np.array([])) == 0.0
    assert p_value(0.0) == 1.0
    assert p_value(5.0) == pytest.approx(exp(-5.0))
