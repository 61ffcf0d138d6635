"""Waiting for what an intervention does, from its delivery until its outcome is measured or will never be known."""

from __future__ import annotations

from conductor.course import Course
from conductor.decide.bandit import Bandit
from conductor.domain.engagement import RoomState
from conductor.domain.events import OutcomeMeasured, OutcomeUnknown
from conductor.domain.interventions import Decision, Intervention
from conductor.learn.outcome import WHY_NOT, Disturbance, OutcomeParams, draw_lesson, measure
from conductor.learn.watch import Watch
from conductor.perceive.ledger import TICK_S
from conductor.perceive.perception import Perception
from conductor.perceive.reading import STATES, Reading


class Watching:
    """Follows interventions of all sessions, one at a time in each.

    Args:
        params: When an outcome is measured and what counts as success.
        rest_s: How long a fall is left alone after something that helped.
        bandit: What learns from outcomes.
        perception: What is told whose effect is awaited.

    Attributes:
        taught: Interventions whose outcome an earlier life has learned from: they teach no second time.
    """

    def __init__(self, params: OutcomeParams, rest_s: float, bandit: Bandit, perception: Perception) -> None:
        self._params = params
        self._rest_s = rest_s
        self._bandit = bandit
        self._perception = perception
        self.taught: set[str] = set()
        self._events: set[str] = set()

    def open(self, event_id: str, *, is_reliving: bool) -> Course:
        """A session of this event begins. In a new event, what earlier ones taught is held less firmly."""
        is_new = event_id not in self._events and event_id not in self._params.rehearsed
        self._events.add(event_id)
        if is_new and not is_reliving:
            self._bandit.begin_event()
        return Course(event_id)

    def begin(self, course: Course, decision: Decision, intervention: Intervention) -> None:
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

    def resume(self, course: Course, decision: Decision, intervention: Intervention, now: float) -> bool:
        """Await again what was delivered before a restart; False if its outcome should have been measured by now."""
        if course.watch is None and self._params.of(course.event_id).due_at(intervention.at) > now:
            self.begin(course, decision, intervention)
            return True
        return False

    def give_up(self, course: Course, at: float, why: Disturbance) -> tuple[OutcomeUnknown, ...]:
        """Stop waiting, if anything is awaited: its outcome will never be known."""
        watch, course.watch = course.watch, None
        if watch is None:
            return ()
        self._perception.effect_known(watch.decision.session_id)
        return (_unknown(course, watch, at, why),)

    def follow(self, course: Course, reading: Reading, row: int) -> tuple[OutcomeMeasured | OutcomeUnknown, ...]:
        """Look at the tick; at the end of the window measure and learn."""
        watch = course.watch
        if watch is None:
            return ()
        if STATES[int(reading.state[row])] is RoomState.SIGNAL_LOST:
            watch.disturbance = watch.disturbance or Disturbance.SIGNAL_LOST
        if not watch.answered and reading.at >= watch.answered_at:
            watch.answered = True
            self._perception.begin_anew(watch.decision.session_id)
        if reading.at < watch.due_at:
            return ()
        # Whether the room has recovered shows in the next tick, when what was awaited no longer holds it open.
        course.retry_at = reading.at + TICK_S
        if watch.disturbance is not None:
            return self.give_up(course, reading.at, watch.disturbance)
        course.watch = None
        self._perception.effect_known(watch.decision.session_id)
        return (self._measured(course, watch, float(reading.unprompted[row]), reading.at),)

    def _measured(self, course: Course, watch: Watch, after: float, at: float) -> OutcomeMeasured:
        outcome = measure(watch.decision, watch.intervention_id, after, at, self._params)
        nobody = Disturbance.NOBODY_REACHED if watch.delivered_to == 0 else None
        simulated = Disturbance.SIMULATED if course.event_id in self._params.rehearsed else None
        lesson = draw_lesson(outcome, simulated or nobody, watch.decision.origin)
        if lesson.reward is not None and watch.intervention_id not in self.taught:
            self._bandit.learn(outcome.context, outcome.arm, lesson.reward)
        if outcome.success:
            course.retry_at = at + self._rest_s
        return OutcomeMeasured(outcome)


def _unknown(course: Course, watch: Watch, at: float, why: Disturbance) -> OutcomeUnknown:
    about = (watch.intervention_id, watch.decision.decision_id, watch.decision.session_id, course.event_id)
    return OutcomeUnknown(*about, at, WHY_NOT[why])
