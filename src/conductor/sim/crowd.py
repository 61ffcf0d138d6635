"""A seeded audience that reacts: `Crowd.step` gives its signals, `Crowd.deliver` shows it something.

Separate streams of random numbers keep twins comparable. The *world* (people, urges, level, moods) is the
same with and without interventions; whether the n-th intervention works and what people answer comes from
a stream of its own for every n.
"""

from __future__ import annotations

import copy
from typing import NamedTuple

import numpy as np

from conductor.domain.interventions import (
    Arm,
    Context,
    Intervention,
    NudgeContent,
    PollContent,
    PollTiming,
    PromptContent,
    engagement_bucket,
)
from conductor.domain.sessions import SessionProfile, size_bucket
from conductor.domain.signals import Kind, Signal
from conductor.sim.answers import Audience, draw_answers, segment_mask
from conductor.sim.effects import FATIGUE_S, EffectTable
from conductor.sim.minds import Minds
from conductor.sim.people import CrowdParams, Floats, Mask, draw_people
from conductor.sim.script import Script
from conductor.sim.stage import DIP_NOTICED, TICK_S, Scenario, Stage, phase_at
from conductor.sim.urges import draw_urges

ANSWER_FATIGUE_RATIO = 0.9
"""Stated guess: every other intervention of the last 20 minutes costs a tenth of the answers."""

SPILL = 0.4
SPILL_FULL_FROM = 0.25
"""Stated guess: where a quarter of the room or more is addressed, the others get two fifths of the lift from those who
wake up; where fewer are, less in proportion."""

NEXT_SLIDE_WITHIN_S = 120.0
"""A poll for the next transition appears at once if no slide changes within two minutes."""


class _Shown(NamedTuple):
    at: float
    seen_by: int
    works: bool


