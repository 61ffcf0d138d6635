"""Simulated audiences through the whole agent, in fake time: what the closed loop is measured in.

Every way of choosing gets the same rooms: people, falls and recoveries are the same, and what is done has the same luck
(`sim/crowd.py`). How low a room is, is read from the crowd itself, help included, and not from the agent's score.

What is done works or not by chance, and a few deep lulls count as much as all the others. That luck is counted apart.
Of each thing that is done it is 1 if it worked and 0 if not, minus how likely it was to work, times what it is worth
there if it does. All of that but the 1 or 0 is known before the chance is drawn, so luck is 0 on average whatever is
said to be worth how much (a control variate), and what is left of the figure is the same with less noise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from conductor.adapters.store_memory import MemoryStore
from conductor.bootstrap.played import make_worker
from conductor.decide.bandit import BanditParams
from conductor.decide.cells import CELLS
from conductor.decide.drift import ChangeParams
from conductor.decide.room import DecisionParams
from conductor.domain.events import DecisionHeld, DecisionMade, Event, InterventionExecuted
from conductor.domain.holds import HoldReason
from conductor.domain.interventions import DEFAULT_LABEL, Arm, Intervention, Mode
from conductor.domain.learned import Learned, Tally
from conductor.domain.strategies import PolicyName
from conductor.learn.outcome import Lesson, OutcomeParams
from conductor.loop_params import LoopParams
from conductor.perceive.ledger import TICK_S
from conductor.sim.crowd import Crowd
from conductor.sim.effects import EffectTable
from conductor.sim.platform import CrowdPlatform
from conductor.simulate import draw_rooms, run_rooms

ROOMS = 24
"""Sessions of one event, all at once: panels, workshops, talks and meetings in turn."""

HOUR_S = 3600.0
TICK_MIN = TICK_S / 60.0
LOW = 0.5
REACHED = 0.5
"""What a nudge that works is worth beside other arms: it reaches some, others come along a little (stated guess)."""

SURE = 1e4
KNOWING = BanditParams(memory_lessons=1e12, carried_attempts=1e12, change=ChangeParams(lessons_between=1e300))
"""An oracle has seen every arm so often in every context, and nothing that it sees makes it doubt or forget that."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of going about it.

    Attributes:
        policy: How arms are chosen; None for nobody who does anything.
        holdout_share: Of decisions so many are held out.
        knows: Whether it knows the effects from the beginning.
        reached: By what it multiplies the chance of a nudge, if it knows that.
        lesson: What it learns.
    """

    policy: PolicyName | None
    holdout_share: float = 0.0
    knows: bool = False
    reached: float = 1.0
    lesson: Lesson = Lesson.RECOVERY


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one event.

    Attributes:
        low: Score minutes under 0.5: how far under it rooms were, times the minutes, added up.
        luck: Score minutes under 0.5 that were avoided by luck: things worked more often than they were likely to.
        low_min: Minutes under 0.5, added up.
        falls: How many lulls the world gave.
        done: How often something reached a room.
        held_out: How often the coin said no.
        alone: How often nothing was chosen.
    """

    low: float
    luck: float
    low_min: float
    falls: int
    done: int
    held_out: int
    alone: int


class Unkept(MemoryStore):
    """Remembers nothing of what happened: nobody asks."""

    async def record(self, events: Sequence[Event], learned: Learned | None = None) -> None:
        """Let it go."""


def play(way: Way, effects: EffectTable, events: int, seed: int) -> list[Played]:
    """So many events before one audience, one after the other; what one taught is there in the next."""
    learned, found = _truth(effects, way.reached) if way.knows else Learned(), []
    for event in range(events):
        rooms = draw_rooms(np.random.default_rng([seed, event]), ROOMS, HOUR_S, effects)
        played, after = asyncio.run(_event(way, rooms, learned, seed * 1000 + event))
        found.append(played)
        learned = Learned(learned.tallies if way.knows else after.tallies, after.norms)
    return found


