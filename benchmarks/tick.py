"""A tick of many sessions: windows, score, forest, z-score, evidence, learning.

1,500 sessions of about 30 people send 2 signals a second each. Ours is `Perception.advance()`, all sessions in one
pass; the baseline is `benchmarks.plain`: lists that are pruned and one River model a session, one after the other,
with garbage collection off in its favour. Both receive the same signals, and what receiving costs is measured in
`benchmarks.ingest`; what waits from receiving until the tick ends is part of the tick. `hybrid` does just what the
baseline does. The default `sequential` weighs the counts as well, and is shown beside it.

Contract: `hybrid` at least 40 times faster, its scores and unusualness equal to 1e-9 in every tick; memory of a
session at most 1/80; with the default detector 100,000 sessions in under 1 s on one core, and a session there at most
twice as dear as among 1,500. Times are CPU seconds of one thread, medians over ticks in which the ways take turns, so
that other work on the machine slows all alike; a ratio counts as it is, without further tolerance. The tick in which
a forest's window is full is dearer in both ways; all sessions began at once here, so all of them have it in the same
tick, and it is shown beside the median.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, at_least, at_most
from benchmarks.mixture import Mixture, Size
from benchmarks.plain import PlainSession, comparable, trees_of_river
from conductor.domain.sessions import SessionProfile, SessionType
from conductor.domain.signals import Signal
from conductor.perceive.detector import DetectorName
from conductor.perceive.forest import ForestParams
from conductor.perceive.ledger import TICK_S
from conductor.perceive.norms import FIRST_GUESS, Norms
from conductor.perceive.perception import PerceiveParams, Perception

Floats = NDArray[np.float64]

SEED = 20_260_102
FASTER, SMALLER = 40.0, 80.0
LARGEST_DIFFERENCE = 1e-9
TICK_LIMIT_S = 1.0
GROWTH = 2.0
"""A session among 100,000 may cost so many times one among 1,500: the processor's caches are full by then."""

MEASURED = 11
"""Ticks of which the median is taken, after every window is full and the forest has turned over."""

MEMORY_SESSIONS = 150
MEMORY_TICKS = 65
"""Until the lists of the long window are full; the trees are there from the first tick."""

SCALE = (1_500, 15_000, 100_000)
SCALE_TICKS = 5
SCALE_WINDOW = 2
"""So short a window of the forest that it has turned over before anything is measured: the work of a tick is the
same, and a hundred ticks of a million signals each would take minutes to receive."""

PROFILE = SessionProfile(type=SessionType.PANEL)


Result = TypeVar("Result")


class Ours:
    """All sessions in one pass."""

    def __init__(self, params: PerceiveParams, names: list[str]) -> None:
        self.perception = Perception(params, Norms(), 0.0, trees_of_river(params.detector.forest))
        for name in names:
            self.perception.open(name, "benchmark", 0.0, PROFILE)

    def receive(self, signals: Iterable[Signal]) -> None:
        """Take in a tick's signals."""
        for signal in signals:
            self.perception.receive(signal)

    def advance(self, now: float) -> Floats:
        """A tick: scores and unusualness, shape (2, sessions)."""
        reading = self.perception.advance()
        if reading.at != now:
            msg = f"the tick ends at {reading.at}, not at {now}"
            raise ValueError(msg)
        return np.stack([reading.scores.value, reading.evidence])


class Plain:
    """One session after the other."""

    def __init__(self, params: PerceiveParams, names: list[str]) -> None:
        norm = list(FIRST_GUESS[PROFILE.type])
        self.sessions = {name: PlainSession(norm, params.baseline, params.detector) for name in names}

    def receive(self, signals: Iterable[Signal]) -> None:
        """Take in a tick's signals."""
        for signal in signals:
            self.sessions[signal.session_id].receive(signal)

    def advance(self, now: float) -> Floats:
        """A tick: scores and unusualness, shape (2, sessions)."""
        return np.array([session.advance(now) for session in self.sessions.values()]).T


@dataclass(frozen=True, slots=True)
class Race:
    """CPU time of a tick of each way, in seconds, and how far apart its numbers were.

    Attributes:
        median_s: Of the ticks that were measured.
        turn_s: Of the tick in which every forest turns over at once: its dearest.
        difference: The largest between `hybrid` and the plain way, in any tick.
    """

    median_s: dict[str, float]
    turn_s: dict[str, float]
    difference: float


