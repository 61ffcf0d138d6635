"""What it costs one core to read a signal and count it.

Each signal comes as one JSON line with its channel and body, as from the bus. Ours parses and checks it
(`wire.parse_line`) and receives it (`Perception.receive`); the ticks that end in the meantime, with the scores of all
sessions, are counted in. The baseline is the documents' way: `json.loads`, and for each session and kind a list of
times that is built anew without what is older than five minutes at every message, with no check, score or detector.
Beside it the kinder variant: a `deque`, from whose left end the old ones are popped. All take the same lines, in
turns, after a warm-up of five minutes in which every list grows to its full length.

How long those lists are depends on how busy a session is, while ours costs the same, so two loads of 600 signals a
second altogether are measured: many quiet sessions (2 signals a second each, as in the tick benchmark) and fewer
lively ones (10, a webinar of 150 people). Contract: at least 5 times faster than the documents' way in lively
sessions, and faster in quiet ones. The deque is there to compare with and no part of it: it checks nothing. Times
are CPU seconds of one thread, medians over ticks; a ratio counts as it is, without further tolerance.
"""

from __future__ import annotations

import gc
import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, at_least
from benchmarks.mixture import Mixture, Size
from conductor.domain.sessions import SessionProfile
from conductor.perceive.ledger import TICK_S
from conductor.perceive.norms import Norms
from conductor.perceive.perception import PerceiveParams, Perception
from conductor.wire import dump_signal, parse_line

SEED = 20_260_103
FASTER = 5.0
KEEP_S = 300.0
WARM_UP_TICKS = 61
MEASURED = 15
SIZES = {
    "quiet, 2 signals a second": Size(sessions=300, people=30, per_s=2.0, with_ids=True),
    "lively, 10 signals a second": Size(sessions=60, people=150, per_s=10.0, with_ids=True),
}
"""Sessions by how busy they are; with as many signals a person."""

REQUIRED = dict(zip(SIZES, (1.0, FASTER), strict=True))


@dataclass(slots=True)
class Tracker:
    """One session in the documents' way: times in a list of each kind, and who is there."""

    times: dict[str, list[float]] = field(default_factory=dict)
    active_users: set[str] = field(default_factory=set)


class Documents:
    """Append, and build the list anew without the old ones."""

    def __init__(self) -> None:
        self._trackers: dict[str, Tracker] = {}

    def read(self, lines: Sequence[bytes], now: float) -> None:
        """Take in a tick's lines; `now` is not needed, since nothing waits for the tick."""
        del now
        for line in lines:
            message = json.loads(line)
            channel, data = message["channel"], message["data"]
            session_id = data["sessionId"] if "sessionId" in data else channel.split(":")[1]
            tracker = self._trackers.get(session_id)
            if tracker is None:
                tracker = self._trackers[session_id] = Tracker()
            kind = data.get("type", channel)
            if kind == "join":
                tracker.active_users.add(data["userId"])
            elif kind == "leave":
                tracker.active_users.discard(data["userId"])
            at = data["timestamp"]
            times = tracker.times.get(kind, [])
            times.append(at)
            cutoff = at - KEEP_S
            tracker.times[kind] = [t for t in times if t > cutoff]


@dataclass(slots=True)
class KinderTracker:
    """One session in the kinder way."""

    times: dict[str, deque[float]] = field(default_factory=dict)
    active_users: set[str] = field(default_factory=set)


class Deques:
    """Append on the right, pop the old ones on the left."""

    def __init__(self) -> None:
        self._trackers: dict[str, KinderTracker] = {}

    def read(self, lines: Sequence[bytes], now: float) -> None:
        """Take in a tick's lines; `now` is not needed, since nothing waits for the tick."""
        del now
        for line in lines:
            message = json.loads(line)
            channel, data = message["channel"], message["data"]
            session_id = data["sessionId"] if "sessionId" in data else channel.split(":")[1]
            tracker = self._trackers.get(session_id)
            if tracker is None:
                tracker = self._trackers[session_id] = KinderTracker()
            kind = data.get("type", channel)
            if kind == "join":
                tracker.active_users.add(data["userId"])
            elif kind == "leave":
                tracker.active_users.discard(data["userId"])
            at = data["timestamp"]
            times = tracker.times.get(kind)
            if times is None:
                times = tracker.times[kind] = deque()
            times.append(at)
            cutoff = at - KEEP_S
            while times[0] <= cutoff:
                times.popleft()


class Ours:
    """Parse, check, receive, and score at the end of the tick."""

    def __init__(self, names: Sequence[str]) -> None:
        self._perception = Perception(PerceiveParams(), Norms(), 0.0)
        for name in names:
            self._perception.open(name, "benchmark", 0.0, SessionProfile())

    def read(self, lines: Sequence[bytes], now: float) -> None:
        """Take in a tick's lines and end the tick."""
        receive = self._perception.receive
        for line in lines:
            receive(parse_line(line))
        if self._perception.advance().at != now:
            msg = f"the tick does not end at {now}"
            raise ValueError(msg)


def cpu_us(size: Size) -> dict[str, float]:
    """CPU microseconds a signal of each way."""
    mixture = Mixture(size, SEED)
    ways: dict[str, Callable[[Sequence[bytes], float], None]] = {
        "ours": Ours(mixture.names).read,
        "documents": Documents().read,
        "deque": Deques().read,
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for tick in range(WARM_UP_TICKS + MEASURED):
        lines = [line_of(*dump_signal(signal)) for signal in mixture.tick(tick)]
        for name, read in ways.items():
            start = time.process_time()
            read(lines, (tick + 1) * TICK_S)
            took[name].append(1e6 * (time.process_time() - start) / len(lines))
    return {name: float(np.median(each[-MEASURED:])) for name, each in took.items()}


def line_of(channel: str, body: dict[str, object]) -> bytes:
    """A line as it comes from the bus."""
    return json.dumps({"channel": channel, "data": body}, separators=(",", ":")).encode()


def run(console: Console) -> list[Figure]:
    """Measure every load, print it, and compare with the contract."""
    gc.collect()
    gc.disable()
    measured = {load: cpu_us(size) for load, size in SIZES.items()}
    gc.enable()
    table = Table(title="Ingest: CPU µs a signal on one core")
    for column in ("sessions", "ours", "signals a second", "documents' lists", "deque"):
        table.add_column(column)
    for load, us in measured.items():
        each = [f"{us[name]:.2f}" for name in ("ours", "documents", "deque")]
        table.add_row(load, each[0], f"{1e6 / us['ours']:,.0f}", *each[1:])
    console.print(table)
    figures = []
    for load, us in measured.items():
        ours = f"{us['ours']:.2f} µs"
        ratio = us["documents"] / us["ours"]
        figures.append(at_least(f"a signal, {load}", ours, f"{us['documents']:.2f} µs", ratio, REQUIRED[load]))
        figures.append(at_least("… to the deque", ours, f"{us['deque']:.2f} µs", us["deque"] / us["ours"], None))
    return figures