async def _event(way: Way, rooms: list[Crowd], learned: Learned, seed: int) -> tuple[Played, Learned]:
    depth, platform = _Depth(rooms), Counting(rooms)
    if way.policy is None:
        for tick in range(1, int(HOUR_S // TICK_S) + 1):
            for room in rooms:
                room.step(tick * TICK_S)
            await depth.look(tick * TICK_S)
        return depth.played(rooms, [], 0.0), learned
    decide = DecisionParams(mode=Mode.AUTO, policy=way.policy, holdout_share=way.holdout_share)
    params = LoopParams(
        decide=decide,
        outcome=OutcomeParams(lesson=way.lesson),
        bandit=KNOWING if way.knows else BanditParams(),
    )
    worker, loop = make_worker(params, learned, platform, Unkept(), seed=seed, label=DEFAULT_LABEL)
    happened = await run_rooms(rooms, worker, HOUR_S, depth.look)
    return depth.played(rooms, happened, platform.luck), loop.learned()


class Counting(CrowdPlatform):
    """Delivers, and adds up in `luck` how much better that went than was likely.

    What comes after a success counts as far as people now in the room would have it.
    """

    def __init__(self, rooms: Sequence[Crowd]) -> None:
        super().__init__(rooms)
        self._counted: set[str] = set()
        self.luck = 0.0

    async def deliver(self, intervention: Intervention) -> int:
        """Show it to its room."""
        room, name = self._crowds[intervention.session_id], intervention.intervention_id
        if name in self._counted:
            return await super().deliver(intervention)
        self._counted.add(name)
        chance, helped = room.chance_of(intervention), room.fork()
        helped.lift(intervention)
        worth = _ahead(room) - _ahead(helped)
        reached = await super().deliver(intervention)
        self.luck += (room.worked(name) - chance) * worth
        return reached


def _ahead(room: Crowd) -> float:
    """Score minutes under 0.5 from now on, if nothing is done."""
    ticks = np.arange(room.now + TICK_S, HOUR_S + TICK_S, TICK_S)
    return sum(_under(room, float(now)) for now in ticks) * TICK_MIN


def _under(room: Crowd, now: float) -> float:
    return max(LOW - room.true_level(now), 0.0)


class _Depth:
    """Adds up how far rooms are under the line."""

    def __init__(self, rooms: Iterable[Crowd]) -> None:
        self._rooms = tuple(rooms)
        self._low = self._low_min = 0.0

    async def look(self, now: float) -> None:
        """At the end of a tick."""
        for room in self._rooms:
            under = _under(room, now)
            self._low += under * TICK_MIN
            self._low_min += (under > 0.0) * TICK_MIN

    def played(self, rooms: Sequence[Crowd], happened: Sequence[Event], luck: float) -> Played:
        """What came of it."""
        made = [event.decision for event in happened if isinstance(event, DecisionMade)]
        return Played(
            low=self._low,
            luck=luck,
            low_min=self._low_min,
            falls=sum(len(room.scenario.lulls) for room in rooms),
            done=sum(isinstance(event, InterventionExecuted) for event in happened),
            held_out=sum(decision.held_out for decision in made),
            alone=sum(
                isinstance(event, DecisionHeld) and event.hold.reason is HoldReason.ADDS_NOTHING for event in happened
            ),
        )


def _truth(table: EffectTable, reached: float) -> Learned:
    """The true chances of every arm in every context, as if they had been seen that often."""
    worth = {arm: reached if arm is Arm.NUDGE else 1.0 for arm in Arm}
    chances = {(cell, arm): worth[arm] * table.chance(arm, cell, 0.0) for cell in CELLS for arm in Arm}
    return Learned(tuple(Tally(cell, arm, SURE * p, SURE * (1.0 - p)) for (cell, arm), p in chances.items()))
