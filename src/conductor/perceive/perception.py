"""Signals → score → anomaly: a tick of all sessions, put together from the other modules of this room."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from conductor.domain.sessions import SessionProfile
from conductor.domain.signals import COUNTED_KINDS, HeartbeatDetail, Kind, PhaseDetail, Signal, StartDetail
from conductor.perceive.alarm import NONE, AlarmParams, Alarms
from conductor.perceive.baseline import EVENTS, Baseline, BaselineParams
from conductor.perceive.detector import LOOKBACK_TICKS, DetectorParams, View, make_detector
from conductor.perceive.facts import Facts
from conductor.perceive.feed import Feed, FeedParams
from conductor.perceive.forest import Trees
from conductor.perceive.intake import NOBODY, Intake
from conductor.perceive.judge import Judge
from conductor.perceive.kinds import Kinds
from conductor.perceive.ledger import RING_TICKS, TICK_S, Ledger
from conductor.perceive.norms import Norms
from conductor.perceive.observe import Windows, look, observe, stretches
from conductor.perceive.polls import Polls
from conductor.perceive.reading import Reading, states
from conductor.perceive.rooms import Rooms
from conductor.perceive.roster import Roster
from conductor.perceive.score import Expected, Observed, Scores, score
from conductor.perceive.unprompted import Unprompted
from conductor.perceive.waiting import Batch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

LEARNED_TICKS = 4.0
"""Nothing is concluded before so many ticks of a session have been learned (stated guess: 20 s)."""


@dataclass(frozen=True, slots=True)
class PerceiveParams:
    """Constants of everything in this room."""

    baseline: BaselineParams = field(default_factory=BaselineParams)
    detector: DetectorParams = field(default_factory=DetectorParams)
    alarm: AlarmParams = field(default_factory=AlarmParams)
    feed: FeedParams = field(default_factory=FeedParams)


class Perception:
    """All sessions of a worker at once.

    A window never reaches back over a known change: the session's start, the return of its feed, the onset of a
    fall, the agent's own intervention. So a score says how a room is since then, not how it was before.

    Attributes:
        late: Signals that came too late to count.
    """

    def __init__(self, params: PerceiveParams, norms: Norms, now: float, trees: Trees | None = None) -> None:
        self.params = params
        self.norms = norms
        self.late = 0
        self.rooms = Rooms()
        self.ledger = Ledger(self.rooms.capacity, tick=int(now // TICK_S))
        self.roster = Roster()
        self.polls = Polls()
        self.intake = Intake(self.rooms, self.roster, self.polls)
        self.baseline = Baseline(params.baseline, self.rooms.capacity)
        self.detector = make_detector(params.detector, self.rooms.capacity, trees)
        self.alarms = Alarms(params.alarm, self.rooms.capacity)
        self.feed = Feed(params.feed, self.rooms.capacity)
        self.unprompted = Unprompted(self.ledger, self.rooms, self.roster, self.polls, self.feed, self.baseline)
        self.kinds = Kinds(norms, self.rooms, self.baseline)
        self.judge = Judge(params.alarm, self.alarms, self.rooms, self.ledger, self.baseline)

    @property
    def duplicates(self) -> int:
        """Signals that were heard before and left out."""
        return self.intake.duplicates

    def facts(self, session_id: str) -> Facts:
        """What is known of an open session; `KeyError` if it is not open."""
        return self.rooms.facts[self.rooms.row(session_id)]

    def open(self, session_id: str, event_id: str, at: float, profile: SessionProfile) -> None:
        """Begin a session."""
        facts = Facts(session_id, event_id, at, profile, heard_at=at)
        before = self.rooms.capacity
        row = self.rooms.open(facts, self.ledger.tick)
        if self.rooms.capacity > before:
            for part in (self.ledger, self.baseline, self.detector, self.alarms, self.feed):
                part.grow(self.rooms.capacity)
        self.feed.open(row)
        self.kinds.renew(row, facts, at)

    def close(self, session_id: str, *, absorb: bool = True) -> None:
        """End a session: what it was like goes into the norms of its kind, if so wished; everything else is freed."""
        row = self.rooms.row(session_id)
        facts = self.rooms.facts[row]
        habits, person_min = self.baseline.habits(row)
        if absorb and facts.kin is not None and person_min > 0:
            self.norms.absorb(facts.kin, habits, person_min)
        self.rooms.close(session_id)
        self.intake.forget(row)
        self.roster.close(row)
        for part in (self.ledger, self.polls, self.detector, self.alarms):
            part.clear(row)

    def receive(self, signal: Signal) -> None:
        """Take in a signal of an open session.

        Raises:
            KeyError: The session is not open.
        """
        # What people do comes by the thousand, the rest now and then: only there are the kinds told apart.
        if signal.kind >= COUNTED_KINDS:
            if signal.kind is Kind.SOURCE_HEARTBEAT:
                if isinstance(signal.detail, HeartbeatDetail):
                    for session_id in signal.detail.session_ids or (signal.session_id,):
                        self._beat(self.rooms.find(session_id), signal.at)
                return
            self._learn_facts(signal)
        row = self.rooms.row(signal.session_id)
        self.intake.receive(row, self.rooms.facts[row], signal, self.ledger.tick)

    def audience(self, session_id: str) -> int:
        """People in the room at the end of the last tick."""
        return int(self.rooms.present[self.rooms.row(session_id)])

    def poll_is_open(self, session_id: str, now: float) -> bool:
        """Whether people are being asked something already."""
        return self.polls.running(self.rooms.row(session_id), now)

    def await_effect(self, session_id: str) -> None:
        """The agent has done something: look at nothing before it, and learn nothing until its effect is known."""
        row = self.rooms.row(session_id)
        self.unprompted.begin_answers(row)
        self.rooms.watched[row] = True
        self.rooms.since[row] = self.rooms.look_from[row] = self.ledger.tick

    def begin_anew(self, session_id: str) -> None:
        """People have answered: score the room by what happens from now on."""
        row = self.rooms.row(session_id)
        self.rooms.since[row] = self.ledger.tick
        self.unprompted.end_answers(row)

    def effect_known(self, session_id: str) -> None:
        """The effect of what the agent did has been measured."""
        self.rooms.watched[row := self.rooms.row(session_id)] = False
        self.unprompted.end_answers(row)

    def skip_to(self, now: float) -> None:
        """Where no session is open, fill the tick of this moment at once; a tick that is over is not begun again."""
        if not self.rooms.facts:
            self.ledger.tick = max(self.ledger.tick, int(now // TICK_S))

    def advance(self) -> Reading:
        """End the tick that is being filled: score and judge all sessions."""
        tick = self.ledger.tick
        now = (tick + 1) * TICK_S
        dropped = self._take_in(self.intake.take(tick), now)
        self.ledger.advance()
        used = self.rooms.used
        expected = self.baseline.expected(self.rooms.present[:used].astype(np.float64))
        windows, observed, scores = self._score(self.rooms.since[:used], expected, now)
        usable = self._usable(now)
        verdict = self.detector.detect(self._view(scores, expected, usable))

        def score_since(since: Ints) -> Floats:
            return self._score(since, expected, now)[2].value

        calls = self.judge.call(tick, verdict, scores, usable, self.feed.audible(used, now), score_since)
        if calls.up.any():
            # From its onset on the room is another: say how it is since then.
            windows, observed, scores = self._score(self.rooms.since[:used], expected, now)
        over, accepted = self.alarms.ended(tick, verdict.evidence, self.rooms.watched[:used], self.rooms.tried[:used])
        self._accept(np.flatnonzero(accepted))
        raised = self.judge.describe(calls, verdict, scores, expected)
        self._learn(tick, verdict.evidence, scores, observed, now)
        return Reading(
            at=now,
            rooms=tuple(self.rooms.facts.items()),
            scores=scores,
            unprompted=self.unprompted.where_awaited(windows, expected, scores, now),
            minute=self.unprompted.minute(expected, now),
            evidence=verdict.evidence,
            state=states(usable, self.rooms.watched[:used], self.alarms.standing[:used], self.feed.lost[:used]),
            observed=observed,
            short=windows.short,
            short_s=windows.short_s,
            focused=self.roster.focused_count(used),
            presence_s=self.roster.presence_sum_s(used, now),
            raised=raised,
            cleared=self.rooms.names([*dropped, *np.flatnonzero(over)]),
            accepted=self.rooms.names(np.flatnonzero(accepted)),
        )

    def _score(self, since: Ints, expected: Expected, now: float) -> tuple[Windows, Observed, Scores]:
        """Score all rooms by what happened since these ticks."""
        used = self.rooms.used
        normal = self.baseline.events_per_tick(used)
        windows = look(self.ledger, since, self.rooms.started[:used], normal)
        observed = observe(windows, self.rooms, self.roster, self.polls, now)
        return windows, observed, score(observed, expected)

    def _learn_facts(self, signal: Signal) -> None:
        """Take note of what a signal says of the session itself."""
        row, kind = self.rooms.row(signal.session_id), signal.kind
        facts = self.rooms.facts[row]
        if kind is Kind.STARTED and isinstance(signal.detail, StartDetail):
            facts.profile = signal.detail.profile
            self.rooms.phase_until[row] = 0.0
            self.kinds.renew(row, facts, signal.at)
        elif kind is Kind.PHASE and isinstance(signal.detail, PhaseDetail):
            facts.spoken_phase = signal.detail.phase or facts.spoken_phase
            facts.interruptible = signal.detail.interruptible
            self.rooms.phase_until[row] = 0.0
        elif kind is Kind.HEARTBEAT:
            self._beat(row, signal.at)

    def _beat(self, row: int | None, at: float) -> None:
        if row is not None:
            # A clock that is ahead must not keep the source alive.
            self.feed.beat(row, min(at, (self.ledger.tick + 1) * TICK_S))

    def _take_in(self, batch: Batch, now: float) -> Ints:
        """Count a tick's signals, see who is there and whether the feed speaks for the room; what that takes back."""
        rooms, used = self.rooms, self.rooms.used
        self.late += self.ledger.count(batch.rows, batch.kinds, batch.ticks, batch.amounts)
        rooms.has_chat[:used] |= self.ledger.has(Kind.CHAT, used) | self.ledger.has(Kind.QUESTION, used)
        rooms.has_reactions[:used] |= self.ledger.has(Kind.REACTION, used)
        rooms.has_presence[:used] |= self.ledger.has(Kind.JOIN, used) | self.ledger.has(Kind.LEAVE, used)
        is_doing, is_join, is_leave = batch.people != NOBODY, batch.kinds == Kind.JOIN, batch.kinds == Kind.LEAVE
        doing, joins, leaves = np.flatnonzero(is_doing), np.flatnonzero(is_join), np.flatnonzero(is_leave)
        self.roster.touch(batch.people.take(doing), batch.times.take(doing), batch.unprompted.take(doing))
        before = rooms.present[:used].copy()
        rooms.present[:used] = self.roster.present_count(used)
        self.feed.left(batch.rows[leaves], batch.times[leaves], before, now)
        self.feed.joined(batch.rows[joins], batch.times[joins], rooms.present[:used], now, rooms.opened_at)
        shown_at = batch.last(np.flatnonzero(is_doing | is_join), used)
        heard_at = np.maximum(shown_at, batch.last(np.flatnonzero(~(is_doing | is_join | is_leave)), used))
        anew, lost = self.feed.advance(now, heard_at, shown_at)
        rooms.reset_windows(anew, self.ledger.tick)
        rooms.freeze(np.flatnonzero(lost), self.feed.alive_at, self.ledger.tick)
        return self.alarms.drop(np.flatnonzero(self.feed.lost[:used]))

    def _usable(self, now: float) -> Ints:
        """Ticks back that evidence may look at, shape (rooms,)."""
        used = self.rooms.used
        looked = self.ledger.tick - self.rooms.look_from[:used]
        unlearned = self.ledger.tick - self.rooms.started[:used] - int(LEARNED_TICKS)
        usable = np.clip(np.minimum(looked, unlearned), 0, LOOKBACK_TICKS)
        usable = np.minimum(usable, self.feed.settled_ticks(used, now)).astype(np.int64)
        ready = self.baseline.ticks[:used] >= LEARNED_TICKS - 0.5
        # Of a room whose audience gave no sign yet, speech and slides alone say nothing.
        return np.where(ready & self.rooms.has_audience() & self.rooms.open_rows(), usable, 0)

    def _view(self, scores: Scores, expected: Expected, usable: Ints) -> View:
        used = self.rooms.used
        people = np.maximum(self.rooms.present[:used], 1)
        return View(
            counts=stretches(self.ledger, used, EVENTS),
            usable=usable,
            normal=self.baseline.events_per_tick(used),
            known=self.baseline.events[:used],
            spread=self.baseline.spread(used),
            fallen=(self.alarms.standing[:used] > NONE) & (self.rooms.look_from[:used] > self.alarms.onset[:used]),
            leaves=stretches(self.ledger, used, [int(Kind.LEAVE)]),
            usual_leaves=expected.leaves_per_person_min * people * TICK_S / 60.0,
            score=scores.value,
            features=np.stack([scores.value, *scores.levels[[0, 2, 4]]], axis=1),
        )

    def _accept(self, rows: Ints) -> None:
        """Falls that stood for long are normal now."""
        ticks = np.clip(self.ledger.tick - self.alarms.onset[rows], 1, RING_TICKS - 4)
        counts = self.ledger.window_of(rows, ticks).astype(np.float64)
        self.baseline.accept(rows, counts, ticks, self.rooms.present[rows].astype(np.float64))
        self.rooms.look_from[rows] = self.ledger.tick

    def _learn(self, tick: int, evidence: Floats, scores: Scores, observed: Observed, now: float) -> None:
        """Learn what is normal, where nothing stands, nothing is awaited and the feed is there."""
        rooms, used = self.rooms, self.rooms.used
        stands = (evidence >= self.params.alarm.freeze) | (self.alarms.standing[:used] != NONE)
        calm = rooms.may_learn() & ~stands & (self.feed.settled_ticks(used, now) > 0)
        rooms.frozen[tick % RING_TICKS, :used] = ~calm
        age = self.ledger.tick - rooms.started[:used]
        lagged = (tick - self.baseline.lag(age)) % RING_TICKS
        learning = calm & ~rooms.frozen[lagged, np.arange(used)]
        ratio = np.minimum(observed.active / np.maximum(observed.present, 1.0), 1.0)
        self.baseline.learn(self.ledger, age, learning, observed.present, ratio)
        self.baseline.learn_score(scores.value, learning)
        self.detector.learn(learning)
        for row, poll in self.polls.ended:
            if calm[row] and not poll.by_agent:
                self.baseline.learn_poll(row, poll.votes, max(int(rooms.present[row]), poll.votes))
        self.polls.ended.clear()
        self.kinds.advance(now)
