"""How every process comes to know which tokens were called back."""

import asyncio

import pytest

from conductor.access.revocation import CalledBack, ids_of
from conductor.adapters.bus_memory import MemoryBus
from conductor.bootstrap.revocation import CHANNEL, begin_reading, keep_listening
from conductor.bootstrap.tasks import tasks_until_end
from conductor.domain.bus import Message
from conductor.duty.clock import SystemClock
from conductor.errors import StoreUnavailable


class Heard(CalledBack):
    """Says when it was told something."""

    def __init__(self):
        super().__init__()
        self.told = asyncio.Event()

    def replace(self, ids):
        super().replace(ids)
        self.told.set()


class Kept:
    """A list that can be had so many times."""

    def __init__(self, times):
        self.times = times

    async def add(self, token_id, until, now):
        """Nothing is added here."""

    async def all(self, now):
        self.times -= 1
        if self.times < 0:
            raise StoreUnavailable("away")
        return frozenset({"lost"})


async def test_a_process_of_rooms_alone_hears_the_list_from_the_agent_even_where_the_store_is_away_by_now():
    bus, rooms, agent, broken = MemoryBus(), Heard(), CalledBack(), asyncio.Event()
    async with tasks_until_end(broken) as start:
        start(keep_listening(rooms, bus))
        # It listens from its first turn on.
        await asyncio.sleep(0)
        await begin_reading(start, Kept(1), agent, bus, SystemClock())
        await asyncio.wait_for(rooms.told.wait(), 10.0)
    assert agent.ids == rooms.ids == frozenset({"lost"})
    assert not broken.is_set()


class Late(Kept):
    """A list that was read just before somebody called one more back."""

    def __init__(self, called_back):
        super().__init__(2)
        self.called_back = called_back

    async def all(self, now):
        """The list of before; the one that comes meanwhile is known in the process only."""
        if self.times == 1:
            self.called_back.add("meanwhile")
        return await super().all(now)


async def test_what_is_called_back_while_the_list_is_read_stays_called_back():
    bus, called_back, broken = MemoryBus(), CalledBack(), asyncio.Event()
    rooms = Heard()
    async with tasks_until_end(broken) as start:
        start(keep_listening(rooms, bus))
        await asyncio.sleep(0)
        await begin_reading(start, Late(called_back), called_back, bus, SystemClock())
        await asyncio.wait_for(rooms.told.wait(), 10.0)
    assert called_back.ids == rooms.ids == frozenset({"lost", "meanwhile"})
    assert not broken.is_set()


async def test_what_is_no_list_is_passed_over():
    bus, rooms, broken = MemoryBus(), Heard(), asyncio.Event()
    async with tasks_until_end(broken) as start:
        start(keep_listening(rooms, bus))
        await asyncio.sleep(0)
        await bus.publish([Message(CHANNEL, body) for body in (b"{", b"7", b"\xff", b"{}", b'["lost"]')])
        while rooms.ids != frozenset({"lost"}):
            rooms.told.clear()
            await asyncio.wait_for(rooms.told.wait(), 10.0)
    assert not broken.is_set()


async def test_nobody_is_let_in_before_the_list_was_read_once():
    async with tasks_until_end(asyncio.Event()) as start:
        with pytest.raises(StoreUnavailable):
            await begin_reading(start, Kept(0), CalledBack(), MemoryBus(), SystemClock())


def test_a_token_without_an_id_of_its_own_is_known_by_a_hash_of_it():
    assert ids_of("token", {}) == ids_of("token", {"jti": 7})
    assert ids_of("token", {}) != ids_of("other", {})
    assert ids_of("token", {"jti": "a", "via": "b"}) == ("a", "b")
