"""The agent of live sessions, put together: store, checkpoints, models, workflow, worker."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

import numpy as np

import conductor
from conductor.act.drafting import Drafting
from conductor.act.writer import Writer
from conductor.adapters.checkpoints import open_checkpoints
from conductor.adapters.desk_remembered import RememberingDesk
from conductor.adapters.platform_bus import BusPlatform, DeliveryParams
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.bootstrap.aside import replayed
from conductor.bootstrap.demo import REHEARSED, DemoRooms
from conductor.bootstrap.models import open_models, prices_of
from conductor.bootstrap.observing import note_of, watch_spending
from conductor.bootstrap.played import label_of, loop_params
from conductor.bootstrap.prior import begin_with
from conductor.domain.events import SessionOpened
from conductor.domain.interventions import Mode
from conductor.domain.learned import Learned
from conductor.duty.duty import Duty
from conductor.duty.onlooker import Onlooker
from conductor.duty.params import DutyParams
from conductor.errors import StoreUnavailable
from conductor.loop import Loop
from conductor.ports import Bus, Clock, Journal, Store
from conductor.settings import Settings
from conductor.telemetry.measured import MeasuredAnswers, MeasuredStore
from conductor.telemetry.metrics import Metrics
from conductor.telemetry.worker import ModelMetrics, SignalCounts, WorkerMetrics
from conductor.worker import Tell, Turn, Worker
from conductor.workflow import Workflow, WorkflowParts

REBUILD_S = 4 * 3600.0
"""How far back sessions are lived through again after a restart: longer than nearly every one of them."""


MADE_AGAIN_S = 1800.0
"""How far back scores are made again that an earlier life did not write, or that nobody was there to make."""


@dataclass(frozen=True, slots=True)
class Agent:
    """What runs and what others speak to.

    Attributes:
        since: How far back the agent looks, in epoch seconds.
    """

    store: SqlStore
    desk: RememberingDesk
    platform: BusPlatform
    demos: DemoRooms
    duty: Duty
    since: float


@asynccontextmanager
async def open_agent(
    settings: Settings,
    clock: Clock,
    seed: int,
    bus: Bus,
    metrics: Metrics | None = None,
    counts: WorkerMetrics | None = None,
    onlooker: Onlooker | None = None,
) -> AsyncIterator[Agent]:
    """The agent, which does nothing yet: `platform` and `duty` are to be run.

    Raises:
        InvalidInput: A setting does not fit.
        UnreadableState: The database cannot be used.
        StoreUnavailable: The database cannot be had.
    """
    metrics = metrics or Metrics(conductor.__version__)
    counts = counts or WorkerMetrics(metrics)
    url = settings.database_url or sqlite_url(_own(settings.home) / "conductor.db")
    async with AsyncExitStack() as stack:
        store = await SqlStore.open(url)
        stack.push_async_callback(store.close)
        journal = await stack.enter_async_context(replayed(settings.home, store))
        writer = await _writer(settings, clock, store, metrics, stack)
        platform = BusPlatform(bus, DeliveryParams())
        demos = DemoRooms(bus, platform, clock, seed)
        stack.push_async_callback(demos.close)
        parts = WorkflowParts(
            platform=demos,
            drafting=Drafting(_words(seed), writer, settings.model_deadline_s),
            deadlines=store.deadlines,
            checkpoints=await stack.enter_async_context(open_checkpoints(url)),
            answers=store.desk,
            clock=clock.now,
        )
        since = clock.now() - REBUILD_S
        learned = await begin_with(store, settings.operation.prior)
        earlier = await store.archive.sessions(None)
        kept = MeasuredStore(store, metrics)
        make_worker = partial(_worker, settings, kept, learned, parts, journal, seed, since, earlier)
        duty = Duty(
            make_worker,
            bus,
            (desk := RememberingDesk(store.desk, settings.home / "settings.jsonl")),
            MeasuredAnswers(store.desk, counts.answered),
            clock,
            DutyParams(),
            since=since,
            earlier=earlier,
            onlooker=onlooker or counts,
            kept_until=await _kept_until(store, clock.now()),
            is_speechless=lambda: writer is not None and writer.is_speechless,
        )
        _count(duty, journal, metrics, counts)
        stack.push_async_callback(duty.close)
        yield Agent(store, desk, platform, demos, duty, since)


def _count(duty: Duty, journal: Journal, metrics: Metrics, counts: WorkerMetrics) -> None:
    """Have metrics say what comes in and what waits."""
    metrics.registry.register(SignalCounts(duty.sieve.accepted_by_kind, lambda: duty.sieve.rejected_by))
    counts.backlog.set_function(lambda: duty.backlog)
    counts.journal_events.set_function(lambda: journal.waiting)


async def _kept_until(store: SqlStore, now: float) -> float:
    """Up to when the store has every score: what an earlier life had not written is made again from there on."""
    latest = await store.archive.scored_until()
    return math.inf if latest is None else max(latest, now - MADE_AGAIN_S)


def _own(folder: Path) -> Path:
    """The folder for what is kept on this machine; it is made if it is not there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"{folder}: cannot be made ({error.strerror}); choose another CONDUCTOR_HOME, or set DATABASE_URL"
        ) from error
    return folder


async def _writer(
    settings: Settings, clock: Clock, store: SqlStore, metrics: Metrics, stack: AsyncExitStack
) -> Writer | None:
    """Asks the models that the settings name; None if they name none."""
    counts = ModelMetrics(metrics)
    budget = store.budget(settings.max_llm_usd_per_hour, settings.max_llm_usd_per_day)
    watch_spending(metrics, counts, budget, clock.now)
    models = await stack.enter_async_context(open_models(settings))
    if not models:
        return None
    writer = Writer(models, prices_of(settings), budget, clock.now, note=note_of(counts))
    stack.push_async_callback(writer.close)
    return writer


def _worker(
    settings: Settings,
    store: Store,
    learned: Learned,
    parts: WorkflowParts,
    journal: Journal,
    seed: int,
    since: float,
    earlier: Sequence[SessionOpened],
    tell: Tell,
    turn: Turn,
) -> Worker:
    choosing, _ = np.random.SeedSequence(seed).spawn(2)
    params = loop_params(settings, Mode.SEMI_AUTO)
    params = replace(params, outcome=replace(params.outcome, rehearsed=REHEARSED))
    begun = {opened.event_id for opened in earlier}
    loop = Loop(params, learned, np.random.default_rng(choosing), since, begun)
    return Worker(loop, Workflow(parts, label_of(settings)), store, tell, turn, journal)


def _words(seed: int) -> Random:
    """Chance for wording, apart from that for choosing."""
    _, wording = np.random.SeedSequence(seed).spawn(2)
    return Random(int(wording.generate_state(1)[0]))