def race(size: Size) -> Race:
    """Let both ways take in the same signals and end the same ticks."""
    mixture = Mixture(size, SEED)
    hybrid = comparable(DetectorName.HYBRID)
    ways: dict[str, Ours | Plain] = {
        "hybrid": Ours(hybrid, mixture.names),
        "sequential": Ours(comparable(DetectorName.SEQUENTIAL), mixture.names),
        "plain": Plain(hybrid, mixture.names),
    }
    difference, seconds = 0.0, np.zeros((0, len(ways)))
    for tick in range(hybrid.detector.forest.window + MEASURED + 1):
        signals, now = mixture.tick(tick), (tick + 1) * TICK_S
        took, results = [], []
        for way in ways.values():
            # As in a worker: a tick's signals come in, and then it ends.
            way.receive(signals)
            seconds_of_tick, result = timed(partial(way.advance, now))
            took.append(seconds_of_tick)
            results.append(result)
        difference = max(difference, float(np.abs(results[0] - results[-1]).max()))
        seconds = np.vstack([seconds, took])
    median, turn = np.median(seconds[-MEASURED:], axis=0), seconds[hybrid.detector.forest.window - 1]
    return Race(dict(zip(ways, median.tolist(), strict=True)), dict(zip(ways, turn.tolist(), strict=True)), difference)


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """CPU seconds that the work took, and its result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def bytes_per_session(make: Callable[[list[str]], Ours | Plain]) -> float:
    """What a session and its people take in memory once every window is full; names are the signals' own."""
    mixture = Mixture(Size(sessions=MEMORY_SESSIONS), SEED)
    tracemalloc.start()
    way = make(mixture.names)
    for tick in range(MEMORY_TICKS):
        way.receive(mixture.tick(tick))
        way.advance((tick + 1) * TICK_S)
    gc.collect()
    total = tracemalloc.get_traced_memory()[0]
    del way
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (total - kept) / MEMORY_SESSIONS


def tick_s(sessions: int) -> float:
    """CPU seconds of a tick of so many sessions with the default detector."""
    params = comparable(DetectorName.SEQUENTIAL)
    params = replace(params, detector=replace(params.detector, forest=ForestParams(window=SCALE_WINDOW)))
    mixture = Mixture(Size(sessions=sessions), SEED)
    way = Ours(params, mixture.names)
    seconds = []
    for tick in range(SCALE_TICKS):
        way.receive(mixture.tick(tick))
        seconds.append(timed(partial(way.advance, (tick + 1) * TICK_S))[0])
    return float(np.median(seconds[SCALE_WINDOW:]))


def run(console: Console) -> list[Figure]:
    """Race, weigh and scale, print it all, and compare with the contract."""
    gc.collect()
    gc.disable()
    size = Size()
    raced = race(size)
    hybrid = comparable(DetectorName.HYBRID)
    ours_bytes = bytes_per_session(partial(Ours, comparable(DetectorName.SEQUENTIAL)))
    plain_bytes = bytes_per_session(partial(Plain, hybrid))
    scaled = {sessions: tick_s(sessions) for sessions in SCALE}
    gc.enable()
    gc.collect()
    console.print(race_table(raced, size.sessions))
    console.print(scale_table(scaled))
    plain_s = raced.median_s["plain"]
    required = {"hybrid": FASTER, "sequential": None}
    figures = [
        at_least(
            f"{name}, CPU time of a tick of {size.sessions:,} sessions",
            f"{1e3 * raced.median_s[name]:.1f} ms",
            f"{1e3 * plain_s:.0f} ms",
            plain_s / raced.median_s[name],
            required[name],
        )
        for name in required
    ]
    dearer = scaled[SCALE[-1]] / SCALE[-1] / (scaled[SCALE[0]] / SCALE[0])
    return [
        *figures,
        at_most("hybrid, largest difference to the baseline", raced.difference, LARGEST_DIFFERENCE),
        at_least(
            "memory of a session with its people",
            f"{ours_bytes / 1e3:.1f} kB",
            f"{plain_bytes / 1e3:.0f} kB",
            plain_bytes / ours_bytes,
            SMALLER,
        ),
        at_most(f"sequential, a tick of {SCALE[-1]:,} sessions", scaled[SCALE[-1]], TICK_LIMIT_S, " s"),
        at_most(f"sequential, a session among {SCALE[-1]:,} to one among {SCALE[0]:,}", dearer, GROWTH, " ×"),
    ]


def race_table(raced: Race, sessions: int) -> Table:
    """Each way in microseconds of a session."""
    table = Table(title=f"Tick: {sessions:,} sessions, CPU µs a session")
    for column in ("way", "median tick", "tick in which every forest turns over"):
        table.add_column(column)
    for way, seconds in raced.median_s.items():
        table.add_row(way, f"{1e6 * seconds / sessions:.2f}", f"{1e6 * raced.turn_s[way] / sessions:.1f}")
    return table


def scale_table(scaled: dict[int, float]) -> Table:
    """Growth with the number of sessions."""
    table = Table(title="Tick: sequential, one core, growth with the number of sessions")
    for column in ("sessions", "tick", "CPU µs a session"):
        table.add_column(column, justify="right")
    for sessions, seconds in scaled.items():
        table.add_row(f"{sessions:,}", f"{1e3 * seconds:.1f} ms", f"{1e6 * seconds / sessions:.2f}")
    return table
