"""The plain way: lists of times that are pruned, one River model a session, one session after the other.

It computes what `conductor.perceive` computes with the `hybrid` detector as long as no poll is held and nothing is
raised or frozen, written as one would without arrays: a window is counted by going through its list, as in the
original documents. (Keeping the lists sorted and searching them by halves would save it a seventh; most of its time is
River's.) It is the baseline of the tick benchmark, and an independent check of its numbers
(`tests/unit/test_plain_agrees.py`).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from river import anomaly

from conductor.domain.signals import Kind, Signal
from conductor.perceive.baseline import BaselineParams
from conductor.perceive.detector import DetectorName, DetectorParams
from conductor.perceive.forest import ForestParams, Trees
from conductor.perceive.ledger import TICK_S
from conductor.perceive.perception import PerceiveParams
from conductor.perceive.score import NORMAL_LEVEL, WEIGHTS

SHORT_S, LONG_S = 60.0, 300.0
FEATURES = ("score", "chat", "active", "staying")
OUT_OF_REACH = 2.0
"""No evidence is as strong as this, so nothing is raised and nothing is frozen."""

CHAT_WEIGHT, _, ACTIVE_WEIGHT, REACTIONS_WEIGHT, STAYING_WEIGHT = WEIGHTS.tolist()


def comparable(name: DetectorName) -> PerceiveParams:
    """Parameters with which both ways do the same in every tick."""
    params = PerceiveParams()
    alarm = replace(
        params.alarm, warning=OUT_OF_REACH, critical=OUT_OF_REACH, freeze=OUT_OF_REACH, low_level=-OUT_OF_REACH
    )
    return replace(params, detector=replace(params.detector, name=name), alarm=alarm)


def make_model(params: ForestParams) -> anomaly.HalfSpaceTrees:
    """River's half-space trees with these parameters."""
    return anomaly.HalfSpaceTrees(
        n_trees=params.trees, height=params.height, window_size=params.window, seed=params.seed
    )


def trees_of_river(params: ForestParams) -> Trees:
    """The very trees that River grows, in our arrays."""
    model = make_model(params)
    # River grows them with the first observation.
    model.learn_one(dict.fromkeys(FEATURES, 0.5))
    inner = 2**params.height - 1
    features = np.zeros((params.trees, inner), dtype=np.int64)
    thresholds = np.zeros((params.trees, inner))
    for tree, root in enumerate(model.trees):
        level = [root]
        for node in range(inner):
            branch = level[node]
            features[tree, node] = FEATURES.index(branch.feature)
            thresholds[tree, node] = branch.threshold
            level += branch.children
    return Trees(features, thresholds, params.height)


