"""Who hears of what happened, and of what they have heard before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from conductor.domain.events import Event

Tell = Callable[[Sequence[Event]], Awaitable[None]]
"""Takes what happened, as soon as it did."""


Untold = Callable[[Sequence[Event]], Awaitable[Sequence[Event]]]
"""Leaves out what was told before."""


@dataclass(frozen=True, slots=True)
class Unended:
    """A decision that was told by an earlier life, and not how it ended; `held_out` ones end with their outcome."""

    decision_id: str
    session_id: str
    event_id: str
    held_out: bool = False


async def all_of(events: Sequence[Event]) -> Sequence[Event]:
    """Where nothing was told before."""
    return events


async def tell_nobody(events: Sequence[Event]) -> None:
    """Where nobody listens."""
