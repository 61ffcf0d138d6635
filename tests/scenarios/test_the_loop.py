"""The course of a session: it opens, falls, is decided on, watched, and closes."""

import numpy as np
import pytest
from tests.live_examples import (
    AUTO,
    deliver_at_once,
    delivered,
    in_order,
    leave_open,
    make_loop,
    of,
    play,
    prompts_only,
    room,
)
from tests.rooms import START, chatter, fading, joins, leaves, people, poll, signal

from conductor.domain.engagement import Severity
from conductor.domain.events import (
    AnomalyCleared,
    AnomalyDetected,
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    EngagementUpdated,
    FollowedUp,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
    SessionClosed,
    SessionOpened,
)
from conductor.domain.holds import HoldReason
from conductor.domain.signals import Author, Kind, PhaseDetail
from conductor.learn.outcome import OutcomeParams, recovery
from conductor.perceive.alarm import AlarmParams
from conductor.perceive.perception import PerceiveParams


def seconds(events):
    return [event.at - START for event in events]


def decided_at(events):
    return [event.decision.at - START for event in of(DecisionMade, events)]


@pytest.mark.parametrize("author", Author)
def test_the_first_signal_opens_a_session_whoever_sends_it(author):
    events = play(make_loop(), [signal("a", 3.0, author=author)], 20.0)

    assert seconds(of(SessionOpened, events)) == [3.0]
    assert seconds(of(EngagementUpdated, events)) == [5.0, 10.0, 15.0, 20.0]


def test_a_session_closes_with_the_tick_in_which_it_ended():
    events = play(make_loop(), [signal("a", 3.0), signal("a", 11.0, Kind.ENDED, None)], 60.0)

    assert seconds(of(SessionClosed, events)) == [15.0]
    assert seconds(of(EngagementUpdated, events)) == [5.0, 10.0, 15.0]


def test_a_session_of_which_nothing_is_heard_for_half_an_hour_closes():
    events = play(make_loop(), [signal("a", 3.0), signal("a", 100.0)], 2000.0)

    assert seconds(of(SessionClosed, events)) == [1900.0]


def test_a_later_session_of_the_same_id_begins_as_if_it_were_the_first():
    loop = make_loop(decide=prompts_only())
    first = [*room(until=700.0), signal("a", 699.0, Kind.ENDED, None)]
    before = play(loop, first, 700.0)
    again = play(loop, room(begin=1000.0, falls_at=1600.0, until=1700.0), 1700.0)

    assert [len(of(SessionOpened, part)) for part in (before, again)] == [1, 1]
    assert decided_at(before) == [605.0]
    assert decided_at(again) == [1605.0]
    ticks = of(EngagementUpdated, again)
    assert ticks[0].signals.elapsed_s <= 5.0
    assert ticks[0].state == of(EngagementUpdated, before)[0].state


def test_no_id_is_given_twice_though_two_sessions_bear_the_same_name():
    loop = make_loop(decide=prompts_only())
    events = play(loop, [*room(until=700.0), signal("a", 699.0, Kind.ENDED, None)], 700.0)
    events += play(loop, room(begin=1000.0, falls_at=1600.0, until=1700.0), 1700.0)
    decisions = [event.decision for event in of(DecisionMade, events)]

    assert len({decision.decision_id for decision in decisions}) == 2
    assert len({decision.anomaly_id for decision in decisions}) == 2


def test_sessions_do_not_disturb_each_other():
    alone = play(make_loop(decide=prompts_only()), room("a", seed=1), 900.0)
    both = room("a", seed=1) + room("b", falls_at=700.0, seed=2) + [signal("c", 650.0), signal("c", 660.0, Kind.ENDED)]
    together = play(make_loop(decide=prompts_only()), in_order(both), 900.0)

    def of_a(events):
        # Alone or not, but for when an event is told among others of its tick.
        ours = [e for e in events if "'a'" in str(e)]
        return sorted(map(repr, ours))

    assert of_a(together) == of_a(alone)
    assert {e.decision.session_id for e in of(DecisionMade, together)} == {"a", "b"}


def lesson(events):
    """What the one end there is teaches: how probably the room has recovered, and how probably not."""
    [end] = [event.follow_up for event in of(FollowedUp, events)]
    recovered = recovery(end.before, end.after, OutcomeParams())
    return recovered, 1.0 - recovered


