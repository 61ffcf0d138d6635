"""Simulated rooms for live demonstrations: crowds that play through the real rooms and the real agent, in real time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from conductor.domain.interventions import Intervention, Mode
from conductor.domain.signals import Kind, Signal
from conductor.errors import NotFound, TooManyRequests
from conductor.learn.outcome import OutcomeParams
from conductor.ports import Bus, Clock, Platform
from conductor.service.parts import DEMO_EVENT, DemoSession
from conductor.sim.onstage import OnStage
from conductor.sim.presets import StageTimes, stage_room
from conductor.wire.entries import signals_entry
from conductor.wire.rooms import Named, Note

AT_ONCE = 3
"""Demos that run at the same time: they are to show the agent, not to try its strength."""

STEP_S = 0.5
"""So often the crowd says what it did: chat and reactions look as they do with real people."""

LASTS_S = {Mode.AUTO: 100.0, Mode.SEMI_AUTO: 170.0, Mode.MANUAL: 170.0}
"""Until the outcome was measured, in seconds; longer where somebody is asked first, who has a minute to answer."""

REHEARSED = {DEMO_EVENT: OutcomeParams(20.0, 10.0)}
"""In a demo the outcome is measured after 20 seconds instead of 120, so that all of it takes about a minute. It teaches
nothing."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Shown:
    session: DemoSession
    stage: OnStage
    playing: asyncio.Task[None]


class DemoRooms:
    """Demos that are being shown (a `Demos`), and the platform that reaches them and everybody else (a `Platform`).

    What is delivered to a demo is shown in its real room first, to the people who joined there, and then to the crowd.

    Args:
        bus: Where the crowds say what they do, as the rooms do.
        rooms: Where interventions are delivered.
        clock: The time.
        seed: Of the crowds, each of which is another one.
    """

    def __init__(self, bus: Bus, rooms: Platform, clock: Clock, seed: int) -> None:
        self._bus = bus
        self._rooms = rooms
        self._clock = clock
        self._seeds = np.random.SeedSequence(seed)
        self._shown: dict[str, _Shown] = {}

    async def start(self, session_id: str, mode: Mode) -> DemoSession:
        """Let one begin in a session of this id.

        Raises:
            TooManyRequests: As many as may are being shown.
            BusUnavailable: There is no bus.
        """
        now = self._clock.now()
        if len(self._shown) >= AT_ONCE:
            first_s = min(each.session.ends_at for each in self._shown.values()) - now
            raise TooManyRequests(
                f"{AT_ONCE} demos are being shown; end one, or come back when one has ended",
                code="too_many_demos",
                retry_after_s=max(first_s, 1.0),
            )
        times = StageTimes(ends_s=LASTS_S[mode])
        world, words = self._seeds.spawn(2)
        crowd = stage_room(np.random.default_rng(world), session_id, DEMO_EVENT, now, times)
        stage = OnStage(crowd, now, Random(int(words.generate_state(1)[0])))
        session = DemoSession(session_id, DEMO_EVENT, stage.profile, now + times.ends_s)
        self._shown[session_id] = _Shown(session, stage, asyncio.create_task(self._play(session, stage)))
        return session

    async def stop(self, session_id: str) -> None:
        """End it before its time.

        Raises:
            NotFound: No such demo is being shown.
            BusUnavailable: There is no bus.
        """
        shown = self._shown.pop(session_id, None)
        if shown is None:
            raise NotFound(f"no demo {session_id!r} is being shown; it may have ended", code="demo_unknown")
        shown.playing.cancel()
        await asyncio.gather(shown.playing, return_exceptions=True)
        await self._say(shown.stage, [shown.stage.ended(self._clock.now())])

    async def close(self) -> None:
        """End all of them."""
        await asyncio.gather(*(self.stop(session_id) for session_id in [*self._shown]), return_exceptions=True)

    async def deliver(self, intervention: Intervention) -> int:
        """Show it to the people of the room, and to the crowd if there is one.

        Raises:
            NotDelivered: The room did not say that it was shown.
        """
        seen_by = await self._rooms.deliver(intervention)
        shown = self._shown.get(intervention.session_id)
        return seen_by if shown is None else seen_by + shown.stage.deliver(intervention)

    async def _play(self, session: DemoSession, stage: OnStage) -> None:
        try:
            while True:
                now = self._clock.now()
                # The session's own end is the last thing that the crowd tells of.
                await self._say(stage, stage.step(now))
                if now > session.ends_at:
                    break
                await self._clock.sleep_until(now + STEP_S)
        except Exception:  # A demo that fails must not take the service down with it.
            log.exception("the demo %s broke off", session.session_id)
        self._shown.pop(session.session_id, None)

    async def _say(self, stage: OnStage, signals: Sequence[Signal]) -> None:
        kept: list[Signal | Note] = []
        for signal in signals:
            if signal.kind is Kind.JOIN and signal.user_id is not None:
                name = stage.name_of(signal.user_id)
                kept.append(Named(stage.session_id, stage.event_id, signal.at, signal.user_id, name))
            kept.append(signal)
        if kept:
            await self._bus.append([signals_entry(stage.session_id, kept)])
