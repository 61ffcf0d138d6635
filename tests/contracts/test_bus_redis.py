"""What the bus on a server promises beyond the others: that outages lose and repeat nothing that streams keep."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from redis.asyncio import Redis
from tests.proxy import before
from tests.valkey import Server, running

from conductor.adapters.bus_redis import RedisBus
from conductor.adapters.redis_rewriting import TRIES
from conductor.adapters.redis_streams import INDEX
from conductor.domain.bus import Entry, Kept, Message
from conductor.domain.timeline import Timeline
from conductor.errors import BusUnavailable, InvalidInput
from conductor.ports import Bus, KeepingBus

PATIENCE_S = 20.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path, keeps=True) as started:
        yield started


@pytest.fixture
async def bus(server: Server) -> AsyncIterator[KeepingBus]:
    opened = await RedisBus.open(server.url, wait_s=PATIENCE_S)
    yield opened
    await opened.close()


@pytest.fixture
async def client(server: Server) -> AsyncIterator[Redis]:
    opened = Redis.from_url(server.url)
    yield opened
    await opened.aclose()


def entry(stream: str, value: int) -> Entry:
    return Entry(stream, (("n", b"%d" % value),), 10_000)


async def soon(waiting) -> Any:
    return await asyncio.wait_for(waiting, PATIENCE_S)


async def read(batches: AsyncIterator[Sequence[Kept]], count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        found += [int(each.fields[0][1]) for each in await soon(anext(batches))]
    return found


async def began(bus: Bus, prefix: str) -> Any:
    """A follower that has read what was kept: nothing."""
    batches = bus.follow(prefix, 0.0)
    assert await soon(anext(batches)) == []
    return batches


async def test_a_follower_goes_on_after_the_server_was_killed_and_nothing_is_lost_or_repeated(server, bus):
    async with aclosing(await began(bus, "s:")) as batches:
        await bus.append([entry("s:1", 1), entry("s:2", 2)])
        assert await read(batches, 2) == [1, 2]
        reading = asyncio.create_task(read(batches, 3))
        server.kill()
        appending = asyncio.create_task(bus.append([entry("s:1", 3), entry("s:2", 4)]))
        await asyncio.to_thread(server.start)
        await soon(appending)
        await bus.append([entry("s:1", 5)])
        assert sorted(await soon(reading)) == [3, 4, 5]


async def test_appending_through_lost_connections_keeps_every_entry_once(bus, client):
    async with aclosing(await began(bus, "s:")) as batches:
        reading = asyncio.create_task(read(batches, 300))
        for number in range(300):
            appending = asyncio.create_task(bus.append([entry(f"s:{number % 5}", number)]))
            # At another moment of each call: before it, while it is carried out, while its answer is on its way.
            for _ in range(number % 10):
                await asyncio.sleep(0)
            if number % 7 == 0:
                await client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await soon(appending)
        assert sorted(await soon(reading)) == list(range(300))
        assert sum([await client.xlen(f"s:{stream}") for stream in range(5)]) == 300


@pytest.mark.parametrize("word", [b"EXEC", b"EXISTS"])
async def test_what_is_lost_again_while_it_is_tried_again_is_carried_out_in_the_end_and_once(server, client, word):
    async with before("127.0.0.1", urlsplit(server.url).port) as proxy:
        bus = await RedisBus.open(f"redis://127.0.0.1:{proxy.port}", wait_s=PATIENCE_S)
        # The second try watches, and is lost in the midst of that.
        proxy.lose(b"EXEC", word)
        await soon(bus.append([entry("s", 1)]))
        assert not proxy.is_losing
        await bus.close()
    assert [fields for _, fields in await client.xrange("s")] == [{b"n": b"1"}]


async def test_a_listener_hears_again_once_the_server_is_back(server, bus):
    async with bus.subscribe("a*") as messages:
        server.kill()
        await asyncio.to_thread(server.start)
        hearing = asyncio.create_task(anext(messages))
        while not hearing.done():
            await bus.publish([Message("again", b"1")])
        assert (await hearing).body == b"1"


async def test_a_server_that_stays_away_is_reported_when_the_time_to_wait_is_over(server):
    bus = await RedisBus.open(server.url, wait_s=0.3)
    server.kill()
    for call in (bus.append([entry("s:1", 1)]), bus.publish([Message("a", b"1")])):
        with pytest.raises(BusUnavailable, match=r"away for 0\.3 s"):
            await soon(call)
    with pytest.raises(BusUnavailable, match=r"away for 0\.3 s"):
        async with bus.subscribe("a"):
            pass
    with pytest.raises(BusUnavailable, match=r"away for 0\.3 s"):
        await RedisBus.open(server.url, wait_s=0.3)
    await bus.close()


async def test_closing_ends_readers_while_the_server_is_away(server, bus):
    async with bus.subscribe("a") as messages, aclosing(await began(bus, "s:")) as batches:
        server.kill()
        waiting = [asyncio.ensure_future(anext(messages, None)), asyncio.ensure_future(anext(batches, None))]
        await bus.close()
        assert await soon(asyncio.gather(*waiting)) == [None, None]


async def test_what_others_append_without_naming_it_is_found_when_all_streams_are_looked_through(server, client):
    bus = await RedisBus.open(server.url, look_every_s=0.1)
    async with aclosing(await began(bus, "s:")) as batches:
        await client.xadd("s:1", {"n": "1"})
        await client.set("s:2", "no stream")
        assert await read(batches, 1) == [1]
        await client.xadd("s:1", {"n": "2"})
        await bus.append([entry("s:3", 3)])
        assert sorted(await read(batches, 2)) == [2, 3]
    await bus.close()


async def test_an_idle_stream_that_is_forgotten_gives_nothing_twice_when_it_comes_back(server, client):
    hours_ago = int(1000 * time.time()) - 7_200_000
    for number in range(2):
        await client.xadd("s:old", {"n": str(number)}, id=f"{hours_ago}-{number + 1}")
    bus = await RedisBus.open(server.url, look_every_s=0.1)
    following: Any = bus.follow("s:", 0.0)
    async with aclosing(following) as batches:
        assert await read(batches, 2) == [0, 1]
        await bus.append([entry("s:new", 2)])
        assert await read(batches, 1) == [2]
        # Appended by another, so found only by looking, after which the old one is forgotten.
        await client.xadd("s:new", {"n": "3"})
        assert await read(batches, 1) == [3]
        await client.xadd("s:new", {"n": "4"})
        assert await read(batches, 1) == [4]
        await bus.append([entry("s:old", 5)])
        assert await read(batches, 1) == [5]
    await bus.close()


async def test_a_call_is_named_in_the_index_once(bus, client):
    await bus.append([entry("s:1", 1), entry("s:2", 2), entry("s:1", 3)])
    index = await client.xrange(INDEX)
    assert len(index) == 1
    assert (await client.xlen("s:1"), await client.xlen("s:2")) == (2, 1)


async def test_a_command_that_the_server_refuses_is_reported_with_its_reason(bus, client):
    await client.set("s:1", "no stream")
    with pytest.raises(BusUnavailable, match="WRONGTYPE"):
        await bus.append([entry("s:1", 1)])


async def test_where_the_clock_is_hurried_entries_tell_its_time_and_are_asked_for_by_it(server, client):
    hurried = Timeline(speed=10.0, since=1_700_000_000.0)
    for real in (1_700_000_100, 1_700_000_200):
        await client.xadd("s:1", {"n": str(real)}, id=f"{real}000-0")
    bus = await RedisBus.open(server.url, timeline=hurried)
    following: Any = bus.follow("s:", hurried.of_real(1_700_000_150.0))
    async with aclosing(following) as batches:
        [kept] = await soon(anext(batches))
    await bus.close()
    assert kept.at == 1_700_000_000.0 + 200.0 * 10.0
    assert hurried.to_real(kept.at) == 1_700_000_200.0


async def test_an_address_that_is_none_is_refused():
    with pytest.raises(InvalidInput, match="bus address"):
        await RedisBus.open("http://127.0.0.1")


async def test_errors_do_not_show_the_password(server):
    server.kill()
    with pytest.raises(BusUnavailable) as refused:
        await RedisBus.open(server.url.replace("//", "//user:secret@"), wait_s=0.1)
    assert "secret" not in str(refused.value)


async def test_a_stream_that_is_changed_while_others_append_to_it_loses_nothing(bus: KeepingBus):
    await bus.append([entry("busy", number) for number in range(300)])

    # Each of these spoils one try at most, however slow the machine is.
    last = 300 + TRIES - 1

    async def go_on() -> None:
        for number in range(300, last):
            await bus.append([entry("busy", number)])

    going_on = asyncio.create_task(go_on())
    changed = await bus.rewrite("busy", lambda fields: (("n", b"x"),) if fields[0][1] == b"7" else None)
    await going_on
    assert changed == {"busy": 1}
    batches = bus.follow("busy", 0.0)
    assert isinstance(batches, AsyncGenerator)
    async with aclosing(batches):
        found = [value for each in await anext(batches) for value in each.values]
    assert found == [b"x" if number == 7 else b"%d" % number for number in range(last)]
