"""Waiting for what an intervention does, from its delivery until its outcome is measured or will never be known.

What becomes of decisions, whether carried out or not, is followed in `horizons.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from conductor.course import Course
from conductor.decide.bandit import Bandit
from conductor.domain.engagement import RoomState
from conductor.domain.events import DecisionHeld, OutcomeMeasured, OutcomeUnknown
from conductor.domain.holds import Hold
from conductor.domain.interventions import Decision, Intervention
from conductor.horizons import Ends, Horizons
from conductor.learn.outcome import WHY_NOT, Disturbance, OutcomeParams, may_rest, measure
from conductor.learn.watch import Watch
from conductor.perceive.ledger import TICK_S
from conductor.perceive.perception import Perception
from conductor.perceive.reading import STATES, Reading


class Watching:
    """Follows interventions and trials of all sessions, one at a time in each.

    Args:
        params: When an outcome is measured and what counts as success.
        rest_s: How long a fall is left alone after something that helped.
        bandit: What learns from outcomes.
        perception: What is told whose effect is awaited.
        begun: Events that began in an earlier life: what was learned before them is held less firmly already.
    """

    def __init__(
        self,
        params: OutcomeParams,
        rest_s: float,
        bandit: Bandit,
        perception: Perception,
        begun: Iterable[str] = (),
    ) -> None:
        self._params = params
        self._rest_s = rest_s
        self._bandit = bandit
        self._perception = perception
        self._horizons = Horizons(params, rest_s, bandit, perception)
        self._events = set(begun)

    def remember(self, taught: Iterable[str]) -> None:
        """An earlier life has learned from these decisions: they teach no second time."""
        self._horizons.taught.update(taught)

    def open(self, event_id: str) -> Course:
        """A session of this event begins. In a new event, what earlier ones taught is held less firmly.

        An event is new once: also where its first session began while nobody was there, and is lived through again.
        """
        is_new = event_id not in self._events and event_id not in self._params.rehearsed
        self._events.add(event_id)
        if is_new:
            self._bandit.begin_event()
        return Course(event_id)

    def take_up(self, course: Course, decision: Decision) -> Ends:
        """This was decided. Where it is to teach something, what becomes of the room is watched from now on."""
        course.take_up(decision)
        if decision.trial_ends_at is None:
            return ()
        before = self._horizons.give_up_trial(course, decision.at, Disturbance.SOMETHING_ELSE)
        self._horizons.begin(course, decision, delivered=False)
        return before

    def hold(self, course: Course, hold: Hold, retry_s: float) -> tuple[DecisionHeld, ...]:
        """Nothing is done for now, which is said once; each time if it was chosen, with its own probability."""
        is_known = hold.reason is course.held and hold.left is None
        course.held, course.retry_at = hold.reason, hold.at + retry_s
        if hold.left is not None:
            self.leave_alone(course, hold)
        return () if is_known else (DecisionHeld(hold),)

    def leave_alone(self, course: Course, hold: Hold) -> None:
        """Nothing was chosen, now or before a restart: what becomes of the room is watched."""
        course.held, course.retry_at = hold.reason, hold.at + self._rest_s
        course.remember(hold)
        self._horizons.leave(course, hold)

    def deliver(self, course: Course, intervention: Intervention) -> Ends:
        """Something was delivered: its effect is awaited if its decision was made here.

        What an intervention before it does will never be known. What becomes of a decision will: it was compared with
        others before anybody knew that an organiser would do something as well.
        """
        news = self._give_up_watch(course, intervention.at, Disturbance.SOMETHING_ELSE)
        trial = course.trial
        if trial is not None and trial.decision.decision_id == intervention.decision_id:
            trial.delivered = intervention.delivered_to > 0
        if (decision := course.settle(intervention.decision_id)) is not None:
            self._begin(course, decision, intervention)
        return news

    def resume(self, course: Course, decision: Decision, intervention: Intervention, now: float) -> bool:
        """Await again what was delivered before a restart; False if its outcome should have been measured by now."""
        if course.watch is None and self._params.of(course.event_id).due_at(intervention.at) > now:
            self._begin(course, decision, intervention)
            return True
        return False

    def resume_trial(self, course: Course, decision: Decision, now: float, *, delivered: bool) -> bool:
        """Watch again what was decided before a restart; False if it should have come to its horizon by now."""
        if course.trial is not None:
            return course.trial.decision.decision_id == decision.decision_id
        if decision.trial_ends_at is None or decision.trial_ends_at <= now:
            return False
        self._horizons.begin(course, decision, delivered=delivered)
        return True

    def resume_left(self, course: Course, hold: Hold, now: float) -> bool:
        """Watch again a room that was left alone before a restart; False if it should have been scored by now."""
        if course.left is not None:
            return course.left.hold == hold
        if hold.left is None or hold.left.ends_at <= now:
            return False
        self.leave_alone(course, hold)
        return True

    def give_up(self, course: Course, at: float, why: Disturbance) -> Ends:
        """Stop waiting, if anything is awaited: it will never be known."""
        return self._give_up_watch(course, at, why) + self._horizons.give_up(course, at, why)

    def follow(self, course: Course, reading: Reading, row: int) -> Ends:
        """Look at the tick; measure at the end of the window, and learn at the horizon."""
        is_lost = STATES[int(reading.state[row])] is RoomState.SIGNAL_LOST
        known = self._follow_watch(course, reading, row, is_lost=is_lost)
        return known + self._horizons.follow(course, reading.at, is_lost=is_lost)

    def _begin(self, course: Course, decision: Decision, intervention: Intervention) -> None:
        """Await the effect of what was delivered; nothing else may be watched in this session."""
        at, params = intervention.at, self._params.of(course.event_id)
        course.watch = Watch(
            decision,
            intervention.intervention_id,
            params.due_at(at),
            at + params.answers_s,
            intervention.delivered_to,
            # A session just opened has no score yet that an outcome could be compared with.
            disturbance=Disturbance.NOT_SCORED if decision.at < course.scored_from else None,
        )
        self._perception.await_effect(intervention.session_id)

    def _give_up_watch(self, course: Course, at: float, why: Disturbance) -> Ends:
        watch, course.watch = course.watch, None
        if watch is None:
            return ()
        self._perception.effect_known(watch.decision.session_id)
        return (_unknown(course, watch, at, why),)

    def _follow_watch(self, course: Course, reading: Reading, row: int, *, is_lost: bool) -> Ends:
        watch = course.watch
        if watch is None:
            return ()
        if is_lost:
            watch.disturbance = watch.disturbance or Disturbance.SIGNAL_LOST
        if not watch.answered and reading.at >= watch.answered_at:
            watch.answered = True
            self._perception.begin_anew(watch.decision.session_id)
        if reading.at < watch.due_at:
            return ()
        # Whether the room has recovered shows in the next tick, when what was awaited no longer holds it open.
        course.retry_at = reading.at + TICK_S
        if watch.disturbance is not None:
            return self._give_up_watch(course, reading.at, watch.disturbance)
        course.watch = None
        self._perception.effect_known(watch.decision.session_id)
        return (self._measured(course, watch, float(reading.unprompted[row]), reading.at),)

    def _measured(self, course: Course, watch: Watch, after: float, at: float) -> OutcomeMeasured:
        outcome = measure(watch.decision, watch.intervention_id, after, at, self._params)
        if may_rest(outcome, self._params):
            course.retry_at = at + self._rest_s
        return OutcomeMeasured(outcome)


def _unknown(course: Course, watch: Watch, at: float, why: Disturbance) -> OutcomeUnknown:
    about = (watch.intervention_id, watch.decision.decision_id, watch.decision.session_id, course.event_id)
    return OutcomeUnknown(*about, at, WHY_NOT[why])
