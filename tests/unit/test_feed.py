import numpy as np
import pytest

from conductor.perceive.feed import NEVER, Feed, FeedParams


def feed_of(rooms=1, **params):
    feed = Feed(FeedParams(**params), rooms)
    for row in range(rooms):
        feed.open(row)
    return feed


def advance(feed, now, heard_at=NEVER, shown_at=NEVER):
    """Whether all begins anew, whether the feed was lost just now, and whether it is lost."""
    anew, lost = feed.advance(now, np.array([heard_at]), np.array([shown_at]))
    return bool(anew[0]), bool(lost[0]), bool(feed.lost[0])


def leave(feed, times, before):
    feed.left(np.zeros(len(times), dtype=np.int64), np.array(times), np.array([before]), 5.0 * (times[-1] // 5.0) + 5.0)


def join(feed, times, present, now, opened_at=-1000.0):
    feed.joined(np.zeros(len(times), dtype=np.int64), np.array(times), np.array([present]), now, np.array([opened_at]))


def test_a_source_without_heartbeats_is_never_lost_by_silence():
    feed = feed_of()

    assert advance(feed, 1e6) == (False, False, False)
    assert feed.audible(1, 1e6).all()


def test_a_source_is_lost_when_its_heartbeat_stays_away():
    feed = feed_of()
    for at in (0.0, 5.0, 10.0):
        feed.beat(0, at)

    assert advance(feed, 25.0) == (False, False, False)
    assert advance(feed, 26.0) == (False, True, True)
    assert advance(feed, 31.0) == (False, False, True)


def test_a_slow_heart_is_given_three_of_its_beats():
    feed = feed_of()
    for at in (0.0, 30.0, 60.0):
        feed.beat(0, at)

    assert not advance(feed, 150.0)[2]
    assert advance(feed, 151.0)[2]


def test_a_source_whose_heartbeat_is_late_but_which_delivers_is_not_lost():
    feed = feed_of()
    feed.beat(0, 0.0)

    assert not advance(feed, 50.0, heard_at=49.0)[2]
    assert advance(feed, 55.0)[2]


def test_with_the_next_beat_the_feed_is_back_and_everything_begins_anew():
    feed = feed_of(settle_s=30.0)
    feed.beat(0, 0.0)
    advance(feed, 30.0)
    feed.beat(0, 32.0)

    assert advance(feed, 35.0) == (True, False, False)
    assert feed.settled_ticks(1, 65.0)[0] == 0
    assert feed.settled_ticks(1, 70.0)[0] == 1


def test_the_gap_of_a_lost_feed_does_not_make_its_heart_seem_slow():
    feed = feed_of()
    for at in (0.0, 5.0, 10.0):
        feed.beat(0, at)
    advance(feed, 30.0)
    for at in (500.0, 505.0):
        feed.beat(0, at)
    advance(feed, 505.0)

    assert advance(feed, 521.0)[2]


def test_beats_that_come_twice_or_late_change_nothing():
    feed = feed_of()
    for at in (0.0, 5.0, 10.0, 10.0, 5.0):
        feed.beat(0, at)

    assert feed.snapshot(0) == pytest.approx((0.0, NEVER, 10.0, 5.0, NEVER, NEVER))


def test_silence_after_a_missed_beat_is_not_held_against_the_room():
    feed = feed_of()
    for at in (0.0, 2.0, 4.0):
        feed.beat(0, at)
    advance(feed, 5.0)
    assert feed.audible(1, 5.0)[0]

    advance(feed, 10.0)
    assert not feed.audible(1, 10.0)[0]

    advance(feed, 15.0, heard_at=14.0)
    assert feed.audible(1, 15.0)[0]


def test_half_the_people_leaving_within_a_second_is_a_broken_connection():
    feed = feed_of()
    leave(feed, [3.1, 3.5, 3.9, 3.2, 3.3], before=10)

    assert advance(feed, 5.0, heard_at=2.0, shown_at=2.0) == (False, True, True)


def test_everybody_leaving_over_two_calendar_seconds_is_a_broken_connection():
    feed = feed_of()
    leave(feed, [3.5, 3.6, 3.7, 4.1, 4.2, 4.3], before=6)

    assert advance(feed, 5.0)[2]


@pytest.mark.parametrize(
    ("times", "before"),
    [([3.1, 3.2, 3.3, 3.4], 10), ([0.1, 1.1, 2.1, 3.1, 4.1], 5), ([3.1, 3.2], 2)],
    ids=["fewer than half", "one after the other", "two people"],
)
def test_people_may_leave_as_they_like(times, before):
    feed = feed_of()
    leave(feed, times, before)

    assert advance(feed, 5.0) == (False, False, False)


def test_what_people_did_before_they_all_left_does_not_bring_the_feed_back():
    feed = feed_of()
    leave(feed, [3.1, 3.2, 3.3], before=3)

    assert advance(feed, 5.0, heard_at=3.0, shown_at=3.0)[2]
    assert advance(feed, 10.0, heard_at=3.05, shown_at=3.05)[2]


def test_a_slide_does_not_bring_back_a_feed_from_which_everybody_left():
    feed = feed_of()
    leave(feed, [3.1, 3.2, 3.3], before=3)
    advance(feed, 5.0)

    assert advance(feed, 10.0, heard_at=9.0)[2]
    assert advance(feed, 15.0, heard_at=14.0, shown_at=14.0) == (True, False, False)


def test_everybody_joining_within_a_second_begins_everything_anew():
    feed = feed_of()
    join(feed, [3.1, 3.2, 3.3], present=6, now=5.0)

    assert advance(feed, 5.0, heard_at=3.3, shown_at=3.3) == (True, False, False)
    assert feed.settled_ticks(1, 35.0)[0] == 0


def test_everybody_joining_at_the_start_of_a_session_is_as_it_should_be():
    feed = feed_of()
    join(feed, [3.1, 3.2, 3.3], present=3, now=5.0, opened_at=0.0)

    assert advance(feed, 5.0, heard_at=3.3, shown_at=3.3) == (False, False, False)
    assert feed.settled_ticks(1, 5.0)[0] > 0


def test_people_rushing_out_at_the_end_of_a_tick_may_be_the_beginning_of_a_stampede():
    feed = feed_of()
    leave(feed, [4.5, 4.6, 4.7, 4.8], before=10)
    assert not advance(feed, 5.0)[2]
    assert not feed.audible(1, 5.0)[0]

    leave(feed, [5.1, 5.2, 5.3, 5.4], before=6)
    assert advance(feed, 10.0)[2]


def test_rooms_are_judged_apart():
    feed = feed_of(rooms=2)
    feed.beat(0, 0.0)
    feed.beat(1, 0.0)
    feed.beat(1, 28.0)
    feed.left(np.array([1, 1, 1]), np.array([29.0, 29.1, 29.2]), np.array([3, 9]), 30.0)
    feed.advance(30.0, np.full(2, NEVER), np.full(2, NEVER))

    assert feed.lost.tolist() == [True, False]


def test_a_snapshot_put_back_elsewhere_says_the_same():
    feed = feed_of()
    for at in (0.0, 5.0):
        feed.beat(0, at)
    leave(feed, [6.1, 6.2, 6.3], before=3)
    advance(feed, 10.0, heard_at=6.3)
    other = feed_of(rooms=3)
    other.restore(2, feed.snapshot(0))
    other.grow(8)

    assert other.snapshot(2) == feed.snapshot(0)
    assert other.lost.tolist() == [False, False, True] + [False] * 5
