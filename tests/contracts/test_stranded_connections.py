"""Connections that are dead without anybody's having said so: nothing comes through, and nothing is refused."""

import asyncio

from sqlalchemy import make_url
from tests.proxy import before, socket_of
from tests.valkey import running

from conductor.adapters.bus_redis import RedisBus
from conductor.adapters.store_sql import SqlStore
from conductor.domain.bus import SIGNALS, Entry, Message
from conductor.errors import ConductorError, StoreUnavailable

PATIENCE_S = 40.0


async def test_who_listens_on_a_dead_connection_hears_again_what_is_said_and_kept_on_a_sound_one(tmp_path):
    with running(tmp_path) as server:
        said = await RedisBus.open(server.url)
        async with before("127.0.0.1", int(server.url.rpartition(":")[2])) as way:
            bus = await RedisBus.open(f"redis://127.0.0.1:{way.port}")
            async with bus.subscribe("news") as messages, asyncio.timeout(PATIENCE_S):
                batches = bus.follow(SIGNALS, 0.0)
                assert await anext(batches) == []
                way.strand()
                await said.append([Entry(f"{SIGNALS}a", (("field", b"kept"),), 10)])
                saying = asyncio.create_task(_say(said))
                heard, kept = await asyncio.gather(anext(messages), anext(batches))
                saying.cancel()
            await bus.close()
        await said.close()

    assert heard.body == b"said"
    assert [each.fields for each in kept] == [(("field", b"kept"),)]


async def test_a_store_hangs_up_on_a_database_that_does_not_answer_and_works_on_a_new_connection(postgresql, story):
    async with before(socket_of(postgresql)) as way:
        there = make_url(postgresql).set(host="127.0.0.1", port=way.port, query={})
        store = await SqlStore.open(there.render_as_string(hide_password=False))
        way.strand()
        failures: list[ConductorError] = []
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    await store.record(story("stranded"))
                except StoreUnavailable as error:
                    failures.append(error)
                else:
                    break
        kept = await store.history("stranded")
        await store.close()

    assert len(failures) <= 1
    assert kept


async def _say(bus):
    while True:
        await bus.publish([Message("news", b"said")])
        await asyncio.sleep(0.5)
