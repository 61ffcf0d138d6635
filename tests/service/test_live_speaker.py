"""A speaker who was invited says where the session stands, over real sockets, and the agent keeps still."""

import asyncio

import pytest
from tests.live_examples import make_loop
from tests.rooms import signal
from tests.sockets import EVENT, PATIENCE_S, SESSION, Client, House, opened

from conductor.access.invitations import Invitation
from conductor.access.rights import Role
from conductor.domain.signals import Kind, PhaseDetail, Signal
from conductor.live.fanout import NAMESPACE
from conductor.wire import parse_signal
from conductor.wire.entries import one_by_one
from conductor.wire.rooms import is_note


@pytest.fixture
async def house():
    async with opened() as house:
        yield house


async def guest(house: House, role: Role):
    """Somebody joins with the token of an invitation that they accepted."""
    invitation = house.access.invite(Invitation.new(role, EVENT, SESSION), 3600.0)
    token, who, _ = house.access.accept(invitation, role.value.title())
    client = Client()
    house.clients.append(client)
    await client.io.connect(house.url, auth={"token": token}, namespaces=[NAMESPACE], transports=["websocket"])
    joined = await client.emit("session:join", {"sessionId": SESSION})
    assert (joined["ok"], joined["userId"], joined["role"]) == (True, who.user_id, role.value)
    return client


async def signals_until(house: House, kind: Kind):
    """The stream's signals up to the first of this kind."""
    found: list[Signal] = []
    async with asyncio.timeout(PATIENCE_S):
        async for batch in house.bus.follow(f"signals:{SESSION}", 0.0):
            for kept in batch:
                said = (parse_signal(*each, at=kept.at) for each in one_by_one(kept) if not is_note(each[0]))
                found += said
            if any(each.kind is kind for each in found):
                return found
    raise AssertionError("the bus ended")


async def test_an_invited_speaker_sets_slide_and_phase_and_everybody_hears_it(house: House):
    speaker, ada = await guest(house, Role.SPEAKER), await guest(house, Role.ATTENDEE)
    assert (await speaker.emit("content:slide", {"slide": 4}))["ok"]
    assert (await speaker.emit("content:phase", {"phase": "qa", "interruptible": False}))["ok"]

    assert (await ada.hears("content.slide"))["slide"] == 4
    assert await ada.hears("content.phase") == {"phase": "qa", "interruptible": False}


async def test_an_attendee_steers_nothing(house: House):
    ada = await guest(house, Role.ATTENDEE)
    for name, payload in (("content:slide", {"slide": 4}), ("content:phase", {"interruptible": False})):
        assert (await ada.emit(name, payload))["error"]["category"] == "AUTHORIZATION"


async def test_what_the_speaker_says_of_interruptions_reaches_the_agent(house: House):
    speaker = await guest(house, Role.SPEAKER)
    await speaker.emit("content:phase", {"interruptible": False})
    heard = await signals_until(house, Kind.PHASE)
    loop = make_loop()
    for each in heard:
        loop.receive(each)

    assert heard[-1].detail == PhaseDetail(None, interruptible=False)
    assert not loop.facts(SESSION).interruptible
    loop.receive(signal(SESSION, heard[-1].at + 1.0, Kind.PHASE, None, detail=PhaseDetail(None, interruptible=True)))
    assert loop.facts(SESSION).interruptible
