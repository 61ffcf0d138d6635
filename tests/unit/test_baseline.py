import numpy as np
import pytest

from conductor.domain.signals import Kind
from conductor.perceive.baseline import Baseline, BaselineParams
from conductor.perceive.ledger import Ledger
from conductor.perceive.score import NORMAL_LEVEL

NORM = np.array([0.05, 0.04, 0.2, 0.01, 0.5])
PEOPLE = np.array([20.0])


class OneRoom:
    """A room whose counts are told tick by tick."""

    def __init__(self, people=20.0, norm=NORM, params=None):
        self.baseline = Baseline(params or BaselineParams(), 1)
        self.baseline.open(0, norm)
        self.ledger = Ledger(1, 1000)
        self.age = 0
        self.people = np.array([people])

    def tick(self, chat=0, *, kind=Kind.CHAT, learning=True, active_ratio=0.3):
        self.ledger.count(np.array([0]), np.array([int(kind)]), np.array([self.ledger.tick]), np.array([chat]))
        self.ledger.advance()
        self.age += 1
        may = np.array([learning])
        self.baseline.learn(self.ledger, np.array([self.age]), may, self.people, np.array([active_ratio]))

    def ticks(self, counts, **rest):
        for chat in counts:
            self.tick(chat, **rest)
        return self

    @property
    def per_tick(self):
        return float(self.baseline.events_per_tick(1)[0])

    @property
    def known(self):
        return float(self.baseline.ticks[0])

    def expected(self, name):
        return float(getattr(self.baseline.expected(self.people), name)[0])


def test_while_nothing_is_known_the_norm_is_expected():
    room = OneRoom()

    assert room.expected("chat_per_person_min") == pytest.approx(0.05)
    assert room.expected("reactions_per_person_min") == pytest.approx(0.04)
    assert room.expected("active_ratio") == pytest.approx(0.2)
    assert room.expected("leaves_per_person_min") == pytest.approx(0.01)
    assert room.expected("voting_ratio") == pytest.approx(0.5)
    assert room.baseline.expected_score(1)[0] == NORMAL_LEVEL
    assert room.per_tick == 0.0


def test_every_tick_is_learned_once_in_the_order_of_time_as_the_lag_grows():
    room = OneRoom(params=BaselineParams(memory_ticks=1e12, burst_sd=1e9))
    sums = []
    for i in range(60):
        room.tick(i)
        sums.append(round(float(room.baseline.events[0])))
    learned = [a - b for a, b in zip(sums[1:], sums[:-1], strict=True) if a > b]

    assert learned == list(range(1, 48))
    assert room.known == pytest.approx(48.0)


def test_the_lag_grows_with_half_the_age_from_ten_seconds_to_a_minute():
    lag = OneRoom().baseline.lag(np.array([0, 4, 5, 6, 12, 24, 25, 1000]))

    assert lag.tolist() == [2, 2, 2, 3, 6, 12, 12, 12]


def test_a_fall_is_not_learned_before_a_minute_has_passed():
    room = OneRoom().ticks([10] * 100)
    usual = room.per_tick
    room.ticks([0] * 12)
    assert room.per_tick == pytest.approx(usual)

    room.ticks([0] * 2)
    assert room.per_tick < usual - 0.05


def test_what_is_normal_follows_the_room_within_minutes():
    room = OneRoom().ticks([10] * 150)
    assert room.per_tick == pytest.approx(10.0)

    # After its memory's time two thirds of the way are gone.
    room.ticks([4] * (12 + 96))
    assert room.per_tick == pytest.approx(6.0, abs=0.3)


def test_a_burst_of_greetings_is_no_new_normal():
    calm, burst = (OneRoom().ticks([4, 5] * 60) for _ in range(2))
    calm.ticks([4, 5] * 10)
    burst.ticks([100] * 4 + [4, 5] * 8)

    assert burst.per_tick < calm.per_tick + 0.5


def test_while_it_may_not_learn_nothing_changes():
    room = OneRoom().ticks([10] * 50)
    before = room.baseline.snapshot(0).tolist()
    room.ticks([3] * 30, learning=False)

    assert room.baseline.snapshot(0).tolist() == before


def test_the_norm_weighs_as_much_as_two_minutes_of_the_room():
    room = OneRoom(params=BaselineParams(memory_ticks=1e12))
    while room.known < 23.9:
        room.tick(10)
    own = 10 * 12 / 20

    assert room.expected("chat_per_person_min") == pytest.approx((own + 0.05) / 2)


