"""From evidence to anomalies that a person would agree with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conductor.domain.engagement import AnomalyType
from conductor.perceive.alarm import NONE, SEVERITIES, AlarmParams, Alarms
from conductor.perceive.baseline import Baseline
from conductor.perceive.detector import Verdict
from conductor.perceive.falls import look_at_fall, name_fall
from conductor.perceive.ledger import TICK_S, Ledger
from conductor.perceive.reading import Raised
from conductor.perceive.rooms import Rooms
from conductor.perceive.score import Expected, Scores

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Calls:
    """Rooms in which an anomaly is raised in this tick, shape (rooms,) each.

    Attributes:
        up: A fall is new, or a warning became critical.
        new: Of these, the new ones.
        low: The room never fell but has been low for long.
    """

    up: Mask
    new: Mask
    low: Mask


class Judge:
    """Raises what the evidence calls for, and puts a name to it."""

    def __init__(self, params: AlarmParams, alarms: Alarms, rooms: Rooms, ledger: Ledger, baseline: Baseline) -> None:
        self._params = params
        self._alarms = alarms
        self._rooms = rooms
        self._ledger = ledger
        self._baseline = baseline

    def call(
        self,
        tick: int,
        verdict: Verdict,
        scores: Scores,
        usable: Ints,
        audible: Mask,
        score_since: Callable[[Ints], Floats],
    ) -> Calls:
        """Raise anomalies, and let the score of a room that fell begin anew at the onset.

        Args:
            tick: The tick that has just ended.
            verdict: Of the detector.
            scores: Of the tick.
            usable: Ticks that evidence may look back at; 0 where nothing is known yet, shape (rooms,).
            audible: Rooms whose source gives signs of life: elsewhere nothing new is raised, shape (rooms,).
            score_since: Scores of all rooms if their windows began at these ticks.
        """
        used = self._rooms.used
        calm = self._alarms.standing[:used] == NONE
        evidence = np.where(calm & ~audible, 0.0, verdict.evidence)
        fresh = calm & (evidence >= self._params.warning)
        seen = ~fresh
        if fresh.any():
            onset = self._ledger.tick - verdict.stretch.ticks
            since = self._rooms.since[:used]
            current = score_since(np.where(fresh, np.maximum(onset, since), since))
            seen |= self._baseline.expected_score(used) - current >= self._params.band
        up = self._alarms.raised(tick, evidence, seen, verdict.stretch.ticks)
        new = up & fresh
        self._rooms.since[:used][new] = np.maximum(self._rooms.since[:used], self._alarms.onset[:used])[new]
        return Calls(up, new, self._alarms.low(tick, scores.value, usable > 0))

    def describe(self, calls: Calls, verdict: Verdict, scores: Scores, expected: Expected) -> tuple[Raised, ...]:
        """Say of each anomaly of this tick what it is."""
        usual = self._baseline.expected_score(self._rooms.used)
        return tuple(
            Raised(
                session_id=self._rooms.facts[row].session_id,
                type=self._name(row, calls, verdict, expected),
                severity=SEVERITIES[int(self._alarms.standing[row])],
                evidence=float(verdict.evidence[row]),
                onset=float(self._alarms.onset[row]) * TICK_S,
                current=float(scores.value[row]),
                expected=float(usual[row]),
                deviation=float(verdict.stretch.deviation[row]),
                fresh=bool(calls.new[row] | calls.low[row]),
            )
            for row in np.flatnonzero(calls.up | calls.low).tolist()
        )

    def _name(self, row: int, calls: Calls, verdict: Verdict, expected: Expected) -> AnomalyType:
        if calls.low[row]:
            return AnomalyType.LOW_ENGAGEMENT
        if verdict.exits[row]:
            return AnomalyType.MASS_EXIT
        ticks = max(int(verdict.stretch.ticks[row]), 1)
        usual_leaves = float(expected.leaves_per_person_min[row])
        return name_fall(look_at_fall(self._ledger, self._baseline, self._rooms, row, ticks, usual_leaves))
