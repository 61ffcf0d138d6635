"""Recordings and simulated rooms, put together with the agent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from random import Random

import numpy as np

from conductor.act.drafting import Drafting
from conductor.act.label import checked_label
from conductor.act.writer import Writer
from conductor.adapters.deadlines_memory import MemoryDeadlines
from conductor.adapters.store_memory import MemoryStore
from conductor.bootstrap.priced import Counting
from conductor.connectors.recordings import Recording
from conductor.decide.room import DecisionParams
from conductor.domain.events import Event
from conductor.domain.interventions import Mode
from conductor.domain.learned import Learned
from conductor.domain.strategies import PolicyName
from conductor.domain.trials import HOLDOUT_SHARE
from conductor.errors import InvalidInput
from conductor.learn.outcome import OutcomeParams
from conductor.loop import Loop, LoopParams
from conductor.perceive.perception import PerceiveParams
from conductor.ports import Platform, Store
from conductor.replay import Onlookers, OnTick, play
from conductor.settings import Settings
from conductor.sim.crowd import Crowd
from conductor.sim.effects import EffectTable
from conductor.sim.platform import CrowdPlatform
from conductor.sim.presets import rescue_room
from conductor.simulate import Nobody, Oracle, draw_rooms, run_rescue, run_rooms, run_rooms_asking, study
from conductor.telling.report import Played
from conductor.telling.rescue import RescueTick
from conductor.telling.simulated import Asked, Study
from conductor.worker import Worker
from conductor.workflow import Workflow, WorkflowParts


def loop_params(settings: Settings, mode: Mode, holdout_share: float = HOLDOUT_SHARE) -> LoopParams:
    """Slice the settings for the agent; this share of decisions is held out where an event says nothing else."""
    perceive = PerceiveParams()
    alarm = replace(perceive.alarm, warning=settings.warning_threshold, critical=settings.critical_threshold)
    return LoopParams(
        perceive=replace(perceive, alarm=alarm),
        decide=DecisionParams(
            mode=mode,
            act_below=settings.engagement_threshold,
            holdout_share=holdout_share,
            interruption_cost=settings.interruption_cost,
        ),
        outcome=OutcomeParams(fine_from=settings.engagement_threshold),
    )


def choosing_by(policy: PolicyName, params: LoopParams) -> LoopParams:
    """The same agent, that chooses by this policy."""
    return replace(params, decide=replace(params.decide, policy=policy))


def label_of(settings: Settings) -> str:
    """The label under which everything is shown.

    Raises:
        InvalidInput: It cannot be one; the message names the variable.
    """
    try:
        return checked_label(settings.label)
    except InvalidInput as error:
        raise InvalidInput(f"CONDUCTOR_LABEL: {error.message}", code=error.code) from None


async def open_store(state: Path | None) -> Store:
    """A store in this file, or one that forgets."""
    if state is None:
        return MemoryStore()
    from conductor.adapters.store_sql import SqlStore, sqlite_url

    return await SqlStore.open(sqlite_url(state))


def make_worker(
    params: LoopParams,
    learned: Learned,
    platform: Platform,
    store: Store,
    *,
    seed: int,
    label: str,
    start: float = 0.0,
    writer: Writer | None = None,
) -> tuple[Worker, Loop]:
    """An agent whose chance all comes from one seed."""
    choosing, wording = np.random.SeedSequence(seed).spawn(2)
    loop = Loop(params, learned, np.random.default_rng(choosing), start)
    words = Random(int(wording.generate_state(1)[0]))
    parts = WorkflowParts(platform, Drafting(words, writer), MemoryDeadlines())
    return Worker(loop, Workflow(parts, label), store), loop


async def replay(
    recording: Recording,
    settings: Settings,
    *,
    mode: Mode,
    seed: int,
    state: Path | None,
    on_tick: OnTick,
    holdout_share: float = 0.0,
    policy: PolicyName = PolicyName.THOMPSON,
) -> Played:
    """Play a recorded session through the whole agent.

    A recording answers nothing, so that what is done and what is left alone come to the same: nothing is held out
    unless somebody wants to see it.

    Raises:
        UnreadableState: The state file cannot be used.
    """
    store = await open_store(state)
    try:
        learned = await store.load_learned()
        if state is not None:
            recording = await _told_apart(recording, store)
        room = Onlookers()
        params = choosing_by(policy, loop_params(settings, mode, holdout_share))
        worker, loop = make_worker(params, learned, room, store, seed=seed, label=label_of(settings))
        room.watch(loop)
        events = await play(recording.signals, recording.duration_s, worker, on_tick)
    finally:
        await store.close()
    return Played(
        session_id=recording.session_id,
        profile=recording.profile,
        format=recording.format,
        mode=mode.value,
        seed=seed,
        start=0.0,
        duration_s=recording.duration_s,
        signals=recording.signals,
        events=events,
        losses=recording.losses,
    )


async def _told_apart(recording: Recording, store: Store) -> Recording:
    """The same session under an id that the store does not know yet.

    Recordings are called after their files, and every Zoom call has a `chat.txt`; what is in them tells them apart, and
    a number the times that one was played.
    """
    digest = sha256(repr([tuple(s)[2:5] for s in recording.signals]).encode()).hexdigest()[:8]
    name, run = f"{recording.session_id}-{digest}", 1
    while await store.history(session_id := name if run == 1 else f"{name}-{run}"):
        run += 1
    signals = tuple(signal._replace(session_id=session_id) for signal in recording.signals)
    return replace(recording, session_id=session_id, signals=signals)


RESCUE_OUTCOME_S = 30.0
"""In the demonstration the outcome is measured after half a minute instead of two, to fit into its minute."""


RESCUE_ANSWERS_S = 10.0
"""And direct answers are left out for a third of that."""


async def rescue(settings: Settings, *, seed: int) -> AsyncIterator[RescueTick]:
    """The 60-second rescue: a busy simulated room dies, and the agent as it is does what it does."""
    crowd = rescue_room(np.random.default_rng(seed))
    params = replace(loop_params(settings, Mode.AUTO, 0.0), outcome=OutcomeParams(RESCUE_OUTCOME_S, RESCUE_ANSWERS_S))
    store = MemoryStore()
    worker, _ = make_worker(params, Learned(), CrowdPlatform([crowd]), store, seed=seed, label=label_of(settings))
    async for tick in run_rescue(crowd, worker):
        yield tick


async def simulate(
    settings: Settings,
    *,
    sessions: int,
    minutes: int,
    seed: int,
    effect: float,
    on_tick: OnTick,
    policy: PolicyName = PolicyName.THOMPSON,
) -> Study:
    """Simulated rooms with the agent, and the same rooms left alone."""
    params = choosing_by(policy, loop_params(settings, Mode.AUTO))
    crowds = draw_rooms(np.random.default_rng(seed), sessions, minutes * 60.0, EffectTable().scaled(effect))
    twins = [crowd.twin() for crowd in crowds]
    oracle = Oracle(crowds)
    runs: list[list[Event]] = []
    for rooms, platform in ((crowds, oracle), (twins, Nobody(twins))):
        worker, _ = make_worker(params, Learned(), platform, MemoryStore(), seed=seed, label=label_of(settings))
        played_s = len(runs) * minutes * 60.0

        async def later(at_s: float, played_s: float = played_s) -> None:
            await on_tick(played_s + at_s)

        runs.append(await run_rooms(rooms, worker, minutes * 60.0, later))
    asked = await _asked(settings, [crowd.twin() for crowd in crowds], minutes * 60.0, seed, on_tick)
    return study(
        runs[0],
        runs[1],
        chances=oracle.chances,
        size=(sessions, minutes, seed, effect),
        true_falls=sum(len(crowd.scenario.lulls) for crowd in crowds),
        asked=asked,
    )


async def _asked(settings: Settings, rooms: Sequence[Crowd], duration_s: float, seed: int, on_tick: OnTick) -> Asked:
    """Play the rooms once more, with a model for every word and an analysis for every decision."""
    counting = Counting(settings)
    params = loop_params(settings, Mode.MANUAL)
    platform, label = CrowdPlatform(rooms), label_of(settings)
    worker, _ = make_worker(params, Learned(), platform, MemoryStore(), seed=seed, label=label, writer=counting.writer)

    async def later(at_s: float) -> None:
        counting.now = at_s
        await on_tick(2 * duration_s + at_s)

    await run_rooms_asking(rooms, worker, duration_s, later)
    await counting.writer.close()
    return counting.asked()
