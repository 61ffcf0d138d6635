"""The servers behind it: the database, the bus, whoever answers for models, and whoever is told of alerts."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import text

from conductor.adapters.alerts import AppriseAlerts
from conductor.adapters.database import database_of, explained
from conductor.adapters.models import ANTHROPIC_URL, OPENAI_URL
from conductor.adapters.redis_link import Link, ask
from conductor.bootstrap import schema
from conductor.bootstrap.doctor.asking import status_of
from conductor.bootstrap.doctor.finding import Finding, clocks, fail, ok, warn
from conductor.errors import ConductorError, InvalidInput, NotFound, NotWorking
from conductor.settings import Settings

WITHIN_S = 2.5
"""Longer than any server takes that is well; a little less than the whole examination of it may."""

LEAST_POSTGRESQL, LEAST_REDIS = 130_000, 6
"""The oldest PostgreSQL that is still looked after by those who make it, and a Redis that has all that streams need."""


async def database(settings: Settings) -> AsyncIterator[Finding]:
    """Whether it can be had, its schema, its extension and its clock."""
    try:
        seen = await schema.current(settings)
    except NotFound:
        yield ok("database", f"{settings.home / 'conductor.db'} will be made at the first start")
        return
    if seen.version is None:
        yield ok("database", f"{seen.where}: empty; the tables are made at the first start")
    elif seen.version < seen.newest and not seen.is_file:
        said = f"{seen.where}: schema version {seen.version}, and this release needs {seen.newest}"
        yield fail("database", said, "make a backup, end the agent, and run `conductor db upgrade`")
    else:
        ahead = f", and {seen.newest} from the next start on" if seen.ahead else ""
        yield ok("database", f"{seen.where}: schema version {seen.version}{ahead}")
    if seen.is_file:
        return
    if seen.has_minutes:
        yield ok("database", "TimescaleDB cuts the large tables and sums minutes")
    elif seen.is_timescale and seen.version is not None:
        yield warn("database", "TimescaleDB is there and not in use", "run `conductor db upgrade`")
    else:
        yield ok("database", "without TimescaleDB; curves over long times take longer")
    async for each in _postgresql(settings.database_url):
        yield each


async def _postgresql(url: str) -> AsyncIterator[Finding]:
    engine, where = database_of(url)
    try:
        with explained(where):
            async with engine.connect() as connection:
                began = time.time()
                asked = (
                    "SELECT extract(epoch FROM clock_timestamp())::double precision, version(), current_setting('{}')"
                )
                row = await connection.execute(text(asked.format("server_version_num")))
                at, version, number = row.one()
                ended = time.time()
    finally:
        await engine.dispose()
    name = " ".join(str(version).split()[:2])
    if int(number) < LEAST_POSTGRESQL:
        yield warn("database", f"{name} is no longer looked after", "move to a newer PostgreSQL")
    else:
        yield ok("database", name)
    yield clocks("database", float(at) - (began + ended) / 2.0)


async def bus(settings: Settings) -> AsyncIterator[Finding]:
    """Whether it can be had, keeps what it is told, and forgets nothing of it."""
    if not settings.redis_url:
        yield ok("bus", "within the process; rooms and agent cannot be two processes, and rooms end with it")
        return
    link = Link(settings.redis_url, WITHIN_S)

    async def look(client: Redis, _failures: int) -> tuple[Mapping[str, Any], float]:
        found: Any = await ask(client, "INFO")
        began = time.time()
        seconds, microseconds = await client.time()
        return dict(found), float(seconds) + microseconds / 1e6 - (began + time.time()) / 2.0

    try:
        info, ahead_s = await link.call(look)
    finally:
        await link.close()
    for each in told_of_bus(info, link.where):
        yield each
    yield clocks("bus", ahead_s)


def told_of_bus(info: Mapping[str, Any], where: str) -> Iterator[Finding]:
    """What a server's own description of itself means for us.

    Args:
        info: Its answer to INFO.
        where: Its address, without a password.
    """
    about = "bus"
    version = str(info.get("valkey_version") or info.get("redis_version") or "?")
    name = "Valkey" if "valkey_version" in info else "Redis"
    major = version.partition(".")[0]
    if major.isdecimal() and int(major) < LEAST_REDIS:
        yield fail(about, f"{where}: {name} {version}", "install Redis 6.2 or newer, or Valkey")
    else:
        yield ok(about, f"{where}: {name} {version}")
    if info.get("role") == "slave":
        yield fail(about, "it is a replica, which takes nothing", "name the primary in REDIS_URL")
    if not info.get("aof_enabled"):
        mend = "set `appendonly yes`: after a restart of it rooms would begin anew"
        yield warn(about, "it does not keep a log of what it is told", mend)
    else:
        yield ok(about, "it keeps what it is told (appendonly)")
    policy = str(info.get("maxmemory_policy", "noeviction"))
    if policy != "noeviction" and info.get("maxmemory"):
        yield fail(about, f"when it is full it forgets streams ({policy})", "set `maxmemory-policy noeviction`")
    else:
        yield ok(about, "when it is full it refuses rather than forgets (noeviction, or no limit)")


async def models(settings: Settings) -> AsyncIterator[Finding]:
    """Whether those who answer for models can be reached and take the key; nothing is asked that costs anything."""
    asked = []
    if settings.anthropic_api_key:
        base = settings.anthropic_base_url or ANTHROPIC_URL
        headers = {"x-api-key": settings.anthropic_api_key, "anthropic-version": "2023-06-01"}
        asked.append((settings.sonnet_model, f"{base.rstrip('/')}/v1/models", headers))
    if settings.openai_model and (settings.openai_api_key or settings.openai_base_url):
        base = settings.openai_base_url or OPENAI_URL
        headers = {"Authorization": f"Bearer {settings.openai_api_key or 'none'}"}
        asked.append((settings.openai_model, f"{base.rstrip('/')}/models", headers))
    if not asked:
        yield ok("models", "no key is set: templates word everything")
    for model, url, headers in asked:
        yield await asyncio.to_thread(_answer_for, model, url, headers)


def _answer_for(model: str, url: str, headers: Mapping[str, str]) -> Finding:
    about = "models"
    try:
        status = status_of(url, headers, WITHIN_S)
    except NotWorking as error:
        mend = "see whether the address is right and may be reached from here; templates word meanwhile"
        return fail(about, f"{model}: {error.message}", mend)
    if status == 200:
        return ok(about, f"{model}: the endpoint answers and takes the key")
    if status in {401, 403}:
        return fail(about, f"{model}: the endpoint does not take the key ({status})", "set another key")
    if status in {404, 405}:
        return ok(about, f"{model}: the endpoint answers; it lists no models, so the key was not tried")
    return warn(about, f"{model}: the endpoint answers {status}", "see whether it is well; templates word meanwhile")


async def alerts(settings: Settings) -> AsyncIterator[Finding]:
    """Whether addresses of alerts can be used. Nobody is told anything."""
    urls = settings.operation.alert_urls
    if not urls:
        yield ok("alerts", "none are sent (ALERT_URLS)")
        return

    def tried() -> Finding:
        try:
            AppriseAlerts(urls, may_be_private=settings.operation.may_alert_privately)
        except InvalidInput as error:
            return fail("alerts", error.message, "mend that address")
        return ok("alerts", f"{len(urls)} addresses can be used")

    yield await asyncio.to_thread(tried)


def gone(about: str, error: ConductorError) -> Finding:
    """A server that cannot be had; its error says what, where and, at its end, how to mend it."""
    parts = re.split(r"[;:] (?=[^;:]*$)", error.message, maxsplit=1)
    return fail(about, parts[0], parts[1] if len(parts) == 2 else "see whether the server runs there")
