"""What the worker does without at present, and whom it has told so."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from conductor.domain.outages import AgentDegraded, Component
from conductor.errors import NotWorking


class Outages:
    """Knows since when something has been gone."""

    def __init__(self) -> None:
        self._since: dict[Component, float] = {}
        self._told: dict[tuple[str, Component], float] = {}
        self._began = asyncio.Event()

    @property
    def since(self) -> Mapping[Component, float]:
        """What is gone, and since when, in epoch seconds."""
        return self._since

    def has(self, component: Component) -> bool:
        """Whether it is gone."""
        return component in self._since

    async def check(self, component: Component) -> None:
        """Return if it is there.

        Raises:
            NotWorking: It is gone.
        """
        if self.has(component):
            raise NotWorking(f"{component} is gone; the agent goes on without it")

    def see(self, component: Component, now: float, *, is_gone: bool) -> None:
        """At this moment it is gone, or there."""
        if not is_gone:
            self._since.pop(component, None)
        elif component not in self._since:
            self._since[component] = now
            self._began.set()

    async def begins(self) -> None:
        """Come back when something is gone, at once if something is already."""
        if not self._since:
            self._began.clear()
            await self._began.wait()

    def news(self, sessions: Mapping[str, str], now: float) -> list[AgentDegraded]:
        """What these sessions have not been told yet.

        Args:
            sessions: The event of each.
            now: Epoch seconds.
        """
        found: list[AgentDegraded] = []
        for (session_id, component), since in [*self._told.items()]:
            if self._since.get(component) != since or session_id not in sessions:
                del self._told[session_id, component]
                if session_id in sessions:
                    found.append(AgentDegraded(session_id, sessions[session_id], now, component, since, is_over=True))
        for component, since in self._since.items():
            for session_id, event_id in sessions.items():
                if (session_id, component) not in self._told:
                    self._told[session_id, component] = since
                    found.append(AgentDegraded(session_id, event_id, now, component, since, is_over=False))
        return found