def test_a_fall_is_found_decided_on_done_and_measured_and_is_over_when_the_room_came_back():
    loop = make_loop(decide=prompts_only())
    events = play(loop, room(back_at=640.0), 900.0)
    story = [type(event) for event in events if not isinstance(event, EngagementUpdated)]

    assert story == [
        SessionOpened,
        AnomalyDetected,
        DecisionMade,
        InterventionExecuted,
        OutcomeMeasured,
        FollowedUp,
        AnomalyCleared,
    ]
    assert decided_at(events) == [605.0]
    [outcome] = [event.outcome for event in of(OutcomeMeasured, events)]
    assert outcome.at - START == 725.0
    assert outcome.success
    [tally] = loop.learned().tallies
    assert tally.arm == outcome.arm
    assert (tally.successes, tally.failures) == pytest.approx(lesson(events), abs=1e-5)
    assert tally.successes > 0.98


def test_a_room_that_stays_silent_is_a_failure_to_learn_from():
    loop = make_loop(decide=prompts_only())
    events = play(loop, room(), 730.0)

    assert [event.outcome.success for event in of(OutcomeMeasured, events)] == [False]
    [tally] = loop.learned().tallies
    assert (tally.successes, tally.failures) == pytest.approx(lesson(events), abs=1e-5)
    assert tally.failures > 0.94


def test_a_warning_that_turns_critical_is_told_again_under_the_same_id():
    rng = np.random.default_rng(3)
    signals = joins("a", 60) + chatter("a", 40, 0.0, 600.0, 60, rng) + fading("a", 40, 600.0, 840.0, 60, rng)
    # Thresholds far apart, so that a fall that is slow enough passes them one after the other.
    perceive = PerceiveParams(alarm=AlarmParams(warning=0.3, critical=0.95))
    events = play(make_loop(perceive=perceive), in_order(signals), 900.0, leave_open)
    told = [event.anomaly for event in of(AnomalyDetected, events)]

    assert [anomaly.severity for anomaly in told] == [Severity.WARNING, Severity.CRITICAL]
    assert told[0].anomaly_id == told[1].anomaly_id
    assert told[0].at < told[1].at
    assert told[0].type is told[1].type


def test_what_holds_a_decision_back_is_said_once_and_the_decision_comes_once_it_is_gone():
    quiet = [
        signal("a", 500.0, Kind.PHASE, None, detail=PhaseDetail(None, interruptible=False)),
        signal("a", 700.0, Kind.PHASE, None, detail=PhaseDetail(None, interruptible=True)),
    ]
    events = play(make_loop(), room() + quiet, 800.0)

    assert [event.hold.reason for event in of(DecisionHeld, events)] == [HoldReason.DO_NOT_INTERRUPT]
    assert of(DecisionHeld, events)[0].hold.at - START == 605.0
    [at] = decided_at(events)
    assert 700.0 < at <= 715.0


def test_nothing_is_decided_while_a_poll_is_open_but_soon_after_it_closed():
    host = [poll("a", 598.0, Kind.POLL_OPENED), poll("a", 650.0, Kind.POLL_CLOSED)]
    events = play(make_loop(), room() + host, 720.0)

    assert [event.hold.reason for event in of(DecisionHeld, events)] == [HoldReason.POLL_OPEN]
    [at] = decided_at(events)
    assert 650.0 < at <= 665.0


def test_a_fall_that_stands_is_answered_again_when_the_cooldown_is_over():
    events = play(make_loop(decide=prompts_only()), room(), 1000.0)

    assert [event.hold.reason for event in of(DecisionHeld, events)] == [HoldReason.COOLDOWN]
    first, second = decided_at(events)
    assert first == 605.0
    assert 905.0 <= second <= 920.0


def test_a_fall_whose_decision_came_to_nothing_is_left_alone_for_five_minutes():
    def let_it_be(loop, decision):
        loop.lapse(decision, decision.at, "nobody was there")

    events = play(make_loop(), room(), 1000.0, let_it_be)

    assert decided_at(events) == [605.0, 905.0]
    assert {event.why for event in of(DecisionLapsed, events)} == {"nobody was there"}


