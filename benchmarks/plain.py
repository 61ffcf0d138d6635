"""The plain way: lists of times that are pruned, one River pipeline per session, one session after the other.

It computes what `conductor.perceive` computes with the `hybrid` detector while nothing is raised or frozen, written
as one would without arrays. It is the baseline of the tick benchmark, and an independent check of its numbers.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from river import anomaly

from conductor.domain.signals import Kind, Signal
from conductor.perceive.baseline import BaselineParams
from conductor.perceive.detector import DetectorParams
from conductor.perceive.score import NORMAL_LEVEL, WEIGHTS

TICK_S = 5.0
SHORT_S, LONG_S = 60.0, 300.0
KEEP_S = LONG_S + 15.0
CHAT, REACTIONS = (Kind.CHAT, Kind.QUESTION), (Kind.REACTION, Kind.UPVOTE)
FEATURES = ("score", "chat", "active", "staying")


def _level(actual: float, normal: float) -> float:
    return float(1.0 - (1.0 - NORMAL_LEVEL) ** (actual / normal))


class PlainSession:
    """One session: every signal appends to a list, every tick prunes and counts the lists."""

    def __init__(self, norm: list[float], baseline: BaselineParams, detector: DetectorParams) -> None:
        self.norm = norm
        self.baseline = baseline
        self.detector = detector
        self.model = anomaly.HalfSpaceTrees(
            n_trees=detector.forest.trees,
            height=detector.forest.height,
            window_size=detector.forest.window,
            seed=detector.forest.seed,
        )
        self.times: dict[Kind, list[float]] = defaultdict(list)
        self.people: dict[str, float] = {}
        self.seen: set[Kind] = set()
        self.age = 0
        self.chat = self.reactions = self.active = self.leaves = self.person_min = 0.0
        self.weight = self.first = self.second = 0.0

    def receive(self, signal: Signal) -> None:
        """Append and remember who it was."""
        self.times[signal.kind].append(signal.at)
        self.seen.add(signal.kind)
        if signal.kind is Kind.LEAVE:
            if signal.user_id is not None:
                self.people.pop(signal.user_id, None)
        elif signal.user_id is not None:
            active_at = self.people.get(signal.user_id, -math.inf)
            self.people[signal.user_id] = active_at if signal.kind is Kind.JOIN else max(active_at, signal.at)

    def advance(self, now: float) -> tuple[float, float]:
        """Prune, count, score, judge and learn: the tick's score and how unusual it is."""
        self.age += 1
        for kind, times in self.times.items():
            self.times[kind] = [t for t in times if t >= now - KEEP_S - SHORT_S]
        short_s = min(SHORT_S, self.age * TICK_S)
        long_s = min(LONG_S, self.age * TICK_S)
        people = max(len(self.people), 1)
        active = sum(at >= now - long_s for at in self.people.values())
        rates = self._expected(people)
        levels = [
            _level(self._rate(CHAT, now, short_s, long_s), rates[0] * people),
            _level(active, (1.0 - (1.0 - rates[2]) ** (long_s / LONG_S)) * people),
            _level(self._rate(REACTIONS, now, short_s, long_s), rates[1] * people),
            float(NORMAL_LEVEL ** (self._count((Kind.LEAVE,), now, short_s) * 60.0 / short_s / (rates[3] * people))),
        ]
        has = [
            bool(self.seen & {*CHAT}),
            bool(self.seen),
            Kind.REACTION in self.seen,
            bool(self.seen & {Kind.JOIN, Kind.LEAVE}),
        ]
        weights = [w * h for w, h in zip((WEIGHTS[0], *WEIGHTS[2:]), has, strict=True)]
        score = min(sum(w * v for w, v in zip(weights, levels, strict=True)) / (sum(weights) or 1.0), 1.0)
        features = dict(zip(FEATURES, (score, levels[0], levels[1], levels[3]), strict=True))
        unusual = self._judge(score, features)
        self._learn(now, people, active)
        self._remember(score, features)
        return float(score), unusual

    def _count(self, kinds: tuple[Kind, ...], now: float, span_s: float, ending_s: float = 0.0) -> int:
        return sum(now - ending_s - span_s <= t < now - ending_s for kind in kinds for t in self.times[kind])

    def _rate(self, kinds: tuple[Kind, ...], now: float, short_s: float, long_s: float) -> float:
        short = self._count(kinds, now, short_s) / short_s
        return 60.0 * (0.5 * short + 0.5 * self._count(kinds, now, long_s) / long_s)

    def _expected(self, people: int) -> list[float]:
        weight = self.baseline.norm_ticks * TICK_S / 60.0 * people
        sums = (self.chat, self.reactions, self.active, self.leaves)
        rates = [(s + n * weight) / (self.person_min + weight) for s, n in zip(sums, self.norm, strict=False)]
        return [rates[0], rates[1], min(max(rates[2], 0.01), 0.99), max(rates[3], 1e-4)]

    def _judge(self, score: float, features: dict[str, Any]) -> float:
        mean = self.first / max(self.weight, 1.0)
        variance = max(self.second / max(self.weight, 1.0) - mean**2, self.detector.least_sd**2)
        z = (score - mean) / math.sqrt(variance) if self.weight >= 6.0 else 0.0
        forest = self.model.score_one(features)
        speaks = not self.model._first_window  # noqa: SLF001
        weight = self.detector.forest_weight if speaks else 0.0
        mixture = weight * forest + (1.0 - weight) * min(max(-z / self.detector.z_full, 0.0), 1.0)
        return mixture if z < 0 else 0.0

    def _learn(self, now: float, people: int, active: int) -> None:
        lag, before = self._lag(self.age), self._lag(self.age - 1)
        # Which ticks are learned follows from the age alone: the same rule as in the product.
        if not (self.age > lag and lag == before):
            return
        keep = 1.0 - 1.0 / self.baseline.memory_ticks
        minutes = people * TICK_S / 60.0
        ending_s = lag * TICK_S
        self.chat = self.chat * keep + self._count(CHAT, now, TICK_S, ending_s)
        self.reactions = self.reactions * keep + self._count(REACTIONS, now, TICK_S, ending_s)
        self.active = self.active * keep + min(active / people, 1.0) * minutes
        self.leaves = self.leaves * keep + self._count((Kind.LEAVE,), now, TICK_S, ending_s)
        self.person_min = self.person_min * keep + minutes

    def _remember(self, score: float, features: dict[str, Any]) -> None:
        """Take the tick into the forest and the z-score."""
        keep = 1.0 - 1.0 / self.detector.z_memory_ticks
        self.model.learn_one(features)
        self.weight = self.weight * keep + 1.0
        self.first = self.first * keep + score
        self.second = self.second * keep + score**2

    def _lag(self, age: int) -> int:
        return min(max(age // 2, self.baseline.first_lag_ticks), self.baseline.lag_ticks)
