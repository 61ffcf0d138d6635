"""What a store has to say of policies and of drift, and policies beside each other in simulated rooms."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from conductor.adapters.store_memory import MemoryStore
from conductor.bootstrap.kept import kept_store
from conductor.bootstrap.played import label_of, loop_params, make_worker
from conductor.decide.allowed import allowed_by
from conductor.decide.room import DecisionParams
from conductor.domain.events import EngagementUpdated
from conductor.domain.interventions import Mode
from conductor.domain.learned import Learned
from conductor.domain.organisers import AgentSettings
from conductor.domain.strategies import Design, PolicyName, StrategyTest, Variant
from conductor.errors import InvalidInput
from conductor.learn.drift import Drift
from conductor.learn.offpolicy import Trying
from conductor.learn.strategies import LEAST_UNITS, Comparison, compare, minutes_of
from conductor.replay import OnTick
from conductor.service.drifting import drift_in
from conductor.service.parts import DEMO_EVENT
from conductor.settings import Settings
from conductor.sim.effects import EffectTable
from conductor.sim.platform import CrowdPlatform
from conductor.simulate import draw_rooms, run_rooms
from conductor.trying import Moment, moments, try_policies


async def tried_policies(settings: Settings, *, event_id: str | None) -> Trying:
    """Every policy, tried on what the store has logged.

    Args:
        settings: Where the store is.
        event_id: The only event to look at; None for all but demonstrations.

    Raises:
        NotFound: There is no store.
        UnreadableState: The store cannot be used.
    """
    log: list[Moment] = []
    outcome = loop_params(settings, Mode.AUTO).outcome
    async with kept_store(settings) as store:
        for opened in await store.archive.sessions(event_id):
            if event_id is None and opened.event_id == DEMO_EVENT:
                continue
            own = await store.desk.settings(opened.event_id) or AgentSettings(opened.event_id)
            usual = DecisionParams(act_below=settings.engagement_threshold)
            log += moments(await store.history(opened.session_id), allowed_by(own, usual), outcome)
    return try_policies(log)


async def found_drift(settings: Settings, *, event_id: str | None, weeks: int, now: float) -> Drift:
    """How sessions of the last weeks differ from those before.

    Raises:
        NotFound: There is no store.
        UnreadableState: The store cannot be used.
    """
    async with kept_store(settings) as store:
        return await drift_in(store.archive, event_id=event_id, without=DEMO_EVENT, weeks=weeks, now=now)


async def compared(
    settings: Settings,
    policies: tuple[PolicyName, PolicyName],
    design: Design,
    *,
    sessions: int,
    minutes: int,
    seed: int,
    effect: float,
    on_tick: OnTick,
) -> Comparison:
    """Two policies beside each other in simulated rooms, as a strategy test would try them; both learn together.

    Args:
        settings: Thresholds of the agent.
        policies: The usual one first; they differ.
        design: What is dealt to.
        sessions: How many rooms.
        minutes: How long each of them lasts.
        seed: Of all chance.
        effect: How well interventions work: 0 not at all, 1 as assumed.
        on_tick: Called after each tick.

    Raises:
        InvalidInput: Both are the same, or there is too little time to tell them apart by blocks of time.
    """
    first, second = (Variant(each.value, policy=each) for each in policies)
    if first == second:
        raise InvalidInput(f"both policies are {first.name}; name two that differ")
    # Another seed deals anew, as it makes other rooms.
    test = StrategyTest(f"seed-{seed}", design, (first, second))
    blocks = int(minutes * 60.0 // test.block_s)
    if design is Design.EVENT_BLOCKS and blocks < 2 * LEAST_UNITS:
        raise InvalidInput(
            f"{minutes} minutes of one event are {blocks} blocks of {test.block_s / 60.0:g}, and it takes "
            f"{2 * LEAST_UNITS} at least, however many rooms there are; have them last "
            f"{2 * LEAST_UNITS * test.block_s / 60.0:g} minutes or more"
        )
    params = loop_params(settings, Mode.AUTO, 0.0)
    crowds = draw_rooms(np.random.default_rng(seed), sessions, minutes * 60.0, EffectTable().scaled(effect))
    label, platform = label_of(settings), CrowdPlatform(crowds)
    worker, loop = make_worker(params, Learned(), platform, MemoryStore(), seed=seed, label=label)
    for event_id in sorted({crowd.event_id for crowd in crowds}):
        loop.allow(AgentSettings(event_id, mode=Mode.AUTO, holdout_share=0.0, strategy_test=test))
    events = await run_rooms(crowds, worker, minutes * 60.0, on_tick)
    told: defaultdict[tuple[str, str], list[tuple[float, float | None]]] = defaultdict(list)
    for each in events:
        if isinstance(each, EngagementUpdated):
            told[each.session_id, each.event_id].append((each.at, each.unprompted))
    return compare(test, [each for room, scores in told.items() for each in minutes_of(*room, scores)])
