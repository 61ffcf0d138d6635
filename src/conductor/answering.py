"""Answering a fall that stands: what is known of the room goes to whoever decides, and the answer is taken up."""

from __future__ import annotations

from dataclasses import replace

from conductor.course import Course
from conductor.decide.allowed import Allowed
from conductor.decide.decider import Decider
from conductor.domain.engagement import Anomaly, AnomalyType
from conductor.domain.events import DecisionMade, Event
from conductor.domain.holds import Hold
from conductor.domain.interventions import Origin
from conductor.perceive.facts import Facts
from conductor.perceive.perception import Perception
from conductor.perceive.reading import Reading
from conductor.watching import Watching


class Answering:
    """Has falls decided on.

    Args:
        decider: Decides.
        allowed: Says what each event allows.
        perception: Knows the rooms.
        watching: Takes up what is decided.
        warning: Evidence in [0, 1] from which a fall is one.
        retry_s: How often a fall that stands is decided on anew while something passing holds it back.
    """

    def __init__(
        self,
        decider: Decider,
        allowed: Allowed,
        perception: Perception,
        watching: Watching,
        *,
        warning: float,
        retry_s: float,
    ) -> None:
        self._decider = decider
        self._allowed = allowed
        self._perception = perception
        self._watching = watching
        self._warning = warning
        self._retry_s = retry_s

    def look_again(
        self, course: Course, anomaly: Anomaly, facts: Facts, reading: Reading, row: int, *, is_organiser_online: bool
    ) -> tuple[Event, ...]:
        """Decide by how the room is now: a fall that has stood for a while may be half over, and needs nothing."""
        evidence, score = float(reading.evidence[row]), float(reading.scores.value[row])
        is_low = anomaly.type is AnomalyType.LOW_ENGAGEMENT
        if not is_low and evidence < self._warning:
            return ()
        now = replace(anomaly, evidence=anomaly.evidence if is_low else evidence, current=score)
        return self._answer(course, now, facts, reading.at, is_organiser_online=is_organiser_online)

    def _answer(
        self, course: Course, anomaly: Anomaly, facts: Facts, at: float, *, is_organiser_online: bool
    ) -> tuple[Event, ...]:
        """With a decision, or with a hold that is said once."""
        # What the agent does itself is known to be under way; that an organiser's turn is awaited is said as a hold.
        watch = course.watch
        if course.is_busy or (watch is not None and watch.decision.origin is Origin.AGENT):
            return ()
        poll, free = self._perception.poll_is_open(facts.session_id, at), facts.interruptible
        phase, audience = facts.phase(at), self._perception.audience(facts.session_id)
        answer = self._decider.decide(
            anomaly,
            self._allowed.of(facts.session_id, course.event_id, at),
            facts.profile,
            phase,
            audience,
            course.history(facts.opened_at, facts.profile.ends_at, is_poll_open=poll, is_interruptible=free),
            is_organiser_online=is_organiser_online,
            now=at,
            decision_id=f"{facts.session_id}-d{at:.0f}",
            # The same until something is answered, in another life of the process too: a hold can say what comes.
            chance=self._decider.draw(f"{anomaly.anomaly_id}/{len(course.answered)}"),
        )
        if isinstance(answer, Hold):
            return self._watching.hold(course, answer, self._retry_s)
        course.held = None
        return (*self._watching.take_up(course, answer), DecisionMade(answer))
