"""Minutes as strategy tests compare them."""

from conductor.learn.strategies import Observed, minutes_of

NOON = 1_700_000_040.0
"""A whole minute."""


def test_a_minute_begins_where_its_first_tick_lies_and_has_the_score_that_was_told_in_it():
    told = [(NOON + 5.0 * n, 0.5 if n == 11 else None) for n in range(24)]
    assert minutes_of("s", "e", told) == [Observed("s", "e", NOON, 0.5), Observed("s", "e", NOON + 60.0, None)]
