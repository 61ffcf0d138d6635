import math
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis
from tests.valkey import running

from conductor.errors import InvalidInput, TooLarge, TooManyRequests
from conductor.limits import AWAY_S, KEY_PREFIX, MOST_CLIENTS, Bucket, Limiter


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("limits")) as started:
        yield started


@asynccontextmanager
async def limiters(url, *, count=1, per_minute=2, clock=None):
    made = [Limiter(per_minute, redis_url=url, clock=clock or Clock()) for _ in range(count)]
    try:
        yield made
    finally:
        for each in made:
            await each.close()


async def taken(limiter, key, *, attempts=10):
    """How many of so many attempts were let through."""
    let_through = 0
    for _ in range(attempts):
        try:
            await limiter.take(key)
        except TooManyRequests:
            continue
        let_through += 1
    return let_through


async def test_sixty_a_minute_are_let_through_unless_it_was_said_otherwise():
    assert await taken(Limiter(), "ana|/sessions", attempts=60) == 60


@pytest.mark.parametrize("place", ["here", "shared"])
async def test_each_key_has_a_bucket_of_its_own(server, place):
    async with limiters(server.url if place == "shared" else "") as [limiter]:
        assert await taken(limiter, f"ana|{place}") == 2
        assert await taken(limiter, f"ben|{place}") == 2


@pytest.mark.parametrize("place", ["here", "shared"])
async def test_whoever_asks_too_often_hears_when_to_come_back(server, place):
    async with limiters(server.url if place == "shared" else "") as [limiter]:
        await taken(limiter, f"often|{place}")
        with pytest.raises(TooManyRequests, match="more than 2 requests a minute; try again in 30 s") as refused:
            await limiter.take(f"often|{place}")

    assert refused.value.retry_after_s == 30.0


async def test_what_costs_more_takes_more():
    limiter = Limiter(2)
    await limiter.take("ana", cost=2)
    assert await taken(limiter, "ana") == 0


async def test_what_never_fits_is_called_too_large_and_takes_nothing():
    limiter = Limiter(2)
    with pytest.raises(TooLarge, match="3 at once is more than the 2 a minute"):
        await limiter.take("ana", cost=3)
    assert await taken(limiter, "ana") == 2


@pytest.mark.parametrize("per_minute", [0, -1])
def test_a_limit_that_lets_nobody_in_is_refused(per_minute):
    with pytest.raises(InvalidInput, match="choose 1 or more"):
        Limiter(per_minute)


async def test_long_keys_are_told_apart():
    limiter = Limiter(2)
    assert [await taken(limiter, "k" * 10_000 + end) for end in "ab"] == [2, 2]


async def test_only_so_many_clients_are_remembered_and_the_idlest_is_forgotten():
    limiter = Limiter(2)
    assert await taken(limiter, "first") == 2
    for client in range(MOST_CLIENTS - 1):
        await limiter.take(f"client {client}")
    assert await taken(limiter, "first") == 0

    for client in range(MOST_CLIENTS):
        await limiter.take(f"other {client}")
    assert await taken(limiter, "first") == 2


async def test_processes_share_the_buckets(server):
    async with limiters(server.url, count=2) as [one, other]:
        assert await taken(one, "shared", attempts=1) == 1
        assert await taken(other, "shared") == 1


async def test_shared_buckets_fill_up_with_time_and_are_forgotten_when_full(server):
    async with limiters(server.url) as [limiter], Redis.from_url(server.url) as client:
        await taken(limiter, "patient")
        key = (await client.keys(f"{KEY_PREFIX}*patient"))[0]
        assert 0 < await client.ttl(key) <= 120

        await client.hincrby(key, "last_refreshed", -30)
        assert await taken(limiter, "patient") == 1


async def test_while_redis_is_away_each_process_counts_for_itself(tmp_path):
    with running(tmp_path) as server:
        clock = Clock()
        async with limiters(server.url, count=2, clock=clock) as [one, other]:
            assert await taken(one, "ana") == 2
            server.stop()
            assert await taken(one, "ana") == 2
            assert await taken(other, "ana") == 2

            server.start()
            assert await taken(one, "ana") == 0
            clock.now += AWAY_S
            assert await taken(one, "ana") == 2


async def test_closing_again_changes_nothing(server):
    async with limiters(server.url) as [limiter]:
        await limiter.take("ana")
        await limiter.close()


def test_a_full_bucket_lets_a_burst_through_and_then_says_how_long_to_wait():
    bucket = Bucket(rate_per_s=2.0, burst=3)
    assert [bucket.take(10.0) for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert bucket.take(10.25) == 0.25
    assert bucket.take(10.5) == 0.0


def test_a_bucket_holds_no_more_than_its_burst():
    bucket = Bucket(rate_per_s=1.0, burst=2)
    assert [bucket.take(1e6) for _ in range(3)] == [0.0, 0.0, 1.0]


def test_what_a_bucket_never_holds_is_never_there_and_takes_nothing():
    bucket = Bucket(rate_per_s=1.0, burst=2)
    assert bucket.take(0.0, cost=3.0) == math.inf
    assert bucket.take(0.0, cost=2.0) == 0.0


@pytest.mark.parametrize(("rate_per_s", "burst"), [(0.0, 1), (-1.0, 1), (math.inf, 1), (math.nan, 1), (1.0, 0.5)])
def test_a_bucket_that_lets_nothing_through_is_refused(rate_per_s, burst):
    with pytest.raises(InvalidInput, match="lets nothing through"):
        Bucket(rate_per_s, burst)
