"""Rooms, the bus and the time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from conductor.domain.bus import Changed, Entry, Kept, Message
from conductor.domain.interventions import Intervention


class Platform(Protocol):
    """Where interventions are delivered: rooms, a simulated audience, or nobody (a recording)."""

    async def deliver(self, intervention: Intervention) -> int:
        """Show it to the room and say how many people could see it.

        Delivering the same `intervention_id` again changes nothing and says the same.
        """


class Bus(Protocol):
    """Carries signals, events and actions between processes, or within one.

    Every call raises `BusUnavailable` if the bus cannot be had for longer than it is ready to wait; readers go on by
    themselves once it is back. Implementations: `adapters.bus_memory.MemoryBus`, `adapters.bus_redis.RedisBus`.
    """

    async def publish(self, messages: Sequence[Message]) -> None:
        """Say these to whoever listens now, in this order."""

    def subscribe(self, *patterns: str) -> AbstractAsyncContextManager[AsyncIterator[Message]]:
        """Listen to channels by name, `*` standing for anything.

        Within the context nothing is missed but while the bus is away. A listener that does not keep up loses the
        oldest messages.
        """

    async def append(self, entries: Sequence[Entry]) -> None:
        """Keep these, in this order."""

    def follow(self, prefix: str, since: float) -> AsyncIterator[Sequence[Kept]]:
        """Everything in all streams whose names begin so, from this moment on.

        First what is kept already, in the order in which it came, then one empty batch, then what comes; each entry
        once, also across an outage.
        """

    async def close(self) -> None:
        """Let go of the bus; readers end. Closing again changes nothing."""


class Streams(Protocol):
    """Changes what streams keep, which only happens to erase. Every call raises `BusUnavailable` as a `Bus` does.

    Implementations: `adapters.bus_memory.MemoryBus`, `adapters.bus_redis.RedisBus`.
    """

    async def rewrite(self, prefix: str, change: Changed, only: Collection[str] | None = None) -> Mapping[str, int]:
        """Change entries of all streams whose names begin so; how many were changed, by stream.

        `only` says which of them, by their whole names; None means all.
        Entries keep their ids and their order, so that whoever follows a stream neither misses nor repeats any.
        """

    async def remove(self, streams: Sequence[str]) -> int:
        """Delete streams, and say how many there were."""


class KeepingBus(Bus, Streams, Protocol):
    """A bus whose streams can be changed, as those of every bus."""


class Clock(Protocol):
    """The time, and how to wait for it. Implementations: `duty.clock.SystemClock`, `testing.FakeClock`."""

    def now(self) -> float:
        """Epoch seconds."""

    async def sleep_until(self, moment: float) -> None:
        """Come back at this moment; at once if it is over, but others get their turn."""
