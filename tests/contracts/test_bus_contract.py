"""What every bus promises."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

import pytest
from tests.valkey import Server, running

from conductor.adapters.bus_memory import MemoryBus
from conductor.adapters.bus_redis import RedisBus
from conductor.domain.bus import Entry, Kept, Message
from conductor.errors import BusUnavailable
from conductor.ports import Bus

PATIENCE_S = 10.0


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("valkey")) as started:
        yield started


async def opened(kind: str, request: pytest.FixtureRequest, unread: int = 10_000) -> Bus:
    if kind == "memory":
        return MemoryBus(unread=unread)
    return await RedisBus.open(request.getfixturevalue("server").url, unread=unread)


@pytest.fixture(params=["memory", "redis"])
def kind(request) -> str:
    return str(request.param)


@pytest.fixture
async def bus(kind: str, request) -> AsyncIterator[Bus]:
    made = await opened(kind, request)
    yield made
    await made.close()


@pytest.fixture
def room(request) -> str:
    """A beginning of names that no other test uses: all share one server."""
    return f"{request.node.name}:"


def entry(stream: str, *values: str, keep: int = 1000) -> Entry:
    return Entry(stream, tuple((f"name {index}", value.encode()) for index, value in enumerate(values)), keep)


async def soon(waiting) -> Any:
    return await asyncio.wait_for(waiting, PATIENCE_S)


async def heard(messages: AsyncIterator[Message], count: int) -> list[bytes]:
    return [(await soon(anext(messages))).body for _ in range(count)]


async def read(batches: AsyncIterator[Any], count: int) -> list[Kept]:
    found: list[Kept] = []
    while len(found) < count:
        found += await soon(anext(batches))
    return found


async def until_empty(batches: AsyncIterator[Any]) -> list[Kept]:
    found: list[Kept] = []
    while batch := await soon(anext(batches)):
        found += batch
    return found


def values(kept: list[Kept]) -> list[str]:
    return [each.fields[0][1].decode() for each in kept]


async def test_whoever_listens_hears_messages_in_the_order_in_which_they_were_said(bus, room):
    async with bus.subscribe(room + "a", room + "b") as messages:
        await bus.publish([Message(room + "a", b"1"), Message(room + "b", b"2")])
        await bus.publish([Message(room + "c", b"not listened to"), Message(room + "a", b"3")])
        assert [await soon(anext(messages)) for _ in range(3)] == [
            Message(room + "a", b"1"),
            Message(room + "b", b"2"),
            Message(room + "a", b"3"),
        ]


async def test_a_star_stands_for_anything(bus, room):
    async with bus.subscribe(room + "session:*:events") as messages:
        for name in ("session:7:events", "session::events", "session:7:events:more", "session:a:b:events"):
            await bus.publish([Message(room + name, name.encode())])
        assert await heard(messages, 3) == [b"session:7:events", b"session::events", b"session:a:b:events"]


async def test_no_other_sign_of_a_pattern_has_a_meaning(bus, room):
    async with bus.subscribe(room + "[ab]?\\^.*") as messages:
        await bus.publish([Message(room + "ax^.c", b"another"), Message(room + "[ab]?\\^.c", b"this")])
        assert await heard(messages, 1) == [b"this"]


async def test_a_message_that_fits_several_patterns_is_heard_once(bus, room):
    async with bus.subscribe(room + "*", room + "a*", room + "ab") as messages:
        await bus.publish([Message(room + "ab", b"1"), Message(room + "ac", b"2"), Message(room + "x", b"3")])
        assert await heard(messages, 3) == [b"1", b"2", b"3"]


async def test_every_listener_hears_a_message(bus, room):
    async with bus.subscribe(room + "a") as one, bus.subscribe(room + "*") as other:
        await bus.publish([Message(room + "a", b"1")])
        assert [await heard(one, 1), await heard(other, 1)] == [[b"1"], [b"1"]]


async def test_a_listener_that_does_not_keep_up_loses_the_oldest_messages(kind, request, room):
    bus = await opened(kind, request, unread=3)
    async with bus.subscribe(room + "slow") as slow, bus.subscribe(room + "fast") as fast:
        for number in range(10):
            await bus.publish([Message(room + "slow", b"%d" % number)])
        await bus.publish([Message(room + "fast", b"end")])
        await heard(fast, 1)
        while (first := (await heard(slow, 1))[0]) < b"7":
            assert first != b"9"
        assert first == b"7"
        assert await heard(slow, 2) == [b"8", b"9"]
    await bus.close()


async def test_what_is_kept_comes_first_then_an_empty_batch_and_then_what_is_appended(bus, room):
    await bus.append([entry(room + "a", "1"), entry(room + "b", "2"), entry("other:" + room, "not followed")])
    async with aclosing(bus.follow(room, 0.0)) as batches:
        assert sorted(values(await until_empty(batches))) == ["1", "2"]
        await bus.append([entry(room + "a", "3")])
        await bus.append([entry("other:" + room, "not followed"), entry(room + "new", "4")])
        assert values(await read(batches, 2)) == ["3", "4"]


async def test_nothing_kept_gives_the_empty_batch_at_once(bus, room):
    async with aclosing(bus.follow(room, 0.0)) as batches:
        assert await until_empty(batches) == []


async def test_entries_of_many_streams_come_in_the_order_in_which_they_were_appended(bus, room):
    for number in range(60):
        await bus.append([entry(f"{room}{number % 7}", str(number))])
    async with aclosing(bus.follow(room, 0.0)) as batches:
        kept = await until_empty(batches)
    # Entries of one millisecond have no order between streams.
    assert [each.at for each in kept] == sorted(each.at for each in kept)
    for stream in range(7):
        numbers = [int(each.fields[0][1]) for each in kept if each.stream == f"{room}{stream}"]
        assert numbers == list(range(stream, 60, 7))


async def test_an_entry_comes_back_as_it_was_appended(bus, room):
    fields = (("chat:message:new", b"{}"), ("chat:message:new", b"\xff\x00"), ("naïve ☃", b""))
    before = time.time()
    await bus.append([Entry(room + "a", fields, 10)])
    async with aclosing(bus.follow(room, 0.0)) as batches:
        (kept,) = await until_empty(batches)
    assert (kept.stream, kept.fields) == (room + "a", fields)
    assert before - 0.001 <= kept.at <= time.time()


async def test_entries_of_a_stream_have_ids_of_their_own(bus, room):
    await bus.append([entry(room + "a", str(number)) for number in range(50)])
    async with aclosing(bus.follow(room, 0.0)) as batches:
        found = await until_empty(batches)
    assert len({each.entry_id for each in found}) == 50
    assert values(found) == [str(number) for number in range(50)]


async def test_a_follower_gets_only_what_was_appended_since_the_moment_it_names(bus, room):
    await bus.append([entry(room + "a", "old")])
    async with aclosing(bus.follow(room, 0.0)) as batches:
        (old,) = await until_empty(batches)
    async with aclosing(bus.follow(room, old.at + 0.001)) as later, aclosing(bus.follow(room, old.at)) as at_once:
        assert await until_empty(later) == []
        assert values(await until_empty(at_once)) == ["old"]


async def test_every_follower_gets_everything(bus, room):
    async with aclosing(bus.follow(room, 0.0)) as one, aclosing(bus.follow(room, 0.0)) as other:
        await until_empty(one)
        await until_empty(other)
        await bus.append([entry(room + "a", "1"), entry(room + "a", "2")])
        assert values(await read(one, 2)) == values(await read(other, 2)) == ["1", "2"]


async def test_signs_of_patterns_in_a_beginning_have_no_meaning(bus, room):
    await bus.append([entry(room + "x:a", "another"), entry(room + "*:a", "this")])
    async with aclosing(bus.follow(room + "*", 0.0)) as batches:
        assert values(await until_empty(batches)) == ["this"]


async def test_thousands_of_entries_come_once_each_and_in_order(bus, room):
    await bus.append([entry(f"{room}{number % 3}", str(number), keep=10_000) for number in range(7000)])
    async with aclosing(bus.follow(room, 0.0)) as batches:
        kept = await until_empty(batches)
        await bus.append([entry(f"{room}{number % 3}", str(number), keep=10_000) for number in range(7000, 12_000)])
        kept += await read(batches, 5000)
    for stream in range(3):
        numbers = [int(each.fields[0][1]) for each in kept if each.stream == f"{room}{stream}"]
        assert numbers == list(range(stream, 12_000, 3))


async def test_news_of_more_streams_than_fit_one_question_are_all_found(bus, room):
    async with aclosing(bus.follow(room, 0.0)) as batches:
        await until_empty(batches)
        await bus.append([entry(f"{room}{number}", str(number)) for number in range(350)])
        assert sorted(map(int, values(await read(batches, 350)))) == list(range(350))


async def test_a_stream_keeps_about_as_many_entries_as_it_should_and_the_newest(bus, room):
    await bus.append([entry(room + "a", str(number), keep=200) for number in range(2000)])
    async with aclosing(bus.follow(room, 0.0)) as batches:
        numbers = [int(each) for each in values(await until_empty(batches))]
    assert numbers == list(range(2000 - len(numbers), 2000))
    assert 200 <= len(numbers) < 400


async def test_nothing_to_say_or_to_keep_is_no_error(bus):
    await bus.publish([])
    await bus.append([])


async def test_closing_ends_readers_also_those_that_wait(bus, room):
    async def listen() -> list[Message]:
        async with bus.subscribe(room + "*") as messages:
            listening.set()
            return [each async for each in messages]

    async def follow() -> list[Kept]:
        found: list[Kept] = []
        async for batch in bus.follow(room, 0.0):
            following.set()
            found += batch
        return found

    listening, following = asyncio.Event(), asyncio.Event()
    tasks = [asyncio.create_task(listen()), asyncio.create_task(follow())]
    await soon(listening.wait())
    await soon(following.wait())
    await bus.close()
    assert await soon(asyncio.gather(*tasks)) == [[], []]


async def test_after_closing_every_call_is_refused(bus, room):
    await bus.close()
    await bus.close()
    with pytest.raises(BusUnavailable, match="closed"):
        await bus.publish([Message(room, b"1")])
    with pytest.raises(BusUnavailable, match="closed"):
        await bus.append([entry(room, "1")])
    with pytest.raises(BusUnavailable, match="closed"):
        async with bus.subscribe(room):
            pass
    with pytest.raises(BusUnavailable, match="closed"):
        await anext(bus.follow(room, 0.0))


async def test_a_reader_may_leave_at_any_time(bus, room):
    async with bus.subscribe(room + "a") as messages:
        waiting = asyncio.ensure_future(anext(messages))
        await asyncio.sleep(0)
        waiting.cancel()
    async with aclosing(bus.follow(room, 0.0)) as batches:
        await until_empty(batches)
    await bus.publish([Message(room + "a", b"1")])
    await bus.append([entry(room + "a", "1")])


async def test_whoever_is_cancelled_ends_whatever_it_is_doing_then(bus, room):
    async def publish() -> None:
        while True:
            await bus.publish([Message(room + "a", b"1")])
            await asyncio.sleep(0)

    async def append() -> None:
        while True:
            await bus.append([entry(room + "a", "1")])
            await asyncio.sleep(0)

    async def follow() -> None:
        async for _ in bus.follow(room, 0.0):
            await asyncio.sleep(0)

    for turns in range(30):
        tasks = [asyncio.create_task(work()) for work in (publish, append, follow)]
        for _ in range(turns):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        _, going_on = await asyncio.wait(tasks, timeout=PATIENCE_S)
        assert not going_on, turns
