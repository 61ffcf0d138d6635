"""What the service is made of, and what an operator can set of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from fastapi import Request

from conductor.access.tokens import Access
from conductor.domain.interventions import Mode
from conductor.domain.learned import Belief, Learned
from conductor.domain.sessions import SessionProfile
from conductor.limits import Limiter
from conductor.overview import Overview
from conductor.ports import Answers, Archive, Audit, Bus, Desk, Spending, Store
from conductor.ports.erasing import Erasing
from conductor.ports.revoking import Revoked
from conductor.service.calibrated import Calibrations
from conductor.service.drifting import Drifts
from conductor.service.lifted import Lifts

Check = Callable[[], Awaitable[None]]
"""Returns if a dependency can be had, and raises a `ConductorError` or `OSError` if not."""

Exposition = Callable[[str], Awaitable[tuple[bytes, str]]]
"""All metrics in the form that a header `Accept` asks for, and the type of their content."""


GUESTS_PER_MINUTE = 600
"""Invitations that may be accepted from one address in a minute: a whole hall comes in behind one, within minutes of
its beginning. Nobody guesses an invitation at that pace, nor at any other: it is signed."""

DEMO_EVENT = "demo"
"""The event of all demos. Nothing that happens in it teaches the agent anything."""


@dataclass(frozen=True, slots=True)
class DemoSession:
    """A simulated room that is being shown; it ends by itself at `ends_at`, in epoch seconds."""

    session_id: str
    event_id: str
    profile: SessionProfile
    ends_at: float


class Demos(Protocol):
    """Shows simulated rooms to the agent. Implementation: `bootstrap.demo.DemoRooms`."""

    async def start(self, session_id: str, mode: Mode) -> DemoSession:
        """Let one begin in a session of this id.

        Raises:
            TooManyRequests: As many as may are being shown.
            BusUnavailable: There is no bus.
        """

    async def stop(self, session_id: str) -> None:
        """End it before its time.

        Raises:
            NotFound: No such demo is being shown.
        """


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service speaks to.

    Attributes:
        clock: Epoch seconds.
        checks: How to ask each dependency whether it is there, by its name.
        demos: Shows simulated rooms; None where there are none.
        guests: Bounds how many invitations are accepted from one address.
        spending: Says what language models have cost; None where nobody counts it.
        lifts: What the coin showed so far.
        believed: What follows from what was learned.
        drifts: How sessions of late differ from those before.
        calibrations: Whether the agent's confidence can be taken at its word.
        exposition: Gives the metrics of this process as Prometheus reads them; None where nobody counts.
        erasing: Takes people and events out of what is kept; None where nobody can.
        revoked: Where it is kept which tokens were called back; None where nobody can call any back.
    """

    bus: Bus
    store: Store
    desk: Desk
    answers: Answers
    archive: Archive
    audit: Audit
    access: Access
    limiter: Limiter
    overview: Overview
    clock: Callable[[], float]
    checks: Mapping[str, Check] = field(default_factory=dict)
    demos: Demos | None = None
    guests: Limiter = field(default_factory=lambda: Limiter(GUESTS_PER_MINUTE))
    exposition: Exposition | None = None
    erasing: Erasing | None = None
    revoked: Revoked | None = None
    spending: Callable[[float], Awaitable[Spending]] | None = None
    lifts: Lifts = field(default_factory=Lifts)
    drifts: Drifts = field(default_factory=Drifts)
    calibrations: Calibrations = field(default_factory=Calibrations)
    believed: Callable[[Learned], list[Belief]] = field(kw_only=True)
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while settings are read and written again: two organisers may click at the same time."""


@dataclass(frozen=True, slots=True)
class ServiceParams:
    """Limits and addresses.

    Attributes:
        cors_origins: Origins whose pages may call the service; empty for none but its own.
        max_body_bytes: Largest body, in bytes.
        max_batch: Most signals in one request.
        webhook_secrets: Secrets of Standard Webhooks with which signals may be signed; empty for none.
        check_within_s: How long a dependency may take to answer a health check, in seconds.
        act_below: Score in [0, 1] from which on a room counts as fine; under it a warning leads to a decision.
        public_url: Where people reach the web app, for links; empty for where they asked.
        allowed_hosts: Names under which people may ask for links where there is no `public_url`; this machine's own
            addresses are always allowed.
    """

    cors_origins: tuple[str, ...] = ()
    max_body_bytes: int = 1_000_000
    max_batch: int = 5_000
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    check_within_s: float = 2.0
    act_below: float = 0.5
    public_url: str = ""
    allowed_hosts: tuple[str, ...] = ()

    @property
    def is_secure(self) -> bool:
        """Whether people reach this over TLS."""
        return self.public_url.startswith("https://")


def parts_of(request: Request) -> Parts:
    """The parts of the app that was asked."""
    parts: Parts = request.app.state.parts
    return parts


def params_of(request: Request) -> ServiceParams:
    """The settings of the app that was asked."""
    params: ServiceParams = request.app.state.params
    return params