@pytest.mark.parametrize(
    ("kind", "name", "index"),
    [
        (Kind.CHAT, "chat_per_person_min", 0),
        (Kind.QUESTION, "chat_per_person_min", 0),
        (Kind.REACTION, "reactions_per_person_min", 1),
        (Kind.UPVOTE, "reactions_per_person_min", 1),
        (Kind.LEAVE, "leaves_per_person_min", 3),
    ],
)
def test_a_room_learns_its_own_habits(kind, name, index):
    room = OneRoom().ticks([5] * 400, kind=kind)
    habits, person_min = room.baseline.habits(0)

    assert habits[index] == pytest.approx(5 * 12 / 20)
    assert habits[2] == pytest.approx(0.3)
    assert person_min == pytest.approx(20 * 96 / 12, rel=0.05)
    assert room.expected(name) == pytest.approx((3.0 * 4 + NORM[index]) / 5, rel=0.05)


def test_votes_are_no_events():
    assert OneRoom().ticks([5] * 50, kind=Kind.VOTE).per_tick == 0.0


def test_habits_are_of_a_person_so_twice_the_people_and_messages_are_the_same():
    one, two = OneRoom(people=20.0).ticks([5] * 50), OneRoom(people=40.0).ticks([10] * 50)

    assert one.expected("chat_per_person_min") == pytest.approx(two.expected("chat_per_person_min"), rel=1e-12)
    assert one.expected("active_ratio") == pytest.approx(two.expected("active_ratio"), rel=1e-12)


def test_polls_teach_how_many_vote_and_the_norm_weighs_as_one_poll():
    room = OneRoom()
    room.baseline.learn_poll(0, voters=18, people=20)

    assert room.expected("voting_ratio") == pytest.approx((18 + 10) / 40)
    assert room.baseline.habits(0)[0][4] == 0.9


def test_a_room_never_asked_votes_like_its_kind():
    assert OneRoom().ticks([5] * 50).baseline.habits(0)[0][4] == 0.5


def test_even_where_nobody_ever_leaves_and_nobody_is_active_something_is_expected():
    room = OneRoom(norm=np.array([0.05, 0.04, 0.0, 0.0, 0.5])).ticks([5] * 200, active_ratio=0.0)

    assert room.expected("leaves_per_person_min") == 1e-4
    assert room.expected("active_ratio") == 0.01


def test_the_expected_score_is_the_mean_of_those_it_may_learn():
    room = OneRoom()
    for score, learning in ((0.8, True), (0.6, True), (0.1, False)):
        room.baseline.learn_score(np.array([score]), np.array([learning]))

    assert room.baseline.expected_score(1)[0] == pytest.approx(0.7, abs=2e-3)


def test_an_ordinary_room_is_not_bursty_and_a_room_of_bursts_is():
    rng = np.random.default_rng(1)
    calm = OneRoom().ticks(rng.poisson(6.0, 400))
    bursty = OneRoom().ticks(rng.poisson(np.repeat(rng.gamma(1.0, 6.0, 40), 10)))

    assert calm.baseline.spread(1)[0] < 1.2
    assert 1.5 < bursty.baseline.spread(1)[0] <= 4.0


def accepted(people=20.0, per_tick=2.0, ticks=60):
    room = OneRoom(people=people).ticks([people / 2] * 200)
    room.baseline.learn_score(np.array([0.99]), np.array([True]))
    counts = np.zeros((9, 1))
    counts[Kind.CHAT] = per_tick * ticks
    room.baseline.accept(np.array([0]), counts, np.array([ticks]), np.array([people]))
    return room


def test_a_fall_that_is_accepted_is_what_is_normal_from_then_on():
    room = accepted()

    assert room.per_tick == pytest.approx(2.0)
    assert room.known == 24.0
    assert room.expected("chat_per_person_min") == pytest.approx((2.0 * 12 / 20 + 0.05) / 2)
    assert room.baseline.expected_score(1)[0] == NORMAL_LEVEL


def test_a_fall_of_a_few_ticks_weighs_no_more_than_these():
    assert accepted(ticks=5).known == 5.0


def test_accepting_a_fall_means_the_same_to_an_audience_twice_as_large():
    one, two = accepted(people=20.0, per_tick=2.0), accepted(people=40.0, per_tick=4.0)

    for name in ("chat_per_person_min", "active_ratio", "leaves_per_person_min"):
        assert one.expected(name) == pytest.approx(two.expected(name), rel=1e-12)


def test_a_snapshot_put_back_elsewhere_goes_on_as_before():
    room, other = OneRoom().ticks([5, 9] * 40), OneRoom()
    room.baseline.learn_score(np.array([0.4]), np.array([True]))
    other.baseline.grow(3)
    other.baseline.restore(2, room.baseline.snapshot(0))

    assert other.baseline.snapshot(2).tolist() == room.baseline.snapshot(0).tolist()
    assert other.baseline.spread(3)[2] == room.baseline.spread(1)[0]


def test_a_session_that_takes_over_a_row_knows_nothing_of_the_one_before():
    room, fresh = OneRoom().ticks([5, 9] * 40), OneRoom()
    room.baseline.learn_poll(0, 5, 10)
    room.baseline.learn_score(np.array([0.4]), np.array([True]))
    room.baseline.open(0, NORM)

    assert room.baseline.snapshot(0).tolist() == fresh.baseline.snapshot(0).tolist()
