"""What becomes of decisions, and of rooms left alone by choice, at one distance from the moment they were decided."""

from __future__ import annotations

from conductor.course import Course
from conductor.decide.bandit import Bandit
from conductor.domain.endings import ended, left_alone, unknown, would_be
from conductor.domain.events import FollowedUp, OutcomeMeasured, OutcomeUnknown, TrialEnded
from conductor.domain.holds import Hold
from conductor.domain.interventions import Decision
from conductor.learn.outcome import WHY_NOT, Disturbance, OutcomeParams, may_rest, measure, recovery
from conductor.learn.trial import OpenLeft, OpenTrial, teaches
from conductor.perceive.ledger import TICK_S
from conductor.perceive.perception import Perception
from conductor.perceive.trialled import hold as hold_still
from conductor.perceive.trialled import release, unprompted_since

Ends = tuple[OutcomeMeasured | OutcomeUnknown | TrialEnded | FollowedUp, ...]
"""What became known, or never will be."""


class Horizons:
    """Follows decisions until their horizons, one at a time in each session, and learns from them there.

    All that is learned of arms and of nothing is learned here: at the same distance from the decision, so that it can
    be compared. What organisers do meanwhile changes nothing about that: rooms in which nothing is done get more of
    their help, and rooms that would be left out for it are those that stay bad.

    Args:
        params: When an outcome is measured and what counts as success.
        rest_s: How long a fall is left alone after it was over without help.
        bandit: What learns.
        perception: Knows how rooms are; what is normal in a room that is followed stays as it is.

    Attributes:
        taught: Decisions that an earlier life has learned from: they teach no second time.
    """

    def __init__(self, params: OutcomeParams, rest_s: float, bandit: Bandit, perception: Perception) -> None:
        self._params = params
        self._rest_s = rest_s
        self._bandit = bandit
        self._perception = perception
        self.taught: set[str] = set()

    def begin(self, course: Course, decision: Decision, *, delivered: bool) -> None:
        """Follow this decision."""
        course.trial = OpenTrial(decision, delivered, _unscored(course, decision.at))
        hold_still(self._perception, decision.session_id)

    def leave(self, course: Course, hold: Hold) -> None:
        """Follow a room for which nothing was chosen."""
        course.left = OpenLeft(hold, _unscored(course, hold.at))
        hold_still(self._perception, hold.session_id)

    def give_up(self, course: Course, at: float, why: Disturbance) -> Ends:
        """Follow no more, if anything is followed: it will never be known."""
        return self._give_up_left(course, at, why) + self.give_up_trial(course, at, why)

    def give_up_trial(self, course: Course, at: float, why: Disturbance) -> Ends:
        """The same, of a decision alone."""
        trial, course.trial = course.trial, None
        if trial is None:
            return ()
        release(self._perception, trial.decision.session_id)
        return unknown(trial.decision, at, WHY_NOT[why], delivered=trial.delivered)

    def follow(self, course: Course, at: float, *, is_lost: bool) -> Ends:
        """Look at the tick; at the horizon, score the same stretch of time, whatever was done and whenever it was."""
        return self._follow_left(course, at, is_lost=is_lost) + self._follow_trial(course, at, is_lost=is_lost)

    def _follow_trial(self, course: Course, at: float, *, is_lost: bool) -> Ends:
        trial = course.trial
        if trial is None:
            return ()
        decision = trial.decision
        ends_at = decision.at if decision.trial_ends_at is None else decision.trial_ends_at
        trial.disturbance = _disturbance(trial.disturbance, at, ends_at, is_lost=is_lost)
        if at < ends_at:
            return ()
        if decision.held_out:
            course.retry_at = at + TICK_S
        if trial.disturbance is not None:
            return self.give_up_trial(course, at, trial.disturbance)
        course.trial = None
        after = self._score(decision.session_id, at)
        if teaches(decision.autonomy, held_out=decision.held_out, delivered=trial.delivered):
            arm = None if decision.held_out else decision.arm
            if decision.decision_id not in self.taught:
                self._bandit.learn(decision.context, arm, recovery(decision.score_before, after, self._params))
        end = ended(decision, at, delivered=trial.delivered, after=after)
        return (*self._held_out(course, decision, after, at), end)

    def _follow_left(self, course: Course, at: float, *, is_lost: bool) -> Ends:
        open_left = course.left
        if open_left is None or (left := open_left.hold.left) is None:
            return ()
        open_left.disturbance = _disturbance(open_left.disturbance, at, left.ends_at, is_lost=is_lost)
        if at < left.ends_at:
            return ()
        if open_left.disturbance is not None:
            return self._give_up_left(course, at, open_left.disturbance)
        course.left = None
        after = self._score(open_left.hold.session_id, at)
        if left.decision_id not in self.taught:
            self._bandit.learn(left.context, None, recovery(left.before, after, self._params))
        return (left_alone(open_left.hold, at, after=after),)

    def _give_up_left(self, course: Course, at: float, why: Disturbance) -> Ends:
        left, course.left = course.left, None
        if left is None:
            return ()
        release(self._perception, left.hold.session_id)
        return (left_alone(left.hold, at, why_unknown=WHY_NOT[why]),)

    def _score(self, session_id: str, at: float) -> float:
        """Of the last part of the window, without what the agent did; from now on the room learns what is normal."""
        after = unprompted_since(self._perception, session_id, at - self._params.window_s + self._params.answers_s)
        release(self._perception, session_id)
        return after

    def _held_out(self, course: Course, decision: Decision, after: float, at: float) -> tuple[OutcomeMeasured, ...]:
        """What became of a room in which nothing was done, on purpose: its outcome."""
        if not decision.held_out:
            return ()
        outcome = measure(decision, would_be(decision.decision_id), after, at, self._params, held_out=True)
        if may_rest(outcome, self._params):
            course.retry_at = at + self._rest_s
        return (OutcomeMeasured(outcome),)


def _unscored(course: Course, at: float) -> Disturbance | None:
    """A session just opened has no score yet that anything could be compared with."""
    return Disturbance.NOT_SCORED if at < course.scored_from else None


def _disturbance(before: Disturbance | None, at: float, ends_at: float, *, is_lost: bool) -> Disturbance | None:
    """What spoils the end, by now; what came first stays."""
    if before is None and is_lost:
        return Disturbance.SIGNAL_LOST
    return Disturbance.AWAY if before is None and at >= ends_at + TICK_S else before