class PlainSession:
    """One session: every signal goes into a list, every tick prunes and counts the lists.

    Attributes:
        norm: What is normal for sessions of its kind, in the order of `HABITS`.
    """

    def __init__(self, norm: list[float], baseline: BaselineParams, detector: DetectorParams) -> None:
        self.norm = norm
        self.baseline = baseline
        self.detector = detector
        self.model = make_model(detector.forest)
        self.chat_times: list[float] = []
        self.reaction_times: list[float] = []
        self.leave_times: list[float] = []
        self.present: set[str] = set()
        self.active_at: dict[str, float] = {}
        self.has_chat = self.has_reactions = self.has_presence = False
        self.age = 0
        self.chat = self.reactions = self.active = self.leaves = self.person_min = 0.0
        self.weight = self.first = self.second = 0.0

    def receive(self, signal: Signal) -> None:
        """Put it into its list and remember who it was."""
        kind, at, user = signal.kind, signal.at, signal.user_id
        if kind is Kind.CHAT or kind is Kind.QUESTION:
            self.has_chat = True
            self.chat_times.append(at)
        elif kind is Kind.REACTION or kind is Kind.UPVOTE:
            self.has_reactions |= kind is Kind.REACTION
            self.reaction_times.append(at)
        else:
            self.has_presence = True
            if kind is Kind.LEAVE:
                self.leave_times.append(at)
        if user is None:
            return
        if kind is Kind.LEAVE:
            self.present.discard(user)
            return
        self.present.add(user)
        if kind is not Kind.JOIN:
            self.active_at[user] = at

    def advance(self, now: float) -> tuple[float, float]:
        """Prune, count, score, judge and learn: the tick's score and how unusual it is."""
        self.age += 1
        oldest = now - LONG_S
        self.chat_times = [t for t in self.chat_times if t >= oldest]
        self.reaction_times = [t for t in self.reaction_times if t >= oldest]
        self.leave_times = [t for t in self.leave_times if t >= oldest]
        short_s, long_s = min(SHORT_S, self.age * TICK_S), min(LONG_S, self.age * TICK_S)
        people = max(len(self.present), 1)
        since = now - long_s
        active = sum(self.active_at.get(user, -math.inf) >= since for user in self.present)
        chat, reactions, active_ratio, leaves = self._expected(people)
        chat_level = _level(_rate(self.chat_times, now, short_s, long_s), chat * people)
        reactions_level = _level(_rate(self.reaction_times, now, short_s, long_s), reactions * people)
        active_level = _level(active, (1.0 - (1.0 - active_ratio) ** (long_s / LONG_S)) * people)
        leaving = _count(self.leave_times, now - short_s, now) * 60.0 / short_s
        staying_level = NORMAL_LEVEL ** (leaving / (leaves * people))
        score = self._score(chat_level, reactions_level, active_level, staying_level)
        features = {"score": score, "chat": chat_level, "active": active_level, "staying": staying_level}
        unusual = self._judge(score, features)
        self._learn(now, people, active)
        self._remember(score, features)
        return score, unusual

    def _score(self, chat: float, reactions: float, active: float, staying: float) -> float:
        total = whole = 0.0
        if self.has_chat:
            total += CHAT_WEIGHT * chat
            whole += CHAT_WEIGHT
        if self.has_reactions:
            total += REACTIONS_WEIGHT * reactions
            whole += REACTIONS_WEIGHT
        if self.has_presence:
            total += STAYING_WEIGHT * staying
            whole += STAYING_WEIGHT
        if whole:
            total += ACTIVE_WEIGHT * active
            whole += ACTIVE_WEIGHT
        return min(total / (whole or 1.0), 1.0)

    def _expected(self, people: int) -> tuple[float, float, float, float]:
        weight = self.baseline.norm_ticks * TICK_S / 60.0 * people
        chat, reactions, active, leaves, _ = self.norm
        whole = self.person_min + weight
        return (
            (self.chat + chat * weight) / whole,
            (self.reactions + reactions * weight) / whole,
            min(max((self.active + active * weight) / whole, 0.01), 0.99),
            max((self.leaves + leaves * weight) / whole, 1e-4),
        )

    def _judge(self, score: float, features: dict[str, float]) -> float:
        mean = self.first / max(self.weight, 1.0)
        variance = max(self.second / max(self.weight, 1.0) - mean**2, self.detector.least_sd**2)
        z = (score - mean) / math.sqrt(variance) if self.weight >= 6.0 else 0.0
        forest = self.model.score_one(features)
        if z >= 0:
            return 0.0
        # A model without a full window says 0; then the z-score speaks alone.
        weight = self.detector.forest_weight if self.age > self.detector.forest.window else 0.0
        return float(weight * forest + (1.0 - weight) * min(-z / self.detector.z_full, 1.0))

    def _learn(self, now: float, people: int, active: int) -> None:
        lag, before = self._lag(self.age), self._lag(self.age - 1)
        # While the lag grows no tick comes due: it would be the one that was learned last.
        if not (self.age > lag and lag == before):
            return
        keep = 1.0 - 1.0 / self.baseline.memory_ticks
        minutes = people * TICK_S / 60.0
        end = now - lag * TICK_S
        self.chat = self.chat * keep + _count(self.chat_times, end - TICK_S, end)
        self.reactions = self.reactions * keep + _count(self.reaction_times, end - TICK_S, end)
        self.active = self.active * keep + min(active / people, 1.0) * minutes
        self.leaves = self.leaves * keep + _count(self.leave_times, end - TICK_S, end)
        self.person_min = self.person_min * keep + minutes

    def _lag(self, age: int) -> int:
        return min(max(age // 2, self.baseline.first_lag_ticks), self.baseline.lag_ticks)

    def _remember(self, score: float, features: dict[str, float]) -> None:
        """Take the tick into the forest and the z-score."""
        keep = 1.0 - 1.0 / self.detector.z_memory_ticks
        self.model.learn_one(features)
        self.weight = self.weight * keep + 1.0
        self.first = self.first * keep + score
        self.second = self.second * keep + score**2


def _level(actual: float, normal: float) -> float:
    return float(1.0 - (1.0 - NORMAL_LEVEL) ** (actual / normal))


def _count(times: list[float], start: float, end: float) -> int:
    """How many of the times lie in [start, end)."""
    return len([t for t in times if start <= t < end])


def _rate(times: list[float], now: float, short_s: float, long_s: float) -> float:
    short = _count(times, now - short_s, now) / short_s
    # Nothing older is left in the list.
    return 60.0 * (0.5 * short + 0.5 * len(times) / long_s)
