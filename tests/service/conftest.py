"""The service in this process, on parts that forget, at a time that stands still."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI

from conductor.access.rights import EVERY_EVENT, Principal, Role
from conductor.access.tokens import Access
from conductor.adapters.bus_memory import MemoryBus
from conductor.adapters.store_memory import MemoryStore
from conductor.decide.beliefs import believed
from conductor.domain.interventions import Mode
from conductor.domain.sessions import SessionProfile
from conductor.errors import NotFound, TooManyRequests
from conductor.limits import Limiter
from conductor.overview import Overview
from conductor.ports.erasing import Erasing
from conductor.ports.revoking import Revoked
from conductor.service.app import create_app
from conductor.service.parts import DEMO_EVENT, GUESTS_PER_MINUTE, DemoSession, Parts, ServiceParams

NOW = 1_800_000_000.0
WEBHOOK_SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"


@dataclass
class Playbill:
    """Demos that nobody plays: only which are on."""

    most: int = 3
    modes: dict[str, Mode] = field(default_factory=dict)

    async def start(self, session_id: str, mode: Mode) -> DemoSession:
        """Put it on, if there is room."""
        if len(self.modes) >= self.most:
            raise TooManyRequests("enough for today", retry_after_s=60.0)
        self.modes[session_id] = mode
        return DemoSession(session_id, DEMO_EVENT, SessionProfile(title="A play"), NOW + 100.0)

    async def stop(self, session_id: str) -> None:
        """Take it off."""
        if self.modes.pop(session_id, None) is None:
            raise NotFound("nothing of that name is on")


@dataclass
class House:
    """Everything that the service speaks to."""

    bus: MemoryBus = field(default_factory=lambda: MemoryBus(lambda: NOW))
    store: MemoryStore = field(default_factory=MemoryStore)
    access: Access = field(default_factory=lambda: Access(["s" * 40], lambda: NOW))
    overview: Overview = field(default_factory=Overview)
    per_minute: int = 100_000
    guests_per_minute: int = GUESTS_PER_MINUTE
    checks: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    demos: Playbill | None = field(default_factory=Playbill)
    revoked: Revoked | None = None
    erasing: Erasing | None = None
    params: ServiceParams = field(
        default_factory=lambda: ServiceParams(webhook_secrets=(WEBHOOK_SECRET,), allowed_hosts=("here",))
    )

    def app(self) -> FastAPI:
        """A fresh app on these parts."""
        limiter = Limiter(self.per_minute)
        kept = (self.bus, self.store, self.store.desk, self.store.desk, self.store.archive, self.store.audit)
        checks = self.checks or {"database": self.store.archive.ping}
        guests = Limiter(self.guests_per_minute)
        parts = Parts(
            *kept,
            self.access,
            limiter,
            self.overview,
            lambda: NOW,
            checks,
            self.demos,
            guests,
            revoked=self.revoked,
            erasing=self.erasing,
            believed=believed,
        )
        return create_app(parts, self.params)

    def token(self, role: Role, event_id: str = EVERY_EVENT, sessions: frozenset[str] = frozenset()) -> str:
        """A token that is good for an hour."""
        return self.access.issue(Principal(f"a-{role.value.lower()}", role, event_id, sessions), 3600.0)

    def client(self, role: Role | None = None, event_id: str = EVERY_EVENT, **more) -> httpx.AsyncClient:
        """A client of a fresh app, with a token of this role."""
        transport = httpx.ASGITransport(self.app(), raise_app_exceptions=False)
        headers = {} if role is None else {"Authorization": f"Bearer {self.token(role, event_id, **more)}"}
        return httpx.AsyncClient(transport=transport, base_url="http://here", headers=headers)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def organiser(house) -> AsyncIterator[httpx.AsyncClient]:
    async with house.client(Role.ORGANISER) as client:
        yield client


@pytest.fixture
async def service(house) -> AsyncIterator[httpx.AsyncClient]:
    async with house.client(Role.SERVICE) as client:
        yield client
