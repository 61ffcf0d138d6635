"""The whole agent without I/O: it receives signals, advances with the clock it is given, and says what happened.

Perceive and decide happen here, and so do watching and learning. What a decision leads to (wording, asking,
delivering) happens outside, and is told back with `deliver` or `lapse`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np

from conductor.answering import Answering
from conductor.course import Course
from conductor.decide.allowed import Allowed
from conductor.decide.asked import as_asked
from conductor.decide.bandit import Bandit
from conductor.decide.decider import Decider
from conductor.domain.events import (
    AnomalyDetected,
    DecisionLapsed,
    DecisionMade,
    Event,
    InterventionExecuted,
    SessionClosed,
    SessionOpened,
)
from conductor.domain.holds import Hold
from conductor.domain.interventions import Arm, Decision, Intervention, Mode, Origin
from conductor.domain.learned import Learned
from conductor.domain.organisers import AgentSettings
from conductor.domain.sessions import SessionProfile
from conductor.domain.signals import STRAGGLERS, Kind, Part, Signal, StartDetail
from conductor.domain.strategies import ContentStyle
from conductor.learn.outcome import Disturbance
from conductor.loop_params import LoopParams
from conductor.perceive.facts import Facts
from conductor.perceive.gathering import Gathering
from conductor.perceive.ledger import TICK_S
from conductor.perceive.norms import Norms
from conductor.perceive.perception import Perception
from conductor.perceive.reading import Raised, Reading
from conductor.watching import Watching

__all__ = ["Loop", "LoopParams"]


class Loop:
    """All sessions of a worker.

    The same signals, with the same seed, give the same events.

    Args:
        params: Constants.
        learned: What is known from earlier sessions.
        rng: Whose seed all chance comes from; nothing is drawn from it.
        now: When the first tick begins, in epoch seconds; rounded down to whole ticks.
        begun: Events that `learned` knows of: they are not new.
    """

    def __init__(
        self,
        params: LoopParams,
        learned: Learned,
        rng: np.random.Generator,
        now: float,
        begun: Iterable[str] = (),
    ) -> None:
        self._params = params
        self._norms = Norms(learned.norms)
        self._bandit = Bandit(params.bandit, learned.tallies)
        self._perception = Perception(params.perceive, self._norms, now)
        self._gathering = Gathering(self._perception)
        self._watching = Watching(params.outcome, params.rest_s, self._bandit, self._perception, begun)
        self._allowed = Allowed(params.decide, params.outcome.rehearsed)
        self._answering = Answering(
            Decider(self._bandit, rng, params.outcome.window_s),
            self._allowed,
            self._perception,
            self._watching,
            warning=params.perceive.alarm.warning,
            retry_s=params.retry_s,
        )
        self._is_reliving = False
        self._recalled: dict[str, list[Intervention]] = {}
        self._courses: dict[str, Course] = {}
        self._organisers: dict[str, int] = {}
        self._news: list[Event] = []

    @property
    def next_tick_at(self) -> float:
        """When the tick ends that is being filled."""
        return (self._perception.ledger.tick + 1) * TICK_S

    def receive(self, signal: Part) -> None:
        """Take in a signal, or several said in short; the first one of a session opens it."""
        if not isinstance(signal, Signal):
            self._gathering.receive(signal, self._open, self.receive)
            return
        if signal.session_id not in self._courses and signal.kind is not Kind.SOURCE_HEARTBEAT:
            if signal.kind in STRAGGLERS:
                return
            self._open(signal)
        if signal.kind is Kind.ENDED:
            self._courses[signal.session_id].ended = True
        self._perception.receive(signal)

    def welcome(self, session_id: str, organisers: int) -> None:
        """So many organisers are looking at this session now, whether it is open yet or not."""
        if organisers > 0:
            self._organisers[session_id] = organisers
        else:
            self._organisers.pop(session_id, None)

    def allow(self, settings: AgentSettings) -> None:
        """From now on decide in this event's sessions by these settings.

        Raises:
            ValueError: A setting lies outside its range; what was allowed before still is.
        """
        self._allowed.put(settings)
        for course in self._courses.values():
            if course.event_id == settings.event_id and course.held is not None:
                course.retry_at = 0.0

    def mode_of(self, session_id: str, event_id: str) -> Mode:
        """How much the agent may do by itself in a session of this event, open or not."""
        return self._allowed.of(session_id, event_id).mode

    def style_of(self, session_id: str, event_id: str, at: float) -> ContentStyle:
        """In which tone something would be worded at this moment."""
        return self._allowed.of(session_id, event_id, at).style

    def recall(self, deliveries: Sequence[Intervention]) -> None:
        """Count what was delivered before a restart toward caps, cooldowns and attention; its outcome is not awaited.

        Of a session that is not open yet it counts once it opens.
        """
        for intervention in deliveries:
            course = self._courses.get(intervention.session_id)
            if course is None:
                self._recalled.setdefault(intervention.session_id, []).append(intervention)
            else:
                course.count((intervention,))

    def resume(self, decision: Decision, intervention: Intervention, now: float) -> bool:
        """Await again what was delivered before a restart; False if its outcome should have been measured by now."""
        course = self._courses.get(intervention.session_id)
        return course is not None and self._watching.resume(course, decision, intervention, now)

    def resume_trial(self, decision: Decision, now: float, *, delivered: bool) -> bool:
        """Watch again what was decided before a restart; False if it should have come to its horizon by now."""
        course = self._courses.get(decision.session_id)
        return course is not None and self._watching.resume_trial(course, decision, now, delivered=delivered)

    def leave_alone(self, hold: Hold) -> None:
        """An earlier life left this room alone because nothing was chosen: what becomes of it is watched."""
        if (course := self._courses.get(hold.session_id)) is not None:
            self._watching.leave_alone(course, hold)

    def resume_left(self, hold: Hold, now: float) -> bool:
        """Watch again a room left alone before a restart; False if it should have come to its horizon by now."""
        course = self._courses.get(hold.session_id)
        return course is not None and self._watching.resume_left(course, hold, now)

    def remember(self, answers: Iterable[Decision | Hold], taught: Iterable[str]) -> None:
        """Do nothing twice: requests were met, of these decisions was learned, and each answer used up its chance."""
        self._watching.remember(taught)
        for answer in answers:
            if (course := self._courses.get(answer.session_id)) is not None:
                course.remember(answer)

    def request(self, session_id: str, arm: Arm, at: float, decision_id: str) -> Decision:
        """An organiser wants this now: decided at once, told by the next `advance`, and told back like any decision.

        The same `decision_id` again changes nothing. Where no fall stands, the context says LOW_ENGAGEMENT: somebody
        thinks that the room needs something.

        Raises:
            KeyError: The session is not open.
        """
        course, facts = self._courses[session_id], self.facts(session_id)
        if (known := course.requests.get(decision_id)) is not None:
            return known
        room = course.room(session_id, at)
        audience = self._perception.audience(session_id)
        allowed = self._allowed.of(session_id, course.event_id, at)
        decision = as_asked(arm, room, facts.profile, facts.phase(at), audience, self._bandit, decision_id)
        decision = replace(decision, style=allowed.style, variant=allowed.variant)
        course.take_up(decision)
        self._news.append(DecisionMade(decision))
        return decision

    def advance(self, now: float) -> list[Event]:
        """End every tick that is over by `now`, and say what happened in them."""
        while self.next_tick_at <= now:
            self._tick(self._perception.advance())
        news, self._news = self._news, []
        return news

    def relive(self, now: float) -> list[Event]:
        """Advance through ticks that an earlier life has seen: all is perceived, and nothing is decided."""
        self._is_reliving = True
        self._perception.skip_to(now)
        news = self.advance(now)
        self._is_reliving = False
        return news

    def take_up(self, decision: Decision) -> None:
        """An earlier life decided this: it waits to be carried out, until it is told what became of it."""
        if (course := self._courses.get(decision.session_id)) is not None:
            self._news += self._watching.take_up(course, decision)

    def let_go(self, session_id: str, kept: Collection[str] = ()) -> tuple[Decision, ...]:
        """Take off the list what waits to be carried out, but for these; a fall that stands is decided on anew."""
        course = self._courses.get(session_id)
        return () if course is None else course.let_go(kept)

    def deliver(self, intervention: Intervention) -> None:
        """An intervention was delivered: it counts. The same one again is told, and changes nothing."""
        self._news.append(InterventionExecuted(intervention))
        course = self._courses.get(intervention.session_id)
        if course is None or intervention.intervention_id in course.delivered:
            return
        course.count((intervention,))
        self._news += self._watching.deliver(course, intervention)

    def lapse(self, decision: Decision, at: float, why: str) -> None:
        """A decision will not be carried out; known by its id, since its content may have been filled in."""
        course = self._courses.get(decision.session_id)
        settled = None if course is None else course.settle(decision.decision_id)
        if course is not None and settled is not None and settled.origin is Origin.AGENT:
            course.retry_at = at + self._params.rest_s
        self._news.append(DecisionLapsed(decision.decision_id, decision.session_id, decision.event_id, at, why))

    def learned(self) -> Learned:
        """Everything learned so far, to be kept."""
        return Learned(self._bandit.tallies(), self._norms.known())

    def facts(self, session_id: str) -> Facts:
        """What is known of an open session; `KeyError` if it is not open."""
        return self._perception.facts(session_id)

    def people(self, session_id: str, now: float) -> tuple[tuple[str, float, float, int, bool], ...]:
        """People in a room: id, seconds present, seconds idle, interactions, whether it is their first session."""
        return self._perception.roster.here(self._perception.rooms.row(session_id), now)

    def _open(self, signal: Signal) -> None:
        profile = signal.detail.profile if isinstance(signal.detail, StartDetail) else SessionProfile()
        course = self._courses[signal.session_id] = self._watching.open(signal.event_id)
        course.count(self._recalled.pop(signal.session_id, ()))
        self._perception.open(signal.session_id, signal.event_id, signal.at, profile)
        self._news.append(SessionOpened(signal.session_id, signal.event_id, signal.at, profile))

    def _close(self, session_id: str, at: float) -> None:
        course = self._courses.pop(session_id)
        for decision in course.waiting():
            self.lapse(decision, at, "the session ended before it could be done")
        self._news += self._watching.give_up(course, at, Disturbance.SESSION_ENDED)
        self._organisers.pop(session_id, None)
        # What an earlier life knew of a session's end it has learned, and a simulated room is like no real one.
        is_real = course.event_id not in self._params.outcome.rehearsed
        self._perception.close(session_id, absorb=is_real and not self._is_reliving)
        self._news.append(SessionClosed(session_id, course.event_id, at))

    def _tick(self, reading: Reading) -> None:
        at = reading.at
        for (row, facts), update in zip(reading.rooms, reading.updates(), strict=True):
            course = self._courses[facts.session_id]
            self._news.append(update)
            course.score = update.score
            course.scored_from = min(course.scored_from, at)
            self._news += self._watching.follow(course, reading, row)
        for session_id in reading.cleared:
            self._news += self._courses[session_id].clear(session_id, at, became_normal=session_id in reading.accepted)
        for raised in reading.raised:
            self._detect(raised, at)
        for row, facts in reading.rooms:
            course = self._courses[facts.session_id]
            if course.ended or at - facts.heard_at >= self._params.silence_s:
                self._close(facts.session_id, at)
            elif course.anomaly is not None and course.retry_at <= at and not self._is_reliving:
                is_online = self._organisers.get(facts.session_id, 0) > 0
                self._news += self._answering.look_again(
                    course, course.anomaly, facts, reading, row, is_organiser_online=is_online
                )

    def _detect(self, raised: Raised, at: float) -> None:
        course = self._courses[raised.session_id]
        known = None if raised.fresh else course.anomaly
        course.anomaly = raised.anomaly(course.event_id, at, known)
        if raised.fresh:
            course.held = None
        course.retry_at = at
        self._news.append(AnomalyDetected(course.anomaly))
