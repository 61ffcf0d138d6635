from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.domain.engagement import PART_NAMES
from conductor.perceive.score import NORMAL_LEVEL, WEIGHTS, Expected, Observed, explain, level, score

HAS = ("has_chat", "has_reactions", "polling", "has_presence")
AMOUNTS = ("chat_per_min", "reactions_per_min", "voters", "active", "leaves_per_min")


def observed(**given_):
    """One session in which all is as it normally is for `normal`, but for what is given."""
    values = {
        "chat_per_min": 5.0,
        "reactions_per_min": 4.0,
        "voters": 50.0,
        "polling": True,
        "active": 20.0,
        "leaves_per_min": 1.0,
        "present": 100.0,
        "span_s": 300.0,
        "has_chat": True,
        "has_reactions": True,
        "has_presence": True,
    } | given_
    return Observed(**{name: np.atleast_1d(value) for name, value in values.items()})


def normal(**given_):
    values = {
        "chat_per_person_min": 0.05,
        "reactions_per_person_min": 0.04,
        "active_ratio": 0.2,
        "leaves_per_person_min": 0.01,
        "voting_ratio": 0.5,
    } | given_
    return Expected(**{name: np.atleast_1d(value) for name, value in values.items()})


def value(seen, expected=None):
    return float(score(seen, expected or normal()).value[0])


counts = st.floats(0.0, 1e4)
sessions = st.builds(
    observed,
    chat_per_min=counts,
    reactions_per_min=counts,
    voters=counts,
    polling=st.booleans(),
    active=counts,
    leaves_per_min=counts,
    present=counts,
    span_s=st.floats(5.0, 300.0),
    has_chat=st.booleans(),
    has_reactions=st.booleans(),
    has_presence=st.booleans(),
)
norms = st.builds(
    normal,
    chat_per_person_min=st.floats(1e-3, 5.0),
    reactions_per_person_min=st.floats(1e-3, 5.0),
    active_ratio=st.floats(0.01, 0.99),
    leaves_per_person_min=st.floats(1e-4, 1.0),
    voting_ratio=st.floats(0.01, 1.0),
)


def test_a_session_that_is_as_it_normally_is_has_the_normal_level_in_every_part():
    scores = score(observed(), normal())

    np.testing.assert_allclose(scores.levels[:, 0], NORMAL_LEVEL)
    assert scores.value[0] == pytest.approx(NORMAL_LEVEL)


def test_the_weights_are_those_of_the_product():
    assert dict(zip(PART_NAMES, score(observed(), normal()).weights[:, 0].tolist(), strict=True)) == pytest.approx(
        {"chat": 0.25, "polls": 0.30, "active": 0.20, "reactions": 0.15, "staying": 0.10}
    )


@pytest.mark.parametrize(("ratio", "expected"), [(0.0, 0.0), (0.5, 0.5), (1.0, 0.75), (2.0, 0.9375)])
def test_half_of_what_is_normal_gives_half(ratio, expected):
    assert level(np.array([7.0 * ratio]), np.array([7.0]))[0] == pytest.approx(expected)


@given(sessions, norms)
def test_the_score_is_between_0_and_1(seen, expected):
    scores = score(seen, expected)

    assert 0.0 <= scores.value[0] <= 1.0
    assert scores.levels.min() >= 0.0
    assert scores.levels.max() <= 1.0


@given(sessions, norms)
def test_the_score_is_the_sum_of_its_parts(seen, expected):
    scores = score(seen, expected)
    parts = explain(scores, 0)

    assert tuple(part.name for part in parts) == PART_NAMES
    assert sum(part.contribution for part in parts) == pytest.approx(float(scores.value[0]), abs=1e-12)
    assert all(part.contribution == part.level * part.weight for part in parts)


@given(sessions, norms, st.sampled_from(AMOUNTS), counts)
def test_more_of_anything_never_lowers_the_score_and_more_leaves_never_raise_it(seen, expected, name, more):
    after = value(replace(seen, **{name: getattr(seen, name) + more}), expected)
    before = value(seen, expected)

    if name == "leaves_per_min":
        assert after <= before + 1e-12
    else:
        assert after >= before - 1e-12


@given(sessions, norms, st.integers(1, 50))
def test_an_audience_many_times_as_large_that_does_as_much_a_person_has_the_same_score(seen, expected, times):
    seen = replace(seen, present=np.maximum(seen.present, 1.0))
    larger = replace(seen, **{name: getattr(seen, name) * times for name in (*AMOUNTS, "present")})

    assert value(larger, expected) == pytest.approx(value(seen, expected), abs=1e-9)


@given(sessions, norms)
def test_what_a_session_does_not_have_carries_no_weight_and_the_rest_takes_its_place(seen, expected):
    weights = score(seen, expected).weights[:, 0]
    has = np.array([bool(getattr(seen, name)[0]) for name in HAS])
    chat, reactions, polls, presence = has
    kept = WEIGHTS * np.array([chat, polls, has.any(), reactions, presence])

    np.testing.assert_allclose(weights, kept / kept.sum() if has.any() else np.zeros(5))


@given(sessions, norms, st.sampled_from(["chat_per_min", "reactions_per_min", "voters", "leaves_per_min"]), counts)
def test_amounts_of_a_signal_that_the_session_does_not_have_change_nothing(seen, expected, name, amount):
    which = {"chat_per_min": "has_chat", "reactions_per_min": "has_reactions", "voters": "polling"}
    without = replace(seen, **{which.get(name, "has_presence"): np.array([False])})

    assert value(replace(without, **{name: np.array([amount])}), expected) == value(without, expected)


def test_a_session_without_any_signal_has_score_0():
    assert value(observed(**dict.fromkeys(HAS, False))) == 0.0


def test_an_empty_room_is_scored_as_one_person():
    assert value(observed(present=0.0)) == value(observed(present=1.0))


def test_people_who_act_at_random_moments_are_as_active_as_normal_in_a_shorter_window_too():
    minute = score(observed(span_s=60.0, active=100.0 * (1.0 - 0.8**0.2)), normal())

    assert minute.levels[2, 0] == pytest.approx(NORMAL_LEVEL)


def test_sessions_are_scored_apart():
    both = {
        name: np.array([0.0, 5.0]) if name == "chat_per_min" else np.repeat(getattr(observed(), name), 2)
        for name in Observed.__slots__
    }
    expected = Expected(**{name: np.repeat(getattr(normal(), name), 2) for name in Expected.__slots__})
    scores = score(Observed(**both), expected)

    assert scores.value.tolist() == [value(observed(chat_per_min=0.0)), value(observed())]
