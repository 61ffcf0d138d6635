"""What the bus brings to the rooms: signals of others, what the agent did, and what it asks the rooms to do."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator

from conductor.domain.bus import SIGNALS, Kept, Message
from conductor.domain.signals import signals_in
from conductor.errors import BusUnavailable, ConductorError
from conductor.following import follow
from conductor.live.effects import Effects
from conductor.live.hall import Hall
from conductor.ports import Bus
from conductor.wire import parse_signal
from conductor.wire.actions import Ack, ack_fields, acks_channel, actions_channel, read_action
from conductor.wire.columns import COLUMNS, unpack
from conductor.wire.events import OLD_NAMES
from conductor.wire.reading import json_bytes
from conductor.wire.rooms import is_note, read_note
from conductor.wire.signals import Fields

LOG = logging.getLogger(__name__)


class Feed:
    """Reads the bus for the rooms.

    Attributes:
        misfits: What could not be read, counted by the code of the error.
    """

    def __init__(self, bus: Bus, hall: Hall) -> None:
        self._bus = bus
        self._hall = hall
        self.misfits: Counter[str] = Counter()

    async def signals(self, since: float, caught_up: asyncio.Event) -> None:
        """Rebuild the rooms from what is kept, and then bring them what others say. Ends with the bus."""
        async for batch in self._bus.follow(SIGNALS, since):
            for kept in batch:
                if not self._hall.publisher.is_echo(kept):
                    self._apply(kept, is_live=caught_up.is_set())
            if not batch:
                caught_up.set()

    async def events(self, since: float, caught_up: asyncio.Event) -> None:
        """Keep the overview, and show organisers what the agent does. Ends with the bus.

        Args:
            since: From when on what is kept is read, in epoch seconds.
            caught_up: Set once that is read; only what comes after it is shown.
        """
        await follow(
            self._bus,
            self._hall.overview,
            since,
            caught_up,
            show=self._show,
            refuse=self._count,
        )

    async def actions(self) -> None:
        """Do what the agent asks of the rooms, and say so once it is kept. Ends with the bus."""
        async with self._bus.subscribe(actions_channel("*")) as messages:
            async for message in messages:
                if (ack := self._act(message)) is not None:
                    await self._acknowledge(ack)

    async def _acknowledge(self, ack: Message) -> None:
        try:
            # Only what is in the stream is known after a restart. Until then the agent has to ask again.
            await self._hall.publisher.flush()
            await self._bus.publish([ack])
        except BusUnavailable as error:
            LOG.warning("an action waits to be acknowledged on %s: %s", ack.channel, error.message)

    def _apply(self, kept: Kept, *, is_live: bool) -> None:
        session_id = kept.stream.removeprefix(SIGNALS)
        for name, value in kept.fields:
            try:
                for happened in self._heard(name, value, session_id, kept.at):
                    if is_live:
                        self._hall.perform(session_id, happened)
            except ConductorError as error:
                self._count(error)

    def _heard(self, name: str, value: bytes, session_id: str, at: float) -> Iterator[Effects]:
        """What comes of a field of an entry, one signal or note after the other."""
        rooms = self._hall.rooms
        if name == COLUMNS:
            yield from map(rooms.apply, signals_in(unpack(value)))
        elif is_note(name):
            yield rooms.recall(read_note(name, value))
        else:
            yield rooms.apply(parse_signal(name, value, session_id=session_id, at=at))

    def _act(self, message: Message) -> Message | None:
        try:
            action = read_action(message.body)
            now = self._hall.clock()
            room = self._hall.rooms.open(action.session_id, action.event_id, now)
            happened, delivered_to = room.act(action, now)
        except ConductorError as error:
            # Not acknowledged: the agent tries again, and in the end takes it for not delivered.
            self._count(error)
            LOG.warning("an action on %s was not carried out: %s", message.channel, error.message)
            return None
        self._hall.perform(action.session_id, happened)
        said = ack_fields(Ack(action.action_id, delivered_to))
        return Message(acks_channel(action.session_id), json_bytes(said))

    def _show(self, message: Fields) -> None:
        """Show organisers one event, under its type and under the name that older clients know."""
        kind = str(message["type"])
        names = [kind, OLD_NAMES[kind]] if kind in OLD_NAMES else [kind]
        self._hall.show(str(message["session_id"]), str(message["event_id"]), *[(name, message) for name in names])

    def _count(self, error: ConductorError) -> None:
        self.misfits[error.code] += 1
