import numpy as np
import pytest

from conductor.perceive.alarm import CRITICAL, NONE, WARNING, AlarmParams, Alarms

PARAMS = AlarmParams(cooldown_ticks=12, accept_ticks=120, low_ticks=60, low_cooldown_ticks=240)


class OneRoom:
    """A room's alarms, tick by tick."""

    def __init__(self, tick=1000):
        self.alarms = Alarms(PARAMS, 1)
        self.tick = tick
        self.accepted = False

    @property
    def standing(self):
        return int(self.alarms.standing[0])

    def step(self, evidence=0.0, *, fallen=True, score=0.75, judged=True, held=False, stretch=3):
        """One tick: whether something was raised, whether the room was found low, and whether it is over."""
        seen = np.array([evidence])
        up = self.alarms.raised(self.tick, seen, np.array([fallen]), np.array([stretch]))
        low = self.alarms.low(self.tick, np.array([score]), np.array([judged]))
        over, accepted = self.alarms.ended(self.tick, seen, np.array([held]))
        self.accepted = bool(accepted[0])
        self.tick += 1
        return bool(up[0]), bool(low[0]), bool(over[0])

    def steps(self, count, evidence=0.0, **rest):
        return [self.step(evidence, **rest) for _ in range(count)]


@pytest.mark.parametrize(
    ("evidence", "standing"), [(0.0, NONE), (0.59, NONE), (0.6, WARNING), (0.79, WARNING), (0.8, CRITICAL)]
)
def test_a_warning_from_60_percent_and_critical_from_80(evidence, standing):
    room = OneRoom()

    assert room.step(evidence) == (standing > NONE, False, False)
    assert room.standing == standing


def test_a_fall_that_nobody_would_see_is_not_raised():
    room = OneRoom()

    assert room.step(0.99, fallen=False) == (False, False, False)


def test_what_stands_is_raised_once_and_again_when_it_becomes_critical():
    room = OneRoom()

    assert [up for up, _, _ in map(room.step, (0.7, 0.7, 0.9, 0.9, 0.7))] == [True, False, True, False, False]
    assert room.standing == CRITICAL


def test_the_onset_is_the_first_tick_of_the_stretch_that_shows_it_best():
    room = OneRoom(tick=100)
    room.step(0.7, stretch=3)
    room.step(0.9, stretch=1)

    assert room.alarms.onset[0] == 98


def test_it_stands_until_the_evidence_is_far_below_a_warning():
    room = OneRoom()
    room.step(0.7)

    assert [over for _, _, over in map(room.step, (0.59, 0.3, 0.2, 0.19))] == [False, False, False, True]


def test_evidence_around_the_threshold_does_not_flicker():
    room = OneRoom()
    changes = [room.step(evidence) for evidence in [0.61, 0.58] * 50]

    assert sum(up for up, _, _ in changes) == 1
    assert not any(over for _, _, over in changes)


def test_for_a_minute_after_it_is_over_no_warning_is_raised():
    room = OneRoom()
    room.step(0.7)
    room.step(0.0)

    assert [up for up, _, _ in room.steps(12, 0.7)] == [False] * 11 + [True]


def test_what_is_critical_is_raised_even_in_a_cooldown():
    room = OneRoom()
    room.step(0.7)
    room.step(0.0)

    assert room.step(0.9)[0]


def test_a_fall_that_has_stood_for_ten_minutes_is_over_and_accepted():
    room = OneRoom()
    room.step(0.9)

    assert not any(over for _, _, over in room.steps(119, 0.9))
    assert room.step(0.9) == (False, False, True)
    assert room.accepted


def test_while_an_effect_is_awaited_it_stays_open():
    room = OneRoom()
    room.step(0.9)

    assert not any(over for _, _, over in room.steps(150, 0.0, held=True))
    assert room.step(0.0) == (False, False, True)


def test_a_room_that_is_low_for_five_minutes_is_said_to_be_low_once():
    room = OneRoom()
    found = [low for _, low, _ in room.steps(240, score=0.1)]

    assert found.index(True) == 60
    assert sum(found) == 1


def test_low_engagement_stands_while_the_room_is_low():
    room = OneRoom()
    room.steps(61, score=0.1)

    assert not any(over for _, _, over in room.steps(100, score=0.1))
    assert room.standing == WARNING
    assert room.step(score=0.25) == (False, False, True)


def test_low_engagement_is_accepted_after_ten_minutes_and_not_said_again_for_twenty():
    room = OneRoom()
    steps = room.steps(500, score=0.1)
    first, second = [i for i, (_, low, _) in enumerate(steps) if low]

    assert next(i for i, (_, _, over) in enumerate(steps) if over) == first + 120
    assert second >= first + 240


def test_low_engagement_stands_while_the_room_cannot_be_judged():
    room = OneRoom()
    room.steps(61, score=0.1)
    room.steps(5, score=0.1, judged=False)

    assert room.standing == WARNING


def test_a_moment_above_the_low_level_begins_the_five_minutes_anew():
    room = OneRoom()
    room.steps(59, score=0.1)
    room.step(score=0.3)

    assert not any(low for _, low, _ in room.steps(60, score=0.1))


@pytest.mark.parametrize("rest", [{"score": 0.3}, {"score": 0.1, "judged": False}])
def test_a_room_that_is_not_low_or_not_known_is_not_called_low(rest):
    assert not any(low for _, low, _ in OneRoom().steps(200, **rest))


def test_a_room_that_fell_is_not_called_low_as_well():
    room = OneRoom()
    room.step(0.9, score=0.1)

    assert not any(low for _, low, _ in room.steps(100, 0.9, score=0.1))


def test_a_room_that_falls_while_its_score_is_low_already_is_over_when_the_evidence_is_gone():
    room = OneRoom()
    room.steps(30, score=0.1)
    room.step(0.9, score=0.1)

    assert room.step(0.0, score=0.1) == (False, False, True)


def test_what_is_taken_back_is_named():
    alarms = Alarms(PARAMS, 3)
    alarms.raised(5, np.array([0.9, 0.0, 0.9]), np.ones(3, dtype=bool), np.ones(3, dtype=int))

    assert alarms.drop(np.array([0, 1])).tolist() == [0]
    assert alarms.standing.tolist() == [NONE, NONE, CRITICAL]


def test_rooms_are_judged_apart():
    alarms = Alarms(PARAMS, 2)
    up = alarms.raised(5, np.array([0.9, 0.1]), np.ones(2, dtype=bool), np.ones(2, dtype=int))

    assert up.tolist() == [True, False]


def test_a_snapshot_put_back_elsewhere_goes_on_as_before():
    room, other = OneRoom(), OneRoom()
    room.steps(40, score=0.1)
    other.alarms.grow(4)
    other.alarms.restore(0, room.alarms.snapshot(0))
    other.tick = room.tick

    assert [other.step(score=0.1) for _ in range(50)] == [room.step(score=0.1) for _ in range(50)]
    assert room.standing == WARNING


def test_a_session_that_takes_over_a_row_begins_without_alarms():
    room = OneRoom()
    room.step(0.9)
    room.alarms.clear(0)

    assert room.alarms.snapshot(0) == Alarms(PARAMS, 1).snapshot(0)
