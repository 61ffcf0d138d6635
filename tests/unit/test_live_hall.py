"""All rooms together: what goes wrong in one stays there."""

import logging

import pytest
from tests.live_rooms import NOW

from conductor.adapters.bus_memory import MemoryBus
from conductor.domain.bus import Entry
from conductor.errors import BusUnavailable
from conductor.live.effects import Effects, Frame, Lane
from conductor.live.hall import FAILED_EVERY_S, Hall
from conductor.live.people import everybody
from conductor.live.publishing import Publisher
from conductor.live.room import Room
from conductor.live.rooms import Rooms
from conductor.overview import Overview


class BrokenRoom(Room):
    """A room that fails whenever time passes in it."""

    def advance(self, now: float) -> Effects:
        raise ZeroDivisionError(f"broken at {now}")


def make(session_id, event_id, now, params):
    return (BrokenRoom if session_id == "broken" else Room)(session_id, event_id, now, params)


class Bus(MemoryBus):
    """A bus that is away for those who append, until it is back."""

    is_away = False

    def __init__(self):
        super().__init__()
        self.appended: list[Entry] = []

    async def append(self, entries):
        if self.is_away:
            raise BusUnavailable("away")
        self.appended += entries
        await super().append(entries)


def hall_with(*session_ids, bus=None):
    at = [NOW]
    hall = Hall(Rooms(make=make), Overview(), Publisher(bus or Bus()), lambda: at[0], lambda: "id")
    for session_id in session_ids:
        hall.rooms.open(session_id, "e", NOW).join("ana", "Ana", "c", NOW)
    return hall, at


async def test_a_room_that_fails_holds_up_no_other_and_is_told_of_once_a_minute(caplog):
    bus = Bus()
    hall, at = hall_with("a", "broken", "b", bus=bus)
    with caplog.at_level(logging.ERROR):
        for passed in (0.0, 1.0, 2.0, FAILED_EVERY_S):
            at[0] = NOW + passed
            hall.advance(at[0])
    await hall.publisher.flush()
    assert {entry.stream for entry in bus.appended} == {"signals:a", "signals:b"}
    assert [record.getMessage().count("'broken'") for record in caplog.records] == [1, 1]


async def test_a_message_that_cannot_be_sent_holds_up_no_other_room():
    hall, _ = hall_with("a", "b")
    heard = []

    class Listening:
        def send(self, what):
            heard.append(what)

    for session_id in ("a", "b"):
        hall.fanout.enter(everybody(session_id), f"sid {session_id}", Listening())
    hall.perform("a", Effects((), (Frame("chat.message", {"content": object()}, lane=Lane.CHAT),)))
    hall.perform("b", Effects((), (Frame("chat.message", {"content": "fine"}, lane=Lane.CHAT),)))
    hall.flush_chat()
    assert len(heard) == 1


async def test_what_could_not_be_appended_is_appended_later_in_its_order():
    bus = Bus()
    publisher, room = Publisher(bus), Room("s", "e", NOW)
    bus.is_away = True
    publisher.add(room.join("ana", "Ana", "c", NOW).kept)
    with pytest.raises(BusUnavailable):
        await publisher.flush()
    publisher.add(room.chat("ana", "hello", NOW, "m").kept)
    bus.is_away = False
    await publisher.flush()
    await publisher.flush()
    (entry,) = bus.appended
    assert [channel for channel, _ in entry.fields] == ["room:name", "session:s:presence", "chat:message:new"]
