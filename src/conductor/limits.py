"""How much anybody may ask for at a time: buckets that fill up steadily and are emptied by asking."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable

from redis.asyncio import Redis
from throttled.asyncio import MemoryStore, RateLimiterType, RedisStore, Throttled, rate_limiter
from throttled.exceptions import StoreUnavailableError

from conductor.errors import InvalidInput, TooLarge, TooManyRequests

PER_MINUTE = 60
"""Requests a minute of one client to one route, as the platform's documents ask."""

MOST_CLIENTS = 10_000
"""Buckets kept in memory, about 0.5 KB each; the one that was idle longest goes first, and comes back full."""

LONGEST_KEY = 200
"""Characters of a key; longer ones are hashed, so that nobody fills the memory with names."""

ANSWER_WITHIN_S = 0.25
"""How long a request waits for Redis. It usually answers within a millisecond."""

AWAY_S = 5.0
"""How long nobody asks Redis again after it failed to answer, so that not every request waits for it."""

ROUNDING = 1e-4
"""Whoever comes back after exactly the time they were told isn't sent away for the last bits of a sum; of epoch seconds
these are a quarter of a millionth."""

KEY_PREFIX = "conductor:limits"


class Limiter:
    """One bucket for each key, such as client and route, shared by all processes if there is a Redis.

    While Redis is away each process counts for itself: a limit that is too wide for a while does less harm than a
    service that refuses everybody.

    Args:
        per_minute: Requests a minute, 1 or more; as many may come at once after a quiet minute.
        redis_url: redis://, rediss:// or unix://; empty to count in this process only.
        clock: Seconds, going up steadily; only tells when to ask Redis again.

    Raises:
        InvalidInput: `per_minute` is below 1.
    """

    def __init__(
        self, per_minute: int = PER_MINUTE, *, redis_url: str = "", clock: Callable[[], float] = time.monotonic
    ) -> None:
        if per_minute < 1:
            raise InvalidInput(f"a limit of {per_minute} requests a minute lets nobody in; choose 1 or more")
        self._per_minute = per_minute
        self._clock = clock
        self._here = _throttled(per_minute, MemoryStore(options={"MAX_SIZE": MOST_CLIENTS}))
        self._redis = _SharedStore(redis_url, options=_redis_options()) if redis_url else None
        self._shared = _throttled(per_minute, self._redis) if self._redis else None
        self._away_until = -math.inf

    async def take(self, key: str, cost: int = 1) -> None:
        """Take this much out of a bucket.

        Args:
            key: Whose bucket; never empty.
            cost: How much, 1 or more.

        Raises:
            TooManyRequests: It does not hold that much now; `retry_after_s` says when it will.
            TooLarge: It never holds that much.
        """
        if cost > self._per_minute:
            raise TooLarge(f"{cost} at once is more than the {self._per_minute} a minute allowed; send fewer at a time")
        name = key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()
        wait_s = await self._take(name, cost)
        if wait_s > 0.0:
            raise TooManyRequests(
                f"more than {self._per_minute} requests a minute; try again in {wait_s:.0f} s", retry_after_s=wait_s
            )

    async def close(self) -> None:
        """Let go of Redis. Closing again changes nothing."""
        if self._redis:
            await self._redis.close()

    async def _take(self, name: str, cost: int) -> float:
        if self._shared and self._clock() >= self._away_until:
            try:
                return await _wait_s(self._shared, name, cost)
            except (StoreUnavailableError, OSError):
                self._away_until = self._clock() + AWAY_S
        return await _wait_s(self._here, name, cost)


class Bucket:
    """One bucket, for the messages of one connection.

    Throttled reads the machine's clock in whole seconds and keeps its buckets by name in a store. A connection needs
    neither store nor name, but fractions of a second, and tests need a clock of their own.

    Args:
        rate_per_s: How fast it fills up, above 0.
        burst: How much it holds, 1 or more; it begins full.

    Raises:
        InvalidInput: It would let nothing through.
    """

    __slots__ = ("_burst", "_level", "_rate_per_s", "_since")

    def __init__(self, rate_per_s: float, burst: float) -> None:
        if not (0.0 < rate_per_s < math.inf and 1.0 <= burst < math.inf):
            raise InvalidInput(f"a bucket of {burst} that gains {rate_per_s} a second lets nothing through")
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._level = burst
        self._since = -math.inf

    def take(self, now: float, cost: float = 1.0) -> float:
        """Take this much if it is there.

        Args:
            now: Seconds. A clock that goes back fills nothing up.
            cost: How much, above 0. More than it holds is never there.

        Returns:
            0 if it was taken; otherwise in how many seconds it will be there, and nothing was taken.
        """
        if cost > self._burst:
            return math.inf
        gained = max(0.0, now - self._since) * self._rate_per_s
        self._level = min(self._burst, self._level + gained)
        self._since = max(now, self._since)
        if self._level >= cost - ROUNDING:
            self._level -= cost
            return 0.0
        return (cost - self._level) / self._rate_per_s


class _SharedStore(RedisStore):
    """A store that can be closed."""

    async def close(self) -> None:
        client = self._backend.get_client()
        if isinstance(client, Redis):
            await client.connection_pool.disconnect()


def _redis_options() -> dict[str, object]:
    # No retries of a single request: what cannot be counted there is counted here.
    return {"SOCKET_TIMEOUT": ANSWER_WITHIN_S, "SOCKET_CONNECT_TIMEOUT": ANSWER_WITHIN_S}


def _throttled(per_minute: int, store: MemoryStore | RedisStore) -> Throttled:
    return Throttled(
        using=RateLimiterType.TOKEN_BUCKET.value,
        quota=rate_limiter.per_min(per_minute, burst=per_minute),
        store=store,
        key_prefix=KEY_PREFIX,
    )


async def _wait_s(limits: Throttled, name: str, cost: int) -> float:
    """Seconds until it may be tried again; 0 if it was taken."""
    result = await limits.limit(name, cost)
    return max(1.0, result.state.retry_after) if result.limited else 0.0
