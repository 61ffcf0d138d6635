"""The rooms, reached over the bus: an action goes out, and the acknowledgement says how many saw it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from conductor.domain.bus import Message
from conductor.domain.interventions import Intervention
from conductor.errors import BusUnavailable, InvalidInput, NotDelivered
from conductor.ports import Bus
from conductor.wire.actions import Action, acks_channel, action_fields, actions_channel, actions_of, read_ack
from conductor.wire.reading import json_bytes


@dataclass(frozen=True, slots=True)
class DeliveryParams:
    """How long the rooms may take.

    Attributes:
        again_s: After so long without an acknowledgement the same action is sent again.
        deadline_s: After so long it is given up (half a tick: the next one must not wait).
    """

    again_s: float = 0.5
    deadline_s: float = 2.5


class BusPlatform:
    """A `Platform` whose rooms live behind the bus. `run` has to be running while anything is delivered."""

    def __init__(self, bus: Bus, params: DeliveryParams) -> None:
        self._bus = bus
        self._params = params
        self._waiting: dict[str, asyncio.Future[int]] = {}

    async def run(self, ready: asyncio.Event) -> None:
        """Hear what the rooms acknowledge, until cancelled or the bus is closed; `ready` is set once it listens."""
        async with self._bus.subscribe(acks_channel("*")) as messages:
            ready.set()
            async for message in messages:
                try:
                    ack = read_ack(message.body)
                except InvalidInput:
                    continue
                waiting = self._waiting.get(ack.action_id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(ack.delivered_to)

    async def deliver(self, intervention: Intervention) -> int:
        """Ask the rooms to show it, and wait until they say how many people could see it.

        Raises:
            NotDelivered: Nobody acknowledged it in time. It may still be shown if the rooms come back to it.
            BusUnavailable: The bus did not take it, or went away meanwhile: nobody knows whether it was shown. Whoever
                delivers it again under its id learns that, and nobody sees it twice.
        """
        shown = 0
        for action in actions_of(intervention):
            shown = max(shown, await self._done(action))
        return shown

    async def _done(self, action: Action) -> int:
        message = Message(actions_channel(action.session_id), json_bytes(action_fields(action)))
        waiting = self._waiting.setdefault(action.action_id, asyncio.get_running_loop().create_future())
        is_said = False
        try:
            async with asyncio.timeout(self._params.deadline_s):
                while True:
                    is_said = False
                    await self._bus.publish([message])
                    is_said = True
                    done, _ = await asyncio.wait([waiting], timeout=self._params.again_s)
                    if done:
                        return waiting.result()
        except TimeoutError:
            where = f"session {action.session_id}"
            if not is_said:
                raise BusUnavailable(f"the bus did not take an action for {where}") from None
            raise NotDelivered(f"no room of {where} acknowledged {action.action_id}") from None
        finally:
            self._waiting.pop(action.action_id, None)
