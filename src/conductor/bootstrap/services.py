"""The services, put together: the agent and its HTTP face, the rooms, or both in one process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import uvicorn

import conductor
from conductor.access.rights import Principal, Role
from conductor.access.tokens import Access, sign_in_link
from conductor.bootstrap.agent import open_agent
from conductor.bootstrap.alerts import Alerting
from conductor.bootstrap.bounds import limiter, live_params
from conductor.bootstrap.bus import open_bus
from conductor.bootstrap.ending import Server, asked_to_end
from conductor.bootstrap.erasing import Eraser, open_sessions
from conductor.bootstrap.exposed import App, mounted
from conductor.bootstrap.listening import bound, url_of
from conductor.bootstrap.memory import set_aside_what_stays
from conductor.bootstrap.observing import begin_observing, watch_rooms
from conductor.bootstrap.retention import let_go
from conductor.bootstrap.revocation import begin_reading, keep_listening
from conductor.bootstrap.signing import access_of
from conductor.bootstrap.tasks import refuse_if, tasks_until_end, unless
from conductor.bootstrap.waiting import checks_of, reach_bus, reach_database, until_there
from conductor.decide.beliefs import believed
from conductor.duty.clock import SystemClock
from conductor.duty.duty import Duty
from conductor.duty.onlooker import Together
from conductor.following import follow
from conductor.live.service import LiveApp, create_live_app, uvicorn_options
from conductor.overview import Overview
from conductor.ports import Clock, KeepingBus
from conductor.service.app import create_app
from conductor.service.parts import GUESTS_PER_MINUTE, Parts, ServiceParams
from conductor.settings import Environment, Settings
from conductor.telemetry.measured import MeasuredAnswers, MeasuredBus
from conductor.telemetry.metrics import Metrics
from conductor.telemetry.requests import MeasuredApp
from conductor.telemetry.worker import WorkerMetrics

SIGNED_IN_S = 43_200.0
"""How long the printed link is good for: a conference day."""


class Serving(StrEnum):
    """Which of the services a process is."""

    ALL = "all"
    AGENT = "agent"
    LIVE = "live"


PORTS = {Serving.ALL: 8003, Serving.AGENT: 8003, Serving.LIVE: 3002}


@dataclass(frozen=True, slots=True)
class Services:
    """What runs in this process.

    Attributes:
        app: Answers requests and sockets.
        access: Signs and reads tokens.
        duty: The worker, where the agent runs here.
        parts: What answers requests speaks to, where the agent runs here.
        broken: Set if a part of it ended that should not have: then the process has to end too, and be started anew.
    """

    app: App
    access: Access
    duty: Duty | None
    parts: Parts | None
    broken: asyncio.Event


@asynccontextmanager
async def services(
    settings: Settings, serving: Serving, clock: Clock, seed: int, metrics: Metrics | None = None
) -> AsyncIterator[Services]:
    """Run the services within the context; within it everybody is ready. Without `metrics` they get their own.

    Raises:
        InvalidInput: A setting does not fit.
        UnreadableState: The database cannot be used.
        BusUnavailable: There is no bus.
    """
    access, metrics = access_of(settings, clock), metrics or Metrics(conductor.__version__)
    async with AsyncExitStack() as stack:
        bus = MeasuredBus(await open_bus(settings, clock), metrics)
        stack.push_async_callback(bus.close)
        broken = asyncio.Event()
        tasks = await stack.enter_async_context(tasks_until_end(broken))
        app: App | None = None
        duty: Duty | None = None
        parts: Parts | None = None
        live: LiveApp | None = None
        if serving is not Serving.LIVE:
            app, duty, parts = await _agent(settings, clock, seed, bus, access, metrics, stack, tasks, broken)
        if serving is Serving.LIVE:
            tasks(keep_listening(access.called_back, bus))
        if serving is not Serving.AGENT:
            live = create_live_app(bus, access, live_params(settings), clock.now)
            stop = asyncio.Event()
            running = asyncio.create_task(live.run(stop))
            stack.push_async_callback(_stop, running, stop)
            await live.ready.wait()
            watch_rooms(metrics, live)
        yield Services(mounted(app, live, metrics), access, duty, parts, broken)


async def serve(
    settings: Settings,
    *,
    serving: Serving,
    host: str,
    port: int | None,
    seed: int,
    say: Callable[[str], None],
    opening: Callable[[Services, str], Awaitable[None]] | None = None,
) -> None:
    """Serve until the process is asked to end. When people can be let in, `opening` is told the address.

    Raises:
        InvalidInput: There is no such host, or a setting does not fit.
        NotWorking: Somebody else has the port, or a part of it ended that should not have (what went wrong is in the
            log).
    """
    port = PORTS[serving] if port is None else port
    clock = SystemClock(settings.clock_speed, settings.clock_since)
    metrics = begin_observing(settings)
    with bound(host, port) as places:
        if not await until_there(places, partial(_reach_all, settings, serving)):
            return
        async with services(settings, serving, clock, seed, metrics) as running:
            set_aside_what_stays()
            url = settings.public_url or url_of(host, port)
            say(f"Engagement Conductor ({serving}) at {url}")
            await (opening or partial(_sign_in, settings, serving, say))(running, url)
            await _answer(running, places)
            refuse_if(running.broken)


async def _answer(running: Services, places: list[socket.socket]) -> None:
    """Answer at these places until the process is asked to end, or a part of it ended."""
    server = Server(uvicorn.Config(running.app, log_config=None, access_log=False, lifespan="off", **uvicorn_options()))
    with asked_to_end() as asked:
        answering = asyncio.create_task(server.serve(places))
        ends = [asyncio.create_task(event.wait()) for event in (running.broken, asked)]
        await asyncio.wait([answering, *ends], return_when=asyncio.FIRST_COMPLETED)
        for each in ends:
            each.cancel()
        server.should_exit = True
        await answering


async def _sign_in(
    settings: Settings, serving: Serving, say: Callable[[str], None], running: Services, url: str
) -> None:
    """Say how an organiser gets in, where nothing has to be secret."""
    if serving is not Serving.LIVE and settings.environment is Environment.DEVELOPMENT:
        say(f"Sign in: {signed_in(running.access, url)}")


def signed_in(access: Access, url: str) -> str:
    """An address that lets an organiser of all events in."""
    you = Principal("organiser", Role.ORGANISER, name="Organiser")
    return sign_in_link(f"{url}/sign-in", access.issue(you, SIGNED_IN_S))


async def _agent(
    settings: Settings,
    clock: Clock,
    seed: int,
    bus: KeepingBus,
    access: Access,
    metrics: Metrics,
    stack: AsyncExitStack,
    tasks: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    broken: asyncio.Event,
) -> tuple[App, Duty, Parts]:
    """The agent at work, and its HTTP face."""
    counts = WorkerMetrics(metrics)
    alerting = Alerting(settings, clock, metrics)
    onlooker = Together(counts, alerting.lookout)
    agent = await stack.enter_async_context(open_agent(settings, clock, seed, bus, metrics, counts, onlooker))
    store, duty = agent.store, agent.duty
    overview = Overview()
    listens, knows, ready = asyncio.Event(), asyncio.Event(), asyncio.Event()
    tasks(agent.platform.run(listens))
    tasks(follow(bus, overview, agent.since, knows))
    await unless(broken, listens)
    tasks(duty.run(ready))
    tasks(let_go(store.retention, settings, clock))
    await begin_reading(tasks, store.revoked, access.called_back, bus, clock)
    parts = Parts(
        bus=bus,
        store=store,
        desk=store.desk,
        answers=MeasuredAnswers(store.desk, counts.answered),
        archive=store.archive,
        audit=store.audit,
        access=access,
        limiter=limiter(settings, stack),
        overview=overview,
        clock=clock.now,
        checks=checks_of(store, duty, bus),
        demos=agent.demos,
        believed=believed,
        guests=limiter(settings, stack, at_least=GUESTS_PER_MINUTE),
        exposition=metrics.exposition,
        revoked=store.revoked,
        erasing=Eraser(store, bus, partial(open_sessions, overview, clock), agent.desk.forget, clock.now),
        spending=store.budget(settings.max_llm_usd_per_hour, settings.max_llm_usd_per_day).spending,
    )
    await unless(broken, knows, ready)
    alerting.start(tasks, store, parts.checks, counts, parts.lifts)
    return MeasuredApp(create_app(parts, _service_params(settings)), metrics), duty, parts


def _service_params(settings: Settings) -> ServiceParams:
    return ServiceParams(
        cors_origins=settings.cors_origins,
        max_body_bytes=settings.max_body_bytes,
        max_batch=settings.max_batch,
        webhook_secrets=settings.webhook_secrets,
        act_below=settings.engagement_threshold,
        public_url=settings.public_url,
        allowed_hosts=settings.allowed_hosts,
    )


async def _reach_all(settings: Settings, serving: Serving) -> None:
    """Return if the servers answer that this service cannot begin without."""
    if settings.database_url and serving is not Serving.LIVE:
        await reach_database(settings.database_url)
    if settings.redis_url:
        await reach_bus(settings.redis_url)


async def _stop(running: asyncio.Task[None], stop: asyncio.Event) -> None:
    stop.set()
    await running
