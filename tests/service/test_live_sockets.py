"""How long sockets last, how many somebody has, and what becomes of those that do not read."""

import asyncio
import base64
import os
import socket
import time
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from tests.sockets import PATIENCE_S, SESSION, House, Watch, opened

from conductor.access.rights import Role
from conductor.live.params import LiveParams
from conductor.live.people import FloodParams
from conductor.live.service import ServiceParams

FAST = ServiceParams(step_s=0.02, chat_flush_s=0.02)


@pytest.mark.parametrize("transports", [("polling",), ("websocket",)])
async def test_a_socket_whose_token_runs_out_is_told_and_closed(transports):
    watch = Watch(time.time())
    async with opened(clock=watch) as house:
        ada = await house.join("ada", transports=transports)
        watch.at += 3605.0
        assert (await ada.emit("presence:heartbeat"))["ok"]
        watch.at += 10.0
        told = await ada.hears("connection.closed")
        assert (told["category"], told["code"]) == ("AUTHENTICATION", "token_expired")
        await asyncio.wait_for(ada.gone.wait(), PATIENCE_S)
        assert house.app.hall.connections == {}


async def test_an_organiser_whose_token_runs_out_is_counted_no_more():
    watch = Watch(time.time())
    async with opened(clock=watch) as house:
        olga = await house.connect("olga", Role.ORGANISER)
        await olga.emit("agent:subscribe", {"sessionId": SESSION})
        watch.at += 3700.0
        await olga.hears("connection.closed")
        assert house.app.hall.organisers() == {}


async def test_with_one_connection_too_many_the_oldest_is_told_and_closed():
    params = replace(FAST, rooms=LiveParams(connections_most=2))
    async with opened(params=params) as house:
        first, second, third = [await house.join("ada") for _ in range(3)]
        other = await house.join("bob")
        told = await first.hears("connection.closed")
        assert (told["category"], told["code"]) == ("RATE_LIMIT", "too_many_connections")
        assert "2 times" in told["message"]
        await asyncio.wait_for(first.gone.wait(), PATIENCE_S)
        for client in (second, third, other):
            assert (await client.emit("presence:heartbeat"))["ok"]


async def test_beside_a_faster_clock_rooms_go_on_as_much_faster():
    hour_s = 3600.0
    async with opened(params=ServiceParams(step_s=hour_s, chat_flush_s=hour_s, speed=50.0 * hour_s)) as house:
        ada = await house.join("ada")
        assert (await ada.emit("chat:send", {"content": "hello"}))["ok"]
        await ada.hears("chat.message", content="hello")


async def test_who_closes_a_connection_may_open_another():
    params = replace(FAST, rooms=LiveParams(connections_most=2))
    async with opened(params=params) as house:
        kept = await house.join("ada")
        for _ in range(4):
            other = await house.join("ada")
            gone = other.io.eio.sid
            await other.io.disconnect()
            async with asyncio.timeout(PATIENCE_S):
                while any(each.engine_sid == gone for each in house.app.hall.connections.values()):
                    await kept.emit("presence:heartbeat")
        assert (await kept.emit("presence:heartbeat"))["ok"]


def deaf_socket(house: House, user_id: str) -> socket.socket:
    """A socket that joins the session by hand, with room for little, and then never reads again."""
    address = urlsplit(house.url)
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.connect((address.hostname, address.port))
    key = base64.b64encode(os.urandom(16)).decode()
    plain.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    token = house.token(user_id, Role.ATTENDEE)
    joins = f'42/events,0["session:join",{{"sessionId":"{SESSION}","displayName":"Deaf"}}]'
    read_until(plain, b"sid")
    plain.sendall(masked(f'40/events,{{"token":"{token}"}}'))
    read_until(plain, b"40/events")
    plain.sendall(masked(joins))
    return plain


def read_until(plain: socket.socket, mark: bytes) -> None:
    heard = b""
    while mark not in heard:
        heard += plain.recv(4096)


def masked(text: str) -> bytes:
    """A WebSocket frame as clients send them; the mask of zeros changes nothing."""
    data = text.encode()
    length = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0x80 | 126]) + len(data).to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + data


async def test_a_socket_that_does_not_read_is_dropped_and_the_others_hear_everything():
    floods = FloodParams(rate_per_s=10_000.0, burst=10_000.0)
    async with opened(params=replace(FAST, floods=floods, most_bytes=20_000)) as house:
        ada = await house.join("ada")
        with closing(await asyncio.to_thread(deaf_socket, house, "deaf")):
            await ada.hears("presence.count", count=2)
            said = 0
            async with asyncio.timeout(60.0):
                while len(house.app.hall.connections) == 2:
                    assert (await ada.emit("chat:send", {"content": f"{said} " + "漢" * 1900}))["ok"]
                    said += 1
        await ada.hears("chat.message", content=f"{said - 1} " + "漢" * 1900)
        assert len([1 for name, _ in ada.heard if name == "chat.message"]) == said
