"""A session that is already known, played through the whole agent as if it were happening."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence

from conductor.domain.audience import PersonFacts, members
from conductor.domain.events import Event
from conductor.domain.interventions import Intervention, NudgeContent
from conductor.domain.signals import Kind, Signal
from conductor.loop import Loop
from conductor.perceive.ledger import TICK_S
from conductor.worker import Worker

OnTick = Callable[[float], Awaitable[None]]
"""Called after each tick with the seconds played so far."""


class Onlookers:
    """A recorded room: it answers nothing, and all who were there would have seen what was posted."""

    def __init__(self) -> None:
        self._loop: Loop | None = None

    def watch(self, loop: Loop) -> None:
        """Count people where this loop counts them."""
        self._loop = loop

    async def deliver(self, intervention: Intervention) -> int:
        """Say how many people would have seen it."""
        if self._loop is None:
            return 0
        people = self._loop.people(intervention.session_id, intervention.at)
        content = intervention.content
        if isinstance(content, NudgeContent):
            return len(members([PersonFacts(*person) for person in people], content.segment))
        return len(people)


async def play(signals: Sequence[Signal], duration_s: float, worker: Worker, on_tick: OnTick) -> list[Event]:
    """Play signals in the order of their times, tick by tick, and end the session after the last.

    Args:
        signals: Sorted; times count from 0.
        duration_s: Length of the session.
        worker: The agent, whose clock begins at 0.
        on_tick: Called after each tick.
    """
    ticks = math.floor(duration_s / TICK_S) + 1
    last = signals[-1]
    ending = Signal(last.session_id, last.event_id, max(duration_s, last.at), Kind.ENDED)
    script = [*(s for s in signals if s.kind is not Kind.ENDED), ending]
    events: list[Event] = []
    done = 0
    for tick in range(1, ticks + 1):
        now = tick * TICK_S
        ahead = done
        while ahead < len(script) and (script[ahead].at < now or tick == ticks):
            ahead += 1
        worker.receive(script[done:ahead])
        done = ahead
        events += await worker.advance(now)
        await on_tick(min(now, duration_s))
    await worker.close()
    return events
