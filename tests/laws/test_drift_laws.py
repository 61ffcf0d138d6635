"""Drift reports on worlds whose truth is known."""

import numpy as np
import pytest
from tests.decide_examples import context

from conductor.domain.interventions import Arm, Outcome
from conductor.domain.sessions import SessionType
from conductor.learn.drift import CALLED_FROM, LEAST_COMPARED, WEEK_S, Measure, SessionMeans, began, drift

NOW = 1_700_000_000.0
KINDS = (SessionType.WORKSHOP, SessionType.TALK)


def means(rng, session, kind, at, shift=0.0):
    values = {
        Measure.SCORE: rng.normal(0.7 - shift, 0.08),
        Measure.CHAT: rng.gamma(4.0, 1.0),
        Measure.ACTIVE: rng.beta(6.0, 4.0),
        Measure.REACTIONS: rng.gamma(2.0, 1.0),
        Measure.LEAVES: rng.gamma(2.0, 0.1),
        Measure.AUDIENCE: rng.integers(20, 200),
    }
    return SessionMeans(session, kind, at, {measure: float(value) for measure, value in values.items()})


def outcomes(rng, session, at, chance, *, held_out=False):
    """Those of a session go together: some rooms are easier than others."""
    mood = rng.uniform(-0.2, 0.2)
    for n in range(rng.integers(1, 4)):
        arm = tuple(Arm)[rng.integers(4)]
        success = bool(rng.random() < chance + mood)
        name = f"{session}-{n}"
        yield Outcome(name, name, session, "e1", at, arm, context(), 0.4, 0.5, 0.1, success, held_out=held_out)


def world(seed, score_fall=0.0, success_fall=0.0, sessions=120):
    """Eight weeks of sessions; something may have changed two weeks ago."""
    rng = np.random.default_rng(seed)
    since = began(NOW, 2)
    courses, measured = [], []
    for n in range(sessions):
        at = rng.uniform(since, NOW)
        late = at >= NOW - 2 * WEEK_S
        kind = KINDS[n % 2]
        fall = score_fall if late and kind is SessionType.WORKSHOP else 0.0
        courses.append(means(rng, f"s{n}", kind, at, fall))
        measured += outcomes(rng, f"s{n}", at, 0.6 - (success_fall if late else 0.0))
    return drift(courses, measured, NOW, 2)


def test_where_nothing_changes_one_report_in_twenty_calls_something_out_at_most():
    called = [bool(world(seed).drifted) for seed in range(200)]
    assert np.mean(called) <= CALLED_FROM + 2 * (CALLED_FROM * (1 - CALLED_FROM) / 200) ** 0.5


def test_a_fall_of_scores_is_found_where_it_happened():
    found = [world(seed, score_fall=0.15).drifted for seed in range(40)]
    workshops = [[each for each in one if each.kind is SessionType.WORKSHOP] for one in found]
    assert np.mean([any(each.measure is Measure.SCORE for each in one) for one in workshops]) >= 0.9
    fall = next(each for each in workshops[0] if each.measure is Measure.SCORE)
    assert fall.before - fall.after == pytest.approx(0.15, abs=0.05)
    assert fall.stability > 0.25
    assert sum(week.count for week in fall.weeks) == fall.count_before + fall.count_after
    assert [week.at for week in fall.weeks] == sorted(week.at for week in fall.weeks)
    assert not any(each.kind is SessionType.TALK for each in found[0])


def test_interventions_that_succeed_less_often_are_found():
    found = [world(seed, success_fall=0.35, sessions=160).drifted for seed in range(40)]
    assert np.mean([any(each.measure is Measure.SUCCESS and each.arm is None for each in one) for one in found]) >= 0.9


def test_rooms_left_alone_are_compared_apart():
    rng = np.random.default_rng(1)
    measured = []
    for n in range(160):
        at = rng.uniform(began(NOW, 2), NOW)
        chance = 0.3 if at < NOW - 2 * WEEK_S else 0.8
        measured += outcomes(rng, f"s{n}", at, chance, held_out=True)
    assert [each.measure for each in drift([], measured, NOW, 2).drifted] == [Measure.LEFT_ALONE]


def test_another_mixture_of_kinds_is_no_drift():
    rng = np.random.default_rng(2)
    courses = []
    for n in range(160):
        at = rng.uniform(began(NOW, 2), NOW)
        late = at >= NOW - 2 * WEEK_S
        kind = KINDS[int(rng.random() < (0.8 if late else 0.2))]
        courses.append(means(rng, f"s{n}", kind, at, 0.3 if kind is SessionType.TALK else 0.0))
    assert drift(courses, [], NOW, 2).drifted == ()


def test_of_a_few_sessions_nothing_is_said():
    rng = np.random.default_rng(3)
    ats = [NOW - 1.0] * (LEAST_COMPARED - 1) + [NOW - 3 * WEEK_S] * 50
    courses = [means(rng, f"s{n}", SessionType.TALK, at) for n, at in enumerate(ats)]
    found = drift(courses, [], NOW, 2)
    assert found.shifts == ()
    assert found.too_few == (SessionType.TALK,)


def test_what_lies_outside_of_these_weeks_is_left_out():
    rng = np.random.default_rng(4)
    courses = [means(rng, f"s{n}", SessionType.TALK, at) for n, at in enumerate([NOW, began(NOW, 1) - 1.0])]
    assert drift(courses, [], NOW, 1).sessions == 0


def test_the_order_of_sessions_does_not_matter():
    rng = np.random.default_rng(5)
    courses = [means(rng, f"s{n}", SessionType.TALK, rng.uniform(began(NOW, 2), NOW)) for n in range(60)]
    ours, theirs = drift(courses, [], NOW, 2), drift(courses[::-1], [], NOW, 2)
    assert [(each.measure, each.p) for each in ours.shifts] == [(each.measure, each.p) for each in theirs.shifts]
