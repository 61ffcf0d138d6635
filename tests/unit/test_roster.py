import numpy as np
import pytest

from conductor.domain.signals import Kind
from conductor.perceive.roster import Roster

NOBODY_MORE = np.zeros(1)


def roster_of(*users, at=0.0, row=0):
    roster = Roster()
    for user in users:
        roster.notice(Kind.JOIN, roster.person(row, user, at), at)
    return roster


def act(roster, user, at, *, row=0, unprompted=True):
    person = roster.person(row, user, at)
    roster.touch(np.array([person]), np.array([at]), np.array([unprompted]))


def notice(roster, user, kind, at, row=0):
    roster.notice(kind, roster.person(row, user, at), at)


def present(roster, row=0):
    return int(roster.present_count(row + 1)[row])


def test_who_joins_is_there_and_who_leaves_is_not():
    roster = roster_of("a", "b")
    notice(roster, "a", Kind.LEAVE, 10.0)

    assert present(roster) == 1
    assert [who[0] for who in roster.here(0, 20.0)] == ["b"]


def test_somebody_never_heard_of_before_is_there_from_the_first_thing_done():
    roster = Roster()
    act(roster, "a", 7.0)

    assert roster.here(0, 10.0) == (("a", 3.0, 3.0, 1, False),)


def test_somebody_heard_of_only_as_leaving_is_not_there():
    roster = Roster()
    notice(roster, "a", Kind.LEAVE, 7.0)

    assert present(roster) == 0


def test_a_last_word_in_the_same_tick_does_not_bring_back_who_left():
    roster = roster_of("a")
    notice(roster, "a", Kind.LEAVE, 12.0)
    act(roster, "a", 11.0)

    assert present(roster) == 0


def test_a_word_after_leaving_brings_back():
    roster = roster_of("a")
    notice(roster, "a", Kind.LEAVE, 12.0)
    act(roster, "a", 13.0)

    assert present(roster) == 1


def test_a_last_word_at_the_moment_of_leaving_does_not_bring_back():
    roster = roster_of("a")
    act(roster, "a", 12.0)
    notice(roster, "a", Kind.LEAVE, 12.0)

    assert present(roster) == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_leaving_and_joining_at_the_same_moment_is_a_reconnection(order):
    news = [(Kind.LEAVE, 12.0), (Kind.JOIN, 12.0)]
    roster = roster_of("a")
    for i in order:
        notice(roster, "a", *news[i])

    assert present(roster) == 1


def test_a_leave_that_comes_after_the_return_it_came_before_is_history():
    roster = roster_of("a")
    notice(roster, "a", Kind.JOIN, 14.0)
    notice(roster, "a", Kind.LEAVE, 12.0)

    assert present(roster) == 1
    assert roster.here(0, 20.0)[0][1] == 6.0


def test_a_join_that_comes_after_the_leave_it_came_before_is_history():
    roster = Roster()
    notice(roster, "a", Kind.LEAVE, 12.0)
    notice(roster, "a", Kind.JOIN, 10.0)

    assert present(roster) == 0


def test_a_stay_counts_from_the_last_return():
    roster = roster_of("a")
    notice(roster, "a", Kind.LEAVE, 10.0)
    notice(roster, "a", Kind.JOIN, 30.0)

    assert roster.presence_sum_s(1, 50.0)[0] == 20.0


def test_joining_twice_does_not_begin_the_stay_anew():
    roster = roster_of("a")
    notice(roster, "a", Kind.JOIN, 30.0)

    assert roster.presence_sum_s(1, 50.0)[0] == 50.0


def test_looking_elsewhere_lasts_until_the_person_looks_back():
    roster = roster_of("a", "b")
    notice(roster, "a", Kind.BLUR, 5.0)
    notice(roster, "a", Kind.HEARTBEAT, 10.0)
    assert roster.focused_count(1)[0] == 1

    notice(roster, "a", Kind.FOCUS, 15.0)
    assert roster.focused_count(1)[0] == 2


def test_active_people_are_those_who_did_something_since_a_moment_and_are_still_there():
    roster = roster_of("a", "b", "c")
    for user, at in (("a", 10.0), ("b", 20.0), ("c", 20.0)):
        act(roster, user, at)
    notice(roster, "c", Kind.LEAVE, 25.0)

    assert roster.active_count(np.array([15.0])).tolist() == [1]
    assert roster.active_count(np.array([10.0])).tolist() == [2]


def test_who_only_answered_the_agents_poll_is_active_but_not_unprompted():
    roster = roster_of("a", "b")
    act(roster, "a", 10.0, unprompted=False)
    act(roster, "b", 10.0)

    assert roster.active_count(NOBODY_MORE).tolist() == [2]
    assert roster.active_count(NOBODY_MORE, unprompted=True).tolist() == [1]


def test_an_older_word_that_comes_late_does_not_make_a_person_less_active():
    roster = roster_of("a")
    act(roster, "a", 20.0)
    act(roster, "a", 10.0)

    assert roster.active_count(np.array([15.0])).tolist() == [1]
    assert roster.here(0, 30.0)[0][3] == 2


def test_rooms_do_not_see_each_others_people():
    roster = roster_of("a", "b", row=0)
    act(roster, "a", 10.0, row=1)
    notice(roster, "a", Kind.LEAVE, 11.0, row=0)

    assert roster.present_count(2).tolist() == [1, 1]
    assert roster.active_count(np.zeros(2)).tolist() == [0, 1]


def test_a_closed_room_is_forgotten_and_its_places_are_given_to_others():
    roster = roster_of("a", "b", row=0)
    act(roster, "a", 10.0, row=0)
    roster.close(0)
    assert roster.present_count(1).tolist() == [0]
    assert roster.people(0) == {}

    notice(roster, "c", Kind.JOIN, 20.0, row=1)
    assert roster.here(1, 25.0) == (("c", 5.0, 5.0, 0, False),)


def test_the_order_in_which_people_are_kept_does_not_change_how_long_they_were_there():
    joined = np.random.default_rng(1).uniform(0.0, 1000.0, 50).tolist()
    there, back = Roster(), Roster()
    for i, at in enumerate(joined):
        notice(there, f"u{i}", Kind.JOIN, at)
    for i, at in reversed(list(enumerate(joined))):
        notice(back, f"u{i}", Kind.JOIN, at)

    assert there.presence_sum_s(1, 1234.5)[0] == back.presence_sum_s(1, 1234.5)[0]


def test_a_thousand_people_find_room():
    roster = roster_of(*(f"u{i}" for i in range(1000)))

    assert present(roster) == 1000
    assert roster.presence_sum_s(1, 2.0)[0] == 2000.0


def test_a_snapshot_put_back_into_another_row_says_the_same():
    roster = roster_of("a", "b", "c")
    act(roster, "a", 10.0, unprompted=False)
    notice(roster, "b", Kind.BLUR, 11.0)
    notice(roster, "c", Kind.LEAVE, 12.0)
    other = roster_of("x", row=0)
    other.restore(1, roster.snapshot(0))

    assert other.here(1, 30.0) == roster.here(0, 30.0)
    assert other.snapshot(1) == roster.snapshot(0)
    assert other.focused_count(2).tolist() == [1, 1]
