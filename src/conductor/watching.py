"""Waiting for what an intervention does, from its delivery until its outcome is measured or will never be known.

And for what becomes of a decision for which a coin was tossed, whether it was carried out or held out.
"""

from __future__ import annotations

from collections.abc import Iterable

from conductor.course import Course
from conductor.decide.bandit import Bandit
from conductor.decide.holdout import horizon
from conductor.domain.endings import ended, unknown, would_be
from conductor.domain.engagement import Anomaly, RoomState
from conductor.domain.events import DecisionHeld, OutcomeMeasured, OutcomeUnknown, TrialEnded
from conductor.domain.holds import Hold, HoldReason
from conductor.domain.interventions import Autonomy, Context, Decision, Intervention
from conductor.learn.outcome import WHY_NOT, Disturbance, OutcomeParams, draw_lesson, has_recovered, measure
from conductor.learn.trial import LeftAlone, OpenTrial
from conductor.learn.watch import Watch
from conductor.perceive.ledger import TICK_S
from conductor.perceive.perception import Perception
from conductor.perceive.reading import STATES, Reading
from conductor.perceive.trialled import hold as hold_still
from conductor.perceive.trialled import release, unprompted_since

Known = tuple[OutcomeMeasured | OutcomeUnknown | TrialEnded, ...]
"""What became known, or never will be."""