class Crowd:
    """The audience of one session.

    Args:
        session_id: Goes into every signal; user ids begin with it.
        event_id: Goes into every signal.
        profile: What the platform says of the session.
        params: What kind of audience it is.
        effects: How well interventions work.
        scenario: What the room goes through.
        rng: Gives two seeds and is not used afterwards.
        start: Start of the session in epoch seconds.
    """

    def __init__(
        self,
        session_id: str,
        event_id: str,
        profile: SessionProfile,
        params: CrowdParams,
        effects: EffectTable,
        scenario: Scenario,
        rng: np.random.Generator,
        start: float,
    ) -> None:
        self.session_id = session_id
        self.event_id = event_id
        self.profile = profile
        self.params = params
        self.effects = effects
        self.scenario = scenario
        self.start = start
        self.now = start
        self._rng = copy.deepcopy(rng)
        world = np.random.default_rng(int(rng.integers(2**63)))
        self._answers_seed = int(rng.integers(2**63))
        self.people = draw_people(world, params)
        self.stage = Stage(world, scenario, params.duration_s)
        urges = draw_urges(world, self.people, params, scenario, session_id, profile)
        self._script = Script(urges, session_id, event_id, start, params.duration_s)
        self._minds = Minds(self.people, params, self.stage, world)
        # Two numbers: a seed alone gives the same stream as the seed and the 0 of the first thing shown.
        receptive = np.random.default_rng([self._answers_seed, 0, 1])
        self._receptive = float(receptive.normal(0.0, 1.0)) * effects.room_sd
        self._slides: Floats = urges.at[urges.kind == Kind.SLIDE]
        self._ticks = 0
        self._shown: dict[str, _Shown] = {}

    def step(self, now: float) -> list[Signal]:
        """What happened since the last step and before `now` (epoch seconds), oldest first.

        How a stretch of time is cut into steps changes nothing about what happens in it.
        """
        signals: list[Signal] = []
        while (boundary := self.start + self._ticks * TICK_S) < now:
            if boundary - self.start >= self.params.duration_s:
                break
            self._script.release(boundary, self._minds, signals)
            self._advance(boundary)
            self._ticks += 1
        self._script.release(now, self._minds, signals)
        self.now = max(self.now, now)
        return signals

    def deliver(self, intervention: Intervention) -> int:
        """Show an intervention to the room, now or at its own time if that lies ahead.

        The same `intervention_id` again changes nothing and says the same. A session that is over, or not
        yet begun, is reached by nothing.

        Returns:
            How many people could see it.
        """
        known = self._shown.get(intervention.intervention_id)
        if known is not None:
            return known.seen_by
        at = self._appears_at(intervention)
        reached = self._reached(intervention, at - self.start)
        seen_by = int(reached.sum())
        works = seen_by > 0 and self._show(intervention, at, reached)
        self._shown[intervention.intervention_id] = _Shown(at, seen_by, works)
        return seen_by

    def would_reach(self, intervention: Intervention) -> int:
        """How many people could see it if it were delivered now; nothing is shown."""
        return int(self._reached(intervention, self._appears_at(intervention) - self.start).sum())

    def twin(self) -> Crowd:
        """The same people and the same programme from the beginning, so far without any intervention."""
        rng = copy.deepcopy(self._rng)
        return Crowd(
            self.session_id,
            self.event_id,
            self.profile,
            self.params,
            self.effects,
            self.scenario,
            rng,
            self.start,
        )

    def fork(self) -> Crowd:
        """A copy as of now, to see the same future with and without an intervention."""
        return copy.deepcopy(self)

    def true_level(self, now: float) -> float:
        """The mean level in [0, 1] of the people present (of everybody while nobody is), help included."""
        level = np.broadcast_to(self._minds.level(now - self.start), self._minds.present.shape)
        return float(level[self._minds.present].mean() if self._minds.present.any() else level.mean())

    def level_without_help(self, now: float) -> float:
        """The level in [0, 1] that the world alone gives the room."""
        return self.stage.level(now - self.start)

    def would_have_recovered(self, at: float, within_s: float = 120.0) -> bool:
        """Whether half of the dip at `at` is gone `within_s` later without help; true where there is none."""
        elapsed_s = at - self.start
        before, after = self.stage.dip(elapsed_s), self.stage.dip(elapsed_s + within_s)
        return before < DIP_NOTICED or after <= 0.5 * before

    def true_context(self, now: float) -> Context | None:
        """The circumstances as the world has them, or None while there is (no longer) a lull to lift."""
        elapsed_s = now - self.start
        lull = self._lull_at(elapsed_s)
        if lull is None:
            return None
        return Context(
            self.scenario.lulls[lull].type,
            phase_at(elapsed_s, self.params.duration_s, self.scenario.qa_from_s),
            self.params.session_type,
            size_bucket(self.present),
            engagement_bucket(self.true_level(now)),
        )

    def true_chance(self, arm: Arm, now: float) -> float:
        """Probability in [0, 1] that this arm, delivered now, lifts the room: what an oracle chooses by.

        0 where there is no lull to lift it out of.
        """
        context = self.true_context(now)
        if context is None:
            return 0.0
        return self.effects.chance(arm, context, now, recent=self._recent(now), room=self._receptive)

    def chance_of(self, intervention: Intervention) -> float:
        """Probability in [0, 1] that this intervention, delivered now, lifts the room; 0 if it reaches nobody."""
        at = self._appears_at(intervention)
        return self.true_chance(intervention.arm, at) if self.would_reach(intervention) else 0.0

    def worked(self, intervention_id: str) -> bool:
        """Whether this intervention was shown and lifted the room."""
        shown = self._shown.get(intervention_id)
        return shown is not None and shown.works

    def lift(self, intervention: Intervention) -> None:
        """Lift the room's lull as far as this does on average where it works; it is not shown, and nobody answers."""
        elapsed_s = self._appears_at(intervention) - self.start
        lull = self._lull_at(elapsed_s)
        if lull is not None:
            self._minds.relieve(
                lull, elapsed_s, self._lifted(self._reached(intervention, elapsed_s), self.effects.lift)
            )

    @property
    def present(self) -> int:
        """How many people are in the room."""
        return int(self._minds.present.sum())

    def _lull_at(self, elapsed_s: float) -> int | None:
        # The one that still weighs most on the room: what was lifted before need not be lifted again.
        active = self.stage.active[self.stage.tick_of(elapsed_s)]
        dips = [(self._minds.remaining_dip(lull, elapsed_s), lull) for lull in active]
        deepest, lull = max(dips, default=(0.0, -1))
        return lull if deepest >= DIP_NOTICED else None

    def _advance(self, boundary: float) -> None:
        self._minds.advance(self._ticks)
        for person, share in self._minds.leavers():
            self._script.insert(boundary + share * TICK_S, Kind.LEAVE, person)
        if self.params.focus:
            away, back = self._minds.turn()
            for kind, who in ((Kind.BLUR, away), (Kind.FOCUS, back)):
                for person in who:
                    self._script.insert(boundary + float(self.people.lag[person]) * TICK_S, kind, person)

    def _appears_at(self, intervention: Intervention) -> float:
        at = max(intervention.at, self.now)
        content = intervention.content
        if isinstance(content, PollContent) and content.timing is PollTiming.NEXT_TRANSITION:
            ahead = self._slides[np.searchsorted(self._slides, at - self.start) :]
            if len(ahead) and self.start + ahead[0] <= at + NEXT_SLIDE_WITHIN_S:
                return max(self.start + float(ahead[0]), at)
        return at

    def _reached(self, intervention: Intervention, elapsed_s: float) -> Mask:
        present, content = self._minds.present, intervention.content
        if elapsed_s >= self.params.duration_s:
            return np.zeros_like(present)
        if isinstance(content, NudgeContent):
            return segment_mask(
                content.segment, self.people, present, self.people.joins_s, self._minds.last_act_s, elapsed_s
            )
        if isinstance(content, PromptContent) and content.target_users:
            targets = {f"{self.session_id}:p{i}": i for i in range(self.params.size)}
            named = np.zeros_like(present)
            named[[targets[user] for user in content.target_users if user in targets]] = True
            return present & named
        return present.copy()

    def _recent(self, now: float) -> int:
        return sum(1 for each in self._shown.values() if each.seen_by and now - each.at < FATIGUE_S)

    def _lifted(self, reached: Mask, size: float) -> Floats:
        # Who is addressed with everybody else but comes in later finds the lively room.
        addressed = float(reached.sum()) / max(self.present, 1)
        spill = 1.0 if addressed >= 1.0 else SPILL * min(addressed / SPILL_FULL_FROM, 1.0)
        return np.where(reached, size, size * spill)

    def _show(self, intervention: Intervention, at: float, reached: Mask) -> bool:
        # The n-th intervention of a session draws the same numbers whatever it is: a better arm succeeds
        # wherever a worse one does.
        rng = np.random.default_rng([self._answers_seed, len(self._shown)])
        elapsed_s, works = at - self.start, bool(rng.random() < self.true_chance(intervention.arm, at))
        size = float(rng.beta(12.0 * self.effects.lift, 12.0 * (1.0 - self.effects.lift)))
        attention = np.where(reached, self._minds.attention, 0.0)
        lull = self._lull_at(elapsed_s)
        if works and lull is not None:
            share = self._lifted(reached, size)
            attention = np.maximum(attention, self._minds.cleared(lull, elapsed_s, share))
            self._minds.relieve(lull, elapsed_s, share)
        willing = self.effects.answers * ANSWER_FATIGUE_RATIO ** self._recent(at)
        audience = Audience(self.people, self.params, elapsed_s, reached, attention, willing)
        self._script.append(draw_answers(rng, intervention, audience))
        return works