def test_while_a_decision_is_open_nothing_else_is_decided():
    events = play(make_loop(), room(), 1150.0, leave_open)

    assert decided_at(events) == [605.0]
    assert of(DecisionHeld, events) == []


def test_while_an_outcome_is_awaited_nothing_else_is_decided():
    events = play(make_loop(), room(), 725.0)

    assert decided_at(events) == [605.0]
    assert of(DecisionHeld, events) == []
    assert decided_at(play(make_loop(), room(), 730.0)) == [605.0, 730.0]


def test_the_window_begins_with_the_delivery_and_not_with_the_decision():
    loop = make_loop(decide=prompts_only())
    asked = []
    events = play(loop, room(), 640.0, lambda _, decision: asked.append(decision))
    loop.deliver(delivered(asked[0], START + 640.0))
    events += play(loop, [s for s in room() if s.at >= START + 640.0], 800.0)

    assert [event.outcome.at - START for event in of(OutcomeMeasured, events)] == [760.0]


def test_delivering_what_was_delivered_already_starts_no_second_watch():
    def twice(loop, decision):
        deliver_at_once(loop, decision)
        deliver_at_once(loop, decision)

    loop = make_loop(decide=prompts_only())
    events = play(loop, room(), 800.0, twice)

    assert len(of(OutcomeMeasured, events)) == 1
    [tally] = loop.learned().tallies
    assert (tally.successes, tally.failures) == pytest.approx(lesson(events), abs=1e-5)
    assert tally.failures > 0.94


def test_when_the_signal_is_lost_during_the_watch_nothing_is_known_and_nothing_learned():
    loop = make_loop()
    signals = [s for s in room() if s.at < START + 620.0] + leaves("a", people(60), 630.0)
    events = play(loop, in_order(signals), 800.0)

    [unknown] = of(OutcomeUnknown, events)
    assert unknown.at - START == 725.0
    assert "lost" in unknown.why
    assert of(OutcomeMeasured, events) == []
    assert loop.learned().tallies == ()


def test_when_the_session_ends_during_the_watch_nothing_is_known_and_nothing_learned():
    loop = make_loop()
    events = play(loop, [*room(until=650.0), signal("a", 649.0, Kind.ENDED, None)], 800.0)

    [unknown] = of(OutcomeUnknown, events)
    assert unknown.decision_id == of(DecisionMade, events)[0].decision.decision_id
    assert unknown.at - START == 650.0
    assert of(OutcomeMeasured, events) == []
    assert loop.learned().tallies == ()


def test_when_the_session_ends_with_a_decision_open_it_lapses_and_says_why():
    events = play(make_loop(), [*room(until=650.0), signal("a", 649.0, Kind.ENDED, None)], 700.0, leave_open)

    [lapsed] = of(DecisionLapsed, events)
    assert (lapsed.decision_id, lapsed.at - START) == (of(DecisionMade, events)[0].decision.decision_id, 650.0)
    assert "ended" in lapsed.why
    assert isinstance(events[-1], SessionClosed)


def test_what_was_to_be_done_and_reached_nobody_teaches_as_a_room_held_out_does():
    """Whoever is left out because nobody was there is left out on one side alone: nobody is reached by nothing."""
    loop = make_loop(decide=AUTO)
    events = play(loop, room(), 730.0, lambda loop, decision: loop.deliver(delivered(decision, to=0)))

    assert len(of(OutcomeMeasured, events)) == 1
    [follow_up] = [event.follow_up for event in of(FollowedUp, events)]
    assert not follow_up.delivered
    [tally] = loop.learned().tallies
    assert (tally.arm, tally.successes + tally.failures) == (follow_up.arm, 1.0)


def test_hours_in_which_nobody_was_there_are_relived_in_one_step_and_change_nothing():
    fresh, early = make_loop(), make_loop(begin=START - 14_400.0)
    assert early.relive(START) == []
    assert early.next_tick_at == fresh.next_tick_at
    signals = room(falls_at=180.0, until=240.0)
    assert play(early, signals, 240.0) == play(fresh, signals, 240.0)


def test_where_somebody_is_no_tick_is_left_out():
    loop = make_loop()
    loop.receive(signal("a", 1.0))
    assert seconds(of(EngagementUpdated, loop.relive(START + 60.0))) == [5.0 * n for n in range(1, 13)]
