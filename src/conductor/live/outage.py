"""Whether the bus takes what rooms say. Where it does not, organisers hear so from here: the agent cannot tell them."""

from __future__ import annotations

from conductor.domain.outages import AgentDegraded, Component
from conductor.live.hall import Hall
from conductor.wire.events import AGENT_DEGRADED, event_message


class Outage:
    """Tells whoever watches the agent that the bus is away, and that it is back.

    Args:
        hall: Knows who watches, and shows it to them.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._since: float | None = None
        self._told: dict[str, str] = {}

    @property
    def is_on(self) -> bool:
        """Whether the bus is away, as far as is known."""
        return self._since is not None

    def began(self) -> None:
        """The bus did not take something: sessions that are watched and do not know it yet are told."""
        now = self._hall.clock()
        if self._since is None:
            self._since = now
        for session_id in self._hall.organisers():
            event_id = self._hall.event_of(session_id)
            if event_id is not None and session_id not in self._told:
                self._told[session_id] = event_id
                self._tell(session_id, event_id, now, self._since, is_over=False)

    def ended(self) -> None:
        """The bus took something: whoever was told that it is away is told that it is back."""
        if self._since is None:
            return
        now, since, told = self._hall.clock(), self._since, self._told
        self._since, self._told = None, {}
        for session_id, event_id in told.items():
            self._tell(session_id, event_id, now, since, is_over=True)

    def _tell(self, session_id: str, event_id: str, now: float, since: float, *, is_over: bool) -> None:
        message = event_message(AgentDegraded(session_id, event_id, now, Component.BUS, since, is_over))
        # Whoever begins to watch meanwhile finds it in what they are shown first.
        self._hall.overview.take(message)
        self._hall.show(session_id, event_id, (AGENT_DEGRADED, message))
