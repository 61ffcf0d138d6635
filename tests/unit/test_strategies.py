"""Minutes as strategy tests compare them."""

from conductor.learn.strategies import LONGEST_GAP_S, Observed, minutes_of

NOON = 1_700_000_040.0
"""A whole minute."""


def values(*told):
    """The values of minutes from noon on, each told at its last tick."""
    return [each.value for each in minutes_of("s", "e", ((NOON + 60.0 * n + 55.0, v) for n, v in enumerate(told)))]


def test_a_minute_begins_where_its_first_tick_lies_and_has_the_score_that_was_told_in_it():
    told = [(NOON + 5.0 * n, 0.5 if n == 11 else None) for n in range(12)]
    assert minutes_of("s", "e", told) == [Observed("s", "e", NOON, 0.5)]


def test_minutes_in_which_people_answered_the_agent_are_taken_for_what_lies_around_them():
    assert values(0.2, None, None, 0.8) == [0.2, 0.4, 0.6000000000000001, 0.8]


def test_what_nobody_knows_for_long_stays_unknown_and_so_do_the_ends():
    most = int(LONGEST_GAP_S // 60)
    assert None not in values(0.2, *[None] * most, 0.8)
    assert values(0.2, *[None] * (most + 1), 0.8)[1:-1] == [None] * (most + 1)
    assert values(None, 0.5, None) == [None, 0.5, None]
