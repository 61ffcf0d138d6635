"""Metrics of the rooms that people are in: sockets, and what is on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from conductor.telemetry.metrics import PREFIX


@dataclass(frozen=True, slots=True)
class RoomCounts:
    """What the rooms of a process count.

    Attributes:
        sockets: Open ones.
        rooms: Open ones.
        frames_sent: Events sent to sockets, each counted once for every socket.
        signals_waiting: Signals that the bus has not taken yet.
        signals_lost: Signals given up, as the bus was away for too long.
    """

    sockets: int
    rooms: int
    frames_sent: int
    signals_waiting: int
    signals_lost: int


class RoomMetrics(Collector):
    """Reads what the rooms count when metrics are read.

    Args:
        read: Says it.
    """

    def __init__(self, read: Callable[[], RoomCounts]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        """What is counted now."""
        now = self._read()
        yield GaugeMetricFamily(PREFIX + "sockets_connected", "Open sockets.", now.sockets)
        yield GaugeMetricFamily(PREFIX + "rooms_open", "Rooms of sessions.", now.rooms)
        sent = "Events sent to sockets, each counted once for every socket."
        yield CounterMetricFamily(PREFIX + "socket_frames_sent", sent, now.frames_sent)
        yield GaugeMetricFamily(
            PREFIX + "room_signals_waiting", "Signals that the bus has not taken yet.", now.signals_waiting
        )
        lost = "Signals given up: the bus was away for too long."
        yield CounterMetricFamily(PREFIX + "room_signals_lost", lost, now.signals_lost)
