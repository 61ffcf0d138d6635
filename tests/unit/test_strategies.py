"""Minutes as strategy tests compare them."""

from io import StringIO

import pytest
from rich.console import Console

from conductor.domain.strategies import Design, PolicyName, StrategyTest, Variant
from conductor.learn.drift import Drift, Measure, Shift
from conductor.learn.driftwords import sentence
from conductor.learn.offpolicy import Trying
from conductor.learn.strategies import Observed, compare, counted, minutes_of
from conductor.telling.drift import tell_drift
from conductor.telling.policies import tell_policies

NOON = 1_700_000_040.0
"""A whole minute."""


def test_a_minute_begins_where_its_first_tick_lies_and_has_the_score_that_was_told_in_it():
    told = [(NOON + 5.0 * n, {11: 0.5, 35: 0.6}.get(n)) for n in range(36)]
    values = [0.5, None, 0.6]
    assert minutes_of("s", "e", told) == [Observed("s", "e", NOON + 60.0 * n, each) for n, each in enumerate(values)]


@pytest.mark.parametrize("ticks", [13, 18, 23])
def test_the_minute_in_which_a_session_ends_or_still_is_does_not_count_as_unknown(ticks):
    told = [(NOON + 5.0 * n, 0.5 if n == 11 else None) for n in range(ticks)]
    assert minutes_of("s", "e", told) == [Observed("s", "e", NOON, 0.5)]


def test_a_session_without_a_tick_has_no_minutes():
    assert minutes_of("s", "e", []) == []


TEST = StrategyTest("t", Design.SESSIONS, (Variant("usual"), Variant("other", policy=PolicyName.NOTHING)))


def known_of(sessions, known):
    """Ten minutes of each of so many sessions; `known` of each variant are known, the others are not."""
    seen = [0, 0]
    for name in (f"s{n}" for n in range(sessions)):
        number = TEST.number_of(name)
        seen[number] += 1
        value = 0.5 + 0.01 * seen[number] if seen[number] <= known else None
        yield from (Observed(name, "e", 60.0 * minute, value) for minute in range(10))


@pytest.mark.parametrize("known", [0, 1, 2, 4])
def test_sessions_of_which_nobody_knows_how_they_went_are_not_enough_to_compare(known):
    found = compare(TEST, [*known_of(40, known)])
    assert found.difference is None
    rest = found.variants[0].units - known
    assert ("in 1 session," if known == 1 else f"in {known} sessions,") in found.why_not
    assert f", besides {rest} of which nobody knows how they went; it takes 5 for each." in found.why_not


def test_sessions_of_which_nobody_knows_how_they_went_were_dealt_all_the_same():
    found = compare(TEST, [*known_of(40, 5)])
    assert found.difference is not None
    assert (sum(each.units for each in found.variants), [each.known_units for each in found.variants]) == (40, [5, 5])
    lopsided = [each for each in known_of(80, 5) if each.value is not None or TEST.number_of(each.session_id)]
    assert compare(TEST, lopsided).is_misdealt


def test_one_is_told_as_one_for_people():
    assert [counted(1, design) for design in Design] == ["1 session", "1 block of time", "1 block of time"]
    told = StringIO()
    console = Console(width=200, file=told)
    tell_drift(Drift(NOON, NOON, NOON, 1, (), ()), 2, console)
    tell_policies(Trying(1, 1, 0.5, False, ()), console)
    shown = told.getvalue()
    assert "1 session since" in shown
    assert "1 logged decision in 1 session." in shown
    assert "in the last week (" in sentence(Shift(Measure.SCORE, None, None, 0.7, 0.5, 9, 9, 0.01, None, ()), 1)