class Watching:
    """Follows interventions and trials of all sessions, one at a time in each.

    Args:
        params: When an outcome is measured and what counts as success.
        rest_s: How long a fall is left alone after something that helped.
        bandit: What learns from outcomes.
        perception: What is told whose effect is awaited.
        begun: Events that began in an earlier life: what was learned before them is held less firmly already.

    Attributes:
        taught: Interventions and trials that an earlier life has learned from: they teach no second time.
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
        self.taught: set[str] = set()
        self._events = set(begun)

    def open(self, event_id: str) -> Course:
        """A session of this event begins. In a new event, what earlier ones taught is held less firmly.

        An event is new once: also where its first session began while nobody was there, and is lived through again.
        """
        is_new = event_id not in self._events and event_id not in self._params.rehearsed
        self._events.add(event_id)
        if is_new:
            self._bandit.begin_event()
        return Course(event_id)

    def take_up(self, course: Course, decision: Decision) -> Known:
        """This was decided. Where a coin was tossed, what becomes of the room is watched from now on."""
        course.take_up(decision)
        if decision.trial_ends_at is None:
            return ()
        before = self._give_up_trial(course, decision.at, Disturbance.SOMETHING_ELSE)
        self._begin_trial(course, decision, delivered=False)
        return before

    def hold(
        self, course: Course, hold: Hold, context: Context, anomaly: Anomaly, retry_s: float
    ) -> tuple[DecisionHeld, ...]:
        """Nothing is done for now, which is said once. Where that was chosen, what becomes of the room is watched."""
        said = () if hold.reason is course.held else (DecisionHeld(hold),)
        course.held, course.retry_at = hold.reason, hold.at + retry_s
        if hold.reason is HoldReason.ADDS_NOTHING:
            course.retry_at, course.answers = hold.at + self._rest_s, course.answers + 1
            ends_at = horizon(hold.at, anomaly.severity, self._params.window_s)
            lost = hold.at < course.scored_from
            course.left = LeftAlone(hold.session_id, context, anomaly.current, ends_at, lost)
            hold_still(self._perception, hold.session_id)
        return said

    def deliver(self, course: Course, intervention: Intervention) -> Known:
        """Something was delivered: its effect is awaited if its decision was made here.

        Whatever was awaited before will never be known.
        """
        at, trial = intervention.at, course.trial
        self._forget_left(course)
        news = self._give_up_watch(course, at, Disturbance.SOMETHING_ELSE)
        if trial is not None and trial.decision.decision_id == intervention.decision_id:
            trial.delivered = intervention.delivered_to > 0
        else:
            news += self._give_up_trial(course, at, Disturbance.SOMETHING_ELSE)
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
        self._begin_trial(course, decision, delivered=delivered)
        return True

    def give_up(self, course: Course, at: float, why: Disturbance) -> Known:
        """Stop waiting, if anything is awaited: it will never be known."""
        self._forget_left(course)
        return self._give_up_watch(course, at, why) + self._give_up_trial(course, at, why)

    def follow(self, course: Course, reading: Reading, row: int) -> Known:
        """Look at the tick; at the end of the window measure and learn."""
        is_lost = STATES[int(reading.state[row])] is RoomState.SIGNAL_LOST
        self._follow_left(course, reading.at, is_lost=is_lost)
        known = self._follow_watch(course, reading, row, is_lost=is_lost)
        return known + self._follow_trial(course, reading.at, is_lost=is_lost)

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

    def _begin_trial(self, course: Course, decision: Decision, *, delivered: bool) -> None:
        # A session just opened has no score yet that anything could be compared with.
        disturbance = Disturbance.NOT_SCORED if decision.at < course.scored_from else None
        course.trial = OpenTrial(decision, delivered, disturbance)
        hold_still(self._perception, decision.session_id)

    def _give_up_watch(self, course: Course, at: float, why: Disturbance) -> Known:
        watch, course.watch = course.watch, None
        if watch is None:
            return ()
        self._perception.effect_known(watch.decision.session_id)
        return (_unknown(course, watch, at, why),)

    def _give_up_trial(self, course: Course, at: float, why: Disturbance) -> Known:
        trial, course.trial = course.trial, None
        if trial is None:
            return ()
        release(self._perception, trial.decision.session_id)
        return unknown(trial.decision, at, WHY_NOT[why], delivered=trial.delivered)

    def _follow_watch(self, course: Course, reading: Reading, row: int, *, is_lost: bool) -> Known:
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

    def _follow_trial(self, course: Course, at: float, *, is_lost: bool) -> Known:
        """At the horizon, take the score of the same stretch of time, whatever was done and whenever it was."""
        trial = course.trial
        if trial is None:
            return ()
        if is_lost:
            trial.disturbance = trial.disturbance or Disturbance.SIGNAL_LOST
        decision, params = trial.decision, self._params
        ends_at = decision.at if decision.trial_ends_at is None else decision.trial_ends_at
        if at < ends_at:
            return ()
        if decision.held_out:
            course.retry_at = at + TICK_S
        if at >= ends_at + TICK_S:
            trial.disturbance = trial.disturbance or Disturbance.AWAY
        if trial.disturbance is not None:
            return self._give_up_trial(course, at, trial.disturbance)
        course.trial = None
        after = unprompted_since(self._perception, decision.session_id, at - params.window_s + params.answers_s)
        release(self._perception, decision.session_id)
        self._learn_from_trial(decision, after, delivered=trial.delivered)
        end = ended(decision, at, delivered=trial.delivered, after=after)
        return (*self._left_alone(course, decision, after, at), end)

    def _learn_from_trial(self, decision: Decision, after: float, *, delivered: bool) -> None:
        """Arms and nothing are learned of at the same distance from the decision, so that they can be compared.

        What was to be done without asking teaches of its arm even if it was let be, as a room that recovers while a
        poll waits does: the same room, held out, teaches of nothing. Where somebody was to be asked, no coin decides
        who approves: what was delivered teaches of its arm, and what was refused or held out teaches nothing.
        """
        acts = decision.autonomy is Autonomy.ACT
        teaches = acts or (delivered and not decision.held_out)
        if teaches and decision.decision_id not in self.taught:
            arm = None if decision.held_out else decision.arm
            success = has_recovered(decision.score_before, after, self._params)
            self._bandit.learn(decision.context, arm, float(success))

    def _follow_left(self, course: Course, at: float, *, is_lost: bool) -> None:
        """At the horizon, learn how a room fared for which nothing was chosen."""
        left = course.left
        if left is None:
            return
        left.lost |= is_lost or at >= left.ends_at + TICK_S
        if at < left.ends_at:
            return
        params = self._params
        after = unprompted_since(self._perception, left.session_id, at - params.window_s + params.answers_s)
        self._forget_left(course)
        if not left.lost:
            self._bandit.learn(left.context, None, float(has_recovered(left.before, after, params)))

    def _forget_left(self, course: Course) -> None:
        left, course.left = course.left, None
        if left is not None:
            release(self._perception, left.session_id)

    def _left_alone(self, course: Course, decision: Decision, after: float, at: float) -> tuple[OutcomeMeasured, ...]:
        """What became of a room in which nothing was done, on purpose: its outcome, that teaches nothing of the arm."""
        if not decision.held_out:
            return ()
        outcome = measure(decision, would_be(decision.decision_id), after, at, self._params, held_out=True)
        if outcome.success:
            course.retry_at = at + self._rest_s
        return (OutcomeMeasured(outcome),)

    def _measured(self, course: Course, watch: Watch, after: float, at: float) -> OutcomeMeasured:
        outcome = measure(watch.decision, watch.intervention_id, after, at, self._params)
        nobody = Disturbance.NOBODY_REACHED if watch.delivered_to == 0 else None
        simulated = Disturbance.SIMULATED if course.event_id in self._params.rehearsed else None
        lesson = draw_lesson(outcome, simulated or nobody, watch.decision.origin)
        # Where a coin was tossed, the trial teaches, at the distance at which rooms left alone are looked at.
        is_trial = watch.decision.coin is not None
        if lesson.reward is not None and not is_trial and watch.intervention_id not in self.taught:
            self._bandit.learn(outcome.context, outcome.arm, lesson.reward)
        if outcome.success:
            course.retry_at = at + self._rest_s
        return OutcomeMeasured(outcome)


def _unknown(course: Course, watch: Watch, at: float, why: Disturbance) -> OutcomeUnknown:
    about = (watch.intervention_id, watch.decision.decision_id, watch.decision.session_id, course.event_id)
    return OutcomeUnknown(*about, at, WHY_NOT[why])
