"""Ports whose calls are counted and timed: each does what is behind it does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from conductor.domain.bus import Changed, Entry, Kept, Message
from conductor.domain.events import Event
from conductor.domain.learned import Learned
from conductor.domain.organisers import Answer
from conductor.ports import Answers, KeepingBus, Store
from conductor.telemetry.metrics import Calls, Metrics


class MeasuredBus:
    """A bus (a `Bus`) whose writing is timed; reading waits for others, so that its time says nothing."""

    def __init__(self, bus: KeepingBus, metrics: Metrics) -> None:
        self._bus = bus
        self._calls = Calls(metrics, "bus")

    async def publish(self, messages: Sequence[Message]) -> None:
        """Say these to whoever listens now, in this order."""
        with self._calls.timed("publish"):
            await self._bus.publish(messages)

    def subscribe(self, *patterns: str) -> AbstractAsyncContextManager[AsyncIterator[Message]]:
        """Listen to channels."""
        return self._bus.subscribe(*patterns)

    async def append(self, entries: Sequence[Entry]) -> None:
        """Keep these, in this order."""
        with self._calls.timed("append"):
            await self._bus.append(entries)

    def follow(self, prefix: str, since: float) -> AsyncIterator[Sequence[Kept]]:
        """Everything in all streams whose names begin so, from this moment on."""
        return self._bus.follow(prefix, since)

    async def rewrite(self, prefix: str, change: Changed, only: Collection[str] | None = None) -> Mapping[str, int]:
        """Change entries of streams whose names begin so."""
        return await self._bus.rewrite(prefix, change, only)

    async def remove(self, streams: Sequence[str]) -> int:
        """Delete streams."""
        return await self._bus.remove(streams)

    async def close(self) -> None:
        """Let go of the bus."""
        await self._bus.close()


class MeasuredStore:
    """A store (a `Store`) whose calls are timed."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store = store
        self._calls = Calls(metrics, "store")

    async def record(self, events: Sequence[Event], learned: Learned | None = None) -> None:
        """Keep these events and what was learned from them, all or none."""
        with self._calls.timed("record"):
            await self._store.record(events, learned)

    async def history(self, session_id: str) -> Sequence[Event]:
        """What happened in a session."""
        with self._calls.timed("history"):
            return await self._store.history(session_id)

    async def load_learned(self) -> Learned:
        """What was learned so far."""
        with self._calls.timed("load_learned"):
            return await self._store.load_learned()

    async def save_learned(self, learned: Learned) -> None:
        """Put this in the place of what was known."""
        with self._calls.timed("save_learned"):
            await self._store.save_learned(learned)

    async def close(self) -> None:
        """Let go of the store."""
        await self._store.close()


class MeasuredAnswers:
    """Answers (an `Answers`) each of which is told when it is the first to a question."""

    def __init__(self, answers: Answers, note: Callable[[Answer], None]) -> None:
        self._answers = answers
        self._note = note

    async def answer(self, answer: Answer) -> Answer:
        """Keep the answer if it is the decision's first, and say which one stands."""
        before = await self._answers.answered(answer.session_id, answer.decision_id)
        standing = await self._answers.answer(answer)
        if before is None and standing == answer:
            self._note(answer)
        return standing

    async def answered(self, session_id: str, decision_id: str) -> Answer | None:
        """The answer that stands."""
        return await self._answers.answered(session_id, decision_id)
